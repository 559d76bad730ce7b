import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type SlantedStack, straighten } from './straighten.ts';

const [nx, ny] = [9, 8];
const inPlaneMm: [number, number] = [0.5, 0.75];
/** Linear in place: interpolation must not change it. x, y along row and column from the first voxel, p along the normal. */
const field = (x: number, y: number, p: number) => 4 * x - 3 * y + 5 * p + 100;

function stack(positionsMm: number[], shear: [number, number]): SlantedStack {
  const values = new Float32Array(nx * ny * positionsMm.length);
  positionsMm.forEach((p, k) => {
    const slid = p - positionsMm[0];
    for (let j = 0; j < ny; j++)
      for (let i = 0; i < nx; i++) {
        values[(k * ny + j) * nx + i] = field(i * inPlaneMm[0] + shear[0] * slid, j * inPlaneMm[1] + shear[1] * slid, p);
      }
  });
  return { values, dimensions: [nx, ny, positionsMm.length], inPlaneMm, positionsMm, shear, outside: -1024 };
}

describe('straighten', () => {
  test('[8.3-spacing] a linear field keeps its value at every point that the acquired planes cover', () => {
    const gap = fc.double({ min: 0.3, max: 2, noNaN: true });
    const slope = fc.double({ min: -0.5, max: 0.5, noNaN: true });
    fc.assert(
      fc.property(fc.array(gap, { minLength: 2, maxLength: 9 }), slope, slope, gap, (gaps, u, v, wished) => {
        const positions = [10];
        for (const mm of gaps) positions.push(positions[positions.length - 1] + mm);
        const straight = straighten(stack(positions, [u, v]), wished);
        const [width, height, count] = straight.dimensions;
        const last = positions[positions.length - 1];
        expect((count - 1) * straight.spacingMm).toBeCloseTo(last - 10, 9);
        let compared = 0;
        for (let k = 0; k < count; k++) {
          const p = 10 + k * straight.spacingMm;
          const below = positions.filter((at) => at <= p + 1e-9).length - 1;
          const covers = (x: number, y: number) =>
            [positions[below], positions[Math.min(below + 1, positions.length - 1)]].every((at) => {
              const a = x - u * (at - 10);
              const b = y - v * (at - 10);
              return a >= 0 && a <= (nx - 1) * inPlaneMm[0] && b >= 0 && b <= (ny - 1) * inPlaneMm[1];
            });
          for (let j = 0; j < height; j++)
            for (let i = 0; i < width; i++) {
              const x = straight.shiftMm[0] + i * inPlaneMm[0];
              const y = straight.shiftMm[1] + j * inPlaneMm[1];
              if (!covers(x, y)) continue;
              compared++;
              expect(straight.values[(k * height + j) * width + i]).toBeCloseTo(field(x, y, p), 3);
            }
        }
        expect(compared).toBeGreaterThan(0);
      }),
    );
  });

  test('the straight grid reaches over all acquired planes and no further than a pixel', () => {
    const straight = straighten(stack([0, 2, 4], [0.5, -0.3]), 2);
    expect(straight.shiftMm[0]).toBe(0);
    expect(straight.shiftMm[1]).toBeLessThanOrEqual(-1.2);
    expect(straight.shiftMm[1]).toBeGreaterThan(-1.2 - inPlaneMm[1]);
    expect(straight.dimensions[0]).toBe(nx + 4);
  });

  test('what no plane covers gets the outside value, and whole numbers stay whole', () => {
    const flat: SlantedStack = { ...stack([0, 2, 4], [1, 0]), values: new Int16Array(nx * ny * 3).fill(50) };
    const straight = straighten(flat, 2);
    expect(straight.values).toBeInstanceOf(Int16Array);
    expect(straight.values[straight.dimensions[0] - 1]).toBe(-1024);
    expect(straight.values[0]).toBe(50);
  });

  test('positions that do not increase or do not match the slices are a mistake of the caller', () => {
    expect(() => straighten({ ...stack([0, 1, 2], [0, 0]), positionsMm: [0, 2, 1] }, 1)).toThrow(RangeError);
    expect(() => straighten({ ...stack([0, 1, 2], [0, 0]), positionsMm: [0, 1] }, 1)).toThrow(RangeError);
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { boxToIndices } from './crop.ts';
import { indexToLps, type Triple, type VolumeGeometry, voxelCount } from './geometry.ts';
import { anyGrid } from './grids.fixture.ts';
import { polygonRegion } from './polygon-region.ts';

const planes = { axial: [0, 1], coronal: [0, 2], sagittal: [1, 2] } as const;

/** Even-odd by the winding of angles: shares nothing with the kernel. Null where the point lies too near to the outline to say. */
function insideByAngles(u: number, v: number, corners: number[][]): boolean | null {
  let parity = 0;
  for (let n = 0; n < corners.length; n++) {
    const [a, b] = [corners[n]!, corners[(n + 1) % corners.length]!];
    const [du, dv] = [b[0]! - a[0]!, b[1]! - a[1]!];
    const t = Math.max(0, Math.min(1, ((u - a[0]!) * du + (v - a[1]!) * dv) / (du * du + dv * dv || 1)));
    if (Math.hypot(a[0]! + t * du - u, a[1]! + t * dv - v) < 1e-6) return null;
    // A ray in a direction that no corner shares.
    const [ru, rv] = [0.8191520442889918, 0.5735764363510462];
    const side = (p: number[]) => ru * (p[1]! - v) - rv * (p[0]! - u);
    const [sa, sb] = [side(a), side(b)];
    if (sa > 0 === sb > 0) continue;
    const w = sa / (sa - sb);
    if ((a[0]! + w * du - u) * ru + (a[1]! + w * dv - v) * rv > 0) parity ^= 1;
  }
  return parity === 1;
}

const coordinate = fc.integer({ min: -80, max: 80 }).map((n) => n / 10);
const outline = fc.array(fc.tuple(coordinate, coordinate, coordinate), { minLength: 3, maxLength: 9 });

describe('a drawn region', () => {
  it('[A-roi] holds the voxels whose centres lie inside its outline, crossing itself or not, on any grid and plane', () => {
    fc.assert(
      fc.property(anyGrid(7), fc.constantFrom('axial', 'coronal', 'sagittal'), outline, (g, plane, offsets) => {
        const middle = indexToLps(g, ...(g.dimensions.map((n) => (n - 1) / 2) as Triple));
        const corners = offsets.map((p) => p.map((v, a) => v + middle[a]!) as Triple);
        const [across, along] = planes[plane];
        const values = new Int16Array(voxelCount(g.dimensions)).fill(5);
        const region = polygonRegion(plane, corners, g);
        const masked = region.masked(values, -1000);
        const kept = boxToIndices(g, region.box);
        let at = 0;
        for (let k = 0; k < g.dimensions[2]; k++)
          for (let j = 0; j < g.dimensions[1]; j++)
            for (let i = 0; i < g.dimensions[0]; i++) {
              const point = indexToLps(g, i, j, k);
              const flat = corners.map((p) => [p[across], p[along]]);
              const expected = insideByAngles(point[across], point[along], flat);
              const got = masked[at++] === 5;
              if (expected === null) continue;
              expect(got).toBe(expected);
              if (got) expect(kept && [i, j, k].every((v, a) => v >= kept.from[a]! && v <= kept.to[a]!)).toBe(true);
            }
      }),
    );
  });

  it('[A-roi] two outlines that share a line share no voxel and lose none', () => {
    const g: VolumeGeometry = {
      dimensions: [9, 9, 2],
      spacingMm: [1, 1, 1],
      originLps: [0, 0, 0],
      directionLps: [1, 0, 0, 0, 1, 0, 0, 0, 1],
    };
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 8 }), fc.integer({ min: 0, max: 8 }), (low, high) => {
        // A strip from x = -2 to 12, cut by a line through voxel centres.
        const left: Triple[] = [
          [-2, -2, 0],
          [low, -2, 0],
          [high, 12, 0],
          [-2, 12, 0],
        ];
        const right: Triple[] = [
          [high, 12, 0],
          [low, -2, 0],
          [12, -2, 0],
          [12, 12, 0],
        ];
        const [a, b] = [left, right].map((corners) => polygonRegion('axial', corners, g).masked(new Int16Array(162).fill(1), 0));
        expect(a!.every((v, n) => v + b![n]! === 1)).toBe(true);
      }),
    );
  });

  it('[A-roi] keeps values, and refuses what is no outline', () => {
    const g: VolumeGeometry = {
      dimensions: [4, 4, 1],
      spacingMm: [1, 1, 1],
      originLps: [0, 0, 0],
      directionLps: [1, 0, 0, 0, 1, 0, 0, 0, 1],
    };
    const corners: Triple[] = [
      [0.5, 0.5, 7],
      [2.5, 0.5, -7],
      [2.5, 2.5, 0],
      [0.5, 2.5, 0],
    ];
    const values = Float32Array.from({ length: 16 }, (_, n) => n);
    const region = polygonRegion('axial', corners, g);
    expect([...region.masked(values, -1)]).toEqual([-1, -1, -1, -1, -1, 5, 6, -1, -1, 9, 10, -1, -1, -1, -1, -1]);
    expect(region.box).toEqual([0.5, 0.5, -0.5, 2.5, 2.5, 0.5]);
    expect(() => polygonRegion('axial', corners.slice(0, 2), g)).toThrow(/3 corners/);
    expect(() => polygonRegion('axial', [...corners, [Number.NaN, 0, 0]], g)).toThrow(RangeError);
    expect(() => region.masked(new Int16Array(3), 0)).toThrow(RangeError);
    expect(() => region.masked(new Int16Array(16), 0.5)).toThrow(RangeError);
  });
});

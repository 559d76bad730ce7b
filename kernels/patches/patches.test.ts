import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { toEightBit } from '../intensity/eight-bit.ts';
import type { Nine, Triple, VolumeGeometry } from '../volume/geometry.ts';
import { cutPatch } from './cut.ts';
import { pixelLps, planeAxes, planeSize, voxelUnder } from './plane.ts';
import { patchStarts } from './windows.ts';

const upright: VolumeGeometry = {
  dimensions: [7, 5, 4],
  spacingMm: [0.5, 0.6, 1],
  originLps: [-10, 20, 30],
  directionLps: [1, 0, 0, 0, 1, 0, 0, 0, 1],
};
const planes = ['axial', 'coronal', 'sagittal'] as const;

/** Every grid whose axes lie along the patient's, in any order and sense. */
const grids = fc
  .record({
    order: fc.constantFrom<Triple>([0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]),
    senses: fc.tuple(fc.constantFrom(1, -1), fc.constantFrom(1, -1), fc.constantFrom(1, -1)),
    dimensions: fc.tuple(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: 6 })),
  })
  .map(({ order, senses, dimensions }): VolumeGeometry => {
    const directionLps = [0, 0, 0, 0, 0, 0, 0, 0, 0] as Nine;
    for (const axis of [0, 1, 2]) directionLps[3 * axis + order[axis]!] = senses[axis]!;
    return { dimensions, spacingMm: [0.5, 0.7, 1.1], originLps: [3, -4, 5], directionLps };
  });

describe('[8.2-intensity] formula (1)', () => {
  test('takes [-200, 300] HU to [0, 255] in a straight line and cuts off beyond', () => {
    expect([...toEightBit([-200, 300, 50, -1024, 3071, Number.NaN], -200, 300)]).toEqual([0, 255, 128, 0, 255, 0]);
    for (let hu = -200; hu <= 300; hu++)
      expect(Math.abs(toEightBit([hu], -200, 300)[0]! - ((hu + 200) * 255) / 500)).toBeLessThanOrEqual(0.5);
    expect(() => toEightBit([0], 300, 300)).toThrow(RangeError);
  });
});

describe('[10.2-patch] where patches lie', () => {
  test('patches cover every pixel when the stride is not above the size, and none begins beyond the edge', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 300 }),
        fc.integer({ min: 1, max: 64 }),
        fc.integer({ min: 1, max: 80 }),
        (length, size, stride) => {
          const starts = patchStarts(length, size, stride);
          expect(Math.max(...starts)).toBeLessThan(length);
          if (stride <= size) {
            const covered = new Set(starts.flatMap((s) => Array.from({ length: size }, (_, n) => s + n)));
            for (let n = 0; n < length; n++) expect(covered.has(n)).toBe(true);
            // The last one is needed.
            if (starts.length > 1) expect(starts.at(-2)! + size).toBeLessThan(length);
          }
        },
      ),
    );
    expect(patchStarts(256, 128, 128)).toEqual([0, 128]);
    expect(patchStarts(257, 128, 128)).toEqual([0, 128, 256]);
    expect(patchStarts(40, 128, 64)).toEqual([0]);
    expect(() => patchStarts(10, 0, 1)).toThrow(RangeError);
  });

  test('axial pictures have the right of the patient on the left and the front at the top, whichever way the grid runs', () => {
    fc.assert(
      fc.property(grids, fc.constantFrom(...planes), (geometry, plane) => {
        const axes = planeAxes(geometry, plane);
        const step = (r: number, c: number, s: number) => {
          const [a, b] = [pixelLps(geometry, axes, 0, 0, 0), pixelLps(geometry, axes, s, r, c)];
          return a.map((v, n) => Math.sign(Math.round((b[n]! - v) * 1e6))) as Triple;
        };
        const wanted = {
          axial: [
            [1, 0, 0],
            [0, 1, 0],
            [0, 0, 1],
          ],
          coronal: [
            [1, 0, 0],
            [0, 0, -1],
            [0, 1, 0],
          ],
          sagittal: [
            [0, 1, 0],
            [0, 0, -1],
            [1, 0, 0],
          ],
        }[plane];
        expect([step(0, 1, 0), step(1, 0, 0), step(0, 0, 1)].map((s) => s.map((v) => v + 0))).toEqual(wanted);
      }),
    );
  });

  test('a slanted grid is cut along its own nearest plane', () => {
    const a = (20 * Math.PI) / 180;
    const tilted: VolumeGeometry = { ...upright, directionLps: [1, 0, 0, 0, Math.cos(a), Math.sin(a), 0, -Math.sin(a), Math.cos(a)] };
    expect(planeAxes(tilted, 'axial')).toEqual(planeAxes(upright, 'axial'));
    expect(planeAxes(tilted, 'coronal')).toEqual(planeAxes(upright, 'coronal'));
  });
});

describe('[10.2-patch] what a patch holds', () => {
  test('patches of every plane laid back into the grid give the volume, and the edge is repeated beyond it', () => {
    fc.assert(
      fc.property(
        grids,
        fc.constantFrom(...planes),
        fc.integer({ min: 1, max: 5 }),
        fc.integer({ min: 1, max: 5 }),
        (geometry, plane, size, stride) => {
          fc.pre(stride <= size);
          const [nx, ny, nz] = geometry.dimensions;
          const values = Int16Array.from({ length: nx * ny * nz }, (_, n) => n + 1);
          const back = new Int16Array(values.length);
          const axes = planeAxes(geometry, plane);
          const { columns, rows, slices } = planeSize(geometry, axes);
          const patch = new Int16Array(size * size);
          for (let slice = 0; slice < slices; slice++)
            for (const row of patchStarts(rows, size, stride))
              for (const column of patchStarts(columns, size, stride)) {
                cutPatch(values, geometry, axes, { slice, row, column, size }, patch);
                for (let r = 0; r < size; r++)
                  for (let c = 0; c < size; c++) {
                    const at = [Math.min(rows - 1, row + r), Math.min(columns - 1, column + c)] as const;
                    const [i, j, k] = voxelUnder(geometry, axes, slice, ...at);
                    expect(patch[r * size + c]).toBe(values[i + nx * (j + ny * k)]);
                    back[i + nx * (j + ny * k)] = patch[r * size + c]!;
                  }
              }
          expect(back).toEqual(values);
        },
      ),
      { numRuns: 60 },
    );
  });

  test('a place outside of the picture is our mistake', () => {
    const axes = planeAxes(upright, 'axial');
    const values = new Int16Array(140);
    expect(() => cutPatch(values, upright, axes, { slice: 4, row: 0, column: 0, size: 2 }, new Int16Array(4))).toThrow(RangeError);
    expect(() => cutPatch(values, upright, axes, { slice: 0, row: 0, column: 0, size: 2 }, new Int16Array(5))).toThrow(RangeError);
  });
});

import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Triple } from '../volume/geometry.ts';
import { sheetZone } from './sheets.ts';

/** Slow twin: tries every block at every place, then looks at all neighbours. */
function slowZone(mask: Uint8Array, [nx, ny, nz]: Triple, size: Triple): Uint8Array {
  const at = (i: number, j: number, k: number) => (k * ny + j) * nx + i;
  const inside = (i: number, j: number, k: number) => i >= 0 && j >= 0 && k >= 0 && i < nx && j < ny && k < nz;
  const thick = new Uint8Array(mask.length);
  const block = (i: number, j: number, k: number, visit: (n: number | null) => void) => {
    for (let c = 0; c < size[2]; c++)
      for (let b = 0; b < size[1]; b++)
        for (let a = 0; a < size[0]; a++) visit(inside(i + a, j + b, k + c) ? at(i + a, j + b, k + c) : null);
  };
  for (let k = 0; k < nz; k++)
    for (let j = 0; j < ny; j++)
      for (let i = 0; i < nx; i++) {
        let fits = true;
        block(i, j, k, (n) => {
          if (n === null || mask[n] === 0) fits = false;
        });
        if (fits)
          block(i, j, k, (n) => {
            if (n !== null) thick[n] = 1;
          });
      }
  const zone = new Uint8Array(mask.length);
  for (let k = 0; k < nz; k++)
    for (let j = 0; j < ny; j++)
      for (let i = 0; i < nx; i++)
        for (let c = -1; c <= 1; c++)
          for (let b = -1; b <= 1; b++)
            for (let a = -1; a <= 1; a++) {
              if (!inside(i + a, j + b, k + c)) continue;
              const n = at(i + a, j + b, k + c);
              if (mask[n] !== 0 && thick[n] === 0) zone[at(i, j, k)] = 1;
            }
  return zone;
}

test('[13-crf] thin places agree with trying every block at every place', () => {
  const grids = fc
    .tuple(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: 7 }), fc.integer({ min: 1, max: 6 }), fc.integer({ min: 4, max: 9 }))
    .chain(([nx, ny, nz, density]) =>
      fc.record({
        dimensions: fc.constant([nx, ny, nz] as Triple),
        size: fc.tuple(fc.integer({ min: 2, max: 4 }), fc.integer({ min: 2, max: 4 }), fc.integer({ min: 2, max: 3 })),
        mask: fc
          .array(fc.integer({ min: 0, max: 9 }), { minLength: nx * ny * nz, maxLength: nx * ny * nz })
          .map((v) => Uint8Array.from(v, (n) => (n < density ? 1 : 0))),
      }),
    );
  fc.assert(
    fc.property(grids, ({ dimensions, size, mask }) => {
      // A thickness of 1 mm and voxels a little finer than 1, 1/2, 1/3 mm ask for blocks of 2, 3, 4; coarse voxels for 2 as well.
      const spacingMm = size.map((n) => (n === 2 ? 1.5 : 1 / (n - 0.5))) as Triple;
      const before = mask.slice();
      expect([...sheetZone(mask, dimensions, spacingMm, 1)]).toEqual([...slowZone(mask, dimensions, size)]);
      expect(mask).toEqual(before);
    }),
    { seed: 1320, numRuns: 300 },
  );
});

test('[13-crf] a wall of one voxel is thin, a block beside it is not; both sides of the wall belong to its zone', () => {
  const dimensions: Triple = [12, 9, 5];
  const mask = Uint8Array.from({ length: 540 }, (_, at) => (at % 12 === 2 || at % 12 > 5 ? 1 : 0));
  const zone = sheetZone(mask, dimensions, [0.5, 0.5, 0.5], 1.5);
  const row = Array.from(zone.subarray((2 * 9 + 4) * 12, (2 * 9 + 5) * 12));
  expect(row).toEqual([0, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0]);
});

test('[13-crf] refuses a mask of another grid and a thickness of nothing', () => {
  expect(() => sheetZone(new Uint8Array(3), [2, 2, 1], [1, 1, 1], 1)).toThrow(RangeError);
  expect(() => sheetZone(new Uint8Array(4), [2, 2, 1], [1, 1, 1], 0)).toThrow(RangeError);
});

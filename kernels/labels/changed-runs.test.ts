import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Triple } from '../volume/geometry.ts';
import { packMask } from './bits.ts';
import { changedRuns } from './changed-runs.ts';
import { applyRuns, encodeRuns } from './runs.ts';

const grids = fc
  .tuple(fc.integer({ min: 1, max: 70 }), fc.integer({ min: 1, max: 4 }), fc.integer({ min: 1, max: 3 }))
  .chain(([nx, ny, nz]) => {
    const mask = fc.array(fc.boolean(), { minLength: nx * ny * nz, maxLength: nx * ny * nz });
    return fc.tuple(fc.constant([nx, ny, nz] as Triple), mask, mask, fc.boolean());
  });

test('[9.1-types] what two masks differ in is the code of just these voxels, and turns either into the other', () => {
  fc.assert(
    fc.property(grids, ([dimensions, one, two, full]) => {
      const a = Uint8Array.from(one, (v) => (v && !full ? 1 : 0));
      const b = Uint8Array.from(two, (v) => (v || full ? 1 : 0));
      const differ = [...a.keys()].filter((n) => a[n] !== b[n]);
      const made = changedRuns(packMask(a, dimensions), packMask(b, dimensions), 1e6);
      expect(made?.code).toEqual(encodeRuns(differ));
      expect(made?.voxels).toBe(differ.length);
      const turned = a.slice();
      applyRuns(turned, made!.code, 'flip');
      expect(turned).toEqual(b);
      applyRuns(turned, made!.code, 'flip');
      expect(turned).toEqual(a);
    }),
  );
});

test('[9.1-types] a code longer than its limit is none; masks of two sizes are refused', () => {
  const spots = Uint8Array.from({ length: 640 }, (_, n) => n % 2);
  const empty = new Uint8Array(640);
  expect(changedRuns(packMask(spots, [64, 10, 1]), packMask(empty, [64, 10, 1]), 639)).toBeNull();
  expect(changedRuns(packMask(spots, [64, 10, 1]), packMask(empty, [64, 10, 1]), 640)?.code).toHaveLength(640);
  expect(changedRuns(packMask(empty, [64, 10, 1]), packMask(empty, [64, 10, 1]), 0)?.code).toHaveLength(0);
  expect(() => changedRuns(packMask(empty, [64, 10, 1]), packMask(empty, [64, 1, 10]), 9)).toThrow(RangeError);
});

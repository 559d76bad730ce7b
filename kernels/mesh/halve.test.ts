import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { bitAt, packMask } from '../labels/bits.ts';
import { indexToLps, type Triple } from '../volume/geometry.ts';
import { halveBits } from './halve.ts';
import { maskWhere, obliqueGrid, unitGrid } from './mask-shapes.ts';

describe('half resolution', () => {
  test('[P-surface] any of eight sets the voxel, odd sides included, and the centre lies amid the eight', () => {
    const grid = obliqueGrid([5, 4, 3]);
    const mask = maskWhere([5, 4, 3], (i, j, k) => i === 4 && j === 3 && k === 2);
    const half = halveBits(packMask(mask, [5, 4, 3]), grid);
    expect(half.geometry.dimensions).toEqual([3, 2, 2]);
    expect([...half.bits.words]).toEqual([0, 0, 0, 1 << 2]);
    const expected = indexToLps(grid, 4.5, 2.5, 2.5);
    indexToLps(half.geometry, 2, 1, 1).forEach((value, axis) => {
      expect(value).toBeCloseTo(expected[axis], 9);
    });
    expect(() => halveBits(packMask(mask, [5, 4, 3]), unitGrid([5, 4, 4]))).toThrow(RangeError);
  });

  test('[P-surface] every voxel of rows of one to three words is the or of its eight', () => {
    const side = (max: number) => fc.integer({ min: 1, max });
    fc.assert(
      fc.property(side(70), side(3), side(3), fc.integer(), (nx, ny, nz, seed) => {
        const dimensions: Triple = [nx, ny, nz];
        const set = (i: number, j: number, k: number) => Math.imul(i * 31 + j * 17 + k * 7 + seed, 0x9e3779b1) >>> 28 === 0;
        const whole = packMask(maskWhere(dimensions, set), dimensions);
        const half = halveBits(whole, unitGrid(dimensions)).bits;
        for (let at = 0; at < half.dimensions[0] * half.dimensions[1] * half.dimensions[2]; at++) {
          const i = at % half.dimensions[0];
          const j = Math.floor(at / half.dimensions[0]) % half.dimensions[1];
          const k = Math.floor(at / half.dimensions[0] / half.dimensions[1]);
          const any = [0, 1, 2, 3, 4, 5, 6, 7].some((c) => bitAt(whole, 2 * i + (c & 1), 2 * j + ((c >> 1) & 1), 2 * k + (c >> 2)));
          expect(bitAt(half, i, j, k)).toBe(any);
        }
      }),
      { numRuns: 50 },
    );
  });
});

import { describe, expect, test } from 'vitest';
import { indexToLps } from '../volume/geometry.ts';
import { halveMask } from './halve.ts';
import { maskWhere, obliqueGrid } from './mask-shapes.ts';

describe('half resolution', () => {
  test('[P-surface] any of eight sets the voxel, odd sides included, and the centre lies amid the eight', () => {
    const grid = obliqueGrid([5, 4, 3]);
    const mask = maskWhere([5, 4, 3], (i, j, k) => i === 4 && j === 3 && k === 2);
    const half = halveMask(mask, grid);
    expect(half.geometry.dimensions).toEqual([3, 2, 2]);
    expect([...half.mask]).toEqual([...new Uint8Array(11), 1]);
    const expected = indexToLps(grid, 4.5, 2.5, 2.5);
    indexToLps(half.geometry, 2, 1, 1).forEach((value, axis) => {
      expect(value).toBeCloseTo(expected[axis], 9);
    });
    expect(() => halveMask(new Uint8Array(3), grid)).toThrow(RangeError);
  });
});

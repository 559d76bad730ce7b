import fc from 'fast-check';
import { expect, test } from 'vitest';
import { encodeRuns } from './runs.ts';
import { VoxelSet } from './voxel-set.ts';

const setOf = (indices: number[]): VoxelSet => {
  const set = new VoxelSet();
  for (const index of indices) set.push(index);
  return set;
};
/** The slow way: a list without repeats, sorted. */
const listed = (indices: number[]): number[] => [...new Set(indices)].sort((a, b) => a - b);

test('voxels in any order, again and again, give the code of the sorted list', () => {
  const near = (middle: number) => fc.integer({ min: Math.max(0, middle - 80), max: middle + 80 });
  const index = fc.oneof(near(0), near(2 ** 16), near(2 ** 17), near(2 ** 32), fc.integer({ min: 0, max: 2 ** 40 }));
  fc.assert(
    fc.property(fc.array(index, { maxLength: 300 }), fc.boolean(), (indices, cleared) => {
      const set = setOf(cleared ? [5, 2 ** 16] : []);
      if (cleared) set.clear();
      else expect(set.size).toBe(0);
      for (const n of indices) set.push(n);
      const sorted = listed(indices);
      expect(set.size).toBe(sorted.length);
      expect(set.encode()).toEqual(encodeRuns(sorted));
      const back: number[] = [];
      set.runs((start, length) => {
        for (let n = 0; n < length; n++) back.push(start + n);
      });
      expect(back).toEqual(sorted);
    }),
    { numRuns: 500, seed: 17 },
  );
});

test('runs that words and pieces cut are one', () => {
  for (const [from, length] of [
    [0, 32],
    [31, 97],
    [2 ** 16 - 40, 80],
    [2 ** 16, 2 ** 16],
    [7, 2 ** 17 + 3],
  ] as const) {
    const voxels = Array.from({ length }, (_, n) => from + n);
    const runs: number[][] = [];
    setOf(voxels.toReversed()).runs((...run) => runs.push(run));
    expect(runs).toEqual([[from, length]]);
  }
});

test('what is not a voxel is refused, and an empty set has the empty code', () => {
  for (const index of [-1, 1.5, Number.NaN, 2 ** 49, Number.POSITIVE_INFINITY]) expect(() => setOf([3, index])).toThrow(RangeError);
  expect(new VoxelSet().encode()).toEqual(new Uint8Array());
});

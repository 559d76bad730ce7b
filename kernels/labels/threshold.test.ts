import fc from 'fast-check';
import { expect, test } from 'vitest';
import { sharedArray } from '../parts.ts';
import { simdKernels } from '../simd/instance.ts';
import type { Triple } from '../volume/geometry.ts';
import { countBits, packMask, unpackMask } from './bits.ts';
import { rangePart, rangeRows, thresholdBits } from './threshold.ts';

test('[M-threshold] both bounds belong to the range', async () => {
  const { bits, voxels } = await thresholdBits(Int16Array.of(199, 200, 250, 300, 301), [5, 1, 1], 200, 300);
  expect([...unpackMask(bits)]).toEqual([0, 1, 1, 1, 0]);
  expect(voxels).toBe(3);
});

test('[M-threshold] no upper bound means none, and NaN is never inside', async () => {
  const values = Float32Array.of(Number.NaN, 49.5, 50, 1e9, Number.POSITIVE_INFINITY);
  expect([...unpackMask((await thresholdBits(values, [1, 5, 1], 50, null)).bits)]).toEqual([0, 0, 1, 1, 1]);
  await expect(thresholdBits(new Int16Array(1), [1, 1, 1], Number.NaN, null)).rejects.toThrow(RangeError);
  await expect(thresholdBits(new Int16Array(7), [2, 2, 2], 0, null)).rejects.toThrow(RangeError);
});

/** Values around the bounds and at their types' ends, bounds between the values and far from them. */
const bound = fc.oneof(
  fc.integer({ min: -5, max: 5 }),
  fc.double({ min: -5, max: 5, noNaN: true }),
  fc.constantFrom(-32768, 32767, -32768.5, 32767.5, 1e9, -1e9, Number.NEGATIVE_INFINITY, 1e-320),
);
const volumes = fc.record({
  nx: fc.integer({ min: 1, max: 70 }),
  rows: fc.integer({ min: 1, max: 5 }),
  seed: fc.integer({ min: 1, max: 2 ** 31 - 1 }),
  floats: fc.boolean(),
  low: bound,
  high: fc.option(bound),
});
const odd = [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, -0, 0.1, -0.1, 2 ** -149, -(2 ** -149)];

test('[M-threshold] agrees voxel by voxel, with vector instructions and without', async () => {
  expect(simdKernels(), 'this runtime has vector instructions').not.toBeNull();
  await fc.assert(
    fc.asyncProperty(volumes, async ({ nx, rows, seed, floats, low, high }) => {
      const dimensions: Triple = [nx, rows, 1];
      const numbers = Array.from({ length: nx * rows }, (_, n) => {
        const draw = Math.imul(n + 1, seed) >>> 8;
        if (floats) return draw % 3 === 0 ? odd[(draw >> 4) % odd.length] : (((draw >> 3) % 200) - 100) / 20;
        return draw % 9 === 0 ? [-32768, 32767][(draw >> 4) & 1] : ((draw >> 3) % 13) - 6;
      });
      const values = floats ? Float32Array.from(numbers) : Int16Array.from(numbers);
      const expected = Uint8Array.from(values, (v) => (v >= low && (high === null || v <= high) ? 1 : 0));
      const { bits, voxels } = await thresholdBits(values, dimensions, low, high);
      expect(bits).toEqual(packMask(expected, dimensions));
      expect(voxels).toBe(countBits(bits));
      const twin = { words: new Uint32Array(bits.words.length), from: 0, to: rows };
      expect(rangeRows({ values, dimensions, low, high: high ?? Number.POSITIVE_INFINITY, ...twin })).toBe(voxels);
      expect(twin.words).toEqual(Uint32Array.from(bits.words));
    }),
    { seed: 200, numRuns: 400 },
  );
});

test('[M-threshold] rows of any length, in any stretches, by any number of parts', async () => {
  // Several chunks of the vector kernels' memory; rows longer than one.
  for (const dimensions of [
    [1000, 90, 2],
    [64, 1100, 1],
    [70_001, 2, 1],
  ] as Triple[]) {
    const length = dimensions[0] * dimensions[1] * dimensions[2];
    for (const values of [sharedArray(Int16Array, length), sharedArray(Float32Array, length)]) {
      for (let n = 0; n < length; n++) values[n] = Math.imul(n, 40_503) % 1000;
      const expected = packMask(
        Uint8Array.from(values, (v) => (v >= 200 && v <= 700 ? 1 : 0)),
        dimensions,
      );
      const { bits, voxels } = await thresholdBits(values, dimensions, 200, 700);
      expect(bits.words).toEqual(expected.words);
      expect(voxels).toBe(countBits(expected));
      const words = new Uint32Array(bits.words.length);
      const rows = dimensions[1] * dimensions[2];
      let sum = 0;
      for (const [from, to] of [
        [0, 1],
        [1, rows - 1],
        [rows - 1, rows],
      ])
        sum += rangePart({ values, dimensions, words, from, to, low: 200, high: 700 });
      expect(words).toEqual(Uint32Array.from(expected.words));
      expect(sum).toBe(voxels);
    }
  }
});

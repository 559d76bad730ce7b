import { expect, test } from 'vitest';
import { threshold } from './threshold.ts';

test('[M-threshold] both bounds belong to the range', () => {
  const { mask, voxels } = threshold(Int16Array.of(199, 200, 250, 300, 301), 200, 300);
  expect([...mask]).toEqual([0, 1, 1, 1, 0]);
  expect(voxels).toBe(3);
});

test('[M-threshold] no upper bound means none, and NaN is never inside', () => {
  const { mask } = threshold(Float32Array.of(Number.NaN, 49.5, 50, 1e9, Number.POSITIVE_INFINITY), 50, null);
  expect([...mask]).toEqual([0, 0, 1, 1, 1]);
  expect(() => threshold(new Int16Array(1), Number.NaN, null)).toThrow(RangeError);
});

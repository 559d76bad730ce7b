import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { toEightBit } from './eight-bit.ts';
import { limit } from './limit.ts';
import { percentileRange } from './normalise-percentile.ts';
import { normaliseRange } from './normalise-range.ts';
import { zScore } from './normalise-z-score.ts';

const float = fc.float({ min: -5000, max: 5000, noNaN: true });
const floats = fc.float32Array({ min: -5000, max: 5000, noNaN: true, minLength: 1, maxLength: 200 });
const whole = fc.int16Array({ min: -3000, max: 3000, minLength: 1, maxLength: 200 });
const organ = { low: -200, high: 300, to: [0, 255] as [number, number] };

describe('intensities', () => {
  it('[8.2-intensity] formula (1) by hand: limited first, ends exact, float kept or rounded to nearest', () => {
    const hu = Int16Array.from([-1024, -200, -199, 50, 299, 300, 3071]);
    expect([...normaliseRange(hu, { ...organ, round: true })]).toEqual([0, 0, 1, 128, 254, 255, 255]);
    const floatOut = [...normaliseRange(hu, { ...organ, round: false })];
    expect(floatOut[2]).toBeCloseTo(0.51, 6);
    expect(floatOut[3]).toBeCloseTo(127.5, 6);
    expect([floatOut[0], floatOut[6]]).toEqual([0, 255]);
    expect([...normaliseRange(hu, { low: -200, high: 300, to: [-1, 1], round: false })].slice(3, 4)).toEqual([0]);
  });

  it('[8.2-intensity] rounded to [0, 255] it is the 8 bits of the patches, for any range', () => {
    fc.assert(
      fc.property(whole, float, fc.float({ min: 1, max: 4000, noNaN: true }), (values, low, width) => {
        const eight = toEightBit(values, low, low + width);
        expect([...normaliseRange(values, { low, high: low + width, to: [0, 255], round: true })]).toEqual([...eight]);
      }),
    );
  });

  it('[8.2-intensity] keeps the order of values and stays within the new range', () => {
    fc.assert(
      fc.property(floats, (values) => {
        const sorted = values.slice().sort();
        const out = normaliseRange(sorted, { ...organ, to: [-3, 8], round: false });
        expect(out.every((v, n) => v >= -3 && v <= 8 && (n === 0 || v >= out[n - 1]!))).toBe(true);
      }),
    );
  });

  it('[8.1-sequence] organ windowing limits and leaves the rest alone, in the kind that came', () => {
    fc.assert(
      fc.property(fc.oneof(whole, floats), (values) => {
        const out = limit(values, { low: -200, high: 300 });
        expect(out.constructor).toBe(values.constructor);
        expect([...out].map((v) => v + 0)).toEqual([...values].map((v) => Math.min(300, Math.max(-200, v)) + 0));
      }),
    );
    expect([...limit(Int16Array.from([-9, 0, 9]), { low: -1.5, high: 2.5 })]).toEqual([-1, 0, 2]);
    expect([...limit(Float32Array.from([Number.NaN, 1]), { low: -200, high: 300 })]).toEqual([-200, 1]);
    expect(() => limit(new Int16Array(1), { low: 0.2, high: 0.8 })).toThrow(RangeError);
    expect(() => limit(new Int16Array(1), { low: 3, high: 3 })).toThrow(RangeError);
  });

  it('[8.2-intensity] z-scores have mean 0 and deviation 1, and undo to the values', () => {
    fc.assert(
      fc.property(floats, (values) => {
        fc.pre(Math.max(...values) - Math.min(...values) > 1);
        const { values: z, mean, sd } = zScore(values);
        const average = z.reduce((sum, v) => sum + v, 0) / z.length;
        expect(Math.abs(average)).toBeLessThan(1e-4);
        expect(Math.sqrt(z.reduce((sum, v) => sum + (v - average) ** 2, 0) / z.length)).toBeCloseTo(1, 4);
        expect(Math.max(...z.map((v, n) => Math.abs(v * sd + mean - values[n]!)))).toBeLessThan(0.01);
      }),
    );
  });

  it('[8.2-intensity] z-score: the background can be left out, scores limited; a flat volume is refused in words', () => {
    const mr = Int16Array.from([0, 0, 0, 0, 100, 200, 300, 5000]);
    const { mean, sd, values } = zScore(mr.slice(0, 7), { inside: 10 });
    expect([mean, sd]).toEqual([200, Math.sqrt(20000 / 3)]);
    expect(values[0]).toBeCloseTo(-200 / sd, 5);
    expect(Math.max(...zScore(mr, { limit: 2 }).values)).toBe(2);
    expect(zScore(mr.slice(4, 6), { statisticsOf: mr }).values).toEqual(zScore(mr).values.slice(4, 6));
    expect(() => zScore(new Int16Array(9).fill(7))).toThrow(/all voxels that count are 7/);
    expect(() => zScore(mr, { inside: 6000 })).toThrow(/no voxel lies above/);
    expect(() => zScore(Float32Array.from([1, Number.NaN, 3]))).toThrow(/not a number/);
    expect(() => zScore(Float32Array.from([1, Infinity, 3]))).toThrow(/finite/);
  });

  it('[8.2-intensity] percentiles agree with a sort, linear between ranks', () => {
    fc.assert(
      fc.property(
        fc.oneof(whole, floats, fc.float32Array({ noNaN: true, noDefaultInfinity: true, minLength: 1, maxLength: 50 })),
        fc.double({ min: 0, max: 50, noNaN: true }),
        fc.double({ min: 51, max: 100, noNaN: true }),
        (values, lowPercent, highPercent) => {
          const sorted = [...values].sort((a, b) => a - b);
          const oracle = (percent: number): number => {
            const rank = (percent / 100) * (sorted.length - 1);
            const [a, b] = [sorted[Math.floor(rank)]!, sorted[Math.ceil(rank)]!];
            return a + (rank - Math.floor(rank)) * (b - a);
          };
          const { low, high } = percentileRange(values, { lowPercent, highPercent });
          expect(low).toBeCloseTo(oracle(lowPercent), 6);
          expect(high).toBeCloseTo(oracle(highPercent), 6);
        },
      ),
    );
    expect(percentileRange(Float32Array.from([Number.NaN, 3, -Infinity, 1]), { lowPercent: 50, highPercent: 100 })).toEqual({
      low: 1,
      high: 3,
    });
    expect(() => percentileRange(new Int16Array(0), { lowPercent: 1, highPercent: 99 })).toThrow(RangeError);
    expect(() => percentileRange(new Int16Array(3), { lowPercent: 60, highPercent: 50 })).toThrow(RangeError);
  });
});

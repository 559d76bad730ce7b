import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Triple } from '../volume/geometry.ts';
import { unpackMask } from './bits.ts';
import { floodLabels } from './flood-oracle.ts';
import { type GrowthRule, growRegion } from './region-growing.ts';

const rule: GrowthRule = { radiusMm: 1, deviations: 2.5, rounds: 4, connectivity: 6, lowHu: null, highHu: null, reachMm: null };
const side = (most: number) => fc.integer({ min: 1, max: most });
const scenes = fc.tuple(side(8), side(7), side(5)).chain(([x, y, z]) =>
  fc.record({
    dimensions: fc.constant([x, y, z] as Triple),
    values: fc.oneof(
      fc
        .array(fc.constantFrom(0, 1, 2, 3, 9, 10, 12, 300), { minLength: x * y * z, maxLength: x * y * z })
        .map((all) => Int16Array.from(all)),
      fc
        .array(fc.constantFrom(0, 0.25, 1, 7, Number.NaN, Number.POSITIVE_INFINITY), { minLength: x * y * z, maxLength: x * y * z })
        .map((all) => Float32Array.from(all)),
    ),
    seeds: fc.array(fc.tuple(fc.nat(x - 1), fc.nat(y - 1), fc.nat(z - 1)), { minLength: 1, maxLength: 3 }) as fc.Arbitrary<Triple[]>,
    spacingMm: fc.constantFrom<Triple>([1, 1, 1], [0.4, 0.7, 2]),
    rule: fc.record({
      radiusMm: fc.constantFrom(0.1, 1, 2.1),
      deviations: fc.constantFrom(0.5, 1.3, 2.5),
      rounds: fc.integer({ min: 1, max: 4 }),
      connectivity: fc.constantFrom<6 | 18 | 26>(6, 18, 26),
      lowHu: fc.constantFrom(null, 1),
      highHu: fc.constantFrom(null, 10),
      reachMm: fc.constantFrom(null, 1.4, 3),
    }),
  }),
);

/** Mean and deviation in two passes; null where there is nothing. */
function spread(values: number[], deviations: number): [number, number] | null {
  if (values.length === 0) return null;
  const mean = values.reduce((a, b) => a + b, 0) / values.length;
  const reach = values.length > 1 ? deviations * Math.sqrt(values.reduce((a, v) => a + (v - mean) ** 2, 0) / (values.length - 1)) : 0;
  return [mean - reach, mean + reach];
}

describe('region growing', () => {
  test('[M-hysteresis] each round takes its values from the region before, and what a plain flood from the seeds reaches', async () => {
    await fc.assert(
      fc.asyncProperty(scenes, async ({ dimensions, values, seeds, spacingMm, rule }) => {
        const made = await growRegion(values, dimensions, spacingMm, seeds, rule);
        const [low, high] = [rule.lowHu ?? Number.NEGATIVE_INFINITY, rule.highHu ?? Number.POSITIVE_INFINITY];
        const usable = (v: number) => Number.isFinite(v) && v >= low && v <= high;
        const [nx, ny] = dimensions;
        const awayMm = (n: number, [i, j, k]: Triple) =>
          Math.hypot(
            ((n % nx) - i) * spacingMm[0],
            ((Math.floor(n / nx) % ny) - j) * spacingMm[1],
            (Math.floor(n / nx / ny) - k) * spacingMm[2],
          );
        const indexOf = ([i, j, k]: Triple) => i + nx * (j + ny * k);
        const all = [...values.keys()];
        const started = seeds.map(indexOf).filter((n) => usable(values[n]));
        let range = spread(
          seeds.flatMap((seed) => all.filter((n) => awayMm(n, seed) <= rule.radiusMm + 1e-9 && usable(values[n])).map((n) => values[n])),
          rule.deviations,
        );
        let region: number[] = [];
        for (const round of made.rounds) {
          if (range === null) throw new RangeError('a round out of nothing');
          expect(round.low).toBeCloseTo(Math.max(low, range[0]), 6);
          expect(round.high).toBeCloseTo(Math.min(high, range[1]), 6);
          const open = Uint8Array.from(values, (v, n) =>
            started.includes(n) ||
            (usable(v) &&
              v >= round.low &&
              v <= round.high &&
              (rule.reachMm === null || seeds.some((seed) => awayMm(n, seed) <= rule.reachMm! + 1e-9)))
              ? 1
              : 0,
          );
          const flood = floodLabels(open, dimensions, rule.connectivity);
          region = all.filter((n) => started.some((seed) => flood[seed] >= 0 && flood[n] === flood[seed]));
          expect(round.voxels).toBe(region.length);
          range = spread(
            region.map((n) => values[n]),
            rule.deviations,
          );
        }
        expect(unpackMask(made.bits)).toEqual(Uint8Array.from(all, (n) => (region.includes(n) ? 1 : 0)));
        expect(made.voxels).toBe(region.length);
      }),
      { numRuns: 200 },
    );
  });

  test('[M-hysteresis] a noisy body comes out whole where a threshold from its first ball alone would not, and not what lies beside it', async () => {
    const dimensions: Triple = [30, 30, 20];
    const inBody = (n: number) => Math.hypot((n % 30) - 14, (Math.floor(n / 30) % 30) - 14, Math.floor(n / 900) - 9) <= 8;
    let state = 7;
    const values = Int16Array.from({ length: 18000 }, (_, n) => {
      let noise = 0;
      for (let m = 0; m < 12; m++) {
        state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
        noise += state / 2 ** 32 - 0.5;
      }
      return Math.round((inBody(n) ? 300 : 0) + 20 * noise);
    });
    const made = await growRegion(values, dimensions, [1, 1, 1], [[14, 14, 9]], { ...rule, radiusMm: 2, deviations: 3.5 });
    const mask = unpackMask(made.bits);
    const body = [...values.keys()].filter(inBody);
    expect(body.filter((n) => mask[n] === 1).length / body.length).toBeGreaterThan(0.99);
    expect(made.voxels - body.filter((n) => mask[n] === 1).length).toBe(0);
    const again = await growRegion(values, dimensions, [1, 1, 1], [[14, 14, 9]], { ...rule, radiusMm: 2, deviations: 3.5 });
    expect(again).toEqual(made);
  });

  test('[M-hysteresis] one voxel, a flat image, seeds out of bounds or out of the grid, and a cancel', async () => {
    const one = await growRegion(Int16Array.of(5), [1, 1, 1], [1, 1, 1], [[0, 0, 0]], rule);
    expect([one.voxels, one.rounds]).toEqual([1, [{ low: 5, high: 5, voxels: 1 }]]);
    expect((await growRegion(new Int16Array(8), [2, 2, 2], [1, 1, 1], [[1, 1, 1]], rule)).voxels).toBe(8);
    const bound = await growRegion(new Int16Array(8), [2, 2, 2], [1, 1, 1], [[1, 1, 1]], { ...rule, lowHu: 1 });
    expect([bound.voxels, bound.rounds]).toEqual([0, []]);
    expect((await growRegion(new Float32Array(6).fill(Number.NaN), [1, 3, 2], [1, 1, 1], [[0, 1, 1]], rule)).voxels).toBe(0);
    const grow = (seeds: Triple[], more: Partial<GrowthRule> = {}, tick = () => {}) =>
      growRegion(new Int16Array(8), [2, 2, 2], [1, 1, 1], seeds, { ...rule, ...more }, tick);
    await expect(grow([])).rejects.toThrow(RangeError);
    await expect(grow([[0, 2, 0]])).rejects.toThrow(RangeError);
    await expect(grow([[0, 0.5, 0]])).rejects.toThrow(RangeError);
    await expect(grow([[0, 0, 0]], { rounds: 0 })).rejects.toThrow(RangeError);
    const cancelled = () => {
      throw new RangeError('cancelled here');
    };
    await expect(grow([[0, 0, 0]], {}, cancelled)).rejects.toThrow('cancelled here');
  });
});

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { inTurn } from '../parts.ts';
import { indexToLps, type Triple, type VolumeGeometry, voxelCount } from '../volume/geometry.ts';
import { anyGrid } from '../volume/grids.fixture.ts';
import { countBits, unpackMask } from './bits.ts';
import { type FloodRule, floodFill, voxelAt } from './flood-fill.ts';
import { floodLabels } from './flood-oracle.ts';

const dot = (a: Triple, b: Triple): number => a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
const minus = (a: Triple, b: Triple): Triple => [a[0] - b[0], a[1] - b[1], a[2] - b[2]];

/** Seed by seed and voxel by voxel. */
function slow(values: Float32Array, g: VolumeGeometry, rule: FloodRule): Uint8Array {
  const [nx, ny] = g.dimensions;
  const out = new Uint8Array(values.length);
  const steps = (
    [
      [1, 0, 0],
      [0, 1, 0],
      [0, 0, 1],
    ] as Triple[]
  ).map((at) => minus(indexToLps(g, ...at), g.originLps));
  for (const seed of rule.seedsLps) {
    const at = voxelAt(g, seed)!;
    const index = at[0] + nx * (at[1] + ny * at[2]);
    const open = Uint8Array.from(values, (value, n) => {
      const p = indexToLps(g, n % nx, Math.floor(n / nx) % ny, Math.floor(n / nx / ny));
      if (rule.low !== null || rule.high !== null) {
        if (!(value >= (rule.low ?? -1e9) && value <= (rule.high ?? 1e9))) return 0;
      } else if (!(Math.abs(value - values[index]) <= rule.tolerance)) return 0;
      if (rule.reachMm !== null && Math.hypot(...minus(p, indexToLps(g, ...at))) > rule.reachMm + 1e-9) return 0;
      if (rule.normalLps === null) return 1;
      const half = steps.reduce((sum, step) => sum + Math.abs(dot(step, rule.normalLps!)), 0) / 2;
      return Math.abs(dot(minus(p, seed), rule.normalLps)) < half ? 1 : 0;
    });
    const labels = floodLabels(open, g.dimensions, rule.connectivity);
    for (let n = 0; n < labels.length; n++) if (open[index] === 1 && labels[n] === labels[index]) out[n] = 1;
  }
  return out;
}

const scenes = anyGrid(8).chain((g) => {
  const length = voxelCount(g.dimensions);
  const place = fc.tuple(...g.dimensions.map((side) => fc.integer({ min: -45, max: side * 100 - 55 }).map((n) => n / 100 + 1e-4)));
  const bound = fc.option(fc.integer({ min: 0, max: 5 }));
  return fc.record({
    g: fc.constant(g),
    values: fc
      .array(fc.integer({ min: 0, max: 5 }), { minLength: length, maxLength: length })
      .map((v) => Float32Array.from(v, (n) => (n === 5 ? Number.NaN : n))),
    rule: fc.record({
      seedsLps: fc.array(
        place.map((at) => indexToLps(g, ...(at as Triple))),
        { minLength: 1, maxLength: 3 },
      ),
      normalLps: fc.option(
        fc.oneof(
          fc.constantFrom(0, 3, 6).map((n) => g.directionLps.slice(n, n + 3) as Triple),
          fc.constant<Triple>([0.31, -0.5, 0.77]),
        ),
      ),
      low: bound,
      high: bound,
      tolerance: fc.integer({ min: 0, max: 3 }),
      connectivity: fc.constantFrom(6 as const, 18 as const, 26 as const),
      reachMm: fc.option(fc.integer({ min: 1, max: 90 }).map((n) => n / 10 + 0.0123)),
    }),
  });
});

test('[9.1-types] what is filled is that of a plain flood fill under the same rule: range or tolerance, slice or volume, any grid and plane', async () => {
  let filled = 0;
  await fc.assert(
    fc.asyncProperty(scenes, async ({ g, values, rule }) => {
      const seeds = rule.seedsLps.filter((seed) => {
        const at = voxelAt(g, seed)!;
        return !Number.isNaN(values[at[0] + g.dimensions[0] * (at[1] + g.dimensions[1] * at[2])]);
      });
      fc.pre(seeds.length > 0);
      const mask = unpackMask(await floodFill(values, g, { ...rule, seedsLps: seeds }, inTurn));
      filled += mask.reduce((sum, v) => sum + v, 0);
      expect(mask).toEqual(slow(values, g, { ...rule, seedsLps: seeds }));
    }),
    { numRuns: 300 },
  );
  expect(filled).toBeGreaterThan(1000);
});

const g: VolumeGeometry = { dimensions: [5, 4, 3], spacingMm: [1, 1, 3], originLps: [0, 0, 0], directionLps: [1, 0, 0, 0, 1, 0, 0, 0, 1] };
const rule: FloodRule = { seedsLps: [[2, 2, 3]], normalLps: null, low: null, high: null, tolerance: 0, connectivity: 6, reachMm: null };
const count = async (over: Partial<FloodRule>, values = new Int16Array(60)): Promise<number> =>
  countBits(await floodFill(values, g, { ...rule, ...over }, inTurn));

test('[9.1-types] a slice, a reach to the millimetre, values beyond the range', async () => {
  expect(await count({})).toBe(60);
  expect(await count({ normalLps: [0, 0, 2] })).toBe(20);
  expect(await count({ normalLps: [1, 0, 0] })).toBe(12);
  expect(await count({ reachMm: 1 })).toBe(5);
  expect(await count({ reachMm: 3, normalLps: [0, 1, 0] })).toBe(5 + 2);
  expect(await count({ low: 1 })).toBe(0);
  expect(await count({ high: -1 })).toBe(0);
});

test('[9.1-types] a seed outside of the image or on no number, none at all, and settings out of range are mistakes', async () => {
  for (const over of [{ seedsLps: [] }, { seedsLps: [[9, 0, 0] as Triple] }, { tolerance: -1 }, { reachMm: 0 }, { tolerance: Number.NaN }])
    await expect(count(over)).rejects.toThrow(RangeError);
  await expect(count({}, new Int16Array(59))).rejects.toThrow(RangeError);
  const none = new Float32Array(60).fill(Number.NaN);
  await expect(floodFill(none, g, rule, inTurn)).rejects.toThrow(RangeError);
});

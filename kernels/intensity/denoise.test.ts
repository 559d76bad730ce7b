import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRandom } from '../phantoms/random.ts';
import { type Triple, voxelCount } from '../volume/geometry.ts';
import type { Step, Values } from '../volume/values.ts';
import { anisotropic } from './anisotropic.ts';
import { gaussianOracle, medianOracle, nonLocalMeansOracle } from './denoise-oracle.ts';
import { gaussian } from './gaussian.ts';
import { median } from './median.ts';
import { nonLocalMeans } from './non-local-means.ts';

const plane = fc.constantFrom('2d', '3d');
const spacing: Triple = [0.5, 0.6, 1];
type Denoiser = (values: Values, dimensions: Triple, step?: Step) => Values;
const denoisers: Record<string, Denoiser> = {
  gaussian: (values, dimensions, step) => gaussian(values, dimensions, spacing, { sigmaMm: 0.6 }, step),
  median: (values, dimensions, step) => median(values, dimensions, { radius: 1, plane: '3d' }, step),
  'non-local means': (values, dimensions, step) =>
    nonLocalMeans(values, dimensions, { strengthHu: 30, searchRadius: 2, patchRadius: 1, plane: '3d' }, step),
  anisotropic: (values, dimensions, step) =>
    anisotropic(values, dimensions, spacing, { iterations: 5, contrastHu: 100, plane: '3d' }, step),
};

/** Values on a small grid: HU or fractions, as a scan or as noise over all 16 bits. */
const image = fc
  .record({
    dimensions: fc.tuple(fc.integer({ min: 1, max: 8 }), fc.integer({ min: 1, max: 7 }), fc.integer({ min: 1, max: 6 })),
    seed: fc.integer({ min: 0, max: 1e6 }),
    span: fc.constantFrom(4, 300, 65535),
    float: fc.boolean(),
  })
  .map(({ dimensions, seed, span, float }) => {
    const random = createRandom(seed);
    const count = voxelCount(dimensions as Triple);
    const values = Array.from({ length: count }, () => Math.round((random.next() - 0.5) * span));
    return { dimensions: dimensions as Triple, values: float ? Float32Array.from(values, (v) => v / 3 + 0) : Int16Array.from(values) };
  });

const largest = (a: ArrayLike<number>, b: ArrayLike<number>): number => {
  let most = 0;
  for (let n = 0; n < a.length; n++) most = Math.max(most, Math.abs(a[n]! - b[n]!));
  return most;
};
const meanOf = (values: ArrayLike<number>) => Array.prototype.reduce.call(values, (sum, v) => (sum as number) + (v as number), 0) as number;

describe('denoisers', () => {
  it('[8.1-sequence] Gaussian is the weighted mean of its definition, mm along every axis, borders shared out', () => {
    fc.assert(
      fc.property(image, fc.constantFrom(0.05, 0.4, 0.9, 3), ({ values, dimensions }, sigmaMm) => {
        const out = gaussian(values, dimensions, spacing, { sigmaMm });
        expect(largest(out, gaussianOracle(values, dimensions, spacing, sigmaMm))).toBeLessThan(0.02);
      }),
      { numRuns: 60 },
    );
  });

  it('[8.1-sequence] median is the middle of the sorted window, exactly, in the kind that came', () => {
    fc.assert(
      fc.property(image, fc.constantFrom(1, 2), plane, ({ values, dimensions }, radius, p) => {
        const out = median(values, dimensions, { radius, plane: p });
        expect(out.constructor).toBe(values.constructor);
        expect([...out].map((v) => v + 0)).toEqual(medianOracle(values, dimensions, radius, p === '3d' ? radius : 0));
      }),
      { numRuns: 60 },
    );
  });

  it('[8.1-sequence] non-local means agrees with its direct definition', () => {
    fc.assert(
      fc.property(
        image,
        fc.integer({ min: 1, max: 3 }),
        fc.integer({ min: 0, max: 2 }),
        plane,
        ({ values, dimensions }, search, patch, p) => {
          const span = Math.max(...values) - Math.min(...values) + 1;
          const options = { strengthHu: span / 3, searchRadius: search, patchRadius: patch, plane: p };
          const out = nonLocalMeans(values, dimensions, options);
          expect(largest(out, nonLocalMeansOracle(values, dimensions, options)) / span).toBeLessThan(5e-4);
        },
      ),
      { numRuns: 25 },
    );
  });

  it('[8.1-sequence] non-local means is the same across the slabs in which it works', () => {
    const random = createRandom(7);
    const dimensions: Triple = [5, 4, 37];
    const values = Int16Array.from({ length: voxelCount(dimensions) }, () => Math.round(40 * random.normal()));
    const options = { strengthHu: 40, searchRadius: 2, patchRadius: 1, plane: '3d' as const };
    expect(largest(nonLocalMeans(values, dimensions, options), nonLocalMeansOracle(values, dimensions, options))).toBeLessThan(0.05);
  });

  it('[8.1-sequence] anisotropic diffusion keeps the mean, makes no new extreme, and does not cross an edge above its contrast', () => {
    fc.assert(
      fc.property(image, fc.integer({ min: 1, max: 8 }), plane, ({ values, dimensions }, iterations, p) => {
        const span = Math.max(...values) - Math.min(...values) + 1;
        const out = anisotropic(values, dimensions, spacing, { iterations, contrastHu: span / 2, plane: p });
        expect(Math.abs(meanOf(out) - meanOf(values)) / values.length / span).toBeLessThan(1e-5);
        expect(Math.min(...out) / span).toBeGreaterThan(Math.min(...values) / span - 1e-5);
        expect(Math.max(...out) / span).toBeLessThan(Math.max(...values) / span + 1e-5);
        // Bone beside air: what lies on one side does not see the other.
        const cut = Float32Array.from(values, (v, n) => v - Math.min(...values) + (n % dimensions[0] < dimensions[0] / 2 ? 0 : 4 * span));
        const both = anisotropic(cut, dimensions, spacing, { iterations, contrastHu: span, plane: p });
        const kept = both.every((v, n) => Math.abs(v - (n % dimensions[0] < dimensions[0] / 2 ? 0 : 4 * span)) <= span);
        expect(kept).toBe(true);
        const flat = cut.map((_, n) => (n % dimensions[0] < dimensions[0] / 2 ? 0 : 4 * span));
        expect(anisotropic(flat, dimensions, spacing, { iterations, contrastHu: span, plane: p })).toEqual(flat);
      }),
      { numRuns: 60 },
    );
  });

  it('anisotropic diffusion of a small wave is the heat equation: its height falls at the rate of the wave, not of the grid', () => {
    // Far below the contrast the flow is the difference itself.
    const dimensions: Triple = [64, 1, 1];
    for (const mm of [0.5, 1]) {
      const wave = Float32Array.from({ length: 64 }, (_, i) => Math.cos((Math.PI * (i + 0.5)) / 64));
      const out = anisotropic(wave, dimensions, [mm, 1, 1], { iterations: 50, contrastHu: 1e4, plane: '2d' });
      const time = (0.75 * 50) / (2 * (1 / mm ** 2 + 1));
      const rate = ((2 * Math.sin(Math.PI / 128)) / mm) ** 2;
      expect(out[0]! / wave[0]!).toBeCloseTo(Math.exp(-rate * time), 4);
    }
  });

  describe.each(Object.entries(denoisers))('%s', (name, denoise) => {
    it('[8.1-sequence] leaves a flat volume alone and lowers noise on one', () => {
      const dimensions: Triple = [20, 18, 12];
      const flat = new Int16Array(voxelCount(dimensions)).fill(57);
      expect(largest(denoise(flat, dimensions), flat)).toBeLessThan(1e-4);
      const random = createRandom(3);
      const noisy = Int16Array.from(flat, (v) => Math.round(v + 20 * random.normal()));
      const out = denoise(noisy, dimensions);
      const sd = (values: Values) =>
        Math.sqrt(Float64Array.from(values, (v) => (v - 57) ** 2).reduce((sum, v) => sum + v, 0) / values.length);
      // Fractions of the noise that is left, as measured with room to spare.
      const most = { gaussian: 0.45, median: 0.35, 'non-local means': 0.55, anisotropic: 0.35 }[name]!;
      expect(sd(out) / sd(noisy)).toBeLessThan(most);
      expect(Math.abs(meanOf(out) / out.length - 57)).toBeLessThan(1);
    });

    it('[8.1-sequence] tells its progress upwards to 1, can be stopped by it, leaves its input, and gives the same twice', () => {
      const dimensions: Triple = [7, 6, 5];
      const random = createRandom(4);
      const values = Float32Array.from({ length: 210 }, () => 50 * random.normal());
      const before = values.slice();
      const told: number[] = [];
      const out = denoise(values, dimensions, (fraction) => void told.push(fraction));
      expect(told.length).toBeGreaterThan(4);
      expect(told.every((f, n) => f >= (told[n - 1] ?? 0) && f <= 1)).toBe(true);
      expect(told.at(-1)).toBe(1);
      expect(values).toEqual(before);
      expect(denoise(values, dimensions)).toEqual(out);
      const stop = new Error('stopped');
      expect(() =>
        denoise(values, dimensions, (fraction) => {
          if (fraction > 0) throw stop;
        }),
      ).toThrow(stop);
      expect(() => denoise(values, [7, 6, 6])).toThrow(RangeError);
    });
  });

  it('refuses settings that mean nothing, and values that have no rank', () => {
    const one = new Int16Array(1);
    const unit: Triple = [1, 1, 1];
    expect(() => gaussian(one, unit, unit, { sigmaMm: 0 })).toThrow(RangeError);
    expect(() => median(one, unit, { radius: 3 as 1, plane: '2d' })).toThrow(RangeError);
    expect(() => median(Float32Array.from([Number.NaN]), unit, { radius: 1, plane: '2d' })).toThrow(/rank/);
    const settings = { strengthHu: 10, searchRadius: 1, patchRadius: 1, plane: '2d' as const };
    expect(() => nonLocalMeans(one, unit, { ...settings, strengthHu: 0 })).toThrow(RangeError);
    expect(() => nonLocalMeans(one, unit, { ...settings, searchRadius: 1.5 })).toThrow(RangeError);
    expect(() => nonLocalMeans(Float32Array.from([Infinity]), unit, settings)).toThrow(/finite/);
    expect(() => anisotropic(one, unit, unit, { iterations: 0, contrastHu: 1, plane: '2d' })).toThrow(RangeError);
    expect(() => anisotropic(one, unit, unit, { iterations: 1, contrastHu: Number.NaN, plane: '2d' })).toThrow(RangeError);
  });
});

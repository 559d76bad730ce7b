import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Triple } from '../volume/geometry.ts';
import { normalShare } from '../volume/normal-distribution.ts';
import { fwhmPerSigma } from '../volume/thinnest-wall.ts';
import { edgeWidthAlong, edgeWidthInPlane } from './edge-width.ts';
import { intensityHistogram } from './intensity-histogram.ts';
import { findMetal } from './metal.ts';
import { movedSlices } from './motion.ts';
import { blockNoise } from './noise.ts';
import { interquartileMean, median, spreadSlices, type Voxels } from './sampled-slices.ts';
import { thinnedVolume } from './thinned-volume.ts';
import { huHistogram, modeBetween, paddingBelow, rebinned } from './value-histogram.ts';

/** Numbers of a normal distribution from a seed. */
function gauss(seed: number): () => number {
  let state = seed >>> 0 || 1;
  const uniform = () => {
    state ^= state << 13;
    state >>>= 0;
    state ^= state >>> 17;
    state ^= state << 5;
    state >>>= 0;
    return (state + 0.5) / 2 ** 32;
  };
  return () => Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform());
}

interface Made {
  dimensions: Triple;
  spacingMm: Triple;
  fwhm: { plane: number; along: number };
  noise: number;
  seed: number;
  /** A slanted top, so that edges lie along the normal as well. */
  top: boolean;
}

/**
 * A block of tissue of 40 HU in air, its faces a little slanted, blurred as its signed distance says: a step behind a Gaussian is the
 * Gaussian's own integral. What is measured in it is known exactly.
 */
function slab({ dimensions, spacingMm, fwhm, noise, seed, top }: Made): Voxels {
  const [nx, ny, nz] = dimensions;
  const values = new Float32Array(nx * ny * nz);
  const next = gauss(seed);
  const normal = top ? unit([0.05, 0.08, 1]) : unit([1, 0.12, 0.06]);
  const sigma = Math.sqrt(((normal[0] ** 2 + normal[1] ** 2) * fwhm.plane ** 2 + normal[2] ** 2 * fwhm.along ** 2) / fwhmPerSigma ** 2);
  const middle = [nx * spacingMm[0] * 0.5, ny * spacingMm[1] * 0.5, nz * spacingMm[2] * 0.5];
  for (let k = 0, n = 0; k < nz; k++)
    for (let j = 0; j < ny; j++)
      for (let i = 0; i < nx; i++, n++) {
        const distance =
          (i * spacingMm[0] - middle[0]!) * normal[0] +
          (j * spacingMm[1] - middle[1]!) * normal[1] +
          (k * spacingMm[2] - middle[2]!) * normal[2];
        values[n] = -1000 + 1040 * normalShare(distance / sigma) + noise * next();
      }
  return { values, dimensions, spacingMm };
}
function unit(v: [number, number, number]): [number, number, number] {
  const length = Math.hypot(...v);
  return [v[0] / length, v[1] / length, v[2] / length];
}

describe('width of edges', () => {
  test('[7.3-quality] a known blur within the slice is recovered within 10 %, with noise and at any sampling', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0.6, max: 1.8, noNaN: true }),
        fc.double({ min: 0.3, max: 0.9, noNaN: true }),
        fc.integer({ min: 1, max: 2 ** 31 }),
        (plane, pixel, seed) => {
          const volume = slab({
            dimensions: [64, 96, 24],
            spacingMm: [pixel, pixel, 1],
            fwhm: { plane, along: 1 },
            noise: 8,
            seed,
            top: false,
          });
          const { fwhmMm, edges } = edgeWidthInPlane(volume, 8);
          expect(edges).toBeGreaterThan(200);
          expect(Math.abs(fwhmMm! / plane - 1)).toBeLessThan(0.1);
        },
      ),
      { numRuns: 8, endOnFailure: true },
    );
  });

  test('[7.3-quality] a known blur along the normal is recovered within 10 %', () => {
    for (const [along, gap] of [
      [1, 0.6],
      [1.9, 1.5],
      [2.4, 1],
    ] as const) {
      const volume = slab({
        dimensions: [96, 96, 24],
        spacingMm: [0.5, 0.5, gap],
        fwhm: { plane: 1, along },
        noise: 8,
        seed: 5,
        top: true,
      });
      expect(Math.abs(edgeWidthAlong(volume, 8).fwhmMm! / along - 1)).toBeLessThan(0.1);
    }
  });

  test('[7.3-quality] without clean edges of air and tissue the width is null, never a guess', () => {
    const values = new Int16Array(40 ** 3).fill(40);
    expect(edgeWidthInPlane({ values, dimensions: [40, 40, 40], spacingMm: [1, 1, 1] }, 5)).toEqual({ fwhmMm: null, edges: 0 });
    const block = slab({ dimensions: [64, 64, 20], spacingMm: [0.5, 0.5, 1], fwhm: { plane: 1, along: 1 }, noise: 0, seed: 1, top: false });
    // Skin on fat has no plateau behind it: from 1 mm to 3 mm of skin such edges are left out, and what is left measures true.
    for (const skinVoxels of [2, 3, 4, 6]) {
      const fatBehind = block.values.map((value, n) => (n % 64 >= skinVoxels && block.values[n - skinVoxels]! > 0 ? -90 : value));
      const { fwhmMm, edges } = edgeWidthInPlane({ ...block, values: fatBehind }, 2);
      if (skinVoxels < 5) expect(edges).toBeLessThan(edgeWidthInPlane(block, 2).edges);
      if (fwhmMm !== null) expect(Math.abs(fwhmMm - 1)).toBeLessThan(0.1);
    }
  });
});

describe('noise', () => {
  test('[7.3-quality] a known noise is recovered within 10 % in air and in soft tissue', () => {
    for (const noise of [4, 12, 35]) {
      const volume = slab({
        dimensions: [128, 128, 16],
        spacingMm: [0.5, 0.5, 1],
        fwhm: { plane: 1, along: 1 },
        noise,
        seed: 77,
        top: false,
      });
      expect(Math.abs(blockNoise(volume, -1060, -900, -1500).sd! / noise - 1)).toBeLessThan(0.1);
      expect(Math.abs(blockNoise(volume, 10, 70, -200).sd! / noise - 1)).toBeLessThan(0.1);
    }
  });

  test('[7.3-quality] clipped air, edges and slopes are no noise', () => {
    const volume = slab({
      dimensions: [128, 128, 16],
      spacingMm: [0.5, 0.5, 1],
      fwhm: { plane: 1, along: 1 },
      noise: 20,
      seed: 3,
      top: false,
    });
    const clipped = { ...volume, values: volume.values.map((value) => Math.max(value, -1000)) };
    expect(blockNoise(clipped, -1060, -900, -1000).sd).toBeNull();
    const slope = { ...volume, values: volume.values.map((_, n) => (n % 128) * 0.5) };
    expect(blockNoise(slope, 10, 50, -200).sd).toBeNull();
  });
});

describe('values of tissues', () => {
  const mixture = (parts: [share: number, mean: number, sd: number][]): Voxels => {
    const next = gauss(9);
    const dimensions: Triple = [64, 64, 64];
    const values = Float32Array.from({ length: 64 ** 3 }, (_, n) => {
      let left = (n % 1000) / 1000;
      let at = 0;
      while (at < parts.length - 1 && left >= parts[at]![0]) left -= parts[at++]![0];
      const part = parts[at]!;
      return part[1] + part[2] * next();
    });
    return { values, dimensions, spacingMm: [1, 1, 1] };
  };

  test('[7.3-quality] the modes of air, fat and soft tissue are found within 5 HU', () => {
    const all = huHistogram(
      mixture([
        [0.4, -996, 12],
        [0.1, -98, 12],
        [0.3, 42, 12],
        [0.2, 900, 300],
      ]),
    );
    expect(Math.abs(modeBetween(all, -1100, -850)! + 996)).toBeLessThan(5);
    expect(Math.abs(modeBetween(all, -160, -40)! + 98)).toBeLessThan(5);
    expect(Math.abs(modeBetween(all, -10, 110)! - 42)).toBeLessThan(5);
  });

  test('[7.3-quality] a slope or a flat of counts has no mode', () => {
    const flat = huHistogram(
      mixture([
        [0.5, 40, 10],
        [0.5, -100, 400],
      ]),
    );
    expect(modeBetween(flat, -160, -40)).toBeNull();
  });

  test('padding below air, and one value far more often than its neighbours, are told apart from air', () => {
    const padded = mixture([
      [0.3, -2000, 0],
      [0.4, -1000, 15],
      [0.3, 40, 10],
    ]);
    expect(paddingBelow(huHistogram(padded))).toBe(-1150);
    const clipped = { ...padded, values: padded.values.map((value) => Math.max(value, -1024)) };
    expect(paddingBelow(huHistogram(clipped))).toBe(-1023);
  });

  test('the histogram that is shown holds every sampled voxel inside its limits', () => {
    const all = huHistogram(mixture([[1, 0, 100]]));
    expect(rebinned(all, -2048, 4097, 60).reduce((a, b) => a + b, 0)).toBe(all.sampled);
    const counts = intensityHistogram(mixture([[1, 500, 100]]), 50).counts;
    expect(counts.reduce((a, b) => a + b, 0)).toBe(64 * 16 * 16);
  });
});

describe('metal and motion', () => {
  const head = (noise: (k: number) => number, edit: (values: Float32Array, k: number) => void): Voxels => {
    const next = gauss(21);
    const dimensions: Triple = [96, 96, 24];
    const values = new Float32Array(96 * 96 * 24);
    for (let k = 0; k < 24; k++) {
      for (let n = 0; n < 96 * 96; n++) values[k * 96 * 96 + n] = 40 + noise(k) * next() + (n % 96 < 40 + k ? -1040 : 0);
      edit(values.subarray(k * 96 * 96, (k + 1) * 96 * 96) as Float32Array, k);
    }
    return { values, dimensions, spacingMm: [0.5, 0.5, 1] };
  };
  const softOf = (volume: Voxels) => blockNoise(volume, 10, 70, -200);

  test('[7.3-quality] metal is counted, and said to spoil the slices only where they are noisier', () => {
    const plant = (values: Float32Array, k: number) => {
      if (k >= 10 && k < 14) for (let j = 40; j < 52; j++) values.fill(3071, j * 96 + 80, j * 96 + 92);
    };
    const quiet = head(() => 10, plant);
    const share = (4 * 144) / (96 * 96 * 24);
    expect(Math.abs(findMetal(quiet, softOf(quiet)).share / share - 1)).toBeLessThan(0.1);
    expect(findMetal(quiet, softOf(quiet)).hint).toBe(false);
    const streaked = head((k) => (k >= 10 && k < 14 ? 30 : 10), plant);
    expect(findMetal(streaked, softOf(streaked)).hint).toBe(true);
    const none = head(
      () => 10,
      () => {},
    );
    expect(findMetal(none, softOf(none))).toEqual({ share: 0, hint: false });
  });

  test('[7.3-quality] a slice that was moved is named; noise and anatomy that changes steadily are not', () => {
    const still = head(
      () => 15,
      () => {},
    );
    expect(movedSlices(still, 1000)).toEqual([]);
    const moved = head(
      () => 15,
      (values, k) => {
        if (k === 9) values.copyWithin(12, 0);
      },
    );
    expect(movedSlices(moved, 1000)).toEqual([9]);
  });
});

test('a thinned copy keeps places: a ramp of the coordinates reads the same at its own points', () => {
  const dimensions: Triple = [31, 22, 13];
  const spacingMm: Triple = [0.4, 0.5, 0.7];
  const originLps: Triple = [10, -20, 30];
  const values = new Float32Array(31 * 22 * 13);
  for (let k = 0, n = 0; k < 13; k++)
    for (let j = 0; j < 22; j++) for (let i = 0; i < 31; i++, n++) values[n] = 10 + i * 0.4 + 2 * (-20 + j * 0.5) + 3 * (30 + k * 0.7);
  const thin = thinnedVolume(values, { dimensions, spacingMm, originLps, directionLps: [1, 0, 0, 0, 1, 0, 0, 0, 1] }, 1.5);
  const g = thin.geometry;
  expect(g.dimensions).toEqual([7, 7, 6]);
  for (let k = 0, n = 0; k < 6; k++)
    for (let j = 0; j < 7; j++)
      for (let i = 0; i < 7; i++, n++) {
        const [x, y, z] = [0, 1, 2].map((axis) => g.originLps[axis]! + [i, j, k][axis]! * g.spacingMm[axis]!) as Triple;
        expect(thin.values[n]).toBeCloseTo(x + 2 * y + 3 * z, 3);
      }
});

test('slices are spread without repeats; medians and middle means of known lists', () => {
  expect(spreadSlices(3, 10)).toEqual([0, 1, 2]);
  expect(new Set(spreadSlices(100, 32)).size).toBe(32);
  expect([median([]), median([3, 1, 2]), median([4, 1, 2, 3])]).toEqual([null, 2, 2.5]);
  expect([interquartileMean([]), interquartileMean([0, 1, 2, 100])]).toEqual([null, 1.5]);
});

import type { Triple } from '../volume/geometry.ts';
import { type CrfBox, type CrfSettings, unaryProbabilities } from './crf.ts';

/** The two kernels of a pair of voxels, as they are written: Gaussians of distance in mm and of HU, peak 1. */
export function pairKernels(box: CrfBox, settings: CrfSettings, a: number, b: number): { appearance: number; smoothness: number } {
  const [low, high] = settings.rangeHu;
  const place = (at: number): Triple => {
    const [nx, ny] = box.dimensions;
    return [at % nx, Math.floor(at / nx) % ny, Math.floor(at / (nx * ny))];
  };
  const [p, r] = [place(a), place(b)];
  const squared = p.reduce((sum, at, n) => sum + ((at - r[n]) * box.spacingMm[n]) ** 2, 0);
  const clip = (hu: number) => Math.min(high, Math.max(low, hu));
  const apart = clip(box.hu[a]) - clip(box.hu[b]);
  const { appearance, smoothness } = settings;
  return {
    appearance: Math.exp(-squared / (2 * appearance.sigmaMm ** 2) - apart ** 2 / (2 * appearance.sigmaHu ** 2)),
    smoothness: Math.exp(-squared / (2 * smoothness.sigmaMm ** 2)),
  };
}

/**
 * Slow twin of `crf` for tests: mean field over all pairs, both labels' potentials written out. Every voxel is updated.
 * Cost: the square of the voxels, a round.
 */
export function crfOracle(box: CrfBox, settings: CrfSettings): Float64Array {
  const count = box.hu.length;
  const kernels = (['appearance', 'smoothness'] as const).map((name) => {
    const raw = Array.from({ length: count }, (_, a) =>
      Float64Array.from({ length: count }, (_, b) => pairKernels(box, settings, a, b)[name]),
    );
    const sums = raw.map((row) => row.reduce((x, y) => x + y, 0));
    return { weight: settings[name].weight, pairs: raw.map((row, a) => row.map((value, b) => value / Math.sqrt(sums[a] * sums[b]))) };
  });
  const unary = Float64Array.from(unaryProbabilities(box.probability));
  let bone = Float64Array.from(unary);
  for (let round = 0; round < settings.iterations; round++) {
    bone = bone.map((_, a) => {
      // Potts: a label pays for every neighbour of the other label.
      let boneCost = -Math.log(unary[a]);
      let otherCost = -Math.log(1 - unary[a]);
      for (const { weight, pairs } of kernels) {
        for (let b = 0; b < count; b++) {
          if (b === a) continue;
          boneCost += weight * pairs[a][b] * (1 - bone[b]);
          otherCost += weight * pairs[a][b] * bone[b];
        }
      }
      const [one, other] = [Math.exp(-boneCost), Math.exp(-otherCost)];
      return one / (one + other);
    });
  }
  return bone;
}

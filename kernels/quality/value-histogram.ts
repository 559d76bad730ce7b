import { spreadSlices, type Voxels } from './sampled-slices.ts';

/** Counts of single HU from `low` on, over sampled voxels; what lies outside is counted in the end bins. */
export interface ValueHistogram {
  low: number;
  counts: Uint32Array;
  sampled: number;
  /** Least and greatest value seen. */
  least: number;
  greatest: number;
}

const lowHu = -2048;
const highHu = 4096;

/**
 * Values of about one voxel in eight, at most some 8 million. Cost: one read each.
 */
export function huHistogram({ values, dimensions: [nx, ny, nz] }: Voxels): ValueHistogram {
  const counts = new Uint32Array(highHu - lowHu + 1);
  let sampled = 0;
  let least = Infinity;
  let greatest = -Infinity;
  // Odd rows of one slice, even rows of the next: no pattern of the scanner is met in step.
  const slices = spreadSlices(nz, 128);
  slices.forEach((k, n) => {
    for (let j = n % 4; j < ny; j += 4) {
      const row = (k * ny + j) * nx;
      for (let i = n % 2; i < nx; i += 2) {
        const value = values[row + i]!;
        if (value < least) least = value;
        if (value > greatest) greatest = value;
        const bin = Math.round(value) - lowHu;
        counts[bin < 0 ? 0 : bin >= counts.length ? counts.length - 1 : bin]!++;
        sampled++;
      }
    }
  });
  return { low: lowHu, counts, sampled, least, greatest };
}

/** Values that a scanner or a sender put where nothing was measured: far below air, or one low value far more often than its neighbours. */
export function paddingBelow({ low, counts, sampled }: ValueHistogram): number {
  const air = -1150 - low;
  let limit = air;
  for (let bin = air; bin <= -1000 - low; bin++) {
    const beside = Math.max(counts[bin - 2]!, counts[bin - 1]!, counts[bin + 1]!, counts[bin + 2]!);
    if (counts[bin]! > 8 * (beside + 1) && counts[bin]! > 0.002 * sampled) limit = bin + 1;
  }
  return limit + low;
}

/** A summit is the highest within so many HU of itself. */
const summitReach = 12;
/** And its flanks are looked at so far away. */
const flankReach = 30;

/**
 * The most frequent value between two limits after smoothing over 11 HU; null where no summit stands inside them (the slope of a
 * neighbour's is none) or too few values lie there to tell.
 */
export function modeBetween({ low, counts, sampled }: ValueHistogram, from: number, to: number): number | null {
  const smooth = (value: number): number => {
    let sum = 0;
    for (let d = -5; d <= 5; d++) sum += counts[value + d - low] ?? 0;
    return sum;
  };
  const isSummit = (value: number, height: number): boolean => {
    for (let d = 1; d <= summitReach; d++) if (smooth(value - d) > height || smooth(value + d) > height) return false;
    return true;
  };
  let best: number | null = null;
  let most = 0;
  let inside = 0;
  for (let value = from; value <= to; value++) {
    inside += counts[value - low]!;
    const here = smooth(value);
    if (here > most && isSummit(value, here)) {
      most = here;
      best = value;
    }
  }
  if (best === null || inside < Math.max(200, 2e-4 * sampled)) return null;
  // A ripple of the counts is no summit: it must stand five deviations of counting above what lies to both sides.
  const beside = (smooth(best - flankReach) + smooth(best + flankReach)) / 2;
  if (most - beside < 5 * Math.sqrt(most)) return null;
  // Centre of the summit's upper part: the highest of noisy counts jumps about.
  let weight = 0;
  let sum = 0;
  for (let value = best - summitReach; value <= best + summitReach; value++) {
    const over = Math.max(0, smooth(value) - 0.7 * most);
    weight += over;
    sum += over * value;
  }
  return sum / weight;
}

/** The histogram in `bins` equal bins from `from` to `to`; what lies outside is left out. */
export function rebinned({ low, counts }: ValueHistogram, from: number, to: number, bins: number): number[] {
  const out = new Array<number>(bins).fill(0);
  for (let bin = 0; bin < counts.length; bin++) {
    const at = Math.floor(((bin + low - from) / (to - from)) * bins);
    if (at >= 0 && at < bins) out[at]! += counts[bin]!;
  }
  return out;
}

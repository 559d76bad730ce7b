import { create } from 'zustand';
import type { LoadedVolume } from './viewer.ts';

/**
 * Counts of every whole value of a volume, so that 'voxels from 200 to 400' is exact for whole numbers and never sampled. Values outside
 * the range of int16 are counted in its first and last bin.
 */
export interface Histogram {
  volume: LoadedVolume;
  counts: Uint32Array;
  minimum: number;
  maximum: number;
}
const lowest = -32768;
const bins = 65536;

/** Voxels whose value lies in the inclusive range; highHu null means no upper limit. */
export function countInRange(h: Histogram, lowHu: number, highHu: number | null): number {
  const from = Math.max(0, Math.ceil(lowHu) - lowest);
  const to = highHu === null ? bins - 1 : Math.min(bins - 1, Math.floor(highHu) - lowest);
  let sum = 0;
  for (let b = from; b <= to; b++) sum += h.counts[b] ?? 0;
  return sum;
}

/** The value below which this share of the voxels lies. */
export function quantile(h: Histogram, share: number): number {
  let total = 0;
  for (const c of h.counts) total += c;
  let seen = 0;
  for (let b = 0; b < bins; b++) {
    seen += h.counts[b] ?? 0;
    if (seen >= share * total) return b + lowest;
  }
  return lowest + bins - 1;
}

/** Sums of equal bins between two values, for drawing. */
export function rebin(h: Histogram, from: number, to: number, columns: number): number[] {
  const sums = new Array<number>(columns).fill(0);
  const first = Math.max(0, Math.floor(from) - lowest);
  const last = Math.min(bins - 1, Math.ceil(to) - lowest);
  for (let b = first; b <= last; b++) {
    const at = Math.min(columns - 1, Math.max(0, Math.floor(((b + lowest - from) / (to - from)) * columns)));
    sums[at] = (sums[at] ?? 0) + (h.counts[b] ?? 0);
  }
  return sums;
}

/** Counts a volume in slices of a few milliseconds, so that the page stays quick. Resolves to null when `wanted` says it came too late. */
export async function countVolume(volume: LoadedVolume, wanted: () => boolean): Promise<Histogram | null> {
  const counts = new Uint32Array(bins);
  const { values } = volume;
  const step = 2_000_000;
  for (let at = 0; at < values.length; at += step) {
    const end = Math.min(values.length, at + step);
    for (let n = at; n < end; n++) {
      const v = Math.round(values[n] as number) - lowest;
      const b = v < 0 ? 0 : v >= bins ? bins - 1 : v;
      counts[b] = (counts[b] as number) + 1;
    }
    await new Promise((resolve) => setTimeout(resolve, 0));
    if (!wanted()) return null;
  }
  let minimum = 0;
  while (minimum < bins - 1 && counts[minimum] === 0) minimum++;
  let maximum = bins - 1;
  while (maximum > 0 && counts[maximum] === 0) maximum--;
  return { volume, counts, minimum: minimum + lowest, maximum: maximum + lowest };
}

export const useHistogram = create<{ histogram: Histogram | null }>()(() => ({ histogram: null }));

import { create } from 'zustand';
import type { LoadedVolume } from './viewer.ts';

/**
 * Counts of every whole value of a volume, so that 'voxels from 200 to 400' is exact for whole numbers and never sampled. Values with
 * fractions are counted in finer steps, each from its lower end: a lower bound on such a step is exact too. Values outside the range of the
 * bins are counted in the first and last one.
 */
export interface Histogram {
  volume: LoadedVolume;
  counts: Uint32Array;
  /** Bins a unit: 1, or a power of ten for values with fractions. */
  per: number;
  minimum: number;
  maximum: number;
}
const lowest = -32768;
const bins = 65536;

/** A bound that was typed with decimals lies on its step, not a rounding error beside it. */
const tidy = (v: number): number => Number(v.toPrecision(12));

/** Voxels whose value lies in the inclusive range; highHu null means no upper limit. */
export function countInRange(h: Histogram, lowHu: number, highHu: number | null): number {
  const from = Math.max(0, Math.ceil(tidy(lowHu * h.per)) - lowest);
  const to = highHu === null ? bins - 1 : Math.min(bins - 1, Math.floor(tidy(highHu * h.per)) - lowest);
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
    if (seen >= share * total) return (b + lowest) / h.per;
  }
  return (lowest + bins - 1) / h.per;
}

/** Sums of equal bins between two values, for drawing. */
export function rebin(h: Histogram, from: number, to: number, columns: number): number[] {
  const sums = new Array<number>(columns).fill(0);
  const first = Math.max(0, Math.floor(from * h.per) - lowest);
  const last = Math.min(bins - 1, Math.ceil(to * h.per) - lowest);
  for (let b = first; b <= last; b++) {
    const at = Math.min(columns - 1, Math.max(0, Math.floor((((b + lowest) / h.per - from) / (to - from)) * columns)));
    sums[at] = (sums[at] ?? 0) + (h.counts[b] ?? 0);
  }
  return sums;
}

interface Ends {
  minimum: number;
  maximum: number;
}

async function extremes(values: Float32Array, step: number, wanted: () => boolean): Promise<Ends | null> {
  let [minimum, maximum] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (let at = 0; at < values.length; at += step) {
    for (let n = at, end = Math.min(values.length, at + step); n < end; n++) {
      const v = values[n] as number;
      if (v < minimum) minimum = v;
      if (v > maximum) maximum = v;
    }
    await new Promise((resolve) => setTimeout(resolve, 0));
    if (!wanted()) return null;
  }
  return { minimum: minimum + 0, maximum: maximum + 0 };
}

/** As fine as the bins allow. */
function stepsAUnit({ minimum, maximum }: Ends): number {
  const largest = Math.max(Math.abs(minimum), Math.abs(maximum));
  if (!(largest > 0) || !Number.isFinite(largest)) return 1;
  return Math.min(1e6, Math.max(1, 10 ** Math.floor(Math.log10(-lowest / (largest + 1e-12)))));
}

/** Counts a volume in slices of a few milliseconds, so that the page stays quick. Resolves to null when `wanted` says it came too late. */
export async function countVolume(volume: LoadedVolume, wanted: () => boolean): Promise<Histogram | null> {
  const counts = new Uint32Array(bins);
  const { values } = volume;
  const step = 2_000_000;
  const ends = values instanceof Float32Array ? await extremes(values, step, wanted) : null;
  if (values instanceof Float32Array && !ends) return null;
  const per = ends ? stepsAUnit(ends) : 1;
  for (let at = 0; at < values.length; at += step) {
    const end = Math.min(values.length, at + step);
    for (let n = at; n < end; n++) {
      const v = Math.floor((values[n] as number) * per) - lowest;
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
  return { volume, counts, per, ...(ends ?? { minimum: minimum + lowest, maximum: maximum + lowest }) };
}

export const useHistogram = create<{ histogram: Histogram | null }>()(() => ({ histogram: null }));

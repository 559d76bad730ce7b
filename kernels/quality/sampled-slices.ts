import type { Triple } from '../volume/geometry.ts';

/** A volume as the measures of quality read it: i fastest. */
export interface Voxels {
  values: Int16Array | Float32Array;
  dimensions: Triple;
  spacingMm: Triple;
}

/** About `count` slices spread evenly, none twice, ends left out where there are enough: scans often begin and end in nothing. */
export function spreadSlices(slices: number, count: number): number[] {
  if (slices <= count) return Array.from({ length: slices }, (_, k) => k);
  return Array.from({ length: count }, (_, n) => Math.floor(((n + 0.5) * slices) / count));
}

/** The middle value; null of none. Sorts a copy. */
export function median(values: readonly number[]): number | null {
  if (values.length === 0) return null;
  const sorted = Float64Array.from(values).sort();
  const half = sorted.length >> 1;
  return sorted.length % 2 ? sorted[half]! : (sorted[half - 1]! + sorted[half]!) / 2;
}

/** Mean of the middle half: as robust as a median against strays, and averages over the phase of sampling. */
export function interquartileMean(values: readonly number[]): number | null {
  if (values.length === 0) return null;
  const sorted = Float64Array.from(values).sort();
  const cut = Math.floor(sorted.length / 4);
  const inner = sorted.subarray(cut, sorted.length - cut);
  return inner.reduce((sum, value) => sum + value, 0) / inner.length;
}

import type { CaseSeries, CaseState } from '../../contract/case.ts';
import { lpsToIndex, type VolumeGeometry } from '../../kernels/volume/geometry.ts';
import type { Point } from './viewer.ts';

type SeriesOf = Pick<CaseState, 'series'>;

/**
 * Which series is shown once a case has become another state: one that was just made of the shown series (preprocessing, or its redo);
 * where the shown one is gone (undo), the series that it was made of. Null: the case must choose anew.
 */
export function seriesAfter(before: SeriesOf, after: SeriesOf, shown: string | null): string | null {
  const had = new Set(before.series.map((s) => s.seriesInstanceUid));
  const fresh = after.series.findLast((s) => !had.has(s.seriesInstanceUid) && s.derivation !== null && s.derivation.from === shown);
  if (fresh) return fresh.seriesInstanceUid;
  const still = new Set(after.series.map((s) => s.seriesInstanceUid));
  let at = shown;
  for (let step = 0; at !== null && step <= before.series.length; step++) {
    if (still.has(at)) return at;
    at = before.series.find((s) => s.seriesInstanceUid === at)?.derivation?.from ?? null;
  }
  return null;
}

/** Whether a patient point lies in a volume, half a voxel beyond its outer centres included. */
export function holds(geometry: VolumeGeometry, point: Point): boolean {
  return lpsToIndex(geometry, ...point).every((v, a) => v >= -0.5 && v <= (geometry.dimensions[a] as number) - 0.5);
}

/**
 * The window in which normalized values are first seen: the whole new range, or of z-scores the middle 98 %. Null for a series whose values
 * were not normalized.
 */
export function normalizedWindow(
  series: Pick<CaseSeries, 'derivation' | 'voxels'>,
  values: Int16Array | Float32Array,
): { center: number; width: number } | null {
  const settings = series.derivation?.settings.normalize;
  if (series.voxels.units !== 'normalized') return null;
  if (settings && settings.method !== 'z-score')
    return { center: (settings.newMin + settings.newMax) / 2, width: Math.abs(settings.newMax - settings.newMin) || 1 };
  const stride = Math.max(1, Math.floor(values.length / 50_000));
  const some = Float32Array.from({ length: Math.ceil(values.length / stride) }, (_, n) => values[n * stride] as number).sort();
  const [low, high] = [0.01, 0.99].map((share) => some[Math.floor(share * (some.length - 1))] as number) as [number, number];
  return { center: (low + high) / 2, width: Math.max(1e-3, high - low) };
}

import { useEffect, useMemo } from 'react';
import type { PreprocessPreviewRequest } from '../../../contract/preprocessing.ts';
import { useCase } from '../../stores/case.ts';
import { usePreprocessing } from '../../stores/preprocessing.ts';
import { previewGrid } from '../../stores/preprocessing-grid.ts';
import { askPreview, usePreview } from '../../stores/preprocessing-preview.ts';
import { wishedSpacing } from '../../stores/preprocessing-settings.ts';
import { type LoadedVolume, type Plane, useViewer } from '../../stores/viewer.ts';
import { valuesFromText } from './slice-paint.ts';
import { placeOf, planeOf, type SlicePlace, type SliceValues, sliceNumber, sliceOf } from './slice-place.ts';
import type { Chain } from './use-chain.ts';

export interface PlacedSlice {
  slice: SliceValues;
  place: SlicePlace;
  pixelMm: [number, number];
}
export interface ShownPreview {
  volume: LoadedVolume;
  plane: Plane;
  k: number;
  before: PlacedSlice;
  /** Null while there is none of this slice. */
  after: PlacedSlice | null;
  /** Why before and after cannot be laid over each other. */
  apart: string | null;
  working: boolean;
  refused: string | null;
  /** What the slice cannot show. */
  notShown: string[];
}

/** Asks for the preview of the shown slice whenever a setting or the slice has changed, and lays before and after into one plane. */
export function usePreviewed(chain: Chain): ShownPreview | null {
  const volume = useViewer((s) => s.volume);
  const crosshair = useViewer((s) => s.crosshairLps);
  const caseId = useCase((s) => s.state?.id ?? null);
  const busy = useCase((s) => s.busy !== null);
  const looking = usePreprocessing((s) => s.view !== 'planes');
  const { ready, working, refused } = usePreview();
  const { settings, context } = chain;
  const all = context.series;
  const k = volume ? sliceNumber(volume.geometry, crosshair) : 0;
  const uid = volume?.seriesInstanceUid ?? null;
  const asked = settings && looking ? JSON.stringify(settings) : null;
  // The point matters only by its slice, settings by what they say.
  useEffect(() => {
    const request: PreprocessPreviewRequest | null = asked && uid ? { series: uid, settings: JSON.parse(asked), atLps: crosshair } : null;
    if (busy) askPreview(null);
    else askPreview(caseId && request ? { caseId, request } : null);
  }, [asked, uid, k, caseId, busy]);
  useEffect(() => () => askPreview(null), []);

  const before = useMemo(() => {
    if (!volume) return null;
    const plane = planeOf(volume.geometry);
    const [dx, dy] = volume.geometry.spacingMm;
    const pixelMm: [number, number] = [dx, dy];
    return { plane, placed: { slice: sliceOf(volume, k), place: placeOf(volume.geometry, plane, k), pixelMm } };
  }, [volume, k]);
  const after = useMemo(() => {
    if (!ready || !volume || !before || ready.request.series !== uid) return null;
    if (sliceNumber(volume.geometry, ready.request.atLps) !== k) return null;
    const { settings: made } = ready.request;
    const { width, height, values, units, pixelMm } = ready.preview.after;
    const slice: SliceValues = { width, height, values: valuesFromText(values, width, height), units };
    try {
      const grid = previewGrid(volume.geometry, made, wishedSpacing(made.interpolate, all));
      const fits = grid.dimensions[0] === width && grid.dimensions[1] === height;
      if (fits)
        return { placed: { slice, place: placeOf(grid, before.plane, sliceNumber(grid, ready.request.atLps)), pixelMm }, apart: null };
    } catch (cause) {
      if (!(cause instanceof RangeError)) throw cause;
    }
    // Shown beside, never over: where it lies is not known.
    const place = {
      ...before.placed.place,
      column: scaled(before.placed.place.column, pixelMm[0]),
      row: scaled(before.placed.place.row, pixelMm[1]),
    };
    return { placed: { slice, place, pixelMm }, apart: `The picture after (${width} x ${height}) is not where it was reckoned to be.` };
  }, [ready, volume, before, uid, k, all]);

  if (!volume || !before) return null;
  return {
    volume,
    plane: before.plane,
    k,
    before: before.placed,
    after: after?.placed ?? null,
    apart: after?.apart ?? null,
    working,
    refused,
    notShown: ready?.preview.notShown ?? [],
  };
}

function scaled([x, y]: [number, number], mm: number): [number, number] {
  const size = Math.hypot(x, y) || 1;
  return [(x / size) * mm, (y / size) * mm];
}

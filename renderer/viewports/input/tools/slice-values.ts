import { type ValueSlice, valueSlice } from '../../../../kernels/volume/value-slice.ts';
import type { LoadedVolume, Point } from '../../../stores/viewer.ts';
import { dot } from '../../camera/plane-axes.ts';

let held: { volume: LoadedVolume; normalLps: Point; at: number; slice: ValueSlice | null } | null = null;

/** The values of the slice through a point; the last one is kept, since a pointer stays on its slice. Null: the slice is outside of the image. */
export function sliceValues(volume: LoadedVolume, normalLps: Point, pointLps: Point): ValueSlice | null {
  const at = dot(pointLps, normalLps);
  const same = held?.volume === volume && held.normalLps.every((v, n) => v === normalLps[n]) && Math.abs(held.at - at) < 1e-6;
  if (!held || !same) held = { volume, normalLps, at, slice: valueSlice(volume.values, volume.geometry, pointLps, normalLps) };
  return held.slice;
}

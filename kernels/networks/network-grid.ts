import { type Box, boxGrid } from '../volume/box.ts';
import type { Nine, Triple, VolumeGeometry } from '../volume/geometry.ts';
import { indexToLps, lpsToIndex } from '../volume/geometry.ts';

/** What a card says of the grid that its network was trained on. */
export interface TrainedGrid {
  pixelMm: { trained: [number, number]; resampleTo: number };
  sliceMm: { trained: [number, number] };
}

/** Turned by less than this a head is still upright to a network that was trained on turned heads, and nothing need be resampled. */
const uprightDegrees = 12;
/** A spacing this near to the trained ones is left as it is: resampling blurs more than the difference matters. */
const slack = 1.08;

/** The voxels of a grid whose centres lie in, or next to, a box of LPS mm; null where none does. */
export function boxOfRoi(g: VolumeGeometry, roiLps: readonly number[]): Box | null {
  const low: Triple = [Infinity, Infinity, Infinity];
  const high: Triple = [-Infinity, -Infinity, -Infinity];
  for (let corner = 0; corner < 8; corner++) {
    const [x, y, z] = [0, 1, 2].map((a) => roiLps[corner & (1 << a) ? a + 3 : a]!) as Triple;
    lpsToIndex(g, x, y, z).forEach((v, a) => {
      low[a] = Math.min(low[a]!, v);
      high[a] = Math.max(high[a]!, v);
    });
  }
  const offset = low.map((v) => Math.max(0, Math.floor(v))) as Triple;
  const last = high.map((v, a) => Math.min(g.dimensions[a]! - 1, Math.ceil(v))) as Triple;
  const dimensions = last.map((v, a) => v - offset[a]! + 1) as Triple;
  return dimensions.every((n) => n > 0) ? { offsetIjk: offset, dimensions } : null;
}

/** Axis of the grid that runs along each LPS axis, and whether it runs the other way; null where the grid is turned too far. */
function uprightAxes(g: VolumeGeometry): { axis: Triple; sign: Triple } | null {
  const axis: Triple = [0, 0, 0];
  const sign: Triple = [1, 1, 1];
  for (let a = 0; a < 3; a++) {
    const along = [0, 1, 2].map((n) => g.directionLps[3 * n + a]!);
    const best = along.reduce((m, v, n) => (Math.abs(v) > Math.abs(along[m]!) ? n : m), 0);
    if (Math.abs(along[best]!) < Math.cos((uprightDegrees * Math.PI) / 180)) return null;
    axis[a] = best;
    sign[a] = along[best]! < 0 ? -1 : 1;
  }
  return new Set(axis).size === 3 ? { axis, sign } : null;
}

/** Whether a grid is turned so far against the LPS axes that a network sees it resampled along them. */
export const isTurned = (g: VolumeGeometry): boolean => uprightAxes(g) === null;

function sliceSpacing(mm: number, trained: [number, number]): number {
  if (mm > trained[1] * slack) return mm / Math.ceil(mm / trained[1]);
  if (mm * slack >= trained[0]) return mm;
  return mm * Math.max(1, Math.round((trained[0] + trained[1]) / 2 / mm));
}

/**
 * The grid on which a network sees a box: W along +x (right to left), H along +y (front to back), D along +z (foot to head). Upright
 * input within the trained spacings keeps its own voxels, mirrored and re-ordered only; other input is laid on the trained spacing.
 * @param volume grid of the series, LPS mm
 * @returns LPS grid; dimensions are [W, H, D]
 */
export function networkGrid(volume: VolumeGeometry, box: Box, trained: TrainedGrid): VolumeGeometry {
  const own = boxGrid(volume, box);
  const upright = uprightAxes(volume);
  const [low, high] = trained.pixelMm.trained;
  const pixel = (mm: number[]) => (mm.every((v) => v * slack >= low && v <= high * slack) ? mm : mm.map(() => trained.pixelMm.resampleTo));
  if (upright) {
    const { axis, sign } = upright;
    const spacing = axis.map((n) => own.spacingMm[n]!);
    const [w, h] = pixel(spacing.slice(0, 2));
    const wanted: Triple = [w!, h!, sliceSpacing(spacing[2]!, trained.sliceMm.trained)];
    const dimensions = wanted.map((mm, a) => newCount(own.dimensions[axis[a]!]!, spacing[a]!, mm)) as Triple;
    const directionLps = axis.flatMap((n, a) => [0, 1, 2].map((r) => own.directionLps[3 * n + r]! * sign[a]!)) as Nine;
    // The corner voxel that is rightmost, foremost and lowest; then half of what the new grid is shorter or longer than the old one.
    const corner: Triple = [0, 0, 0];
    for (let a = 0; a < 3; a++) {
      const n = axis[a]!;
      const overhang = ((own.dimensions[n]! - 1) * spacing[a]! - (dimensions[a]! - 1) * wanted[a]!) / 2 / spacing[a]!;
      corner[n] = sign[a]! < 0 ? own.dimensions[n]! - 1 - overhang : overhang;
    }
    return { dimensions, spacingMm: wanted, originLps: indexToLps(own, ...corner), directionLps };
  }
  return turnedGrid(own, trained);
}

/** Voxels of `mm` over the length that `count` voxels of `spacing` cover. */
const newCount = (count: number, spacing: number, mm: number): number =>
  mm === spacing ? count : Math.max(1, Math.round((count * spacing) / mm));

/** A grid along the LPS axes around a grid that is turned. */
function turnedGrid(own: VolumeGeometry, trained: TrainedGrid): VolumeGeometry {
  const low: Triple = [Infinity, Infinity, Infinity];
  const high: Triple = [-Infinity, -Infinity, -Infinity];
  for (let corner = 0; corner < 8; corner++) {
    const [i, j, k] = [0, 1, 2].map((a) => (corner & (1 << a) ? own.dimensions[a]! - 1 : 0)) as Triple;
    indexToLps(own, i, j, k).forEach((v, a) => {
      low[a] = Math.min(low[a]!, v);
      high[a] = Math.max(high[a]!, v);
    });
  }
  const pixel = trained.pixelMm.resampleTo;
  const spacingMm: Triple = [pixel, pixel, (trained.sliceMm.trained[0] + trained.sliceMm.trained[1]) / 2];
  const dimensions = spacingMm.map((mm, a) => Math.max(1, Math.floor((high[a]! - low[a]!) / mm) + 1)) as Triple;
  return { dimensions, spacingMm, originLps: low, directionLps: [1, 0, 0, 0, 1, 0, 0, 0, 1] };
}

import { indexToLps, type VolumeGeometry } from '../../../kernels/volume/geometry.ts';
import type { Point } from '../../stores/viewer.ts';
import { dot, type PlaneAxes } from './plane-axes.ts';

/** The slices of a grid along one direction: where the first lies (mm along the normal), how far apart they are, how many. */
export interface SliceStack {
  firstMm: number;
  stepMm: number;
  count: number;
}

/** The eight outermost voxel centres; `margin` 0.5 gives the outer corners of the voxels. */
export function cornersLps(geometry: VolumeGeometry, margin = 0): Point[] {
  const [nx, ny, nz] = geometry.dimensions;
  const ends = (n: number) => [-margin, n - 1 + margin];
  return ends(nx).flatMap((i) => ends(ny).flatMap((j) => ends(nz).map((k) => indexToLps(geometry, i, j, k))));
}

export function extentMm(points: Point[], direction: Point): [number, number] {
  const along = points.map((p) => dot(p, direction));
  return [Math.min(...along), Math.max(...along)];
}

/**
 * Slices through voxel centres. The step is that of the grid axis which runs most along the normal, so a grid along the patient's axes
 * gives exactly its own slices; of an oblique grid it is that axis's share of the normal.
 */
export function sliceStack(geometry: VolumeGeometry, normalLps: Point): SliceStack {
  const [first, last] = extentMm(cornersLps(geometry), normalLps);
  const d = geometry.directionLps;
  const shares = geometry.spacingMm.map((mm, a) => mm * Math.abs(dot([d[3 * a]!, d[3 * a + 1]!, d[3 * a + 2]!], normalLps)));
  const stepMm = Math.max(...shares);
  if (!(stepMm > 0)) throw new RangeError('the grid has no extent along the normal');
  return { firstMm: first, stepMm, count: Math.floor((last - first) / stepMm + 1e-6) + 1 };
}

/** Number (from 0) of the slice nearest to a point along the normal. */
export function nearestSlice(stack: SliceStack, mm: number): number {
  return Math.min(stack.count - 1, Math.max(0, Math.round((mm - stack.firstMm) / stack.stepMm)));
}

export function sliceMm(stack: SliceStack, index: number): number {
  return stack.firstMm + index * stack.stepMm;
}

/** Millimetres to a CSS pixel at which the whole grid is seen, with a little air around it. */
export function fittingMmPerPx(geometry: VolumeGeometry, axes: PlaneAxes, widthPx: number, heightPx: number): number {
  const corners = cornersLps(geometry, 0.5);
  const [left, right] = extentMm(corners, axes.rightLps);
  const [top, bottom] = extentMm(corners, axes.downLps);
  return Math.max((right - left) / widthPx, (bottom - top) / heightPx) * 1.02;
}

export function centreLps(geometry: VolumeGeometry): Point {
  const [nx, ny, nz] = geometry.dimensions;
  return indexToLps(geometry, (nx - 1) / 2, (ny - 1) / 2, (nz - 1) / 2);
}

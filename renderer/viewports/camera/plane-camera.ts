import type { Point } from '../../stores/viewer.ts';
import { along, dot, type PlaneAxes } from './plane-axes.ts';

/**
 * A parallel view of one slice. Ours, not Cornerstone's: every label, overlay and stroke is computed from it, and Cornerstone is told to
 * follow, so that picture and overlay cannot drift apart. Pixels are CSS pixels, from the top left corner of the view.
 */
export interface PlaneCamera {
  /** The patient point in the middle of the view; its part along the normal is the slice. */
  centreLps: Point;
  mmPerPx: number;
  widthPx: number;
  heightPx: number;
}

export function canvasToLps(axes: PlaneAxes, camera: PlaneCamera, x: number, y: number): Point {
  const right = (x - camera.widthPx / 2) * camera.mmPerPx;
  const down = (y - camera.heightPx / 2) * camera.mmPerPx;
  return along(along(camera.centreLps, axes.rightLps, right), axes.downLps, down);
}

/** The point's place in the view, seen along the normal: points of other slices land where they would be seen through the glass. */
export function lpsToCanvas(axes: PlaneAxes, camera: PlaneCamera, point: Point): [number, number] {
  const offset = along(point, camera.centreLps, -1);
  return [
    camera.widthPx / 2 + dot(offset, axes.rightLps) / camera.mmPerPx,
    camera.heightPx / 2 + dot(offset, axes.downLps) / camera.mmPerPx,
  ];
}

/** Moves the picture by so many pixels. */
export function panned(axes: PlaneAxes, camera: PlaneCamera, dx: number, dy: number): PlaneCamera {
  const centreLps = along(along(camera.centreLps, axes.rightLps, -dx * camera.mmPerPx), axes.downLps, -dy * camera.mmPerPx);
  return { ...camera, centreLps };
}

const finestMmPerPx = 0.005;
const coarsestMmPerPx = 10;

/** Magnifies by `factor` about a pixel, which keeps its patient point. */
export function zoomed(axes: PlaneAxes, camera: PlaneCamera, x: number, y: number, factor: number): PlaneCamera {
  const held = canvasToLps(axes, camera, x, y);
  const mmPerPx = Math.min(coarsestMmPerPx, Math.max(finestMmPerPx, camera.mmPerPx / factor));
  const after = { ...camera, mmPerPx };
  const [nx, ny] = lpsToCanvas(axes, after, held);
  return panned(axes, after, x - nx, y - ny);
}

/** Shows the slice through `point` without moving the picture sideways. */
export function onSlice(axes: PlaneAxes, camera: PlaneCamera, sliceMm: number): PlaneCamera {
  return { ...camera, centreLps: along(camera.centreLps, axes.normalLps, sliceMm - dot(camera.centreLps, axes.normalLps)) };
}

/** Brings a point into the middle when it lies outside the view (or within `marginPx` of its edge). */
export function revealing(axes: PlaneAxes, camera: PlaneCamera, point: Point, marginPx: number): PlaneCamera {
  const [x, y] = lpsToCanvas(axes, camera, point);
  const inside = x >= marginPx && y >= marginPx && x <= camera.widthPx - marginPx && y <= camera.heightPx - marginPx;
  return inside ? camera : panned(axes, camera, camera.widthPx / 2 - x, camera.heightPx / 2 - y);
}

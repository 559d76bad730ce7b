import type { LoadedVolume, Plane, Point } from '../stores/viewer.ts';
import { along, dot, planeAxes } from './camera/plane-axes.ts';
import { nearestSlice, sliceMm, sliceStack } from './camera/slices.ts';

/** The slice of a plane that a point lies on, as the views number it, and the point moved onto it. */
export function sliceThrough(volume: LoadedVolume, plane: Plane, pointLps: Point): { number: number; count: number; pointLps: Point } {
  const { normalLps } = planeAxes[plane];
  const stack = sliceStack(volume.geometry, normalLps);
  const at = dot(pointLps, normalLps);
  const index = nearestSlice(stack, at);
  return { number: index + 1, count: stack.count, pointLps: along(pointLps, normalLps, sliceMm(stack, index) - at) };
}

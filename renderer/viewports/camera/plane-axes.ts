import type { Plane, Point } from '../../stores/viewer.ts';

/** Where a plane's screen axes point in the patient, as unit vectors in LPS. */
export interface PlaneAxes {
  rightLps: Point;
  downLps: Point;
  /** The way in which slice numbers rise. */
  normalLps: Point;
}

/**
 * Radiological planes of the patient, whatever the grid: axial seen from the feet (R left, A top), coronal from the front (R left, S top),
 * sagittal from the patient's left (A left, S top). Slices count from feet to head, front to back and right to left, as LPS rises.
 */
export const planeAxes: Record<Plane, PlaneAxes> = {
  axial: { rightLps: [1, 0, 0], downLps: [0, 1, 0], normalLps: [0, 0, 1] },
  coronal: { rightLps: [1, 0, 0], downLps: [0, 0, -1], normalLps: [0, 1, 0] },
  sagittal: { rightLps: [0, 1, 0], downLps: [0, 0, -1], normalLps: [1, 0, 0] },
};

export const planes: readonly Plane[] = ['axial', 'coronal', 'sagittal'];

export const planeNames: Record<Plane, string> = { axial: 'Axial', coronal: 'Coronal', sagittal: 'Sagittal' };

export function dot(a: Point, b: Point): number {
  return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
}

/** a + t*b */
export function along(a: Point, b: Point, t: number): Point {
  return [a[0] + t * b[0], a[1] + t * b[1], a[2] + t * b[2]];
}

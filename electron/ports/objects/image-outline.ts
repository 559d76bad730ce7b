import { indexToLps } from '../../../kernels/volume/geometry.ts';
import type { SpatialOutline, SpatialShape } from './markup-outline.ts';
import type { ObjectTarget } from './object-input.ts';

/** As DICOM SR and AIM know shapes on an image (PS3.3 C.18.6.1.2). */
export type FlatShape = Exclude<SpatialShape, 'ELLIPSOID' | 'POLYGON'> | 'CIRCLE';

/** Which slice of the target an image is; null: the target's grid is not that of the images, or has none such. */
function sliceOf(target: ObjectTarget, uid: string, frame: number): number | null {
  const { source, dimensions } = target;
  if (!source || source.instances.length !== dimensions[2]) return null;
  const k = source.instances.findIndex((one) => one.sopInstanceUid === uid && (one.frame ?? 1) === frame);
  const instance = source.instances[k];
  if (!instance) return null;
  const at = indexToLps(target, 0, 0, k);
  return at.every((mm, n) => Math.abs(mm - (instance.positionLps[n] as number)) < 0.01) ? k : null;
}

/**
 * A shape on an image of the series as it lies in space; null where the image is none of the target's slices.
 * @param pixels columns and rows; the middle of the first pixel is 0.5, 0.5
 */
export function imageOutline(
  target: ObjectTarget,
  image: { uid: string; frame: number },
  shape: FlatShape,
  pixels: number[][],
): SpatialOutline | null {
  const k = sliceOf(target, image.uid, image.frame);
  if (k === null) return null;
  const place = ([column, row]: number[]) => indexToLps(target, (column as number) - 0.5, (row as number) - 0.5, k);
  if (shape !== 'CIRCLE') return { shape, pointsLps: pixels.map(place) };
  // A circle is its middle and a point on it.
  const [c, p] = pixels as [number, number][];
  if (!c || !p) return null;
  const [dx, dy] = [p[0] - c[0], p[1] - c[1]];
  const ends = [[c[0] - dx, c[1] - dy], p, [c[0] + dy, c[1] - dx], [c[0] - dy, c[1] + dx]];
  return { shape: 'ELLIPSE', pointsLps: ends.map(place) };
}

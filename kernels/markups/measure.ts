import type { Triple, VolumeGeometry } from '../volume/geometry.ts';
import type { Values } from '../volume/values.ts';
import { ellipseAreaMm2, ellipseOf, ellipsePerimeterMm, pathLengthMm } from './ellipse.ts';
import { evenOddAreaMm2 } from './even-odd-area.ts';
import { outlineLps } from './outline.ts';
import { flattened, planeOf } from './plane.ts';
import { type RegionValues, regionValues, valueAt } from './region-values.ts';
import { encloses, type MarkupShape } from './shape.ts';
import { cross, dot, minus } from './vectors.ts';

/** What is measured of a markup; null: its kind has none of it, or it has no extent to measure it by. */
export interface ShapeMeasures {
  lengthMm: number | null;
  angleDeg: number | null;
  areaMm2: number | null;
  values: RegionValues | null;
}

/** The image that a markup was drawn on. */
export interface MeasuredImage {
  values: Values;
  geometry: VolumeGeometry;
}

/** Between two arms from a vertex, degrees 0..180; null where an arm has no length. */
export function angleDeg([first, vertex, second]: readonly Triple[]): number | null {
  const a = minus(first, vertex);
  const b = minus(second, vertex);
  if (!(Math.hypot(...a) > 0 && Math.hypot(...b) > 0)) return null;
  // Exact near 0 and 180, where the cosine alone is blind.
  return (Math.atan2(Math.hypot(...cross(a, b)), dot(a, b)) * 180) / Math.PI;
}

/**
 * Measures a markup (9.1): the length of lines and curves and all the way round what encloses an area, the angle, the area in its plane
 * (of an outline that crosses itself: what lies inside an odd number of times; of an ellipse exact), and the values of the image inside,
 * of a point that of its voxel. Pointers and texts have no measures.
 * @param image null: no values are asked for
 * @throws RangeError where values and grid do not fit, or a point is none
 * Cost: that of `regionValues`, and n log n for an outline of n points.
 */
export function measureMarkup(shape: MarkupShape, image: MeasuredImage | null): ShapeMeasures {
  const { kind, pointsLps, normalLps } = shape;
  if (!pointsLps.every((p) => p.every(Number.isFinite))) throw new RangeError('a markup leaves space');
  const none: ShapeMeasures = { lengthMm: null, angleDeg: null, areaMm2: null, values: null };
  if (kind === 'angle') return { ...none, angleDeg: angleDeg(pointsLps) };
  if (kind === 'point') {
    const value = image && valueAt(image.values, image.geometry, pointsLps[0]);
    return { ...none, values: value === null ? null : { voxels: 1, mean: value, sd: 0, minimum: value, maximum: value } };
  }
  if (kind === 'line' || kind === 'polyline' || kind === 'curve') return { ...none, lengthMm: pathLengthMm(outlineLps(shape), false) };
  if (!encloses(kind)) return none;
  const outline = outlineLps(shape);
  const values = image && regionValues(image.values, image.geometry, outline, normalLps);
  if (kind === 'ellipse') {
    const ellipse = ellipseOf(pointsLps);
    return { ...none, lengthMm: ellipsePerimeterMm(ellipse), areaMm2: ellipseAreaMm2(ellipse), values };
  }
  // Where the outline lies in no plane of its own, it is a line: it encloses nothing.
  const frame = planeOf(outline, normalLps);
  return { ...none, lengthMm: pathLengthMm(outline, true), areaMm2: frame ? evenOddAreaMm2(flattened(outline, frame)) : 0, values };
}

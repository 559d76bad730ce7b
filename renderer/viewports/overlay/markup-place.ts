import { outlineLps } from '../../../kernels/markups/outline.ts';
import { encloses, type MarkupShape } from '../../../kernels/markups/shape.ts';
import type { Point } from '../../stores/viewer.ts';
import { along, dot, type PlaneAxes } from '../camera/plane-axes.ts';

/** Slices either side on which a markup is still seen, faintly. */
const nearSlices = 2;

/** How a markup meets the slice of a view: it lies on it, a slice or two away, or passes through it at these points. */
export type MarkupPlace =
  | { meets: 'on' | 'near'; lineLps: Point[]; closed: boolean }
  | { meets: 'through'; lineLps: Point[]; closed: boolean; atLps: Point[] };

interface Line {
  lineLps: Point[];
  /** A ball around it. */
  centreLps: Point;
  radiusMm: number;
}
const lines = new WeakMap<readonly unknown[], Line>();
/** The line of a markup, worked out once for its points. */
function lineOf(shape: MarkupShape): Line {
  const held = lines.get(shape.pointsLps);
  if (held) return held;
  const lineLps = outlineLps(shape) as Point[];
  const [low, high] = [[...lineLps[0]!], [...lineLps[0]!]] as [Point, Point];
  for (const point of lineLps)
    for (let n = 0; n < 3; n++) {
      low[n] = Math.min(low[n]!, point[n]!);
      high[n] = Math.max(high[n]!, point[n]!);
    }
  const centreLps = along(low, along(high, low, -1), 0.5);
  const line = { lineLps, centreLps, radiusMm: Math.hypot(...along(high, low, -1)) / 2 + 1e-6 };
  lines.set(shape.pointsLps, line);
  return line;
}

/**
 * @param sliceMm where the view's slice lies along its normal
 * @param stepMm thickness of a slice
 * @returns null where nothing of it is to be seen here
 */
export function markupPlace(shape: MarkupShape, axes: PlaneAxes, sliceMm: number, stepMm: number): MarkupPlace | null {
  const { lineLps, centreLps, radiusMm } = lineOf(shape);
  // Most markups of a long list lie elsewhere: they cost one product.
  if (Math.abs(dot(centreLps, axes.normalLps) - sliceMm) > radiusMm + (nearSlices + 0.5) * stepMm) return null;
  const closed = encloses(shape.kind);
  const heights = lineLps.map((point) => dot(point, axes.normalLps) - sliceMm);
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const height of heights) [low, high] = [Math.min(low, height), Math.max(high, height)];
  const half = stepMm / 2 + 1e-3;
  if (low >= -half && high <= half) return { meets: 'on', lineLps, closed };
  // What sticks out on both sides passes through, however small it is.
  const beside = low >= -half || high <= half;
  if (beside && Math.max(-low, high) <= (nearSlices + 0.5) * stepMm) return { meets: 'near', lineLps, closed };
  const atLps: Point[] = [];
  for (let n = closed ? 0 : 1; n < lineLps.length; n++) {
    const [a, b] = [lineLps.at(n - 1)!, lineLps[n]!];
    const [below, above] = [heights.at(n - 1)!, heights[n]!];
    if (below > 0 !== above > 0) atLps.push(along(a, along(b, a, -1), below / (below - above)));
  }
  return atLps.length > 0 ? { meets: 'through', lineLps, closed, atLps } : null;
}

import type { MarkupKind } from '../../../../contract/markups.ts';
import type { DrawnMarkup } from '../../../stores/markups.ts';
import type { Point } from '../../../stores/viewer.ts';
import { along, dot, type PlaneAxes } from '../../camera/plane-axes.ts';

const minus = (a: Point, b: Point): Point => along(a, b, -1);
const length = (a: Point): number => Math.hypot(...a);
const cross = (a: Point, b: Point): Point => [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]];
const unit = (a: Point): Point | null => (length(a) > 1e-9 ? (a.map((v) => v / length(a)) as Point) : null);

/** How a kind is drawn: between the two ends of a drag, by a line that follows the hand, by clicks, or by one click. */
export const drawnBy: Record<MarkupKind, 'drag' | 'hand' | 'clicks' | 'click'> = {
  'closed-curve': 'clicks',
  curve: 'clicks',
  ellipse: 'drag',
  freehand: 'hand',
  line: 'drag',
  point: 'click',
  pointer: 'drag',
  polygon: 'clicks',
  polyline: 'clicks',
  rectangle: 'drag',
  text: 'click',
  'text-pointer': 'drag',
  angle: 'clicks',
};

/** The points of a kind that is drawn from one end of a drag to the other, square to the view. */
export function draggedPoints(kind: MarkupKind, from: Point, to: Point, { rightLps, downLps }: PlaneAxes): Point[] {
  if (kind !== 'rectangle' && kind !== 'ellipse') return [from, to];
  const over = minus(to, from);
  const across = along(from, rightLps, dot(over, rightLps));
  const down = along(from, downLps, dot(over, downLps));
  if (kind === 'rectangle') return [from, across, along(across, downLps, dot(over, downLps)), down];
  const middle = along(from, over, 0.5);
  const halfWay = Math.abs(dot(over, downLps)) / 2;
  const [halfRight, sign] = [dot(over, rightLps) / 2, dot(over, rightLps) < 0 ? -1 : 1];
  // First axis from left to right, then the upper end of the second.
  return [along(middle, rightLps, -sign * halfRight), along(middle, rightLps, sign * halfRight), along(middle, downLps, -halfWay)];
}

/**
 * The points with the handle of that number brought to a place: a rectangle keeps its right angles and the corner across, an ellipse the
 * other end of its first axis, and its second axis at right angles.
 */
export function withHandle(
  { kind, pointsLps, normalLps }: Pick<DrawnMarkup, 'kind' | 'pointsLps' | 'normalLps'>,
  handle: number,
  to: Point,
): Point[] {
  if (kind === 'rectangle') return squared(pointsLps, handle, to);
  if (kind === 'ellipse') return stretched(pointsLps, normalLps, handle, to);
  return pointsLps.map((point, n) => (n === handle ? to : point));
}

function squared(corners: readonly Point[], handle: number, to: Point): Point[] {
  const at = (n: number) => corners[(handle + n) % 4]!;
  const [a, b] = [unit(minus(at(1), at(2))), unit(minus(at(3), at(2)))];
  // A rectangle without a side has no direction to keep.
  if (!a || !b) return corners.map((point, n) => (n === handle ? to : point));
  const over = minus(to, at(2));
  const next = along(at(2), a, dot(over, a));
  const before = along(at(2), b, dot(over, b));
  const made = [along(next, b, dot(over, b)), next, at(2), before];
  return corners.map((_, n) => made[(n - handle + 4) % 4]!);
}

function stretched(points: readonly Point[], normalLps: Point | null, handle: number, to: Point): Point[] {
  const [first, second, top] = points as [Point, Point, Point];
  const middle = along(first, minus(second, first), 0.5);
  const axis = unit(minus(second, first));
  const off = minus(top, middle);
  const upright = axis && unit(along(off, axis, -dot(off, axis)));
  const normal = (normalLps && unit(normalLps)) ?? (axis && upright && cross(axis, upright));
  if (!axis || !normal) return points.map((point, n) => (n === handle ? to : point));
  const side = cross(normal, axis);
  if (handle === 2) return [first, second, along(middle, side, dot(minus(to, middle), side))];
  const ends: [Point, Point] = handle === 0 ? [to, second] : [first, to];
  const turned = unit(minus(ends[1], ends[0]));
  if (!turned) return [...points];
  const half = dot(off, side);
  return [...ends, along(along(ends[0], minus(ends[1], ends[0]), 0.5), cross(normal, turned), half)];
}

/** Moved as a whole. */
export const shifted = (points: readonly Point[], by: Point): Point[] => points.map((point) => along(point, by, 1));

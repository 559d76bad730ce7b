import type { Triple } from '../volume/geometry.ts';
import { along, distance } from './vectors.ts';

/**
 * A smooth curve through points: centripetal Catmull-Rom (Barry and Goldman 1988, Yuksel 2011), which has no cusp and no loop between two
 * points, however unequal their distances. Points that follow each other in one place count once. Two places are a straight line; one is
 * itself.
 * @param pointsLps LPS mm (any frame; the curve moves and turns with it)
 * @param closed from the last point back to the first; asks for three places, fewer are answered as they are
 * @param perSpan pieces between two points, 1 or more
 * @returns points on the curve, the given ones among them; of a closed one the first is not repeated
 * @throws RangeError where perSpan is no whole number of 1 or more
 * Cost: about 40 multiplications a piece.
 */
export function splineThrough(pointsLps: readonly Triple[], closed: boolean, perSpan: number): Triple[] {
  if (!Number.isInteger(perSpan) || perSpan < 1) throw new RangeError(`${perSpan} pieces between two points`);
  const places = apart(pointsLps, closed);
  const count = places.length;
  if (count < (closed ? 3 : 2)) return places;
  const at = (n: number): Triple => {
    if (closed) return places[(n + count) % count];
    if (n < 0) return along(places[0], mirrored(places[1], places[0]), 1);
    return n < count ? places[n] : along(places[count - 1], mirrored(places[count - 2], places[count - 1]), 1);
  };
  const curve: Triple[] = [];
  for (let n = 0; n < (closed ? count : count - 1); n++) {
    const span = [at(n - 1), at(n), at(n + 1), at(n + 2)] as const;
    for (let piece = 0; piece < perSpan; piece++) curve.push(piece === 0 ? span[1] : onSpan(span, piece / perSpan));
  }
  if (!closed) curve.push(places[count - 1]);
  return curve;
}

/** Beyond an open end the curve goes on as it came. */
const mirrored = (inner: Triple, end: Triple): Triple => [end[0] - inner[0], end[1] - inner[1], end[2] - inner[2]];

function apart(points: readonly Triple[], closed: boolean): Triple[] {
  const kept: Triple[] = [];
  for (const point of points) if (kept.length === 0 || distance(kept[kept.length - 1], point) > 1e-9) kept.push([...point]);
  while (closed && kept.length > 1 && distance(kept[0], kept[kept.length - 1]) <= 1e-9) kept.pop();
  return kept;
}

/** The point at 0..1 between the second and the third of four. */
function onSpan([a, b, c, d]: readonly [Triple, Triple, Triple, Triple], part: number): Triple {
  // Two points may meet again where a curve returns to a place: a knot span is never nothing.
  const knot = (p: Triple, q: Triple): number => Math.sqrt(Math.max(distance(p, q), 1e-12));
  const [t1, t2, t3] = [knot(a, b), knot(a, b) + knot(b, c), knot(a, b) + knot(b, c) + knot(c, d)];
  const t = t1 + part * (t2 - t1);
  const mix = (p: Triple, q: Triple, from: number, to: number): Triple => {
    const w = (t - from) / (to - from);
    return [p[0] + w * (q[0] - p[0]), p[1] + w * (q[1] - p[1]), p[2] + w * (q[2] - p[2])];
  };
  const [ab, bc, cd] = [mix(a, b, 0, t1), mix(b, c, t1, t2), mix(c, d, t2, t3)];
  return mix(mix(ab, bc, 0, t2), mix(bc, cd, t1, t3), t1, t2);
}

import type { Triple } from '../volume/geometry.ts';
import { ellipseOf, ellipseOutline } from './ellipse.ts';
import type { MarkupShape } from './shape.ts';
import { splineThrough } from './spline.ts';

/** Points of an outline at most; what is given by more points than that keeps them all. */
const mostPoints = 4096;
const perSpan = 16;
const ellipsePoints = 96;

const piecesFor = (points: number): number => Math.max(1, Math.min(perSpan, Math.floor(mostPoints / Math.max(1, points))));

/**
 * The line of a markup as it is drawn, filled and exported (9.1): curves bent through their points, an ellipse all round, the others from
 * point to point. Of a kind that encloses, the first point is not repeated at the end.
 * @returns LPS mm; a point and a text are their place, pointers what they point at and where their tail is
 * Cost: at most 4096 points, or as many as the markup has.
 */
export function outlineLps({ kind, pointsLps }: MarkupShape): Triple[] {
  if (kind === 'curve') return splineThrough(pointsLps, false, piecesFor(pointsLps.length));
  if (kind === 'closed-curve') return splineThrough(pointsLps, true, piecesFor(pointsLps.length));
  if (kind === 'ellipse') return ellipseOutline(ellipseOf(pointsLps), ellipsePoints);
  return pointsLps.map((point) => [...point]);
}

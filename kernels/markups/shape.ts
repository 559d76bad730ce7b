import type { Triple } from '../volume/geometry.ts';

/** The kinds of the contract (9.1), in the kernels' own words. */
export type MarkupShapeKind =
  | 'closed-curve'
  | 'curve'
  | 'ellipse'
  | 'freehand'
  | 'line'
  | 'point'
  | 'pointer'
  | 'polygon'
  | 'polyline'
  | 'rectangle'
  | 'text'
  | 'text-pointer'
  | 'angle';

/** Where a markup lies: the points that it is given by (LPS mm), and the normal of its plane (any length; null: it lies in none). */
export interface MarkupShape {
  kind: MarkupShapeKind;
  pointsLps: readonly Triple[];
  normalLps: Triple | null;
}

const closed: readonly MarkupShapeKind[] = ['closed-curve', 'ellipse', 'freehand', 'polygon', 'rectangle'];

/** Whether a kind encloses an area. */
export const encloses = (kind: MarkupShapeKind): boolean => closed.includes(kind);

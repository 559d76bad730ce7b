import { closedKinds, type Markup, type MarkupDraft, type MarkupKind, markupDraft, markupKind } from '../../../contract/markups.ts';
import { ellipseOf } from '../../../kernels/markups/ellipse.ts';
import { outlineLps } from '../../../kernels/markups/outline.ts';
import { planeOf } from '../../../kernels/markups/plane.ts';
import { lpsToIndex, type Triple } from '../../../kernels/volume/geometry.ts';
import type { ObjectTarget } from './object-input.ts';

/** As DICOM and AIM know shapes in space (PS3.3 C.18.9.1.2). */
export type SpatialShape = 'POINT' | 'MULTIPOINT' | 'POLYLINE' | 'POLYGON' | 'ELLIPSE' | 'ELLIPSOID';
/** A markup as another program draws it. */
export interface SpatialOutline {
  shape: SpatialShape;
  /** LPS mm; a polygon's first point is not repeated; an ellipse by the ends of its longer axis, then of its shorter one. */
  pointsLps: Triple[];
}

/** Kinds whose outline is not the points that a person gave. */
const bent: readonly MarkupKind[] = ['closed-curve', 'curve', 'ellipse'];
const sameMm = 0.01;
/** No scanner's frame of reference goes further; a number beyond it is a fault, as it is in a structure set. */
const farthestMm = 1e5;
const mostPoints = 4096;

const minus = (a: Triple, b: Triple): Triple => [a[0] - b[0], a[1] - b[1], a[2] - b[2]];
const plus = (a: Triple, b: Triple): Triple => [a[0] + b[0], a[1] + b[1], a[2] + b[2]];
const apart = (a: Triple, b: Triple) => Math.hypot(...minus(a, b));

function ellipseEnds(pointsLps: readonly Triple[]): Triple[] {
  const { centreLps: centre, firstLps: first, secondLps: second } = ellipseOf(pointsLps);
  const axes = Math.hypot(...first) >= Math.hypot(...second) ? [first, second] : [second, first];
  return axes.flatMap((axis) => [minus(centre, axis), plus(centre, axis)]);
}

/** How a markup is drawn by a program that knows points, lines, polygons and ellipses alone. */
export function spatialOutline(markup: Pick<Markup, 'kind' | 'pointsLps' | 'normalLps'>): SpatialOutline {
  const { kind, pointsLps } = markup;
  if (kind === 'ellipse') return { shape: 'ELLIPSE', pointsLps: ellipseEnds(pointsLps) };
  const line = outlineLps(markup);
  // Points that are one leave fewer than a polygon has.
  if (closedKinds.includes(kind)) return { shape: 'POLYGON', pointsLps: line.length < 3 ? pointsLps : line };
  if (line.length < 2 && pointsLps.length > 1) return { shape: 'POLYLINE', pointsLps };
  return { shape: line.length === 1 ? 'POINT' : 'POLYLINE', pointsLps: line };
}

/** What our own files add, so that a markup comes back as it was given: its kind, and the points of one that is bent through them. */
export function givenWords({ kind, pointsLps }: Pick<Markup, 'kind' | 'pointsLps'>): { kind: MarkupKind; through: string | null } {
  return { kind, through: bent.includes(kind) ? pointsLps.map((point) => point.join(' ')).join('; ') : null };
}

function pointsOfWords(words: string | null): Triple[] | null {
  if (words === null || words.length > mostPoints * 80) return null;
  const points = words.split(';').map((point) => point.trim().split(/\s+/).map(Number));
  return points.every((point) => point.length === 3 && point.every(Number.isFinite)) ? (points as Triple[]) : null;
}

function closeTogether(a: readonly Triple[], b: readonly Triple[]): boolean {
  return a.length === b.length && a.every((point, n) => apart(point, b[n] as Triple) < sameMm);
}

/** Without the last point where it is the first again, as DICOM closes polygons. */
export function opened(points: Triple[]): Triple[] {
  const [first, last] = [points[0], points.at(-1)];
  return points.length > 3 && first && last && apart(first, last) < 1e-4 ? points.slice(0, -1) : points;
}

/** In a plane of pixels there are no polygons: a line that comes back to its first point is one. */
function closedLine({ shape, pointsLps }: SpatialOutline): SpatialOutline {
  const points = opened(pointsLps);
  return shape === 'POLYLINE' && points.length === pointsLps.length ? { shape, pointsLps } : { shape: 'POLYGON', pointsLps: points };
}

/** The kind and points as they were given, where what is drawn is still what they draw; null otherwise. */
function asGiven(
  outline: SpatialOutline,
  kindSaid: string | null,
  through: string | null,
): { kind: MarkupKind; pointsLps: Triple[] } | null {
  const kind = markupKind.safeParse(kindSaid);
  if (!kind.success) return null;
  const pointsLps = bent.includes(kind.data) ? pointsOfWords(through) : outline.pointsLps;
  if (!pointsLps || pointsLps.length > mostPoints) return null;
  const draft = markupDraft.safeParse({ kind: kind.data, name: 'x', series: '', pointsLps, text: 'x' });
  if (!draft.success) return null;
  const drawn = spatialOutline({ kind: kind.data, pointsLps, normalLps: null });
  return drawn.shape === outline.shape && closeTogether(drawn.pointsLps, outline.pointsLps) ? { kind: kind.data, pointsLps } : null;
}

/** By its shape alone. */
function asDrawn({ shape, pointsLps }: SpatialOutline): { kind: MarkupKind; pointsLps: Triple[] } | null {
  if (shape === 'POINT') return { kind: 'point', pointsLps };
  if (shape === 'ELLIPSE' && pointsLps.length === 4) return { kind: 'ellipse', pointsLps: pointsLps.filter((_, n) => n !== 2) };
  if (shape === 'POLYGON') return { kind: 'polygon', pointsLps };
  if (shape !== 'POLYLINE') return null;
  return { kind: pointsLps.length === 2 ? 'line' : 'polyline', pointsLps };
}

/** The normal of the plane that points lie in; along the grid's axis where it is one, and of a point or line that of its slice. */
function normalOf(pointsLps: Triple[], target: ObjectTarget): Triple | null {
  const d = target.directionLps;
  const axes = [2, 1, 0].map((axis) => d.slice(axis * 3, axis * 3 + 3) as Triple);
  const plane = planeOf(pointsLps, null);
  if (plane) {
    const { normalLps } = plane;
    if (pointsLps.some((point) => Math.abs(dot(minus(point, plane.originLps), normalLps)) > sameMm)) return null;
    return axes.find((axis) => Math.abs(dot(axis, normalLps)) > 1 - 1e-6) ?? normalLps;
  }
  const places = pointsLps.map(([x, y, z]) => lpsToIndex(target, x, y, z));
  const flat = [2, 1, 0].findIndex((axis) => places.every((at) => Math.abs((at[axis] as number) - (places[0]?.[axis] as number)) < 1e-3));
  return axes[flat] ?? null;
}

const dot = (a: Triple, b: Triple) => a[0] * b[0] + a[1] * b[1] + a[2] * b[2];

/** A shape as a foreign file says it. */
export interface ForeignMarkup {
  outline: SpatialOutline;
  name: string;
  text: string;
  /** Our own words, where the file has them (`givenWords`). */
  kind: string | null;
  through: string | null;
}

/** Whether points are places, LPS mm: numbers, and none further off than a patient can be. */
export const arePlaces = (pointsLps: readonly (readonly number[])[]): boolean =>
  pointsLps.every((point) => point.every((mm) => Math.abs(mm) <= farthestMm));

/** What a person is told of shapes whose points are no places. */
export const nowhereWords = (count: number, of: string): string =>
  `${count === 1 ? '1 shape' : `${count} shapes`} of ${of} left out: points that are no numbers, or further off than 100 m. Draw them again in the program that wrote them.`;

/** A foreign shape as a markup of ours (a polygon may repeat its first point); null where we have no such kind, or its points are no places. */
export function draftOf({ outline, name, text, kind, through }: ForeignMarkup, target: ObjectTarget): MarkupDraft | null {
  if (!arePlaces(outline.pointsLps)) return null;
  const line = outline.shape === 'POLYLINE' || outline.shape === 'POLYGON' ? closedLine(outline) : outline;
  const found = asGiven(outline, kind, through) ?? asGiven(line, kind, through) ?? asDrawn(line);
  if (!found) return null;
  const words = text.trim().slice(0, 2000);
  const asText = found.kind.startsWith('text') && words === '' ? (found.kind === 'text' ? 'point' : 'pointer') : found.kind;
  const draft = markupDraft.safeParse({
    ...found,
    kind: asText,
    name: name.trim().slice(0, 64).trim() || asText,
    series: target.seriesInstanceUid,
    normalLps: normalOf(found.pointsLps, target),
    text: words,
  });
  return draft.success ? draft.data : null;
}

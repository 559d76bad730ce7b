import type { Triple } from '../volume/geometry.ts';
import { along, cross, distance, dot, minus } from './vectors.ts';

/** A plane in the patient with two axes of its own; unit vectors, LPS. */
export interface PlaneFrame {
  originLps: Triple;
  acrossLps: Triple;
  downLps: Triple;
  normalLps: Triple;
}

/**
 * The plane that points lie in: through their middle, by the normal where one is given, else by the point furthest from the first and the
 * one furthest from the line of these two.
 * @returns null where there is no such plane: no normal (or none with a length), and all points on one line
 */
export function planeOf(pointsLps: readonly Triple[], normalLps: Triple | null): PlaneFrame | null {
  if (pointsLps.length === 0) return null;
  const normal = unit(normalLps ?? fittedNormal(pointsLps));
  if (!normal) return null;
  const originLps: Triple = [0, 0, 0];
  for (const point of pointsLps) for (let n = 0; n < 3; n++) originLps[n] += point[n] / pointsLps.length;
  const flattest = normal.reduce((best, value, n) => (Math.abs(value) < Math.abs(normal[best]) ? n : best), 0);
  const axis: Triple = [0, 0, 0];
  axis[flattest] = 1;
  const acrossLps = unit(cross(axis, normal))!;
  return { originLps, acrossLps, downLps: cross(normal, acrossLps), normalLps: normal };
}

/** Places of points in the plane, seen along its normal; mm across and down from its origin. */
export function flattened(pointsLps: readonly Triple[], { originLps, acrossLps, downLps }: PlaneFrame): [number, number][] {
  return pointsLps.map((point) => {
    const from = minus(point, originLps);
    return [dot(from, acrossLps), dot(from, downLps)];
  });
}

function unit(v: Triple): Triple | null {
  const size = Math.hypot(...v);
  return size > 1e-9 && Number.isFinite(size) ? [v[0] / size, v[1] / size, v[2] / size] : null;
}

function fittedNormal(points: readonly Triple[]): Triple {
  const first = points[0];
  const far = points.reduce((best, p) => (distance(first, p) > distance(first, best) ? p : best), first);
  const line = unit(minus(far, first));
  if (!line) return [0, 0, 0];
  const offLine = (p: Triple): Triple => along(minus(p, first), line, -dot(minus(p, first), line));
  const side = points.reduce((best, p) => (Math.hypot(...offLine(p)) > Math.hypot(...offLine(best)) ? p : best), first);
  const off = offLine(side);
  // What lies this little off its line is on it, by the digits that its numbers have.
  return Math.hypot(...off) > 1e-9 * (1 + Math.hypot(...far)) ? cross(line, unit(off) ?? [0, 0, 0]) : [0, 0, 0];
}

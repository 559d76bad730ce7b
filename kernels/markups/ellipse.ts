import type { Triple } from '../volume/geometry.ts';
import { along, distance, dot, minus } from './vectors.ts';

export interface Ellipse {
  centreLps: Triple;
  /** From the centre to the end of each axis, mm; at right angles. */
  firstLps: Triple;
  secondLps: Triple;
}

/**
 * The ellipse of a markup: the two ends of its first axis, and a point whose distance from that axis, as seen from the middle, is half the
 * second axis. Where the first axis has no length, the third point alone gives a line; where all three lie on a line, the second has none.
 */
export function ellipseOf([a, b, c]: readonly Triple[]): Ellipse {
  const centreLps: Triple = [(a[0] + b[0]) / 2, (a[1] + b[1]) / 2, (a[2] + b[2]) / 2];
  const firstLps = minus(b, centreLps);
  const out = minus(c, centreLps);
  const square = dot(firstLps, firstLps);
  const secondLps = square > 0 ? along(out, firstLps, -dot(out, firstLps) / square) : out;
  return { centreLps, firstLps, secondLps };
}

/** So many points on it, evenly in its angle, from the end of the first axis. */
export function ellipseOutline({ centreLps, firstLps, secondLps }: Ellipse, count: number): Triple[] {
  return Array.from({ length: count }, (_, n) => {
    const angle = (2 * Math.PI * n) / count;
    return along(along(centreLps, firstLps, Math.cos(angle)), secondLps, Math.sin(angle));
  });
}

const halves = ({ firstLps, secondLps }: Ellipse): [number, number] => [Math.hypot(...firstLps), Math.hypot(...secondLps)];

/** Exact. mm² */
export function ellipseAreaMm2(ellipse: Ellipse): number {
  const [a, b] = halves(ellipse);
  return Math.PI * a * b;
}

/** To the last digits: the complete elliptic integral by Gauss's arithmetic-geometric mean. mm */
export function ellipsePerimeterMm(ellipse: Ellipse): number {
  let [a, b] = halves(ellipse).sort((p, q) => q - p) as [number, number];
  // Too flat for the mean: there and back again.
  if (b <= 1e-9 * a) return 4 * a;
  let sum = a * a - (a * a - b * b) / 2;
  for (let weight = 1; a - b > 1e-15 * a && weight < 2 ** 40; weight *= 2) {
    const half = (a - b) / 2;
    sum -= weight * half * half;
    [a, b] = [(a + b) / 2, Math.sqrt(a * b)];
  }
  return (2 * Math.PI * sum) / a;
}

/** Length of a line through points, mm; `closed` with the way back to the first. */
export function pathLengthMm(pointsLps: readonly Triple[], closed: boolean): number {
  let sum = 0;
  for (let n = 1; n < pointsLps.length; n++) sum += distance(pointsLps[n - 1], pointsLps[n]);
  return closed && pointsLps.length > 2 ? sum + distance(pointsLps[pointsLps.length - 1], pointsLps[0]) : sum;
}

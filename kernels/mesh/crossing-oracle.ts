import type { Mesh } from './mesh.ts';

/**
 * The slow obvious twin of self-intersections.ts: every pair, in whole numbers without bound. Triangle a is clipped by the plane of b from
 * either side and by the planes through b's edges square to it; what is left are the common points. For whole coordinates only.
 */

/** A point as x, y, z over a common denominator above 0. */
type Point = [bigint, bigint, bigint, bigint];
type Vector = [bigint, bigint, bigint];

const minus = (a: Vector, b: Vector): Vector => [a[0] - b[0], a[1] - b[1], a[2] - b[2]];
const dot = (a: Vector, b: Vector): bigint => a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
const cross = (a: Vector, b: Vector): Vector => [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]];

/** Height of a point over the plane through `on` with this normal, times its denominator. */
const height = (p: Point, normal: Vector, on: Vector): bigint => dot(normal, [p[0], p[1], p[2]]) - dot(normal, on) * p[3];

/** The part of a convex polygon where the height is not below 0. */
function clip(polygon: Point[], normal: Vector, on: Vector): Point[] {
  const kept: Point[] = [];
  polygon.forEach((p, n) => {
    const q = polygon[(n + 1) % polygon.length]!;
    const hp = height(p, normal, on);
    const hq = height(q, normal, on);
    if (hp >= 0n) kept.push(p);
    if ((hp > 0n && hq < 0n) || (hp < 0n && hq > 0n)) {
      // Heights carry the denominators: at p + t (q - p), t = u / (u - v) with u, v over both.
      const u = hp * q[3];
      const v = hq * p[3];
      const at = [0, 1, 2].map((axis) => -v * p[axis]! * q[3] + u * q[axis]! * p[3]) as Vector;
      const scale = (u - v) * p[3] * q[3];
      kept.push(scale < 0n ? [-at[0], -at[1], -at[2], -scale] : [at[0], at[1], at[2], scale]);
    }
  });
  return kept;
}

const cornersOf = (mesh: Mesh, triangle: number): [Vector, Vector, Vector] =>
  [0, 1, 2].map((n) => {
    const vertex = mesh.triangles[triangle * 3 + n]! * 3;
    return [0, 1, 2].map((axis) => BigInt(mesh.positions[vertex + axis]!));
  }) as [Vector, Vector, Vector];

const isPoint = (p: Point, v: Vector): boolean => [0, 1, 2].every((axis) => p[axis] === v[axis]! * p[3]);
const onLine = (p: Point, a: Vector, b: Vector): boolean => {
  const along = minus(b, a);
  const to: Vector = [p[0] - a[0] * p[3], p[1] - a[1] * p[3], p[2] - a[2] * p[3]];
  return cross(along, to).every((v) => v === 0n);
};

function pairCrosses(first: [Vector, Vector, Vector], second: [Vector, Vector, Vector]): boolean {
  const normal = cross(minus(second[1], second[0]), minus(second[2], second[0]));
  let common: Point[] = first.map((v) => [...v, 1n]);
  common = clip(common, normal, second[0]);
  common = clip(common, [-normal[0], -normal[1], -normal[2]], second[0]);
  for (let n = 0; n < 3; n++) common = clip(common, cross(normal, minus(second[(n + 1) % 3]!, second[n]!)), second[n]!);
  const shared = first.filter((v) => second.some((w) => v.every((x, axis) => x === w[axis])));
  const [a, b] = shared;
  if (shared.length === 3) return true;
  if (a && b) return common.some((p) => !onLine(p, a, b));
  if (a) return common.some((p) => !isPoint(p, a));
  return common.length > 0;
}

/** All pairs of triangles with area that meet beyond the corners they share (by coordinates), as 'lower-higher'. Whole coordinates. */
export function crossingPairs(mesh: Mesh): string[] {
  const count = mesh.triangles.length / 3;
  const all = Array.from({ length: count }, (_, n) => cornersOf(mesh, n));
  const withArea = all.map(([a, b, c]) => cross(minus(b, a), minus(c, a)).some((v) => v !== 0n));
  const pairs: string[] = [];
  for (let i = 0; i < count; i++) {
    for (let j = i + 1; j < count; j++) if (withArea[i] && withArea[j] && pairCrosses(all[i]!, all[j]!)) pairs.push(`${i}-${j}`);
  }
  return pairs;
}

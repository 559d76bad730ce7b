import type { Mesh } from './mesh.ts';

type Point = [number, number, number];
const minus = (a: Point, b: Point): Point => [a[0] - b[0], a[1] - b[1], a[2] - b[2]];
const dot = (a: Point, b: Point) => a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
const cross = (a: Point, b: Point): Point => [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]];
const length = (a: Point) => Math.sqrt(dot(a, a));

function toSegment(p: Point, a: Point, b: Point): number {
  const along = minus(b, a);
  const t = Math.max(0, Math.min(1, dot(minus(p, a), along) / (dot(along, along) || 1)));
  return length(minus(minus(p, a), [along[0] * t, along[1] * t, along[2] * t]));
}

/** Distance of a point to a triangle, the obvious way: to its plane where the foot lies inside all three sides, else to the nearest side. */
export function toTriangleSlowly(p: Point, a: Point, b: Point, c: Point): number {
  const normal = cross(minus(b, a), minus(c, a));
  const inside = [
    [a, b],
    [b, c],
    [c, a],
  ].every(([from, to]) => dot(cross(minus(to, from), minus(p, from)), normal) >= 0);
  if (inside && length(normal) > 0) return Math.abs(dot(minus(p, a), normal)) / length(normal);
  return Math.min(toSegment(p, a, b), toSegment(p, b, c), toSegment(p, c, a));
}

export const pointOf = (mesh: Mesh, vertex: number): Point => [
  mesh.positions[vertex * 3],
  mesh.positions[vertex * 3 + 1],
  mesh.positions[vertex * 3 + 2],
];

export function cornersOf(mesh: Mesh, t: number): [Point, Point, Point] {
  return [0, 1, 2].map((n) => pointOf(mesh, mesh.triangles[t * 3 + n])) as [Point, Point, Point];
}

/** Distance of a point to a mesh: every triangle is asked. */
export function toMeshSlowly(p: Point, mesh: Mesh): number {
  let least = Infinity;
  for (let t = 0; t < mesh.triangles.length / 3; t++) least = Math.min(least, toTriangleSlowly(p, ...cornersOf(mesh, t)));
  return least;
}

/** Two-sided mean, 95th percentile and maximum over vertices and centroids, by sorting a list of weighted distances. */
export function deviationSlowly(a: Mesh, b: Mesh): { mean: number; p95: number; max: number } {
  const sides = [
    [a, b],
    [b, a],
  ].map(([from, to]) => {
    const list: { mm: number; weight: number }[] = [];
    for (let t = 0; t < from.triangles.length / 3; t++) {
      const [p, q, r] = cornersOf(from, t);
      const area = length(cross(minus(q, p), minus(r, p))) / 2;
      const centre: Point = [(p[0] + q[0] + r[0]) / 3, (p[1] + q[1] + r[1]) / 3, (p[2] + q[2] + r[2]) / 3];
      list.push({ mm: toMeshSlowly(centre, to), weight: area * 0.75 });
      for (const corner of [p, q, r]) list.push({ mm: toMeshSlowly(corner, to), weight: area / 12 });
    }
    return list.sort((one, other) => one.mm - other.mm);
  });
  const percentile = (list: { mm: number; weight: number }[]) => {
    const whole = list.reduce((sum, s) => sum + s.weight, 0);
    let below = 0;
    for (const s of list) {
      below += s.weight;
      if (below >= 0.95 * whole) return s.mm;
    }
    return 0;
  };
  const all = sides.flat();
  return {
    mean: all.reduce((sum, s) => sum + s.mm * s.weight, 0) / all.reduce((sum, s) => sum + s.weight, 0),
    p95: Math.max(...sides.map(percentile)),
    max: Math.max(...all.map((s) => s.mm)),
  };
}

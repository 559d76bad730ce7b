import { crowded, edgesOf, nextCorner, open, previousCorner } from './edges.ts';
import { isDegenerate } from './float32.ts';
import { keepTriangles } from './keep-triangles.ts';
import type { Mesh } from './mesh.ts';

/** Leaves out triangles with two equal corners or a corner that is not finite. */
export function dropCollapsed(mesh: Mesh): { mesh: Mesh; dropped: number } {
  const { positions: p, triangles: t } = mesh;
  const finite = (vertex: number) => Number.isFinite(p[vertex * 3] + p[vertex * 3 + 1] + p[vertex * 3 + 2]);
  let dropped = 0;
  const kept = keepTriangles(mesh, (triangle) => {
    const [a, b, c] = [t[triangle * 3], t[triangle * 3 + 1], t[triangle * 3 + 2]];
    const good = a !== b && b !== c && c !== a && finite(a) && finite(b) && finite(c);
    if (!good) dropped++;
    return good;
  });
  return { mesh: dropped > 0 ? kept.mesh : mesh, dropped };
}

/** Whether two half-edges are known to be of two triangles. */
const apart = (g: number, h: number): boolean => g >= 0 && h >= 0 && Math.floor(g / 3) !== Math.floor(h / 3);

/**
 * Leaves out triangles that others repeat: of several on the same three vertices one stays where that leaves its edges with two
 * triangles, none where they had two without it (a fold without thickness).
 */
export function dropRepeated(mesh: Mesh): { mesh: Mesh; dropped: number } {
  const { triangles } = mesh;
  const groups = new Map<string, number[]>();
  const count = triangles.length / 3;
  const { twins, crowds } = edgesOf(triangles, mesh.positions.length / 3);
  const uses = new Uint32Array(triangles.length);
  for (let h = 0; h < triangles.length; h++) uses[h] = twins[h] >= 0 ? 2 : 1;
  for (let at = 0; at < crowds.length; at += crowds[at] + 1) for (let n = 1; n <= crowds[at]; n++) uses[crowds[at + n]] = crowds[at];
  for (let triangle = 0; triangle < count; triangle++) {
    // Who repeats another shares all its edges with it.
    if (uses[triangle * 3] < 2 || uses[triangle * 3 + 1] < 2 || uses[triangle * 3 + 2] < 2) continue;
    const [g, h, k] = [twins[triangle * 3], twins[triangle * 3 + 1], twins[triangle * 3 + 2]];
    if (apart(g, h) || apart(h, k) || apart(k, g)) continue;
    const key = triangles
      .slice(triangle * 3, triangle * 3 + 3)
      .sort()
      .join(' ');
    const group = groups.get(key);
    if (group) group.push(triangle);
    else groups.set(key, [triangle]);
  }
  const gone = new Set<number>();
  for (const group of groups.values()) {
    if (group.length < 2) continue;
    let odd = 0;
    for (let n = 0; n < 3; n++) odd += (uses[group[0] * 3 + n] - group.length) & 1;
    for (const triangle of odd >= 2 ? group.slice(1) : group) gone.add(triangle);
  }
  if (gone.size === 0) return { mesh, dropped: 0 };
  return { mesh: keepTriangles(mesh, (triangle) => !gone.has(triangle)).mesh, dropped: gone.size };
}

/**
 * Leaves out flaps: triangles that hang by an edge on two others and are open everywhere else. A decimation leaves them behind.
 */
export function dropFlaps(mesh: Mesh): { mesh: Mesh; dropped: number } {
  let now = mesh;
  let dropped = 0;
  for (;;) {
    const { twins, crowds } = edgesOf(now.triangles, now.positions.length / 3);
    const hangs = (h: number): boolean => {
      const others = [twins[nextCorner(h)], twins[previousCorner(h)]];
      return others.every((twin) => twin === open || twin === crowded);
    };
    const flaps = new Set<number>();
    for (let at = 0; at < crowds.length; at += crowds[at] + 1) {
      const hanging = [...crowds.subarray(at + 1, at + 1 + crowds[at])].filter(hangs);
      if (hanging.length === crowds[at] - 2) for (const h of hanging) flaps.add(Math.floor(h / 3));
    }
    if (flaps.size === 0) return { mesh: now, dropped };
    dropped += flaps.size;
    now = keepTriangles(now, (triangle) => !flaps.has(triangle)).mesh;
  }
}

/**
 * Takes triangles without area out of a surface without moving a vertex: the longest edge of a flat triangle is turned to its other
 * diagonal, where both triangles then have area and the edge is new. What cannot be turned stays. Returns how many went.
 */
export function turnFlat(mesh: Mesh): { mesh: Mesh; turned: number } {
  const { positions: p } = mesh;
  const vertices = p.length / 3;
  let { triangles } = mesh;
  let turned = 0;
  for (let round = 0; round < 8; round++) {
    const flat: number[] = [];
    for (let at = 0; at < triangles.length; at += 3)
      if (isDegenerate(p, triangles[at], triangles[at + 1], triangles[at + 2])) flat.push(at);
    if (flat.length === 0) break;
    const { twins } = edgesOf(triangles, vertices);
    const known = edgeSet(triangles, flat, twins);
    const next = triangles.slice();
    const touched = new Set<number>();
    let now = 0;
    for (const at of flat) {
      const long = [at, at + 1, at + 2].toSorted((g, h) => lengthOf(p, triangles, h) - lengthOf(p, triangles, g))[0];
      const twin = twins[long];
      if (twin < 0 || triangles[twin] === triangles[long]) continue;
      const other = Math.floor(twin / 3) * 3;
      if (touched.has(at) || touched.has(other)) continue;
      const a = triangles[long];
      const b = triangles[nextCorner(long)];
      const m = triangles[previousCorner(long)];
      const x = triangles[previousCorner(twin)];
      if (m === x || known.has(`${Math.min(m, x)} ${Math.max(m, x)}`) || isDegenerate(p, a, x, m) || isDegenerate(p, x, b, m)) continue;
      next.set([a, x, m], at);
      next.set([x, b, m], other);
      known.add(`${Math.min(m, x)} ${Math.max(m, x)}`);
      touched.add(at);
      touched.add(other);
      now++;
    }
    if (now === 0) break;
    turned += now;
    triangles = next;
  }
  return turned > 0 ? { mesh: { positions: p, triangles }, turned } : { mesh, turned };
}

const lengthOf = (p: ArrayLike<number>, triangles: Uint32Array, h: number): number => {
  const a = triangles[h] * 3;
  const b = triangles[nextCorner(h)] * 3;
  return Math.hypot(p[a] - p[b], p[a + 1] - p[b + 1], p[a + 2] - p[b + 2]);
};

/** All edges of the vertices of flat triangles and those beside them. */
function edgeSet(triangles: Uint32Array, flat: number[], twins: Int32Array): Set<string> {
  const wanted = new Set<number>();
  for (const at of flat) {
    for (let h = at; h < at + 3; h++) {
      wanted.add(triangles[h]);
      if (twins[h] >= 0) wanted.add(triangles[previousCorner(twins[h])]);
    }
  }
  const edges = new Set<string>();
  for (let h = 0; h < triangles.length; h++) {
    const [a, b] = [triangles[h], triangles[nextCorner(h)]];
    if (wanted.has(a) && wanted.has(b)) edges.add(`${Math.min(a, b)} ${Math.max(a, b)}`);
  }
  return edges;
}

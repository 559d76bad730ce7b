import { edgesOf, nextCorner, open } from './edges.ts';
import type { Mesh } from './mesh.ts';
import { rimTriangles } from './rim-triangles.ts';

export interface FilledHoles {
  /** The same mesh where nothing was filled; otherwise with triangles added at the end, vertices unchanged. */
  mesh: Mesh;
  /** Length of the rim of each hole that was filled, mm. */
  filledMm: number[];
  /** Of those that are longer than the limit, or cannot be closed. */
  leftMm: number[];
}

/** More corners are not filled, whatever their length: the work grows with their square. */
const mostCorners = 5000;

/**
 * The rims of an oriented surface, each as the corners of what would close it, in its order. Where holes meet in a vertex, each is a rim
 * of its own: a way along open edges that comes by a vertex again has gone round one.
 */
function rimsOf(triangles: Uint32Array, twins: Int32Array): number[][] {
  const starts = new Map<number, number[]>();
  for (let h = 0; h < triangles.length; h++) {
    if (twins[h] !== open) continue;
    const list = starts.get(triangles[h]);
    if (list) list.push(h);
    else starts.set(triangles[h], [h]);
  }
  const rims: number[][] = [];
  for (const [first, list] of starts) {
    while (list.length > 0) {
      const way: number[] = [];
      const placeOf = new Map<number, number>();
      for (let vertex = first; ; ) {
        const seen = placeOf.get(vertex);
        if (seen !== undefined) {
          const rim = way.splice(seen);
          for (const gone of rim) placeOf.delete(gone);
          if (rim.length >= 3) rims.push(rim.reverse());
        }
        const h = starts.get(vertex)?.pop();
        if (h === undefined) break;
        placeOf.set(vertex, way.length);
        way.push(vertex);
        vertex = triangles[nextCorner(h)];
      }
    }
  }
  return rims;
}

/**
 * Closes holes whose rim is at most so long, with triangles over the rim's own corners (rim-triangles.ts). Triangles already run
 * alike. `may` can refuse a rim. Cost: O(triangles), and that of each rim.
 */
export function fillHoles(mesh: Mesh, upToMm: number, may: (rim: readonly number[]) => boolean = () => true): FilledHoles {
  const { positions: p, triangles } = mesh;
  const { twins } = edgesOf(triangles, p.length / 3);
  const rims = rimsOf(triangles, twins);
  const filledMm: number[] = [];
  const leftMm: number[] = [];
  const added: number[] = [];
  const lengthOf = (rim: readonly number[]) =>
    rim.reduce((sum, vertex, n) => {
      const [a, b] = [vertex * 3, rim[(n + 1) % rim.length] * 3];
      return sum + Math.hypot(p[a] - p[b], p[a + 1] - p[b + 1], p[a + 2] - p[b + 2]);
    }, 0);
  const onRim = new Uint8Array(p.length / 3);
  for (const rim of rims) for (const vertex of rim) onRim[vertex] = 1;
  const known = new Set<number>();
  const key = (a: number, b: number) => Math.min(a, b) * (p.length / 3) + Math.max(a, b);
  if (rims.length > 0) {
    for (let h = 0; h < triangles.length; h++) {
      const [a, b] = [triangles[h], triangles[nextCorner(h)]];
      if (onRim[a] && onRim[b]) known.add(key(a, b));
    }
  }
  for (const rim of rims) {
    const length = lengthOf(rim);
    const made = length <= upToMm && rim.length <= mostCorners && may(rim) ? rimTriangles(p, rim, (a, b) => known.has(key(a, b))) : null;
    if (!made) {
      leftMm.push(length);
      continue;
    }
    filledMm.push(length);
    for (let at = 0; at < made.length; at++) {
      added.push(made[at]);
      const next = at % 3 === 2 ? at - 2 : at + 1;
      known.add(key(made[at], made[next]));
    }
  }
  if (added.length === 0) return { mesh, filledMm, leftMm };
  const more = new Uint32Array(triangles.length + added.length);
  more.set(triangles);
  more.set(added, triangles.length);
  return { mesh: { positions: p, triangles: more }, filledMm, leftMm };
}

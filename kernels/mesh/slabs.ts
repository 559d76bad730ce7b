import type { Mesh } from './mesh.ts';

/** Whether vertices whose numbers are near each other lie near each other: few triangles reach over more than a quarter of a piece. */
export function liesInSlabs({ positions, triangles }: Mesh, pieces: number): boolean {
  const reach = positions.length / 3 / pieces / 4;
  let far = 0;
  for (let at = 0; at < triangles.length; at += 3) {
    const a = triangles[at];
    const b = triangles[at + 1];
    const c = triangles[at + 2];
    if (Math.max(a, b, c) - Math.min(a, b, c) > reach) far++;
  }
  return far * 100 <= triangles.length / 3;
}

const slabs = 4096;

/** The same mesh with its vertices numbered along its longest axis, and its triangles by their first vertex. O(vertices + triangles). */
export function inSlabs({ positions, triangles }: Mesh): Mesh {
  const vertices = positions.length / 3;
  let axis = 0;
  let low = 0;
  let widest = -1;
  for (let n = 0; n < 3; n++) {
    let least = Infinity;
    let most = -Infinity;
    for (let at = n; at < positions.length; at += 3) {
      if (positions[at] < least) least = positions[at];
      if (positions[at] > most) most = positions[at];
    }
    if (most - least <= widest) continue;
    widest = most - least;
    low = least;
    axis = n;
  }
  const scale = widest > 0 ? (slabs - 1) / widest : 0;
  const slabOf = (vertex: number) => Math.floor((positions[vertex * 3 + axis] - low) * scale);
  const numberOf = places(vertices, slabs, slabOf);
  const moved = new (positions instanceof Float32Array ? Float32Array : Float64Array)(positions.length);
  for (let vertex = 0; vertex < vertices; vertex++) {
    for (let n = 0; n < 3; n++) moved[numberOf[vertex] * 3 + n] = positions[vertex * 3 + n];
  }
  const placeOf = places(triangles.length / 3, slabs, (t) => slabOf(triangles[t * 3]));
  const renumbered = new Uint32Array(triangles.length);
  for (let t = 0; t < placeOf.length; t++) {
    for (let n = 0; n < 3; n++) renumbered[placeOf[t] * 3 + n] = numberOf[triangles[t * 3 + n]];
  }
  return { positions: moved, triangles: renumbered };
}

/** Where each of `count` things comes when sorted by key, those with equal keys as they stood. */
function places(count: number, keys: number, keyOf: (n: number) => number): Uint32Array {
  const next = new Uint32Array(keys + 1);
  for (let n = 0; n < count; n++) next[keyOf(n) + 1]++;
  for (let key = 0; key < keys; key++) next[key + 1] += next[key];
  return Uint32Array.from({ length: count }, (_, n) => next[keyOf(n)]++);
}

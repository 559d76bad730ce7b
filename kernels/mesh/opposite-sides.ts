import type { Mesh } from './mesh.ts';

/** Points of two surfaces that face each other lie within this many units of the grid, across and along the normal. */
const across = 0.9;
/** Of the distance at the start, two sides that face each other keep at least this part. */
const kept = 0.15;

interface Sides {
  start: Mesh['positions'];
  normals: Float32Array;
  /** Displacement along the normal; changed where two sides would meet. */
  offsets: Float32Array;
  /** Which vertices to look at. */
  look: (vertex: number) => boolean;
  unitMm: number;
  reachMm: number;
}

/**
 * Keeps the two sides of a thin wall, or of a narrow gap, apart: where a vertex and one that faces it would come closer than a part of
 * their distance at the start, both go less far, in proportion. Changes `offsets`; returns for each vertex the distance of the nearest
 * side that faces it after that, infinite where none does within reach (or it was not looked at).
 *
 * Vertices stand in for the triangles between them: those of a mask's surface lie at most a voxel apart. O(vertices looked at x those
 * within reach), 12 bytes a vertex.
 */
export function keepSidesApart({ start, normals, offsets, look, unitMm, reachMm }: Sides): Float32Array {
  const vertices = offsets.length;
  const cellMm = 1.5 * unitMm;
  const half = 0.7 * unitMm;
  const farthest2 = (across * unitMm) ** 2;
  const buckets = 2 ** Math.ceil(Math.log2(Math.max(8, vertices)));
  const bucketOf = (i: number, j: number, k: number) =>
    (Math.imul(i, 0x9e3779b1) ^ Math.imul(j, 0x85ebca6b) ^ Math.imul(k, 0xc2b2ae35)) & (buckets - 1);
  const cell = (at: number) => Math.floor(start[at] / cellMm);
  const from = new Uint32Array(buckets + 1);
  const home = new Uint32Array(vertices);
  for (let vertex = 0; vertex < vertices; vertex++) {
    home[vertex] = bucketOf(cell(vertex * 3), cell(vertex * 3 + 1), cell(vertex * 3 + 2));
    from[home[vertex] + 1]++;
  }
  for (let n = 0; n < buckets; n++) from[n + 1] += from[n];
  const next = from.slice(0, buckets);
  const members = new Uint32Array(vertices);
  for (let vertex = 0; vertex < vertices; vertex++) members[next[home[vertex]]++] = vertex;

  const distance = new Float32Array(vertices).fill(Number.POSITIVE_INFINITY);
  const share = new Float32Array(vertices).fill(1);
  const offset = (vertex: number) => (Number.isNaN(offsets[vertex]) ? 0 : offsets[vertex]);
  const pairs: number[] = [];
  for (let a = 0; a < vertices; a++) {
    if (!look(a)) continue;
    const at = a * 3;
    const nx = normals[at];
    const ny = normals[at + 1];
    const nz = normals[at + 2];
    // Only the side it goes to: what comes from the other side looks for itself.
    const own = offset(a);
    const reach = Math.min(reachMm, Math.abs(own)) + unitMm;
    const way = own < 0 ? -reach : reach;
    const i0 = Math.floor((start[at] + Math.min(0, way * nx) - half) / cellMm);
    const i1 = Math.floor((start[at] + Math.max(0, way * nx) + half) / cellMm);
    const j0 = Math.floor((start[at + 1] + Math.min(0, way * ny) - half) / cellMm);
    const j1 = Math.floor((start[at + 1] + Math.max(0, way * ny) + half) / cellMm);
    const k0 = Math.floor((start[at + 2] + Math.min(0, way * nz) - half) / cellMm);
    const k1 = Math.floor((start[at + 2] + Math.max(0, way * nz) + half) / cellMm);
    for (let k = k0; k <= k1; k++) {
      for (let j = j0; j <= j1; j++) {
        for (let i = i0; i <= i1; i++) {
          const bucket = bucketOf(i, j, k);
          for (let n = from[bucket]; n < from[bucket + 1]; n++) {
            const b = members[n];
            const to = b * 3;
            const facing = nx * normals[to] + ny * normals[to + 1] + nz * normals[to + 2];
            if (facing > -0.3) continue;
            const x = start[to] - start[at];
            const y = start[to + 1] - start[at + 1];
            const z = start[to + 2] - start[at + 2];
            const along = x * nx + y * ny + z * nz;
            if (Math.abs(along) > reach || x * x + y * y + z * z - along * along > farthest2) continue;
            pairs.push(a, b);
            const moved = along + offset(b) * facing - own;
            // How far the two come nearer, of what they may.
            const nearer = along > 0 ? along - moved : moved - along;
            const allowed = (1 - kept) * Math.abs(along);
            if (nearer <= allowed) continue;
            share[a] = Math.min(share[a], allowed / nearer);
            share[b] = Math.min(share[b], allowed / nearer);
          }
        }
      }
    }
  }
  for (let vertex = 0; vertex < vertices; vertex++) if (share[vertex] < 1) offsets[vertex] *= share[vertex];
  for (let n = 0; n < pairs.length; n += 2) {
    const [a, b] = [pairs[n], pairs[n + 1]];
    let along = 0;
    let facing = 0;
    for (let axis = 0; axis < 3; axis++) {
      along += (start[b * 3 + axis] - start[a * 3 + axis]) * normals[a * 3 + axis];
      facing += normals[b * 3 + axis] * normals[a * 3 + axis];
    }
    const apart = Math.abs(along + offset(b) * facing - offset(a));
    distance[a] = Math.min(distance[a], apart);
    distance[b] = Math.min(distance[b], apart);
  }
  return distance;
}

import { sharedArray } from '../parts.ts';
import type { Mesh } from './mesh.ts';

/** Neighbours of vertex v are `list[from[v]]` to `list[from[v + 1] - 1]`, each once on a closed oriented surface. */
export interface Neighbours {
  from: Uint32Array;
  list: Uint32Array;
}

/** Each edge of a closed oriented surface runs once each way, so the ends of a vertex's outgoing half-edges are its neighbours. */
export function neighboursOf(vertices: number, triangles: Uint32Array): Neighbours {
  const from = sharedArray(Uint32Array, vertices + 1);
  for (let at = 0; at < triangles.length; at++) from[triangles[at] + 1]++;
  for (let vertex = 0; vertex < vertices; vertex++) from[vertex + 1] += from[vertex];
  const next = from.slice(0, vertices);
  const list = sharedArray(Uint32Array, triangles.length);
  for (let at = 0; at < triangles.length; at += 3) {
    const a = triangles[at];
    const b = triangles[at + 1];
    const c = triangles[at + 2];
    list[next[a]++] = b;
    list[next[b]++] = c;
    list[next[c]++] = a;
  }
  return { from, list };
}

/** Area-weighted normals of the vertices, not of unit length: the sums of their triangles' cross products. */
export function areaNormals(mesh: Mesh): Float32Array {
  const { positions: p, triangles } = mesh;
  const normals = sharedArray(Float32Array, p.length);
  for (let at = 0; at < triangles.length; at += 3) {
    const a = triangles[at] * 3;
    const b = triangles[at + 1] * 3;
    const c = triangles[at + 2] * 3;
    const ux = p[b] - p[a];
    const uy = p[b + 1] - p[a + 1];
    const uz = p[b + 2] - p[a + 2];
    const vx = p[c] - p[a];
    const vy = p[c + 1] - p[a + 1];
    const vz = p[c + 2] - p[a + 2];
    const nx = uy * vz - uz * vy;
    const ny = uz * vx - ux * vz;
    const nz = ux * vy - uy * vx;
    normals[a] += nx;
    normals[a + 1] += ny;
    normals[a + 2] += nz;
    normals[b] += nx;
    normals[b + 1] += ny;
    normals[b + 2] += nz;
    normals[c] += nx;
    normals[c + 1] += ny;
    normals[c + 2] += nz;
  }
  return normals;
}

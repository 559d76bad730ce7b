import { sharedArray } from '../parts.ts';
import type { Mesh } from './mesh.ts';

/**
 * Unit normals of the vertices: their triangles' normals weighed by the angle at the vertex, so that how a flat side is cut into triangles
 * does not matter, and so that they tell inside from outside (Baerentzen and Aanaes 2005). Zero where a vertex has no triangle with area.
 * `mesh` in LPS mm. Three float32 a vertex, in shared memory. O(triangles).
 */
export function angleNormals(mesh: Mesh): Float32Array {
  const { positions: p, triangles } = mesh;
  const sums = new Float64Array(p.length);
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
    const twice = Math.sqrt(nx * nx + ny * ny + nz * nz);
    if (!(twice > 0)) continue;
    const uu = ux * ux + uy * uy + uz * uz;
    const uv = ux * vx + uy * vy + uz * vz;
    // Twice the area is the cross product of the sides at every corner; the dot products follow from three numbers.
    const atA = Math.atan2(twice, uv) / twice;
    const atB = Math.atan2(twice, uu - uv) / twice;
    const atC = Math.PI / twice - atA - atB;
    sums[a] += nx * atA;
    sums[a + 1] += ny * atA;
    sums[a + 2] += nz * atA;
    sums[b] += nx * atB;
    sums[b + 1] += ny * atB;
    sums[b + 2] += nz * atB;
    sums[c] += nx * atC;
    sums[c + 1] += ny * atC;
    sums[c + 2] += nz * atC;
  }
  const normals = sharedArray(Float32Array, p.length);
  for (let at = 0; at < sums.length; at += 3) {
    const length = Math.sqrt(sums[at] ** 2 + sums[at + 1] ** 2 + sums[at + 2] ** 2);
    // What is left of triangles that cancel each other is rounding, not a direction.
    if (!(length > 1e-9)) continue;
    normals[at] = sums[at] / length;
    normals[at + 1] = sums[at + 1] / length;
    normals[at + 2] = sums[at + 2] / length;
  }
  return normals;
}

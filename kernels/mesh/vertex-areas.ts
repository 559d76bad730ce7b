import type { Mesh } from './mesh.ts';

/** The surface that belongs to each vertex: a third of its triangles. mm². O(triangles). */
export function vertexAreas({ positions: p, triangles }: Mesh): Float64Array {
  const areas = new Float64Array(p.length / 3);
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
    const third = Math.sqrt(nx * nx + ny * ny + nz * nz) / 6;
    areas[triangles[at]] += third;
    areas[triangles[at + 1]] += third;
    areas[triangles[at + 2]] += third;
  }
  return areas;
}

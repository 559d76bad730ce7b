import type { Mesh } from '../../../kernels/mesh/mesh.ts';

/** The vertices that mending moved, and how far at most: smoothing's bound does not speak for them. Two meshes of the same vertices. */
export function pulledBack(before: Mesh, after: Mesh): { vertices: number[]; largestMm: number } {
  const p = before.positions;
  const q = after.positions;
  const vertices: number[] = [];
  let largestMm = 0;
  for (let at = 0; at < p.length; at += 3) {
    const mm = Math.hypot(...[0, 1, 2].map((axis) => (p[at + axis] ?? 0) - (q[at + axis] ?? 0)));
    if (mm === 0) continue;
    vertices.push(at / 3);
    largestMm = Math.max(largestMm, mm);
  }
  return { vertices, largestMm };
}

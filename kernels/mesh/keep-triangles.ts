import { sharedArray } from '../parts.ts';
import type { Mesh } from './mesh.ts';

/**
 * The triangles that are wanted, in their order, with the vertices that they use, in theirs, bit for bit, on shared memory. The same mesh
 * where all are. `was` holds the former number of each vertex. Cost: O(triangles).
 */
export function keepTriangles(mesh: Mesh, wanted: (triangle: number) => boolean): { mesh: Mesh; was: Uint32Array } {
  const count = mesh.triangles.length / 3;
  const vertices = mesh.positions.length / 3;
  const used = new Uint8Array(vertices);
  const keep = new Uint8Array(count);
  let kept = 0;
  for (let triangle = 0; triangle < count; triangle++) {
    if (!wanted(triangle)) continue;
    keep[triangle] = 1;
    kept++;
    for (let at = triangle * 3; at < triangle * 3 + 3; at++) used[mesh.triangles[at]] = 1;
  }
  let usedCount = 0;
  for (let vertex = 0; vertex < vertices; vertex++) usedCount += used[vertex];
  const was = new Uint32Array(usedCount);
  const number = new Uint32Array(vertices);
  for (let vertex = 0, n = 0; vertex < vertices; vertex++) {
    if (!used[vertex]) continue;
    was[n] = vertex;
    number[vertex] = n++;
  }
  if (kept === count && usedCount === vertices) return { mesh, was };
  const positions = sharedArray<Float32Array | Float64Array>(
    mesh.positions instanceof Float32Array ? Float32Array : Float64Array,
    usedCount * 3,
  );
  for (let n = 0; n < usedCount; n++) for (let axis = 0; axis < 3; axis++) positions[n * 3 + axis] = mesh.positions[was[n] * 3 + axis];
  const triangles = sharedArray(Uint32Array, kept * 3);
  for (let triangle = 0, at = 0; triangle < count; triangle++) {
    if (!keep[triangle]) continue;
    for (let corner = triangle * 3; corner < triangle * 3 + 3; corner++) triangles[at++] = number[mesh.triangles[corner]];
  }
  return { mesh: { positions, triangles }, was };
}

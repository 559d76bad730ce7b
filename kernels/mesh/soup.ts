import type { Mesh } from './mesh.ts';

/** The corners of a mesh as loose triangles: nine float32 each. Throws RangeError where a triangle names a vertex that is not there. */
export function soupOf({ positions, triangles }: Mesh): Float32Array {
  const vertices = positions.length / 3;
  const soup = new Float32Array(triangles.length * 3);
  for (let corner = 0; corner < triangles.length; corner++) {
    const vertex = triangles[corner];
    if (vertex >= vertices) throw new RangeError(`vertex ${vertex} of ${vertices} is named`);
    for (let axis = 0; axis < 3; axis++) soup[corner * 3 + axis] = positions[vertex * 3 + axis];
  }
  return soup;
}

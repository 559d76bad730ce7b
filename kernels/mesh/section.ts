import type { Mesh } from './mesh.ts';

/**
 * The outline of a mesh on a plane, for drawing it over an image: one segment (x0, y0, z0, x1, y1, z1) for every triangle that crosses.
 *
 * A vertex on the plane counts as above it, so a closed mesh gives closed outlines without doubled segments; where neighbouring triangles
 * meet, their segments end in bit-equal points. `originLps` a point of the plane in mm; `normal` of any length; result in LPS mm.
 * Throws RangeError on a normal without direction. Cost: O(triangles), no memory but a byte and eight a vertex and the result.
 */
export function sectionMesh(mesh: Mesh, originLps: ArrayLike<number>, normal: ArrayLike<number>): Float32Array {
  const { positions: p, triangles } = mesh;
  const [nx, ny, nz] = [normal[0], normal[1], normal[2]];
  const length = Math.hypot(nx, ny, nz);
  if (!(length > 0 && Number.isFinite(length))) throw new RangeError('the plane has no normal');
  const height = new Float64Array(p.length / 3);
  for (let vertex = 0, at = 0; vertex < height.length; vertex++, at += 3) {
    height[vertex] = ((p[at] - originLps[0]) * nx + (p[at + 1] - originLps[1]) * ny + (p[at + 2] - originLps[2]) * nz) / length;
  }
  const above = (vertex: number) => height[vertex] >= 0;
  let segments = 0;
  for (let at = 0; at < triangles.length; at += 3) {
    const first = above(triangles[at]);
    if (first !== above(triangles[at + 1]) || first !== above(triangles[at + 2])) segments++;
  }
  const lines = new Float32Array(segments * 6);
  let out = 0;
  const crossing = (a: number, b: number) => {
    // Both triangles of an edge reckon from its lower vertex, so that they get the same point to the last bit.
    const [from, to] = a < b ? [a, b] : [b, a];
    const part = height[from] / (height[from] - height[to]);
    for (let axis = 0; axis < 3; axis++) lines[out++] = p[from * 3 + axis] + part * (p[to * 3 + axis] - p[from * 3 + axis]);
  };
  for (let at = 0; at < triangles.length; at += 3) {
    for (let n = 0; n < 3; n++) {
      const a = triangles[at + n];
      const b = triangles[at + ((n + 1) % 3)];
      if (above(a) !== above(b)) crossing(a, b);
    }
  }
  return lines;
}

import type { Mesh } from '../../kernels/mesh/mesh.ts';
import type { Triple } from '../../kernels/volume/geometry.ts';
import { vertexOpenness } from './openness.ts';
import type { Bounds } from './planes.ts';
import { creaseNormals, type ShadedMesh } from './shade.ts';

/** What the worker hands over: the welded mesh for sections, and the same triangles ready to be drawn. */
export interface PreparedMesh {
  mesh: Mesh;
  shaded: ShadedMesh;
  bounds: Bounds;
}

/** Edges sharper than this stay edges; bone turns more softly, cut faces do not. Degrees. */
const creaseDegrees = 50;

/** Everything that drawing needs, from welded triangles. O(triangles); seconds for millions, so it runs in a worker. */
export function prepareMesh(mesh: Mesh): PreparedMesh {
  const { positions, triangles } = mesh;
  const open = vertexOpenness(positions, triangles);
  const corners = new Float32Array(triangles.length * 3);
  const openness = new Float32Array(triangles.length);
  const min: Triple = [Infinity, Infinity, Infinity];
  const max: Triple = [-Infinity, -Infinity, -Infinity];
  for (let corner = 0; corner < triangles.length; corner++) {
    const vertex = triangles[corner] as number;
    openness[corner] = open[vertex] as number;
    for (let axis = 0; axis < 3; axis++) {
      const value = positions[3 * vertex + axis] as number;
      corners[3 * corner + axis] = value;
      if (value < (min[axis] as number)) min[axis] = value;
      if (value > (max[axis] as number)) max[axis] = value;
    }
  }
  return {
    mesh,
    shaded: { positions: corners, normals: creaseNormals(positions, triangles, creaseDegrees), openness },
    bounds: { min, max },
  };
}

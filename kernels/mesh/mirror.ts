import type { Triple } from '../volume/geometry.ts';
import type { Mesh } from './mesh.ts';

/** A plane through a point across a direction; the direction need not be of length 1. LPS mm. */
export interface Plane {
  pointLps: Triple;
  normal: Triple;
}

/** The direction of a plane with length 1. Throws RangeError where it has none, or the plane is nowhere. */
export function unitNormal({ pointLps, normal }: Plane): Triple {
  const length = Math.hypot(...normal);
  if (!(length > 0 && Number.isFinite(length) && pointLps.every(Number.isFinite)))
    throw new RangeError('no plane: no direction, or no place');
  return normal.map((value) => value / length) as Triple;
}

/** Directions without a place are mirrored by the same turn: `offsetMm` 0. */
export function mirrorPoints<T extends Float64Array | Float32Array>(points: T, normal: Triple, offsetMm: number): T {
  const mirrored = points.slice() as T;
  const [nx, ny, nz] = normal;
  for (let at = 0; at < points.length; at += 3) {
    const twice = 2 * (nx * points[at] + ny * points[at + 1] + nz * points[at + 2] - offsetMm);
    mirrored[at] = points[at] - twice * nx;
    mirrored[at + 1] = points[at + 1] - twice * ny;
    mirrored[at + 2] = points[at + 2] - twice * nz;
  }
  return mirrored;
}

/**
 * The mirror image of a mesh, its triangles turned round so that it faces outward as before: closed, manifold and of the same volume where
 * the mesh is. Keeps the numbering of vertices and triangles and the kind of array. LPS mm. Throws RangeError on a plane without direction.
 * O(vertices + triangles).
 */
export function mirrorMesh({ positions, triangles }: Mesh, plane: Plane): Mesh {
  const normal = unitNormal(plane);
  const offsetMm = normal[0] * plane.pointLps[0] + normal[1] * plane.pointLps[1] + normal[2] * plane.pointLps[2];
  const turned = triangles.slice();
  for (let at = 0; at < turned.length; at += 3) {
    turned[at + 1] = triangles[at + 2];
    turned[at + 2] = triangles[at + 1];
  }
  return { positions: mirrorPoints(positions, normal, offsetMm), triangles: turned };
}

import type { Mesh, Tick } from './mesh.ts';
import type { Plane } from './mirror.ts';
import { planeHalves } from './plane-halves.ts';

/** What of a cut is wanted: what lies behind all planes, what each plane cuts off, or both. */
export type CutKeep = 'inside' | 'outside' | 'both';

/**
 * Cuts a closed mesh by one plane, or by several that bound a convex region (a box of planes): normals point out of what is `inside`. Each
 * piece is closed by caps. Pieces come in a fixed order, empty ones included: the inside first where it is wanted, then for each plane, in
 * turn, what it cuts off from what the planes before it have left; they meet in their caps, and their volumes add up to the whole.
 *
 * LPS mm; the mesh closed, manifold and facing outward where planes pass (a RangeError says where it is open); keeps the kind of array.
 * A plane that misses cuts off nothing; one that lies in a face cuts off nothing or all, by the side on which the material is.
 * O(planes * (vertices + triangles)), and the caps.
 */
export function cutMesh(mesh: Mesh, planes: readonly Plane[], keep: CutKeep, tick?: Tick): Mesh[] {
  const outside: Mesh[] = [];
  let inside = mesh;
  planes.forEach((plane, n) => {
    tick?.(n / planes.length);
    const { below, above } = planeHalves(inside, plane);
    outside.push(above);
    inside = below;
  });
  if (keep === 'inside') return [inside];
  return keep === 'outside' ? outside : [inside, ...outside];
}

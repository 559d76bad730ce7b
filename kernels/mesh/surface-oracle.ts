import { indexToLps, signedVoxelVolumeMm3, type Triple, type VolumeGeometry } from '../volume/geometry.ts';
import { cubeCases } from './cube-cases.ts';
import type { Mesh } from './mesh.ts';

/**
 * The surface of a mask of bytes the slow and obvious way: every cell of the padded grid in turn, vertices found again by the grid edge
 * they lie on. For tests: the oracle of `extractSurface`, and surfaces of small shapes without waiting.
 * Triangles have the meaning and the orientation of `extractSurface`, vertices come in another order and in double precision.
 */
export function surfaceOfBytes(mask: Uint8Array, dimensions: Triple, geometry: VolumeGeometry): Mesh {
  const [nx, ny, nz] = dimensions;
  if (mask.length !== nx * ny * nz) throw new RangeError(`mask of ${mask.length} voxels for a grid of ${dimensions}`);
  const inside = (i: number, j: number, k: number) =>
    i >= 0 && j >= 0 && k >= 0 && i < nx && j < ny && k < nz && mask[(k * ny + j) * nx + i] !== 0 ? 1 : 0;
  const points: Triple[] = [];
  const triangles: number[] = [];
  const known = new Map<string, number>();
  const vertexAt = (point: Triple): number => {
    const found = known.get(String(point));
    if (found !== undefined) return found;
    known.set(String(point), points.length);
    return points.push(point) - 1;
  };
  for (let k = -1; k < nz; k++) {
    for (let j = -1; j < ny; j++) {
      for (let i = -1; i < nx; i++) {
        let corners = 0;
        for (let c = 0; c < 8; c++) corners |= inside(i + (c & 1), j + ((c >> 1) & 1), k + (c >> 2)) << c;
        const local: number[] = [];
        for (const edge of cubeCases[corners].edges) {
          const [low, high] = [edge & 1, (edge >> 1) & 1];
          const middle = edge >> 2 === 0 ? [0.5, low, high] : edge >> 2 === 1 ? [low, 0.5, high] : [low, high, 0.5];
          local[edge] = vertexAt([i + middle[0], j + middle[1], k + middle[2]]);
        }
        for (const [n, loop] of cubeCases[corners].centroids.entries()) {
          const mean = (axis: number) => loop.reduce((sum, edge) => sum + points[local[edge]][axis], 0) / loop.length;
          local[12 + n] = points.push([mean(0), mean(1), mean(2)]) - 1;
        }
        for (const corner of cubeCases[corners].triangles) triangles.push(local[corner]);
      }
    }
  }
  if (signedVoxelVolumeMm3(geometry) < 0)
    for (let at = 0; at < triangles.length; at += 3) [triangles[at + 1], triangles[at + 2]] = [triangles[at + 2], triangles[at + 1]];
  const positions = Float64Array.from(points.flatMap(([i, j, k]) => indexToLps(geometry, i, j, k)));
  return { positions, triangles: Uint32Array.from(triangles) };
}

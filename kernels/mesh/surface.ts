import type { BitGrid } from '../labels/bits.ts';
import { type RunParts, sharedArray, stretches } from '../parts.ts';
import { indexToLps, signedVoxelVolumeMm3, type VolumeGeometry } from '../volume/geometry.ts';
import type { Mesh, Tick } from './mesh.ts';
import { countSurface, perRow, sumRows } from './surface-rows.ts';
import { writeSurface } from './surface-write.ts';

/** Enough for threads to share the work evenly where the bone lies in a few layers. */
const pieces = 16;

/** The bits where threads can read them. */
function onSharedMemory(bits: BitGrid): BitGrid {
  if (typeof SharedArrayBuffer === 'undefined' || bits.words.buffer instanceof SharedArrayBuffer) return bits;
  const words = sharedArray(Uint32Array, bits.words.length);
  words.set(bits.words);
  return { ...bits, words };
}

/** Origin and the steps for i, j and k, LPS mm. */
function frameOf(geometry: VolumeGeometry): number[] {
  const origin = indexToLps(geometry, 0, 0, 0);
  const ends = [indexToLps(geometry, 1, 0, 0), indexToLps(geometry, 0, 1, 0), indexToLps(geometry, 0, 0, 1)];
  return [...origin, ...ends.flatMap((end) => end.map((value, axis) => value - origin[axis]))];
}

/**
 * The surface of a mask by marching cubes: one vertex halfway along every grid edge between an inside and an outside voxel centre.
 *
 * The standard's clause on the 3D model (P-surface) asks for a closed, manifold, outward surface; it is one by construction
 * (cube-cases.ts), also where the mask touches the grid's border, beyond which all is outside. Inside voxels that meet in an edge are
 * one body, so that a slanted wall one voxel thick has no holes; those that meet in a corner only are kept apart. A left-handed grid
 * (negative determinant) has its triangles turned, so that they face outward in LPS.
 *
 * Vertices are counted first, so that each has its number before any is written (surface-rows.ts): threads write straight to their
 * place, nothing is looked up, grown or merged, and the result does not depend on how many there are. Vertices and triangles follow the
 * rows of the grid.
 *
 * An empty mask gives an empty mesh. Result: float32 LPS mm on shared memory.
 * Throws RangeError where the bits do not lie on the geometry's grid, or that has no volume or a corner that is not finite.
 * Cost: reads the bits twice; about 15 ns a triangle on one thread; memory is the result (12 bytes a vertex, 12 a triangle) and 20
 * bytes a row of the grid.
 */
export async function extractSurface(bits: BitGrid, geometry: VolumeGeometry, run: RunParts, tick?: Tick): Promise<Mesh> {
  const { dimensions } = bits;
  if (dimensions.some((side, axis) => side !== geometry.dimensions[axis]))
    throw new RangeError(`a mask of ${dimensions} on a grid of ${geometry.dimensions}`);
  const handedness = signedVoxelVolumeMm3(geometry);
  if (!(Math.abs(handedness) > 0 && Number.isFinite(handedness))) throw new RangeError('the grid has no volume');

  tick?.(0);
  const input = { bits: onSharedMemory(bits), rows: sharedArray(Uint32Array, (dimensions[1] + 1) * (dimensions[2] + 1) * perRow) };
  const layers = stretches(dimensions[2] + 1, pieces);
  await run(
    countSurface,
    layers.map(([from, to]) => ({ ...input, from, to })),
  );
  tick?.(0.4);
  const counted = sumRows(input.rows);
  const positions = sharedArray(Float32Array, counted.vertices * 3);
  const triangles = sharedArray(Uint32Array, counted.triangles * 3);
  const output = { frame: frameOf(geometry), turned: handedness < 0, positions, triangles };
  await run(
    writeSurface,
    layers.map(([from, to]) => ({ ...input, ...output, from, to })),
  );
  tick?.(1);
  return { positions, triangles };
}

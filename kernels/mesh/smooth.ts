import { type RunParts, sharedArray, stretches } from '../parts.ts';
import type { Triple, VolumeGeometry } from '../volume/geometry.ts';
import type { Mesh, Tick } from './mesh.ts';
import { findNeighbours } from './neighbours.ts';
import { float32OnSharedMemory, onSharedMemory } from './on-shared-memory.ts';
import { retreatByParts } from './retreat.ts';
import { axesFrame, type BoundsInput, confine, enterField, type Moved, measureMoves } from './smooth-bounds.ts';
import { smoothField } from './smooth-field.ts';
import { blockFactors, blockIterations, pairFactor } from './smooth-filter.ts';
import { factorPass, type PassInput, roughnessPass } from './smooth-passes.ts';
import { type AreaInput, addRuns, areaVectors, runSums, type VolumeInput, volumesOfRuns } from './volume-kept.ts';

export interface SmoothOptions {
  /** Passes over the neighbours of every vertex; one is rounded up to two. 0 moves nothing. */
  iterations: number;
  /** No vertex that only the mask placed ends further than this from where it started; null: half the voxel's diagonal. */
  maskToleranceMm: number | null;
  /** Half the width along i, j and k of the box that such a vertex stays in, in voxels; below 0.5. */
  boxVoxels?: number;
  /** For each vertex how far it may go, mm: instead of box and mask's tolerance wherever it is finite. */
  toleranceMm?: Float32Array | null;
}

export interface MovedMm {
  mean: number;
  max: number;
}

export interface SmoothResult {
  mesh: Mesh & { positions: Float32Array };
  iterations: number;
  maskToleranceMm: number;
  /** How far vertices went that the mask held, and those with a tolerance of their own; null where there are none. */
  maskMovedMm: MovedMm | null;
  ownMovedMm: MovedMm | null;
  /** Vertices that were put back to their start, since in float32 they would have met another or made a triangle without area. */
  returned: number;
}

/** Just under half a voxel: see `smoothMesh`. */
export const largestBoxVoxels = 0.49;
/** More than threads, so that one that is held up leaves its share to the others; few, since each is a message. */
const pieces = 6;

/** The middle of the box around the points. */
function middleOf(positions: Float32Array): Triple {
  const low: Triple = [Infinity, Infinity, Infinity];
  const high: Triple = [-Infinity, -Infinity, -Infinity];
  for (let at = 0; at < positions.length; at += 3) {
    for (let axis = 0; axis < 3; axis++) {
      const value = positions[at + axis];
      if (value < low[axis]) low[axis] = value;
      if (value > high[axis]) high[axis] = value;
    }
  }
  return positions.length === 0 ? [0, 0, 0] : (low.map((value, axis) => (value + high[axis]) / 2) as Triple);
}

function checked(mesh: Mesh, geometry: VolumeGeometry, options: SmoothOptions) {
  const { iterations, boxVoxels = largestBoxVoxels, toleranceMm = null } = options;
  const maskToleranceMm = options.maskToleranceMm ?? Math.hypot(...geometry.spacingMm) / 2;
  if (!Number.isInteger(iterations) || iterations < 0) throw new RangeError(`not a number of iterations: ${iterations}`);
  if (!(boxVoxels > 0 && boxVoxels < 0.5)) throw new RangeError(`the box must be over 0 and under 0.5 voxel, not ${boxVoxels}`);
  if (!(maskToleranceMm > 0)) throw new RangeError(`the tolerance must be over 0 mm, not ${maskToleranceMm}`);
  if (toleranceMm && toleranceMm.length * 3 !== mesh.positions.length)
    throw new RangeError(`${toleranceMm.length} tolerances for ${mesh.positions.length / 3} vertices`);
  if (toleranceMm?.some((own) => own < 0)) throw new RangeError('a tolerance is below 0 mm');
  return { iterations: Math.ceil(iterations / 2) * 2, boxVoxels, toleranceMm, maskToleranceMm };
}

/** The factors of each block, after which vertices are put back within their bounds: whole blocks, then pairs of passes. */
function blocksOf(iterations: number): (readonly (readonly [number, number])[])[] {
  const blocks = Math.floor(iterations / blockIterations);
  const pairs = (iterations - blocks * blockIterations) / 2;
  return [...Array.from({ length: blocks }, () => blockFactors), ...Array.from({ length: pairs }, () => [pairFactor])];
}

/** Scale that the volume may be off by; smoothing is asked for 0.00005. */
const scaleDrift = 0.00002;

/**
 * Where smoothing changed the volume, takes all vertices outward or inward by the same little, so that it is as before. At edges and rims
 * smoothing takes more off than it puts on, and so does every bound that stops one side only. What is stopped by bounds is tried again,
 * a few times.
 */
async function keepVolume(
  { before, after, triangles, ends, areas }: Omit<VolumeInput & AreaInput, 'positions' | 'sums' | 'from' | 'to'>,
  run: RunParts,
  goOutward: (mm: number) => Promise<void>,
): Promise<void> {
  for (let tries = 0; tries < 4; tries++) {
    const sums = runSums(triangles.length / 3);
    const parts = stretches(sums.length / 2, pieces);
    await run(
      volumesOfRuns,
      parts.map(([from, to]) => ({ before, after, triangles, sums, from, to })),
    );
    const [was, is] = addRuns(sums);
    if (!(Math.abs(is - was) > 3 * scaleDrift * Math.abs(was))) return;
    const lengths = runSums(areas.length / 4);
    await run(
      areaVectors,
      stretches(lengths.length / 2, pieces).map(([from, to]) => ({ positions: after, triangles, ends, areas, sums: lengths, from, to })),
    );
    // Six times the volume grows by the area vectors' lengths, summed over corners.
    await goOutward((was - is) / addRuns(lengths)[0]);
  }
}

/**
 * Smoothing that neither shrinks nor loses thin bone (P-finish): a low pass over the surface (smooth-filter.ts) that leaves alone what
 * is long against a voxel, with every vertex confined to where it may go.
 *
 * An iteration is one pass in which every vertex looks at all its neighbours once, as in other programs' windowed sinc or lambda | mu
 * smoothing. 20 of them are one application of the filter; fewer are pairs of weaker ones, more are further applications. After each,
 * vertices that went too far are put back. At the end all go outward by the same little where volume would be lost.
 *
 * A vertex that the mask alone placed stays within a ball and a box. The box is measured in voxels of the grid the surface came from. The
 * vertices of the two sides of a wall one voxel thick start half a voxel above and below its middle, so boxes of less than half a voxel
 * keep each side on its own side of the middle: the wall can get thinner but its sides cannot meet, and a vertex cannot wander past a
 * neighbouring wall either. Sides that start less than a voxel apart along every axis (voxels that touch in an edge only) are not held
 * apart by the box. A vertex with a tolerance of its own stays within that ball, no more and no less: who gives it has looked at what
 * lies near.
 *
 * Connectivity is untouched: no part is lost, no hole opens. In float32, as STL stores it, no two vertices coincide and no triangle is
 * without area unless that was so before; vertices that would are put back to their start.
 *
 * `mesh` is closed, LPS mm, from a mask on `geometry`; positions count as float32. Returns a new mesh with the same triangles, on shared
 * memory. The same to the last bit whatever the number of threads, and with or without vector instructions.
 * Throws RangeError on a negative or fractional number of iterations, a box outside (0, 0.5), a tolerance that is not positive (its own: below 0), tolerances that are
 * not one a vertex.
 * Cost: about 8 ns an iteration and vertex on one thread; 85 bytes a vertex while it runs.
 */
export async function smoothMesh(
  mesh: Mesh,
  geometry: VolumeGeometry,
  options: SmoothOptions,
  run: RunParts,
  tick?: Tick,
  simd = true,
): Promise<SmoothResult> {
  const { iterations, boxVoxels, toleranceMm, maskToleranceMm } = checked(mesh, geometry, options);
  tick?.(0);
  const before = float32OnSharedMemory(mesh.positions);
  const triangles = onSharedMemory(mesh.triangles);
  const vertices = before.length / 3;
  const after = sharedArray(Float32Array, before.length);
  const field = smoothField(iterations === 0 ? 0 : vertices, iterations === 0 ? 0 : triangles.length, simd);
  const cut = stretches(vertices, pieces, 4096);
  const own = toleranceMm && onSharedMemory(toleranceMm);
  const frame = axesFrame(geometry, middleOf(before));
  const bounds: BoundsInput[] = cut.map(([from, to]) => ({
    field,
    frame,
    boxMm: geometry.spacingMm.map((mm) => mm * boxVoxels) as Triple,
    before,
    after,
    toleranceMm: own,
    maskToleranceMm,
    outwardMm: 0,
    from,
    to,
  }));
  let moves: Moved[] = [];
  if (iterations === 0) after.set(before);
  else {
    const ends = await findNeighbours(triangles, field.starts, field.list, run);
    await run(enterField, bounds);
    let done = 0;
    for (const block of blocksOf(iterations)) {
      for (const [first, second] of block) {
        tick?.(0.1 + (0.7 * done) / iterations);
        const passes: PassInput[] = cut.map(([from, to]) => ({ field, from, to, first, second }));
        await run(roughnessPass, passes);
        await run(factorPass, passes);
        done += 2;
      }
      moves = await run(confine, bounds);
    }
    await keepVolume({ before, after, triangles, ends, areas: field.rough }, run, async (outwardMm) => {
      moves = await run(
        confine,
        bounds.map((bound) => ({ ...bound, outwardMm })),
      );
    });
  }
  tick?.(0.85);
  const returned = iterations === 0 ? 0 : await retreatByParts({ positions: after, triangles }, before, run);
  tick?.(0.95);
  if (iterations === 0 || returned > 0) moves = await run(measureMoves, bounds);
  const movedMm = (kind: 0 | 1): MovedMm | null => {
    const count = moves.reduce((sum, { vertices }) => sum + vertices[kind], 0);
    if (count === 0) return null;
    const mean = moves.reduce((sum, { sumNm }) => sum + sumNm[kind], 0) / 1e6 / count;
    return { mean, max: moves.reduce((most, { maxMm }) => Math.max(most, maxMm[kind]), 0) };
  };
  tick?.(1);
  return {
    mesh: { positions: after, triangles },
    iterations,
    maskToleranceMm,
    maskMovedMm: movedMm(0),
    ownMovedMm: movedMm(1),
    returned,
  };
}

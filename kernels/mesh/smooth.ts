import { indexToLps, lpsToIndex, type VolumeGeometry } from '../volume/geometry.ts';
import { retreat } from './float32.ts';
import type { Mesh, Tick } from './mesh.ts';

export interface SmoothOptions {
  /** Rounds; each is one shrinking and one swelling pass. 0 returns a copy. */
  iterations: number;
  /** No vertex ends further than this from where it started; null or absent: only the box holds. */
  boundMm?: number | null;
  /** Half the width of each vertex's box along i, j and k, in voxels; below 0.5. */
  boxVoxels?: number;
}

/** Weights of the two passes; the pass band 1/lambda + 1/mu = 0.1 keeps shape and volume and takes the voxel steps (Taubin 1995). */
const lambda = 0.5;
const mu = -1 / (1 / lambda - 0.1);

/** Just under half a voxel: see `smoothMesh`. */
export const largestBoxVoxels = 0.49;

interface Neighbours {
  /** Neighbours of vertex v are `list[from[v]]` to `list[from[v + 1] - 1]`. */
  from: Uint32Array;
  list: Uint32Array;
}

/** Each edge of a closed oriented surface runs once each way, so the ends of a vertex's outgoing half-edges are its neighbours. */
function neighboursOf(vertices: number, triangles: Uint32Array): Neighbours {
  const from = new Uint32Array(vertices + 1);
  for (let at = 0; at < triangles.length; at++) from[triangles[at] + 1]++;
  for (let vertex = 0; vertex < vertices; vertex++) from[vertex + 1] += from[vertex];
  const next = from.slice(0, vertices);
  const list = new Uint32Array(triangles.length);
  for (let at = 0; at < triangles.length; at += 3) {
    list[next[triangles[at]]++] = triangles[at + 1];
    list[next[triangles[at + 1]]++] = triangles[at + 2];
    list[next[triangles[at + 2]]++] = triangles[at];
  }
  return { from, list };
}

/** One pass: every vertex moves by `weight` of the way to its neighbours' mean, then back into its box and ball. */
function pass(here: Float64Array, there: Float64Array, around: Neighbours, weight: number, confine: (at: number) => void): void {
  const { from, list } = around;
  for (let vertex = 0, at = 0; at < here.length; vertex++, at += 3) {
    const count = from[vertex + 1] - from[vertex];
    let x = 0;
    let y = 0;
    let z = 0;
    for (let n = from[vertex]; n < from[vertex + 1]; n++) {
      const other = list[n] * 3;
      x += here[other];
      y += here[other + 1];
      z += here[other + 2];
    }
    const share = count > 0 ? weight / count : 0;
    there[at] = here[at] + share * (x - count * here[at]);
    there[at + 1] = here[at + 1] + share * (y - count * here[at + 1]);
    there[at + 2] = here[at + 2] + share * (z - count * here[at + 2]);
    confine(at);
  }
}

/**
 * Smoothing that neither shrinks nor loses thin bone (P-finish): Taubin's lambda | mu passes with every vertex confined to a box around
 * where it started.
 *
 * The box is measured in voxels of the grid the surface came from. The vertices of the two sides of a wall one voxel thick start half a
 * voxel above and below its middle, so boxes of less than half a voxel keep each side on its own side of the middle: the wall can get
 * thinner but its sides cannot meet, and a vertex cannot wander past a neighbouring wall either. `boundMm` makes it a box cut with a
 * ball. Sides that start less than a voxel apart along every axis (voxels that touch in an edge only) are not held apart by the box.
 *
 * Connectivity is untouched: no part is lost, no hole opens. In float32, as STL stores it, no two vertices coincide and no triangle is
 * without area unless that was so before; vertices that would are put back to their start.
 *
 * `mesh` is closed, LPS mm, from a mask on `geometry`. Returns a new mesh with the same triangles.
 * Throws RangeError on a negative or fractional number of rounds or a box outside (0, 0.5). Cost: O(iterations * triangles), 120 bytes a vertex.
 */
export function smoothMesh(mesh: Mesh, geometry: VolumeGeometry, options: SmoothOptions, tick?: Tick): Mesh {
  const { iterations, boundMm = null, boxVoxels = largestBoxVoxels } = options;
  if (!Number.isInteger(iterations) || iterations < 0) throw new RangeError(`not a number of rounds: ${iterations}`);
  if (!(boxVoxels > 0 && boxVoxels < 0.5)) throw new RangeError(`the box must be over 0 and under 0.5 voxel, not ${boxVoxels}`);
  if (boundMm !== null && !(boundMm > 0)) throw new RangeError(`the bound must be over 0 mm, not ${boundMm}`);
  const positions = Float64Array.from(mesh.positions);
  if (iterations === 0) return { positions, triangles: mesh.triangles };

  const around = neighboursOf(positions.length / 3, mesh.triangles);
  // Taking a mean of neighbours and an affine map may change places, so the passes run in index units, where the box is a plain clamp.
  for (let at = 0; at < positions.length; at += 3)
    positions.set(lpsToIndex(geometry, positions[at], positions[at + 1], positions[at + 2]), at);
  const start = positions.slice();
  const there = new Float64Array(positions.length);
  for (let n = 0; n < iterations; n++) {
    tick?.(n / iterations);
    pass(positions, there, around, lambda, confinement(there, start, boxVoxels, boundMm, geometry));
    pass(there, positions, around, mu, confinement(positions, start, boxVoxels, boundMm, geometry));
  }
  for (let at = 0; at < positions.length; at += 3)
    positions.set(indexToLps(geometry, positions[at], positions[at + 1], positions[at + 2]), at);
  const smoothed = { positions, triangles: mesh.triangles };
  retreat(smoothed, mesh.positions);
  return smoothed;
}

/** Puts the point at `at` back into its box, then along the line to its start into its ball. */
function confinement(p: Float64Array, start: Float64Array, box: number, boundMm: number | null, g: VolumeGeometry): (at: number) => void {
  const [sx, sy, sz] = g.spacingMm;
  const d = g.directionLps;
  return (at) => {
    const i = Math.max(-box, Math.min(box, p[at] - start[at]));
    const j = Math.max(-box, Math.min(box, p[at + 1] - start[at + 1]));
    const k = Math.max(-box, Math.min(box, p[at + 2] - start[at + 2]));
    let keep = 1;
    if (boundMm !== null) {
      const x = i * sx * d[0] + j * sy * d[3] + k * sz * d[6];
      const y = i * sx * d[1] + j * sy * d[4] + k * sz * d[7];
      const z = i * sx * d[2] + j * sy * d[5] + k * sz * d[8];
      const moved = Math.sqrt(x * x + y * y + z * z);
      if (moved > boundMm) keep = boundMm / moved;
    }
    p[at] = start[at] + i * keep;
    p[at + 1] = start[at + 1] + j * keep;
    p[at + 2] = start[at + 2] + k * keep;
  };
}

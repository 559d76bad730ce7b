import { type RunParts, sharedArray } from '../parts.ts';
import { retreat } from './float32.ts';
import { keepTriangles } from './keep-triangles.ts';
import type { Mesh, Tick } from './mesh.ts';
import { selfIntersections } from './self-intersections.ts';

export interface Mended {
  /** The same mesh where nothing crossed. */
  mesh: Mesh;
  /** Pairs that crossed and no longer do. */
  mended: number;
  /** Pairs that still cross: the start crosses there too. */
  left: number;
}

/** A vertex is all the way back after so many steps. */
const steps = 4;
/** Cells along an axis of the grid that finds what lies near; 2^21 bits in all. */
const cells = 128;

/** Marks the triangles whose boxes, now or at the start, come near those of the given ones. O(triangles). */
function near({ positions: p, triangles }: Mesh, start: ArrayLike<number>, those: Uint8Array): Uint8Array {
  const low = [Infinity, Infinity, Infinity];
  const high = [-Infinity, -Infinity, -Infinity];
  for (let at = 0; at < p.length; at++) {
    const axis = at % 3;
    if (!Number.isFinite(p[at])) continue;
    low[axis] = Math.min(low[axis], p[at], start[at]);
    high[axis] = Math.max(high[axis], p[at], start[at]);
  }
  const scale = low.map((value, axis) => (high[axis] > value ? (cells - 0.001) / (high[axis] - value) : 0));
  const cell = (value: number, axis: number) => Math.max(0, Math.min(cells - 1, Math.floor((value - low[axis]) * scale[axis])));
  const marked = new Uint8Array(cells ** 3);
  const range = new Int32Array(6);
  const cover = (triangle: number): void => {
    for (let axis = 0; axis < 3; axis++) {
      let least = Infinity;
      let most = -Infinity;
      for (let at = triangle * 3; at < triangle * 3 + 3; at++) {
        const place = triangles[at] * 3 + axis;
        least = Math.min(least, p[place], start[place]);
        most = Math.max(most, p[place], start[place]);
      }
      range[axis] = cell(least, axis);
      range[axis + 3] = cell(most, axis);
    }
  };
  /** Whether a visit of a cell of the range says true. */
  const some = (visit: (cell: number) => boolean): boolean => {
    for (let k = range[2]; k <= range[5]; k++) {
      for (let j = range[1]; j <= range[4]; j++) {
        for (let i = range[0]; i <= range[3]; i++) if (visit((k * cells + j) * cells + i)) return true;
      }
    }
    return false;
  };
  for (let triangle = 0; triangle < those.length; triangle++) {
    if (!those[triangle]) continue;
    cover(triangle);
    some((at) => {
      marked[at] = 1;
      return false;
    });
  }
  const beside = new Uint8Array(those.length);
  for (let triangle = 0; triangle < those.length; triangle++) {
    cover(triangle);
    if (some((at) => marked[at] === 1)) beside[triangle] = 1;
  }
  return beside;
}

/** Crossings that triangles near the marked ones are in: their numbers in the whole mesh. */
async function crossingsNear(
  mesh: Mesh,
  start: ArrayLike<number>,
  those: Uint8Array,
  run: RunParts,
): Promise<{ pairs: number; triangles: number[] }> {
  const beside = near(mesh, start, those);
  const numbers: number[] = [];
  for (let triangle = 0; triangle < beside.length; triangle++) if (beside[triangle]) numbers.push(triangle);
  const piece = keepTriangles(mesh, (triangle) => beside[triangle] === 1).mesh;
  const found = await selfIntersections(piece, run);
  return { pairs: found.pairs, triangles: Array.from(found.triangles, (triangle) => numbers[triangle]) };
}

/**
 * Takes self-intersections out of a surface that moved away from one without (P-finish): the corners of triangles that cross, and those
 * around them, go back towards where they started, a quarter of the way a round, until nothing crosses or they are all the way back. No
 * other vertex moves; triangles stay as they are. In float32 no vertices coincide and no triangle is without area unless that was so at
 * the start.
 *
 * `mesh` LPS mm; `start` x, y, z of the same vertices. Returns the mesh itself where nothing crosses, a new one on shared memory otherwise.
 * Throws RangeError where the start has another number of vertices.
 * Cost: that of `selfIntersections` once, and a little of it each round.
 */
export async function mendSelfIntersections(mesh: Mesh, start: Float64Array | Float32Array, run: RunParts, tick?: Tick): Promise<Mended> {
  if (start.length !== mesh.positions.length)
    throw new RangeError(`a start of ${start.length / 3} vertices for ${mesh.positions.length / 3}`);
  const first = await selfIntersections(mesh, run, tick && ((part) => tick(part * 0.8)));
  if (first.pairs === 0) return { mesh, mended: 0, left: 0 };

  const far = mesh.positions;
  const positions = sharedArray<Float32Array | Float64Array>(far instanceof Float32Array ? Float32Array : Float64Array, far.length);
  positions.set(far);
  const moving: Mesh = { positions, triangles: mesh.triangles };
  const { triangles } = mesh;
  const level = new Uint8Array(far.length / 3);
  let crossing: { pairs: number; triangles: Iterable<number> } = first;
  // Each round takes a vertex a step back or ends it, and the crossings spread by a ring at most.
  for (let round = 0; crossing.pairs > 0; round++) {
    tick?.(1 - 0.2 / (1 + round * 0.2));
    const touched = new Uint8Array(level.length);
    for (const triangle of crossing.triangles) for (let at = triangle * 3; at < triangle * 3 + 3; at++) touched[triangles[at]] = 1;
    const ring = touched.slice();
    for (let at = 0; at < triangles.length; at += 3) {
      if (touched[triangles[at]] || touched[triangles[at + 1]] || touched[triangles[at + 2]])
        ring[triangles[at]] = ring[triangles[at + 1]] = ring[triangles[at + 2]] = 1;
    }
    const changed = new Uint8Array(level.length);
    let anyChanged = false;
    const step = (vertex: number, to: number) => {
      if (level[vertex] >= to) return;
      level[vertex] = to;
      changed[vertex] = 1;
      anyChanged = true;
      const left = 1 - to / steps;
      for (let at = vertex * 3; at < vertex * 3 + 3; at++)
        positions[at] = to === steps ? start[at] : start[at] + (far[at] - start[at]) * left;
    };
    for (let vertex = 0; vertex < level.length; vertex++) if (ring[vertex]) step(vertex, Math.min(steps, level[vertex] + 1));
    if (!anyChanged) break;
    // Who went back to the start for float32's sake is where its last step would take it.
    if (retreat(moving, start) > 0) {
      for (let vertex = 0; vertex < level.length; vertex++) {
        if (level[vertex] === steps) continue;
        const at = vertex * 3;
        if (positions[at] === start[at] && positions[at + 1] === start[at + 1] && positions[at + 2] === start[at + 2]) {
          level[vertex] = steps;
          changed[vertex] = 1;
        }
      }
    }
    const those = new Uint8Array(triangles.length / 3);
    for (let at = 0; at < triangles.length; at++) if (changed[triangles[at]] || touched[triangles[at]]) those[Math.floor(at / 3)] = 1;
    crossing = await crossingsNear(moving, start, those, run);
  }
  tick?.(1);
  const left = (await selfIntersections(moving, run)).pairs;
  return { mesh: moving, mended: Math.max(0, first.pairs - left), left };
}

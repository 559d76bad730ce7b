import { type RunParts, sharedArray, stretches } from '../parts.ts';
import type { VolumeGeometry } from '../volume/geometry.ts';
import { retreat } from './float32.ts';
import { clear, lastRound, placePart, smoothNormalsPart } from './grey-parts.ts';
import type { ProfilePlan } from './grey-place.ts';
import { surveyImage } from './grey-survey.ts';
import { gridFrame } from './grid-frame.ts';
import { moveWithoutFlips } from './hold-back.ts';
import type { Mesh, Tick } from './mesh.ts';
import { onSharedMemory } from './on-shared-memory.ts';
import { keepSidesApart } from './opposite-sides.ts';
import { doubtPart, settlePart } from './settle-offsets.ts';
import { areaNormals, neighboursOf } from './vertex-normals.ts';

export interface GreySurfaceOptions {
  /** No vertex is placed further than this from the mask's surface; absent: the voxel's longest diagonal. */
  reachMm?: number;
  /** How far smoothing may later move a vertex that grey values placed. */
  toleranceMm?: number;
  /** Into how many parts the vertices are cut; no bearing on the result. */
  pieces?: number;
}

export interface GreySurface {
  /** New positions, the same triangles. */
  mesh: Mesh;
  /** mm within which smoothing may move each vertex; NaN where only the mask decides. */
  tolerance: Float32Array;
  /** 1 where grey values decided. */
  placed: Uint8Array;
  /** Over the vertices that grey values placed. */
  movedMm: { mean: number; max: number };
}

/** Rounds that take the mask's steps out of its normals. */
const normalRounds = 10;
/** Rounds in which readings and neighbours agree. */
const settleRounds = 8;

/**
 * The surface of a mask moved to where the image has its edge (P-surface): every vertex goes along its smoothed normal to the local
 * half-maximum between bone and what lies beside it, as far as the image shows one within reach of the mask's surface. The rule, its
 * physics and its measured errors are in docs/decisions/0019-grey-surface.md.
 *
 * Connectivity is untouched. Vertices whose profile shows no step of the segment's kind stay where they were (placed 0, tolerance NaN),
 * so that what a hand drew holds. No triangle is turned inside out, no two vertices coincide in float32, and sides that face each other
 * stay apart.
 *
 * `mesh` closed and outward, LPS mm, vertices halfway between inside and outside voxel centres; `values` i fastest, in shared memory
 * where threads run the parts. Throws RangeError where values and grid do not fit. The result does not depend on `pieces` or threads.
 */
export async function greySurface(
  mesh: Mesh,
  values: Int16Array | Float32Array,
  geometry: VolumeGeometry,
  options: GreySurfaceOptions,
  run: RunParts,
  tick?: Tick,
): Promise<GreySurface> {
  const [nx, ny, nz] = geometry.dimensions;
  if (values.length !== nx * ny * nz) throw new RangeError(`${values.length} values for a grid of ${geometry.dimensions}`);
  const frame = gridFrame(geometry);
  const { toleranceMm = 0.1, pieces = 8, reachMm = frame.diagonalMm } = options;
  if (!(reachMm > 0 && toleranceMm > 0)) throw new RangeError(`reach ${reachMm} mm and tolerance ${toleranceMm} mm must be over 0`);
  const vertices = mesh.positions.length / 3;
  const tolerance = sharedArray(Float32Array, vertices).fill(Number.NaN);
  const placed = sharedArray(Uint8Array, vertices);
  const positions = sharedArray(Float32Array, vertices * 3);
  positions.set(mesh.positions);
  const triangles = onSharedMemory(mesh.triangles);
  const unmoved = { mesh: { positions: positions.slice(), triangles }, tolerance, placed, movedMm: { mean: 0, max: 0 } };
  if (vertices === 0) return unmoved;

  tick?.(0);
  const { from: fromList, list } = neighboursOf(vertices, triangles);
  const cut = stretches(vertices, pieces);
  let normals: Float32Array = areaNormals({ positions, triangles });
  let spare: Float32Array = sharedArray(Float32Array, normals.length);
  for (let round = 0; round < normalRounds; round++) {
    const inputs = cut.map(([from, to]) => ({ fromList, list, here: normals, there: spare, from, to }));
    await run(smoothNormalsPart, inputs);
    [normals, spare] = [spare, normals];
  }
  tick?.(0.1);
  const plan = planFor(frame.unitMm, reachMm);
  const survey = surveyImage({ values, frame, plan, positions, normals });
  if (survey === null) return unmoved;
  tick?.(0.2);

  const numbers = () => sharedArray(Float32Array, vertices);
  const edges = {
    offsets: numbers(),
    walls: numbers(),
    high: numbers(),
    low: numbers(),
    back: numbers(),
    rounds: sharedArray(Uint8Array, vertices),
    trust: sharedArray(Uint8Array, vertices),
  };
  const { offsets, walls } = edges;
  const { traits, field } = survey;
  for (let round = 1; round <= lastRound; round++) {
    const each = { values, frame, plan, traits, field, positions, normals, fromList, list, edges, round };
    await run(
      placePart,
      cut.map(([from, to]) => ({ ...each, from, to })),
    );
    tick?.(0.2 + (0.6 * round) / lastRound);
  }
  let settled: Float32Array = sharedArray(Float32Array, vertices);
  const limitMm = Math.min(toleranceMm, 0.3 * frame.unitMm);
  const trust = sharedArray(Uint8Array, vertices);
  const surface = { positions, normals, fromList, list, offsets, trust, limitMm, reachMm, holdMm: toleranceMm };
  await run(
    doubtPart,
    cut.map(([from, to]) => ({ ...surface, trust: edges.trust, trustOf: trust, here: offsets, there: settled, from, to })),
  );
  let other: Float32Array = sharedArray(Float32Array, vertices);
  for (let round = 0; round < settleRounds; round++) {
    const each = { ...surface, here: settled, there: other };
    await run(
      settlePart,
      cut.map(([from, to]) => ({ ...each, from, to })),
    );
    [settled, other] = [other, settled];
  }
  const { unitMm } = frame;
  const look = (vertex: number) => walls[vertex] < 1.8 * unitMm || Math.abs(settled[vertex]) > 1.5 * unitMm;
  const apart = keepSidesApart({ start: positions, normals, offsets: settled, look, unitMm, reachMm });
  for (let vertex = 0; vertex < vertices; vertex++) {
    if (Number.isNaN(settled[vertex])) settled[vertex] = 0;
    else if (trust[vertex] === clear) placed[vertex] = 1;
  }
  const moved = sharedArray(Float32Array, positions.length);
  await moveWithoutFlips({ positions, triangles }, normals, settled, moved, run, pieces);
  const result = { positions: moved, triangles };
  retreat(result, positions);

  let sum = 0;
  let max = 0;
  let count = 0;
  for (let vertex = 0; vertex < vertices; vertex++) {
    if (placed[vertex] === 0) continue;
    tolerance[vertex] = Math.min(toleranceMm, 0.45 * apart[vertex]);
    const far = Math.abs(settled[vertex]);
    sum += far;
    max = Math.max(max, far);
    count++;
  }
  tick?.(1);
  return { mesh: result, tolerance, placed, movedMm: { mean: count > 0 ? sum / count : 0, max } };
}

/** Samples half a unit of the grid apart: out to past the blur beyond the reach, in to past a wall's other side. */
function planFor(unitMm: number, reachMm: number): ProfilePlan {
  const stepMm = unitMm / 2;
  const inward = Math.min(80, Math.ceil((reachMm + 3.2 * unitMm) / stepMm));
  const outward = Math.min(80, Math.ceil((reachMm + 1.2 * unitMm) / stepMm));
  return { stepMm, zero: inward, count: inward + outward + 1, reachMm };
}

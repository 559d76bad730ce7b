import type { RunParts } from '../parts.ts';
import { angleNormals } from './angle-normals.ts';
import { checkMesh } from './check.ts';
import { mendSelfIntersections } from './mend-self-intersections.ts';
import type { Mesh, Tick } from './mesh.ts';
import { tameMoves } from './tame-moves.ts';
import { vertexAreas } from './vertex-areas.ts';
import { measureGaps, measureWalls } from './wall-thickness.ts';

export type ThickenSide = 'both' | 'left' | 'right' | 'anterior' | 'posterior' | 'superior' | 'inferior';

export interface Thickened {
  mesh: Mesh;
  /** Vertices that moved, and how far the furthest went. */
  vertices: number;
  largestMm: number;
  addedMm3: number;
  /** Surface whose wall is still thinner than 0.99 of what was asked for. */
  leftMm2: number;
}

/** Where each side lies in LPS. */
const directions: Record<Exclude<ThickenSide, 'both'>, [axis: number, sign: number]> = {
  left: [0, 1],
  right: [0, -1],
  posterior: [1, 1],
  anterior: [1, -1],
  superior: [2, 1],
  inferior: [2, -1],
};
/** Surface whose normal has less than the first cosine with the side stays, from the second on it is free; in between it rises. */
const facing = [0.2, 0.5] as const;
/** A ball along the side reads 2 / (1 + cosine) of the wall: so much where a wall is 60 degrees off, the most that counts as one. */
const slanted = 4 / 3;
/** On a steeper slant (46 degrees and more) a wall gets no more than this asks for: single normals are off by as much. */
const steepest = 0.69;
/** Readings are a little off, and so is what a move adds. */
const slack = 1.05;
/** Beside what is thickened the surface falls back by this much a millimetre. */
const slope = 0.5;
/** Of the way to the next wall outside, a wall may take this much: two that come towards each other leave a fifth between them. */
const share = 0.4;
const rounds = 4;
const enough = 0.995;
const stillThin = 0.99;

/** The named side as a direction for every vertex. */
function waysTo(side: Exclude<ThickenSide, 'both'>, vertices: number): Float32Array {
  const [axis, sign] = directions[side];
  const ways = new Float32Array(vertices * 3);
  for (let at = axis; at < ways.length; at += 3) ways[at] = sign;
  return ways;
}

/** The cosine of each vertex's normal with its way. */
function cosines(normals: Float32Array, ways: Float32Array): Float32Array {
  const cosine = new Float32Array(normals.length / 3);
  for (let vertex = 0; vertex < cosine.length; vertex++) {
    const at = vertex * 3;
    cosine[vertex] = normals[at] * ways[at] + normals[at + 1] * ways[at + 1] + normals[at + 2] * ways[at + 2];
  }
  return cosine;
}

function freedom(cosine: number): number {
  const part = Math.max(0, Math.min(1, (cosine - facing[0]) / (facing[1] - facing[0])));
  return part * part * (3 - 2 * part);
}

/**
 * How far each vertex may go towards the side in all, 0 where its wall is not thin along the side: surface at the rim of a wall that is seen
 * edge-on may face the side, but what lies behind it is the whole width of the wall. Where a wall reads no less along its normal than along
 * the side the normal is off, as at the corners of a rim, and the reading along the side says what is missing; otherwise its slant does.
 */
async function mostTowards(mesh: Mesh, thicknessMm: Float32Array, toMm: number, ways: Float32Array, run: RunParts): Promise<Float32Array> {
  const cosine = cosines(angleNormals(mesh), ways);
  const asked = Uint8Array.from(cosine, (one, vertex) => (thicknessMm[vertex] < toMm && freedom(one) > 0 ? 1 : 0));
  const mostMm = new Float32Array(asked.length);
  if (!asked.includes(1)) return mostMm;
  const alongMm = await measureWalls(mesh, asked, run, undefined, ways);
  return mostMm.map((_, vertex) => {
    if (!(asked[vertex] && alongMm[vertex] < toMm * slanted)) return 0;
    if (alongMm[vertex] <= thicknessMm[vertex]) return slack * (toMm - alongMm[vertex]);
    return (slack * (toMm - thicknessMm[vertex])) / Math.max(steepest, cosine[vertex]);
  });
}

/** Raises `moves` beside the vertices that move so that it falls off no faster than the slope. */
function ramp({ positions: p, triangles }: Mesh, moves: Float32Array): void {
  for (let changed = true; changed; ) {
    changed = false;
    for (let at = 0; at < triangles.length; at++) {
      const a = triangles[at];
      const b = triangles[at % 3 === 2 ? at - 2 : at + 1];
      const [low, high] = moves[a] < moves[b] ? [a, b] : [b, a];
      if (moves[high] === 0 || moves[high] === moves[low]) continue;
      const edge = Math.hypot(p[a * 3] - p[b * 3], p[a * 3 + 1] - p[b * 3 + 1], p[a * 3 + 2] - p[b * 3 + 2]);
      // In float32, as the moves are kept: a raise that rounding takes back would go on for ever.
      const raised = Math.fround(moves[high] - slope * edge);
      if (!(raised > moves[low])) continue;
      moves[low] = raised;
      changed = true;
    }
  }
}

/**
 * P-print: makes walls that are thinner than `toMm` that thick by moving their surface outwards. 'both' moves both sides of a wall along
 * their normals, by half. A side of the patient moves surface that faces it (by less than 78 degrees, freely by less than 60) straight
 * towards that side and nothing sideways: the other face of the wall stays, and a rim grows towards the side alone. There only walls count
 * that lie across the side: a wall seen edge-on (its thickness more than 60 degrees off) is not touched and is among what is left.
 * Beside what moves the surface falls back at one in two. Nothing goes more than two fifths of the way to the next wall outside, no
 * triangle turns over, and what would cross is taken back (`mendSelfIntersections`). Measured and moved again until it is there, four
 * times at most; what is left is told.
 *
 * `mesh` closed, facing outside, LPS mm; `thicknessMm` from `wallThickness`. The triangles stay as they are. Throws RangeError on a
 * thickness that is not of this mesh or a `toMm` below 0. Cost: two to eight times that of `wallThickness` where much is thin.
 */
export async function thickenWalls(
  mesh: Mesh,
  thicknessMm: Float32Array,
  toMm: number,
  side: ThickenSide,
  run: RunParts,
  tick?: Tick,
): Promise<Thickened> {
  const vertices = mesh.positions.length / 3;
  if (thicknessMm.length !== vertices) throw new RangeError(`${thicknessMm.length} thicknesses for ${vertices} vertices`);
  if (!(toMm >= 0)) throw new RangeError(`cannot thicken to ${toMm} mm`);
  const wanted = new Uint8Array(vertices);
  const budgetMm = new Float32Array(vertices).fill(NaN);
  let here: Mesh = { positions: mesh.positions.slice(), triangles: mesh.triangles };
  let wallMm = thicknessMm;
  const towards = side === 'both' ? null : waysTo(side, vertices);
  const leftToGo = towards && (await mostTowards(mesh, thicknessMm, toMm, towards, run));
  for (let round = 0; round < rounds; round++) {
    const part = (within: number) => tick?.((round + within) / rounds);
    part(0);
    const normals = angleNormals(here);
    const ways = towards ?? normals;
    const cosine = cosines(normals, ways);
    const moves = new Float32Array(vertices);
    let any = false;
    for (let vertex = 0; vertex < vertices; vertex++) {
      if (!(wallMm[vertex] < toMm)) continue;
      wanted[vertex] = 1;
      if (wallMm[vertex] >= toMm * enough || (leftToGo && !(leftToGo[vertex] > 0 && freedom(cosine[vertex]) > 0))) continue;
      const missing = toMm - wallMm[vertex];
      // Straight on, what is missing; on a slant a move along the side adds less.
      moves[vertex] = leftToGo ? Math.min(leftToGo[vertex], (missing * 2) / (1 + cosine[vertex])) : missing / 2;
      any = true;
    }
    if (!any) break;
    ramp(here, moves);
    const moving = new Uint8Array(vertices);
    for (let vertex = 0; vertex < vertices; vertex++) {
      if (towards) moves[vertex] *= freedom(cosine[vertex]);
      if (moves[vertex] > 0) moving[vertex] = 1;
    }
    const gaps = await measureGaps(here, moving, run, (within) => part(within * 0.4));
    limitMoves(moves, gaps, budgetMm, toMm / steepest);
    tameMoves(here, ways, moves);
    if (leftToGo) for (let vertex = 0; vertex < vertices; vertex++) leftToGo[vertex] = Math.max(0, leftToGo[vertex] - moves[vertex]);
    const there = moved(here, ways, moves);
    const { mesh: mended } = await mendSelfIntersections(there, mesh.positions, run, (within) => part(0.4 + within * 0.2));
    here = mended;
    wallMm = await measureWalls(here, wanted, run, (within) => part(0.6 + within * 0.4));
  }
  return { mesh: here, ...told(mesh, here), leftMm2: thinSurface(here, wallMm, toMm * stillThin) };
}

/** No vertex spends more than its share of the space that was there when it first moved, and none more than `mostMm`, however many rounds. */
function limitMoves(moves: Float32Array, gaps: Float32Array, budgetMm: Float32Array, mostMm: number): void {
  for (let vertex = 0; vertex < moves.length; vertex++) {
    if (!(moves[vertex] > 0)) continue;
    if (Number.isNaN(budgetMm[vertex])) budgetMm[vertex] = Number.isNaN(gaps[vertex]) ? mostMm : Math.min(mostMm, share * gaps[vertex]);
    moves[vertex] = Math.min(moves[vertex], budgetMm[vertex]);
    budgetMm[vertex] -= moves[vertex];
  }
}

function moved({ positions, triangles }: Mesh, ways: Float32Array, moves: Float32Array): Mesh {
  const there = positions.slice();
  for (let at = 0; at < there.length; at++) there[at] += ways[at] * moves[Math.floor(at / 3)];
  return { positions: there, triangles };
}

function told(before: Mesh, after: Mesh): Pick<Thickened, 'vertices' | 'largestMm' | 'addedMm3'> {
  let vertices = 0;
  let largestMm = 0;
  const [p, q] = [before.positions, after.positions];
  for (let at = 0; at < p.length; at += 3) {
    const mm = Math.hypot(q[at] - p[at], q[at + 1] - p[at + 1], q[at + 2] - p[at + 2]);
    if (mm > 0) vertices++;
    if (mm > largestMm) largestMm = mm;
  }
  return { vertices, largestMm, addedMm3: vertices > 0 ? checkMesh(after).volumeMm3 - checkMesh(before).volumeMm3 : 0 };
}

function thinSurface(mesh: Mesh, wallMm: Float32Array, belowMm: number): number {
  const areas = vertexAreas(mesh);
  let sum = 0;
  for (let vertex = 0; vertex < areas.length; vertex++) if (wallMm[vertex] < belowMm) sum += areas[vertex];
  return sum;
}

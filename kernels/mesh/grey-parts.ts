import type { DensityField } from './density-field.ts';
import { type ExpectedEdge, followEdge } from './follow-edge.ts';
import { type ImageTraits, newReading, type ProfilePlan, readEdge, sigmaAlong } from './grey-place.ts';
import type { GridFrame } from './grid-frame.ts';

export interface NormalsInput {
  fromList: Uint32Array;
  list: Uint32Array;
  here: Float32Array;
  there: Float32Array;
  from: number;
  to: number;
}

/** One round: each vertex's normal becomes the unit vector along the sum of its own and its neighbours' normals. */
export function smoothNormalsPart({ fromList, list, here, there, from, to }: NormalsInput): void {
  for (let vertex = from; vertex < to; vertex++) {
    const at = vertex * 3;
    let x = here[at];
    let y = here[at + 1];
    let z = here[at + 2];
    for (let n = fromList[vertex]; n < fromList[vertex + 1]; n++) {
      const other = list[n] * 3;
      x += here[other];
      y += here[other + 1];
      z += here[other + 2];
    }
    const length = Math.sqrt(x * x + y * y + z * z);
    // Where normals cancel out (a spike), the vertex keeps its own.
    const share = length > 1e-12 ? 1 / length : 0;
    there[at] = share > 0 ? x * share : here[at];
    there[at + 1] = share > 0 ? y * share : here[at + 1];
    there[at + 2] = share > 0 ? z * share : here[at + 2];
  }
}

export interface PlaceInput {
  values: Int16Array | Float32Array;
  frame: GridFrame;
  plan: ProfilePlan;
  traits: ImageTraits;
  field: DensityField | null;
  positions: Float32Array;
  normals: Float32Array;
  fromList: Uint32Array;
  list: Uint32Array;
  edges: EdgesFound;
  /** 1: one vertex in eight, its whole profile. 2 and on: those beside vertices of earlier rounds; the last: all that are left. */
  round: number;
  from: number;
  to: number;
}

/** What is found at each vertex; written by rounds. */
export interface EdgesFound {
  /** Displacement along the normal, NaN where the profile shows no step. */
  offsets: Float32Array;
  /** Thickness of the wall as the profile shows it; infinite where it shows no other side. */
  walls: Float32Array;
  high: Float32Array;
  low: Float32Array;
  back: Float32Array;
  /** The round that read the vertex; 0: none yet. */
  rounds: Uint8Array;
  /** How far the reading is to be believed; neighbours follow only a `clear` one. */
  trust: Uint8Array;
}

/** Kinds of readings: 0 is no step at all; then a step that the model does not explain, one of a thin wall, a clear edge. */
export const unexplained = 1;
export const doubtful = 2;
export const clear = 3;

export const lastRound = 4;
const leaderStride = 8;
const expected: ExpectedEdge = { high: 0, low: 0, back: 0, wallMm: 0 };

/** Reads the profiles of a stretch of vertices, as far as it is their round; where neighbours' edges go on, by following them. */
export function placePart(input: PlaceInput): void {
  const { values, frame, plan, traits, field, positions: p, normals: n, edges, round, from, to } = input;
  const { offsets, walls, high, low, back, rounds, trust } = edges;
  const reading = newReading();
  for (let vertex = from; vertex < to; vertex++) {
    if (rounds[vertex] !== 0 || (round === 1 && vertex % leaderStride !== 0)) continue;
    const at = vertex * 3;
    if (round > 1) {
      const guess = expectedAt(vertex, input);
      if (guess === waits && round < lastRound) continue;
      if (guess > waits) {
        const sigma = sigmaAlong(traits, n[at], n[at + 1], n[at + 2]);
        const [x, y, z] = [p[at] + guess * n[at], p[at + 1] + guess * n[at + 1], p[at + 2] + guess * n[at + 2]];
        const shift = followEdge(values, frame, traits.sign, traits.noise, sigma, expected, x, y, z, n[at], n[at + 1], n[at + 2]);
        const found = guess + shift;
        if (Math.abs(found) <= plan.reachMm) {
          offsets[vertex] = within(plan.reachMm, found + bend(vertex, sigma, input));
          walls[vertex] = expected.wallMm;
          high[vertex] = expected.high;
          low[vertex] = expected.low;
          back[vertex] = expected.back;
          trust[vertex] = clear;
          rounds[vertex] = round;
          continue;
        }
      }
    }
    if (readEdge(values, frame, plan, traits, field, p[at], p[at + 1], p[at + 2], n[at], n[at + 1], n[at + 2], reading)) {
      offsets[vertex] = within(plan.reachMm, reading.offsetMm + bend(vertex, reading.sigmaMm, input));
      walls[vertex] = reading.wallMm;
      high[vertex] = reading.high;
      low[vertex] = reading.low;
      back[vertex] = reading.back;
      if (!reading.holds) trust[vertex] = unexplained;
      else trust[vertex] = reading.wallMm > 2.5 * reading.sigmaMm ? clear : doubtful;
    } else {
      offsets[vertex] = Number.NaN;
      walls[vertex] = Number.POSITIVE_INFINITY;
    }
    rounds[vertex] = round;
  }
}

const within = (reach: number, offset: number) => Math.max(-reach, Math.min(reach, offset));

/** Answers of `expectedAt`: below any displacement. */
const alone = -2e6;
const waits = -1e6;

/**
 * Where neighbours read in earlier rounds expect the edge along the vertex's normal, with their means in `expected`; `waits` where none has
 * been read, `alone` where they are not sure or do not agree.
 */
function expectedAt(vertex: number, { positions: p, normals: n, fromList, list, edges, traits, round }: PlaceInput): number {
  const at = vertex * 3;
  const { offsets, walls, rounds, trust } = edges;
  let read = false;
  let count = 0;
  let least = Number.POSITIVE_INFINITY;
  let most = Number.NEGATIVE_INFINITY;
  let sum = 0;
  let high = 0;
  let low = 0;
  let back = 0;
  let wall = 0;
  let thickest = 0;
  let thinnest = Number.POSITIVE_INFINITY;
  for (let edge = fromList[vertex]; edge < fromList[vertex + 1]; edge++) {
    const other = list[edge];
    if (rounds[other] === 0 || rounds[other] >= round) continue;
    read = true;
    if (trust[other] !== clear) return alone;
    const to = other * 3;
    const facing = n[at] * n[to] + n[at + 1] * n[to + 1] + n[at + 2] * n[to + 2];
    if (facing < 0.85) return alone;
    const across = (p[to] - p[at]) * n[to] + (p[to + 1] - p[at + 1]) * n[to + 1] + (p[to + 2] - p[at + 2]) * n[to + 2];
    const place = (across + offsets[other]) / facing;
    least = Math.min(least, place);
    most = Math.max(most, place);
    sum += place;
    high += edges.high[other];
    low += edges.low[other];
    back += edges.back[other];
    wall += walls[other];
    thinnest = Math.min(thinnest, walls[other]);
    thickest = Math.max(thickest, walls[other]);
    count++;
  }
  if (!read) return waits;
  const sigma = Math.sqrt(Math.max(traits.withinMm2, traits.throughMm2));
  // A wall that ends or turns into solid bone is read anew.
  if (most - least > 0.5 * sigma || !(thickest - thinnest < 0.5 * sigma || thinnest === thickest)) return alone;
  expected.high = high / count;
  expected.low = low / count;
  expected.back = back / count;
  expected.wallMm = wall / count;
  return sum / count;
}

/**
 * Blur along the surface draws the half-maximum of a curved edge towards its centre, by the variance times the mean curvature: the image's
 * own blur and, between voxels, that of trilinear interpolation (a sixth of the voxel's side squared on average).
 */
function bend(vertex: number, sigma: number, { frame, positions, normals: n, fromList, list }: PlaceInput): number {
  const at = vertex * 3;
  let between = 0;
  for (let axis = 0; axis < 9; axis += 3) {
    const x = frame.steps[axis];
    const y = frame.steps[axis + 1];
    const z = frame.steps[axis + 2];
    between += x * x + y * y + z * z - (x * n[at] + y * n[at + 1] + z * n[at + 2]) ** 2;
  }
  const shift = (sigma * sigma + between / 12) * meanCurvature(vertex, positions, n, fromList, list);
  return Math.max(-0.4 * sigma, Math.min(0.4 * sigma, shift));
}

/** Mean curvature at a vertex, 1/mm, above 0 where the surface bulges outward: how normals turn along the edges around it. */
function meanCurvature(vertex: number, p: Float32Array, n: Float32Array, fromList: Uint32Array, list: Uint32Array): number {
  const at = vertex * 3;
  let turned = 0;
  let length2 = 0;
  for (let edge = fromList[vertex]; edge < fromList[vertex + 1]; edge++) {
    const other = list[edge] * 3;
    const x = p[other] - p[at];
    const y = p[other + 1] - p[at + 1];
    const z = p[other + 2] - p[at + 2];
    // Only what lies in the tangent plane: steps of the mask across it are no turn of the surface.
    const across = x * n[at] + y * n[at + 1] + z * n[at + 2];
    turned += x * (n[other] - n[at]) + y * (n[other + 1] - n[at + 1]) + z * (n[other + 2] - n[at + 2]);
    length2 += x * x + y * y + z * z - across * across;
  }
  return length2 > 0 ? turned / length2 : 0;
}

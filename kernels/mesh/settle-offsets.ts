import { clear, doubtful, unexplained } from './grey-parts.ts';

export interface SettleInput {
  positions: Float32Array;
  normals: Float32Array;
  fromList: Uint32Array;
  list: Uint32Array;
  /** As read. */
  offsets: Float32Array;
  /** How far each reading is believed. */
  trust: Uint8Array;
  here: Float32Array;
  there: Float32Array;
  /** A point further than this from where its neighbours expect it is one that misread its profile. */
  limitMm: number;
  reachMm: number;
  /** A clear reading is left by no more than this. */
  holdMm: number;
  from: number;
  to: number;
}

const most = 32;
const expected = new Float64Array(most);

/** Weight of a reading against what its neighbours expect, which weighs 1. */
const weights: number[] = [];
weights[unexplained] = 0.05;
weights[doubtful] = 0.5;
weights[clear] = 1;

export interface DoubtInput extends SettleInput {
  /** What is believed after that. */
  trustOf: Uint8Array;
}

/**
 * Takes single misreadings out of the offsets: each neighbour that was read says where along the vertex's normal its own tangent plane
 * would put it; a vertex further than the limit from the median of these goes there and is no longer clear. What the model did not
 * explain starts from the mask.
 */
export function doubtPart({
  positions: p,
  normals: n,
  fromList,
  list,
  trust,
  here,
  there,
  trustOf,
  limitMm,
  reachMm,
  from,
  to,
}: DoubtInput): void {
  for (let vertex = from; vertex < to; vertex++) {
    there[vertex] = here[vertex];
    trustOf[vertex] = trust[vertex];
    if (Number.isNaN(here[vertex])) continue;
    const at = vertex * 3;
    let count = 0;
    let around = 0;
    for (let edge = fromList[vertex]; edge < fromList[vertex + 1] && count < most; edge++) {
      const other = list[edge];
      around += trust[other] === clear ? 1 : 0;
      if (Number.isNaN(here[other])) continue;
      const to3 = other * 3;
      const facing = n[at] * n[to3] + n[at + 1] * n[to3 + 1] + n[at + 2] * n[to3 + 2];
      if (facing < 0.5) continue;
      const x = p[to3] - p[at];
      const y = p[to3 + 1] - p[at + 1];
      const z = p[to3 + 2] - p[at + 2];
      const plane = (x * n[to3] + y * n[to3 + 1] + z * n[to3 + 2] + here[other]) / facing;
      const height = x * n[at] + y * n[at + 1] + z * n[at + 2] + here[other] * facing;
      expected[count++] = 0.5 * (plane + height);
    }
    // The rim of what is clear is not: beside it lies what the model does not hold for.
    if (trust[vertex] === clear && around < fromList[vertex + 1] - fromList[vertex]) trustOf[vertex] = doubtful;
    if (count < 3) continue;
    for (let a = 1; a < count; a++) {
      const value = expected[a];
      let b = a - 1;
      for (; b >= 0 && expected[b] > value; b--) expected[b + 1] = expected[b];
      expected[b + 1] = value;
    }
    const middle = 0.5 * (expected[(count - 1) >> 1] + expected[count >> 1]);
    if (Math.abs(middle - here[vertex]) > limitMm) {
      if (trust[vertex] === clear) trustOf[vertex] = unexplained;
      if (Math.abs(middle) <= reachMm) there[vertex] = middle;
    }
  }
}

/**
 * One round in which every read vertex goes to the weighted mean of its reading and of where its neighbours expect it: halfway between
 * their tangent planes and their own height, which on a curved surface err by the same and to either side. A clear reading is left by no
 * more than `holdMm`. One that is not clear goes as far as its neighbours go, so that the mask's shape is kept for smoothing to round;
 * what the model does not explain counts as the mask's own place.
 */
export function settlePart(input: SettleInput): void {
  const { positions: p, normals: n, fromList, list, offsets, trust, here, there, reachMm, holdMm, from, to } = input;
  for (let vertex = from; vertex < to; vertex++) {
    const own = here[vertex];
    there[vertex] = own;
    if (Number.isNaN(own)) continue;
    const at = vertex * 3;
    const kind = trust[vertex];
    let sum = 0;
    let count = 0;
    for (let edge = fromList[vertex]; edge < fromList[vertex + 1]; edge++) {
      const other = list[edge];
      const theirs = here[other];
      if (Number.isNaN(theirs)) continue;
      const to3 = other * 3;
      const facing = n[at] * n[to3] + n[at + 1] * n[to3 + 1] + n[at + 2] * n[to3 + 2];
      if (facing < 0.5) continue;
      const x = p[to3] - p[at];
      const y = p[to3 + 1] - p[at + 1];
      const z = p[to3 + 2] - p[at + 2];
      const plane = (x * n[to3] + y * n[to3 + 1] + z * n[to3 + 2] + theirs) / facing;
      const height = x * n[at] + y * n[at + 1] + z * n[at + 2] + theirs * facing;
      const weight = trust[other] === clear ? 1 : 0.3;
      sum += weight * (kind === clear ? 0.5 * (plane + height) : theirs);
      count += weight;
    }
    if (count === 0) continue;
    const read = kind === unexplained ? 0 : offsets[vertex];
    const weight = weights[kind];
    let next = (weight * read + sum / count) / (weight + 1);
    if (kind === clear) next = Math.max(read - holdMm, Math.min(read + holdMm, next));
    there[vertex] = Math.max(-reachMm, Math.min(reachMm, next));
  }
}

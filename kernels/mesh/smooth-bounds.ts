import { lpsToIndex, type Nine, type Triple, type VolumeGeometry } from '../volume/geometry.ts';
import type { SmoothField } from './smooth-field.ts';

/** LPS mm to mm along the grid's axes, from a middle, and back. */
export interface AxesFrame {
  middleLps: Triple;
  /** Columns of either matrix. */
  toAxes: Nine;
  toLps: Nine;
}

export function axesFrame(geometry: VolumeGeometry, middleLps: Triple): AxesFrame {
  const axes = { ...geometry, spacingMm: [1, 1, 1] as Triple, originLps: [0, 0, 0] as Triple };
  const toAxes = [...lpsToIndex(axes, 1, 0, 0), ...lpsToIndex(axes, 0, 1, 0), ...lpsToIndex(axes, 0, 0, 1)] as Nine;
  return { middleLps, toAxes, toLps: geometry.directionLps };
}

export interface BoundsInput {
  field: SmoothField;
  frame: AxesFrame;
  /** Half the width of a vertex's box along the grid's axes, mm. */
  boxMm: Triple;
  /** Where the mesh was, float32 LPS mm, and where it goes. */
  before: Float32Array;
  after: Float32Array;
  /** How far a vertex may go where it is finite, mm, with no box; elsewhere so far as the mask allows, and the box. */
  toleranceMm: Float32Array | null;
  maskToleranceMm: number;
  /** How far every vertex first goes outward, mm, along its area vector in `field.rough` (LPS). */
  outwardMm: number;
  /** Vertices [from, to). */
  from: number;
  to: number;
}

/** Puts vertices into the field. */
export function enterField({ field, frame, before, from, to }: BoundsInput): void {
  const { here } = field;
  const [mx, my, mz] = frame.middleLps;
  const [a, b, c, d, e, f, g, h, i] = frame.toAxes;
  for (let vertex = from; vertex < to; vertex++) {
    const x = before[vertex * 3] - mx;
    const y = before[vertex * 3 + 1] - my;
    const z = before[vertex * 3 + 2] - mz;
    here[vertex * 4] = a * x + d * y + g * z;
    here[vertex * 4 + 1] = b * x + e * y + h * z;
    here[vertex * 4 + 2] = c * x + f * y + i * z;
  }
}

/** How far vertices went: apart where the mask alone held them and where they had a tolerance of their own. */
export interface Moved {
  /** Whole nanometres, so that sums do not depend on how they are cut. */
  sumNm: [mask: number, own: number];
  maxMm: [mask: number, own: number];
  vertices: [mask: number, own: number];
}

/** Sum, most and number of the one kind, then of the other. */
function tell(moves: Float64Array, own: number, far: number): void {
  moves[own * 3] += Math.round(far * 1e6);
  if (far > moves[own * 3 + 1]) moves[own * 3 + 1] = far;
  moves[own * 3 + 2]++;
}
const toldMoves = (m: Float64Array): Moved => ({ sumNm: [m[0], m[3]], maxMm: [m[1], m[4]], vertices: [m[2], m[5]] });

const { fround } = Math;
/** Part of a tolerance that is left to the rounding of positions to float32. */
const within = 1 - 1e-5;

/** A function that is called often is compiled well; one with a long loop stays with what was compiled in the middle of it. */
const atOnce = 1024;

function confineSome(input: BoundsInput, from: number, to: number, moves: Float64Array): void {
  const { field, frame, boxMm, before, after, toleranceMm, maskToleranceMm, outwardMm } = input;
  const { here, rough } = field;
  const [mx, my, mz] = frame.middleLps;
  const [a, b, c, d, e, f, g, h, i] = frame.toAxes;
  const [la, lb, lc, ld, le, lf, lg, lh, li] = frame.toLps;
  const [bx, by, bz] = boxMm;
  for (let vertex = from; vertex < to; vertex++) {
    const at = vertex * 4;
    const at3 = vertex * 3;
    const ox = before[at3] - mx;
    const oy = before[at3 + 1] - my;
    const oz = before[at3 + 2] - mz;
    // As `enterField` wrote it, so that who has not moved stays to the last bit.
    const sx = fround(a * ox + d * oy + g * oz);
    const sy = fround(b * ox + e * oy + h * oz);
    const sz = fround(c * ox + f * oy + i * oz);
    let x = here[at] - sx;
    let y = here[at + 1] - sy;
    let z = here[at + 2] - sz;
    if (outwardMm !== 0) {
      const area = Math.sqrt(rough[at] * rough[at] + rough[at + 1] * rough[at + 1] + rough[at + 2] * rough[at + 2]);
      const share = area > 0 ? outwardMm / area : 0;
      x += share * (a * rough[at] + d * rough[at + 1] + g * rough[at + 2]);
      y += share * (b * rough[at] + e * rough[at + 1] + h * rough[at + 2]);
      z += share * (c * rough[at] + f * rough[at + 1] + i * rough[at + 2]);
    }
    let limit = maskToleranceMm;
    let own = 0;
    if (toleranceMm && toleranceMm[vertex] < Infinity) {
      limit = toleranceMm[vertex];
      own = 1;
    } else {
      if (x > bx) x = bx;
      if (x < -bx) x = -bx;
      if (y > by) y = by;
      if (y < -by) y = -by;
      if (z > bz) z = bz;
      if (z < -bz) z = -bz;
    }
    let u = la * x + ld * y + lg * z;
    let v = lb * x + le * y + lh * z;
    let w = lc * x + lf * y + li * z;
    const moved = Math.sqrt(u * u + v * v + w * w);
    const keep = moved > limit * within ? (limit * within) / moved : 1;
    here[at] = sx + x * keep;
    here[at + 1] = sy + y * keep;
    here[at + 2] = sz + z * keep;
    after[at3] = before[at3] + u * keep;
    after[at3 + 1] = before[at3 + 1] + v * keep;
    after[at3 + 2] = before[at3 + 2] + w * keep;
    u = after[at3] - before[at3];
    v = after[at3 + 1] - before[at3 + 1];
    w = after[at3 + 2] - before[at3 + 2];
    let far = Math.sqrt(u * u + v * v + w * w);
    if (far > limit) {
      after[at3] = before[at3];
      after[at3 + 1] = before[at3 + 1];
      after[at3 + 2] = before[at3 + 2];
      far = 0;
    }
    tell(moves, own, far);
  }
}

/**
 * Puts vertices that went too far back: into their box, then along the line to their start into their ball. Writes where they then are,
 * in float32 LPS mm: rounding too takes none further than it may. The field follows. Returns how far they now are from their start.
 */
export function confine(input: BoundsInput): Moved {
  const moves = new Float64Array(6);
  for (let from = input.from; from < input.to; from += atOnce) confineSome(input, from, Math.min(input.to, from + atOnce), moves);
  return toldMoves(moves);
}

/** As `confine` tells it, for vertices that were moved since. */
export function measureMoves({ before, after, toleranceMm, from, to }: BoundsInput): Moved {
  const moves = new Float64Array(6);
  for (let vertex = from; vertex < to; vertex++) {
    const at = vertex * 3;
    const x = after[at] - before[at];
    const y = after[at + 1] - before[at + 1];
    const z = after[at + 2] - before[at + 2];
    tell(moves, toleranceMm && Number.isFinite(toleranceMm[vertex]) ? 1 : 0, Math.sqrt(x * x + y * y + z * z));
  }
  return toldMoves(moves);
}

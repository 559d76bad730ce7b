import { sharedArray } from '../parts.ts';
import { runEnds } from './neighbours.ts';

/** Sums are kept by runs of triangles or vertices and added in their order, so that they do not depend on how the runs are cut. */
export const summedRun = 4096;
export const runSums = (length: number): Float64Array => sharedArray(Float64Array, Math.ceil(length / summedRun) * 2);

export interface VolumeInput {
  before: Float32Array;
  after: Float32Array;
  triangles: Uint32Array;
  /** Two a run: six times the volume under its triangles before and after. */
  sums: Float64Array;
  /** Runs [from, to). */
  from: number;
  to: number;
}

const six = (p: Float32Array, a: number, b: number, c: number) =>
  p[a] * (p[b + 1] * p[c + 2] - p[b + 2] * p[c + 1]) +
  p[a + 1] * (p[b + 2] * p[c] - p[b] * p[c + 2]) +
  p[a + 2] * (p[b] * p[c + 1] - p[b + 1] * p[c]);

export function volumesOfRuns({ before, after, triangles, sums, from, to }: VolumeInput): void {
  for (let run = from; run < to; run++) {
    let was = 0;
    let is = 0;
    const last = Math.min(triangles.length, (run + 1) * summedRun * 3);
    for (let at = run * summedRun * 3; at < last; at += 3) {
      const a = (triangles[at] | 0) * 3;
      const b = (triangles[at + 1] | 0) * 3;
      const c = (triangles[at + 2] | 0) * 3;
      was += six(before, a, b, c);
      is += six(after, a, b, c);
    }
    sums[run * 2] = was;
    sums[run * 2 + 1] = is;
  }
}

export interface AreaInput {
  positions: Float32Array;
  triangles: Uint32Array;
  ends: Uint32Array;
  /** Four floats a vertex, of which three are written: the sum of the area vectors of its triangles, twice. */
  areas: Float32Array;
  /** Two a run of vertices: the sum of their lengths, and 0. */
  sums: Float64Array;
  /** Runs of vertices [from, to). */
  from: number;
  to: number;
}

function add(areas: Float32Array, at: number, x: number, y: number, z: number): void {
  areas[at] += x;
  areas[at + 1] += y;
  areas[at + 2] += z;
}

/** Area vectors of vertices: which way each faces, and how fast the volume grows as it goes there. */
export function areaVectors({ positions: p, triangles, ends, areas, sums, from, to }: AreaInput): void {
  const first = from * summedRun;
  const end = Math.min(areas.length / 4, to * summedRun);
  const length = end - first;
  areas.fill(0, first * 4, end * 4);
  runEnds(ends, first, end, triangles.length, (low, high) => {
    for (let at = low; at < high; at += 3) {
      const a = triangles[at] | 0;
      const b = triangles[at + 1] | 0;
      const c = triangles[at + 2] | 0;
      const ux = p[b * 3] - p[a * 3];
      const uy = p[b * 3 + 1] - p[a * 3 + 1];
      const uz = p[b * 3 + 2] - p[a * 3 + 2];
      const vx = p[c * 3] - p[a * 3];
      const vy = p[c * 3 + 1] - p[a * 3 + 1];
      const vz = p[c * 3 + 2] - p[a * 3 + 2];
      const x = uy * vz - uz * vy;
      const y = uz * vx - ux * vz;
      const z = ux * vy - uy * vx;
      if ((a - first) >>> 0 < length) add(areas, a * 4, x, y, z);
      if ((b - first) >>> 0 < length) add(areas, b * 4, x, y, z);
      if ((c - first) >>> 0 < length) add(areas, c * 4, x, y, z);
    }
  });
  for (let run = from; run < to; run++) {
    let sum = 0;
    for (let at = run * summedRun * 4; at < Math.min(areas.length, (run + 1) * summedRun * 4); at += 4) {
      sum += Math.sqrt(areas[at] * areas[at] + areas[at + 1] * areas[at + 1] + areas[at + 2] * areas[at + 2]);
    }
    sums[run * 2] = sum;
  }
}

/** The two sums of all runs. */
export function addRuns(sums: Float64Array): [number, number] {
  let [first, second] = [0, 0];
  for (let at = 0; at < sums.length; at += 2) {
    first += sums[at];
    second += sums[at + 1];
  }
  return [first, second];
}

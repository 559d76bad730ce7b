import type { NearestTriangle } from './nearest.ts';
import type { Samples } from './surface-samples.ts';

/** For each sample the nearest point of a surface, the unit normal of its triangle (zeros for a point), and how far it is. */
export interface Pairs {
  feet: Float64Array;
  normals: Float64Array;
  mm: Float64Array;
}

/** LPS mm. O(samples * log triangles): 1 µs a sample where they follow each other in place. */
export function pairsOf(nearest: NearestTriangle, { points }: Samples): Pairs {
  const count = points.length / 3;
  const pairs: Pairs = { feet: new Float64Array(count * 3), normals: new Float64Array(count * 3), mm: new Float64Array(count) };
  const { corners } = nearest.tree;
  for (let n = 0; n < count; n++) {
    const [x, y, z] = [points[n * 3], points[n * 3 + 1], points[n * 3 + 2]];
    pairs.mm[n] = nearest.distanceMm(x, y, z);
    const [s, r] = nearest.footOnSlot(x, y, z);
    const at = nearest.slot * 9;
    const [ux, uy, uz] = [corners[at + 3] - corners[at], corners[at + 4] - corners[at + 1], corners[at + 5] - corners[at + 2]];
    const [vx, vy, vz] = [corners[at + 6] - corners[at], corners[at + 7] - corners[at + 1], corners[at + 8] - corners[at + 2]];
    pairs.feet[n * 3] = corners[at] + s * ux + r * vx;
    pairs.feet[n * 3 + 1] = corners[at + 1] + s * uy + r * vy;
    pairs.feet[n * 3 + 2] = corners[at + 2] + s * uz + r * vz;
    const [cx, cy, cz] = [uy * vz - uz * vy, uz * vx - ux * vz, ux * vy - uy * vx];
    const length = Math.hypot(cx, cy, cz) || 1;
    pairs.normals[n * 3] = cx / length;
    pairs.normals[n * 3 + 1] = cy / length;
    pairs.normals[n * 3 + 2] = cz / length;
  }
  return pairs;
}

export interface Rejection {
  /** The part of the pairs that is left out whatever they are: the furthest apart. */
  trim: number;
  /** Pairs further apart do not count. */
  outlierMm: number;
}

/** Sides that face further apart than 60 degrees are two sides of a wall, or no pair. */
const leastCosine = 0.5;
/** Times the median: three standard deviations of a normal spread. */
const gate = 3 * 1.4826;
/** Below this nothing is told apart: a tenth of the finest voxel. */
const finestMm = 0.02;

/**
 * Which pairs count (1): those whose normals agree where both have one, without the furthest `trim` of all samples, within `outlierMm`, and
 * within three deviations of what is left. As two surfaces come together the last gate closes, so that what has no partner stops pulling.
 */
export function keptPairs(samples: Samples, pairs: Pairs, { trim, outlierMm }: Rejection): Uint8Array {
  const { normals: m } = samples;
  const { normals: n, mm } = pairs;
  const kept = new Uint8Array(mm.length);
  const spread: number[] = [];
  for (let k = 0; k < mm.length; k++) {
    const at = k * 3;
    const sided = (m[at] !== 0 || m[at + 1] !== 0 || m[at + 2] !== 0) && (n[at] !== 0 || n[at + 1] !== 0 || n[at + 2] !== 0);
    if (sided && m[at] * n[at] + m[at + 1] * n[at + 1] + m[at + 2] * n[at + 2] < leastCosine) continue;
    kept[k] = 1;
    spread.push(mm[k]);
  }
  const sorted = Float64Array.from(spread).sort();
  const left = Math.min(sorted.length, Math.ceil(mm.length * (1 - trim)));
  if (left === 0) return kept;
  const limit = Math.min(sorted[left - 1], outlierMm, Math.max(gate * sorted[left >> 1], finestMm));
  for (let k = 0; k < mm.length; k++) if (mm[k] > limit) kept[k] = 0;
  return kept;
}

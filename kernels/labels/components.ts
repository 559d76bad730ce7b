import type { Triple } from '../volume/geometry.ts';
import type { CountedMask } from './threshold.ts';
import { type Connectivity, joinRuns, type XRuns, xRuns } from './x-runs.ts';

/** The connected parts of a mask, kept as runs: never a label volume. Parts are numbered in the order of their first voxel. */
export interface Components {
  runs: XRuns;
  connectivity: Connectivity;
  count: number;
  /** Part of each run. */
  part: Uint32Array;
  /** Voxels of each part. */
  voxels: Uint32Array;
  /** First (lowest) voxel index of each part: its seed. */
  first: Uint32Array;
}

export interface Component {
  voxels: number;
  first: number;
}

/**
 * Connected component labelling (13-ccl) by runs and union-find.
 * @param mask 0 and 1, i fastest
 * @param connectivity 6, 18, 26 in three dimensions; 4 and 8 label each slice of k alone
 * @throws RangeError where the mask does not fit the grid
 * Cost: one pass over the mask and about linear in its runs; some 30 bytes a run.
 */
export function components(mask: Uint8Array, dimensions: Triple, connectivity: Connectivity): Components {
  const runs = xRuns(mask, dimensions, 1);
  const part = joinRuns(runs, connectivity);
  let count = 0;
  for (let n = 0; n < part.length; n++) if (part[n] === n) count++;
  const voxels = new Uint32Array(count);
  const first = new Uint32Array(count);
  let next = 0;
  for (let n = 0; n < part.length; n++) {
    // A root comes before every other run of its part, so its number stands ready when they ask for it.
    if (part[n] === n) {
      first[next] = runs.start[n];
      part[n] = next++;
    } else part[n] = part[part[n]];
    voxels[part[n]] += runs.length[n];
  }
  return { runs, connectivity, count, part, voxels, first };
}

/** The parts, largest first, equal ones by their first voxel; at most `limit`. */
export function listIslands(parts: Components, limit = Number.POSITIVE_INFINITY): Component[] {
  const order = Uint32Array.from({ length: parts.count }, (_, n) => n);
  order.sort((a, b) => parts.voxels[b] - parts.voxels[a] || a - b);
  return Array.from(order.subarray(0, Math.min(limit, order.length)), (n) => ({ voxels: parts.voxels[n], first: parts.first[n] }));
}

function keep(parts: Components, wanted: (part: number) => boolean): CountedMask {
  const { runs } = parts;
  const [nx, ny, nz] = runs.dimensions;
  const mask = new Uint8Array(nx * ny * nz);
  let voxels = 0;
  for (let n = 0; n < runs.start.length; n++) {
    if (!wanted(parts.part[n])) continue;
    mask.fill(1, runs.start[n], runs.start[n] + runs.length[n]);
    voxels += runs.length[n];
  }
  return { mask, voxels };
}

/** Keeps the largest part (with 4 and 8: of every slice). Of equal ones the one with the lowest first voxel stays. */
export function keepLargest(parts: Components): CountedMask {
  const [nx, ny] = parts.runs.dimensions;
  const flat = parts.connectivity === 4 || parts.connectivity === 8;
  const champions = new Map<number, number>();
  for (let n = 0; n < parts.count; n++) {
    const slice = flat ? Math.floor(parts.first[n] / (nx * ny)) : 0;
    const best = champions.get(slice);
    if (best === undefined || parts.voxels[n] > parts.voxels[best]) champions.set(slice, n);
  }
  const chosen = new Set(champions.values());
  return keep(parts, (part) => chosen.has(part));
}

/** Keeps the part of one voxel; null where that voxel is in no part. With 4 and 8 that part lies in one slice. */
export function keepSeeded(parts: Components, index: number): CountedMask | null {
  const { start, length } = parts.runs;
  let low = 0;
  let high = start.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (start[middle] <= index) low = middle + 1;
    else high = middle;
  }
  const run = low - 1;
  if (run < 0 || index >= start[run] + length[run]) return null;
  const seeded = parts.part[run];
  return keep(parts, (part) => part === seeded);
}

/** Drops parts of fewer than `minimumVoxels`. */
export function dropBelow(parts: Components, minimumVoxels: number): CountedMask {
  return keep(parts, (part) => parts.voxels[part] >= minimumVoxels);
}

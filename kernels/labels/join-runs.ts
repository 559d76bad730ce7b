import { type RunParts, sharedArray, stretches } from '../parts.ts';
import { voxelCount } from '../volume/geometry.ts';
import { type BitRuns, type Connectivity, countRuns, emptyRuns, writeRuns } from './bit-runs.ts';
import { type BitGrid, runOn } from './bits.ts';

/** The root of a run: the first run of its part so far. Halves the path on the way. */
function root(parent: Uint32Array, run: number): number {
  let at = run;
  while (parent[at] !== at) {
    parent[at] = parent[parent[at]];
    at = parent[at];
  }
  return at;
}

/** Joins the runs of two rows that overlap, or that come within `reach` voxels along i. */
function joinRows({ ends, rowStart }: BitRuns, parent: Uint32Array, rowA: number, rowB: number, reach: 0 | 1): void {
  let a = rowStart[rowA];
  let b = rowStart[rowB];
  const lastA = rowStart[rowA + 1];
  const lastB = rowStart[rowB + 1];
  while (a < lastA && b < lastB) {
    const endA = ends[2 * a + 1];
    const endB = ends[2 * b + 1];
    if (ends[2 * a] < endB + reach && ends[2 * b] < endA + reach && parent[a] !== parent[b]) {
      const p = root(parent, a);
      const q = root(parent, b);
      // The lower run stays root, so that a root is always the first voxel of its part, whoever joins first.
      if (p < q) parent[q] = p;
      else parent[p] = q;
    }
    if (endA < endB) a++;
    else b++;
  }
}

/** Joins the rows of slice k to those of the slice before it. */
function joinSlice(runs: BitRuns, parent: Uint32Array, k: number, connectivity: Connectivity): void {
  const ny = runs.dimensions[1];
  const across = connectivity === 26 ? 1 : 0;
  for (let j = 0; j < ny; j++) {
    const row = k * ny + j;
    if (runs.rowStart[row] === runs.rowStart[row + 1]) continue;
    joinRows(runs, parent, row, row - ny, connectivity === 6 ? 0 : 1);
    if (connectivity === 6) continue;
    if (j > 0) joinRows(runs, parent, row, row - ny - 1, across);
    if (j + 1 < ny) joinRows(runs, parent, row, row - ny + 1, across);
  }
}

const isSolid = (connectivity: Connectivity) => connectivity !== 4 && connectivity !== 8;

/** Slices [from, to) of a grid, whose runs are to be written from run `base` on and joined among themselves. */
export interface JoinStretch {
  bits: BitGrid;
  value: 0 | 1;
  connectivity: Connectivity;
  from: number;
  to: number;
  base: number;
  runs: BitRuns;
  parent: Uint32Array;
}

/** A part of `joinedRuns`. The start of the row behind the last one must stand. */
export function joinRunsPart({ bits, value, connectivity, from, to, base, runs, parent }: JoinStretch): void {
  const ny = bits.dimensions[1];
  writeRuns({ bits, value, from: from * ny, to: to * ny }, base, runs);
  const end = runs.rowStart[to * ny];
  for (let n = base; n < end; n++) parent[n] = n;
  const inSlice = connectivity === 4 || connectivity === 6 ? 0 : 1;
  for (let k = from; k < to; k++) {
    for (let row = k * ny + 1; row < (k + 1) * ny; row++) joinRows(runs, parent, row, row - 1, inSlice);
    if (k > from && isSolid(connectivity)) joinSlice(runs, parent, k, connectivity);
  }
}

/** Runs, and the parts they make: numbered in the order of their first voxel. */
export interface JoinedRuns {
  runs: BitRuns;
  /** Part of each run. */
  part: Uint32Array;
  count: number;
}

/** Voxels that are worth a thread's round. */
const grain = 1 << 20;

/**
 * The runs of one value of a mask, joined where they touch (union-find): slices in stretches, then the seams between them. The result does
 * not depend on where the seams lie.
 * @param connectivity 6, 18, 26 in three dimensions; 4 and 8 join within a slice of k alone
 * @throws RangeError where the grid has 2^32 voxels or more
 * Cost: two passes over the words, about linear in the runs; twelve bytes a run.
 */
export async function joinedRuns(bits: BitGrid, value: 0 | 1, connectivity: Connectivity, run: RunParts): Promise<JoinedRuns> {
  const { dimensions } = bits;
  const [, ny, nz] = dimensions;
  const voxels = voxelCount(dimensions);
  if (voxels >= 2 ** 32) throw new RangeError('the grid has too many voxels');
  const cut = stretches(nz, Math.min(16, Math.ceil(voxels / grain)));
  const threads = runOn(bits.words, run);
  const counts = await threads(
    countRuns,
    cut.map(([from, to]) => ({ bits, value, from: from * ny, to: to * ny })),
  );
  const total = counts.reduce((sum, count) => sum + count, 0);
  const runs = emptyRuns(dimensions, total);
  const parent = sharedArray(Uint32Array, total);
  let base = 0;
  const parts = cut.map(([from, to], n) => {
    const stretch: JoinStretch = { bits, value, connectivity, from, to, base, runs, parent };
    base += counts[n];
    runs.rowStart[to * ny] = base;
    return stretch;
  });
  await threads(joinRunsPart, parts);
  if (isSolid(connectivity)) for (const { from } of parts) if (from > 0) joinSlice(runs, parent, from, connectivity);
  let count = 0;
  // A run's parent comes before it, so that its part stands already.
  for (let n = 0; n < total; n++) parent[n] = parent[n] === n ? count++ : parent[parent[n]];
  return { runs, part: parent, count };
}

import { type Triple, voxelCount } from '../volume/geometry.ts';

export type Connectivity = 4 | 6 | 8 | 18 | 26;

/** The stretches along i of equal voxels: far fewer than voxels, and in ascending order of their first voxel. */
export interface XRuns {
  dimensions: Triple;
  /** First voxel index of each run. */
  start: Uint32Array;
  length: Uint32Array;
  /** Runs of row r = j + ny*k are rowStart[r] up to rowStart[r + 1]. */
  rowStart: Uint32Array;
}

/**
 * Collects the runs of one value of a mask.
 * @param mask 0 and 1, i fastest
 * @param value the value whose runs are wanted
 * @throws RangeError where the mask does not fit the grid, or the grid has 2^32 voxels or more
 * Cost: one pass; eight bytes a run.
 */
export function xRuns(mask: Uint8Array, dimensions: Triple, value: 0 | 1): XRuns {
  const voxels = voxelCount(dimensions);
  if (mask.length !== voxels) throw new RangeError(`a mask of ${mask.length} voxels on a grid of ${voxels}`);
  if (voxels >= 2 ** 32) throw new RangeError('the grid has too many voxels');
  const nx = dimensions[0];
  const rows = dimensions[1] * dimensions[2];
  const rowStart = new Uint32Array(rows + 1);
  let start = new Uint32Array(1024);
  let length = new Uint32Array(1024);
  let count = 0;
  for (let row = 0; row < rows; row++) {
    rowStart[row] = count;
    const end = (row + 1) * nx;
    for (let at = row * nx; at < end; ) {
      if (mask[at] !== value) {
        at++;
        continue;
      }
      const first = at;
      while (at < end && mask[at] === value) at++;
      if (count === start.length) {
        start = doubled(start);
        length = doubled(length);
      }
      start[count] = first;
      length[count++] = at - first;
    }
  }
  rowStart[rows] = count;
  return { dimensions, start: start.subarray(0, count), length: length.subarray(0, count), rowStart };
}

function doubled(values: Uint32Array<ArrayBuffer>): Uint32Array<ArrayBuffer> {
  const more = new Uint32Array(values.length * 2);
  more.set(values);
  return more;
}

/** The root of a run: the first run of its part so far. Halves the path on the way. */
function root(parent: Uint32Array, run: number): number {
  let at = run;
  while (parent[at] !== at) {
    parent[at] = parent[parent[at]];
    at = parent[at];
  }
  return at;
}

/** Joins the runs of two rows that overlap, or that come within `reach` voxels along i. `shift` brings row b onto row a. */
function joinRows(runs: XRuns, parent: Uint32Array, rowA: number, rowB: number, reach: 0 | 1): void {
  const { start, length, rowStart } = runs;
  const shift = (rowA - rowB) * runs.dimensions[0];
  let a = rowStart[rowA];
  let b = rowStart[rowB];
  const endA = rowStart[rowA + 1];
  const endB = rowStart[rowB + 1];
  while (a < endA && b < endB) {
    const firstA = start[a];
    const firstB = start[b] + shift;
    const lastA = firstA + length[a] - 1;
    const lastB = firstB + length[b] - 1;
    if (firstA <= lastB + reach && firstB <= lastA + reach) {
      const p = root(parent, a);
      const q = root(parent, b);
      // The lower run stays root, so that a root is always the first voxel of its part.
      if (p < q) parent[q] = p;
      else parent[p] = q;
    }
    if (lastA < lastB) a++;
    else b++;
  }
}

/**
 * Joins runs that touch (union-find) and returns for each run the first run of its part.
 * @param connectivity 6, 18, 26 in three dimensions; 4 and 8 join within a slice of k alone
 * Cost: about linear in the runs; four bytes a run.
 */
export function joinRuns(runs: XRuns, connectivity: Connectivity): Uint32Array {
  const [, ny, nz] = runs.dimensions;
  const parent = new Uint32Array(runs.start.length);
  for (let n = 0; n < parent.length; n++) parent[n] = n;
  const solid = connectivity === 6 || connectivity === 18 || connectivity === 26;
  const inSlice = connectivity === 4 || connectivity === 6 ? 0 : 1;
  const across = connectivity === 26 ? 1 : 0;
  for (let k = 0; k < nz; k++) {
    for (let j = 0; j < ny; j++) {
      const row = k * ny + j;
      if (runs.rowStart[row] === runs.rowStart[row + 1]) continue;
      if (j > 0) joinRows(runs, parent, row, row - 1, inSlice);
      if (!solid || k === 0) continue;
      const below = row - ny;
      joinRows(runs, parent, row, below, connectivity === 6 ? 0 : 1);
      if (connectivity === 6) continue;
      if (j > 0) joinRows(runs, parent, row, below - 1, across);
      if (j + 1 < ny) joinRows(runs, parent, row, below + 1, across);
    }
  }
  for (let n = 0; n < parent.length; n++) parent[n] = parent[parent[n]];
  return parent;
}

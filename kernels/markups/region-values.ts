import { indexToLps, lpsToIndex, type Triple, type VolumeGeometry, voxelCount } from '../volume/geometry.ts';
import { assertFits, type Values } from '../volume/values.ts';
import { flattened, planeOf } from './plane.ts';
import { along, dot, minus } from './vectors.ts';

export interface RegionValues {
  voxels: number;
  mean: number;
  /** Of the sample (n - 1); 0 of a single voxel. */
  sd: number;
  minimum: number;
  maximum: number;
}

/**
 * Values inside a closed outline on the slice that it lies on (9.1, HU statistics). A voxel belongs where its centre lies within half a
 * voxel's extent of the plane, along the normal (one layer on a plane of the grid; the brush's rule on any plane), and inside the outline
 * an odd number of times, seen along the normal. A centre on the line belongs to one of two outlines that share the line. Voxels that hold no number do not count.
 * @param outlineLps corners in order, LPS mm, closed by itself
 * @param normalLps of its plane; null: the plane that the corners lie in
 * @returns null where no voxel is inside
 * @throws RangeError where values and grid do not fit, or a corner is no point
 * Cost: a look at each edge for each row of voxels in the outline's box; nothing is allocated for a voxel.
 */
export function regionValues(
  values: Values,
  grid: VolumeGeometry,
  outlineLps: readonly Triple[],
  normalLps: Triple | null,
): RegionValues | null {
  assertFits(values, voxelCount(grid.dimensions));
  if (!outlineLps.every((p) => p.every(Number.isFinite))) throw new RangeError('a corner is no point');
  const frame = outlineLps.length < 3 ? null : planeOf(outlineLps, normalLps);
  if (!frame) return null;
  const edges = edgesOf(flattened(outlineLps, frame));
  const origin = indexToLps(grid, 0, 0, 0);
  const steps = ([0, 1, 2] as const).map((n) => minus(indexToLps(grid, n === 0 ? 1 : 0, n === 1 ? 1 : 0, n === 2 ? 1 : 0), origin));
  const lean = steps.map((step) => dot(step, frame.normalLps));
  const half = lean.reduce((sum, value) => sum + Math.abs(value), 0) / 2;
  // As the brush has it: open below and closed above along the grid, so that a plane midway between two layers takes one of them.
  const way = Math.sign(lean.reduce((best, value) => (Math.abs(value) > Math.abs(best) ? value : best), 0)) || 1;
  const tolerance = 1e-9 * (half + Math.hypot(...frame.originLps));
  const onPlane = outlineLps.map((p) => along(p, frame.normalLps, -dot(minus(p, frame.originLps), frame.normalLps)));
  const [lowest, highest] = boxOf(grid, onPlane, frame.normalLps, half);
  const tally = createTally();
  // Rows run along the axis of the grid that lies most in the plane: each is cut by the outline once, however the plane stands.
  const [along0, first, second] = ([0, 1, 2] as const).toSorted(
    (a, b) => Math.abs(lean[a]) / grid.spacingMm[a] - Math.abs(lean[b]) / grid.spacingMm[b],
  );
  const strides = [1, grid.dimensions[0], grid.dimensions[0] * grid.dimensions[1]];
  const rise = way * lean[along0];
  const across = [dot(steps[along0], frame.acrossLps), dot(steps[along0], frame.downLps)] as const;
  const inSlab = (w: number): boolean => w > tolerance - half && w <= half + tolerance;
  const turns: number[] = [];
  for (let b = lowest[second]; b <= highest[second]; b++)
    for (let a = lowest[first]; a <= highest[first]; a++) {
      const start = minus(along(along(origin, steps[second], b), steps[first], a), frame.originLps);
      const off = way * dot(start, frame.normalLps);
      const [near, far] = [off + lowest[along0] * rise, off + highest[along0] * rise];
      if (!inSlab(near) && !inSlab(far) && near > 0 === far > 0) continue;
      crossings(edges, dot(start, frame.acrossLps), dot(start, frame.downLps), across[0], across[1], turns);
      const row = a * strides[first] + b * strides[second];
      for (let t = 0; t + 1 < turns.length; t += 2) {
        const from = Math.max(lowest[along0], Math.ceil(turns[t]));
        const end = Math.min(highest[along0] + 1, Math.ceil(turns[t + 1]));
        for (let n = from; n < end; n++) if (inSlab(off + n * rise)) tally.add(values[row + n * strides[along0]]);
      }
    }
  return tally.result();
}

/** The value of the voxel that a point lies in; null outside of the grid, and where the voxel holds no number. */
export function valueAt(values: Values, grid: VolumeGeometry, pointLps: Triple): number | null {
  assertFits(values, voxelCount(grid.dimensions));
  const [i, j, k] = lpsToIndex(grid, ...pointLps).map((n) => Math.floor(n + 0.5));
  const [nx, ny, nz] = grid.dimensions;
  if (!(i >= 0 && j >= 0 && k >= 0 && i < nx && j < ny && k < nz)) return null;
  const value = values[(k * ny + j) * nx + i];
  return Number.isFinite(value) ? value : null;
}

/** Indices that can be inside, both ends included. */
function boxOf(grid: VolumeGeometry, outline: readonly Triple[], normal: Triple, half: number): [Triple, Triple] {
  const low: Triple = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
  const high: Triple = [Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const point of outline)
    for (const side of [-half, half]) {
      const index = lpsToIndex(grid, point[0] + side * normal[0], point[1] + side * normal[1], point[2] + side * normal[2]);
      for (let n = 0; n < 3; n++) {
        low[n] = Math.min(low[n], index[n]);
        high[n] = Math.max(high[n], index[n]);
      }
    }
  return [
    low.map((v) => Math.max(0, Math.ceil(v - 1e-6))) as Triple,
    high.map((v, n) => Math.min(grid.dimensions[n] - 1, Math.floor(v + 1e-6))) as Triple,
  ];
}

/** Four numbers an edge, its ends in one order whichever way it was drawn, so that two outlines cut a shared edge alike. */
function edgesOf(corners: readonly (readonly [number, number])[]): Float64Array {
  const edges = new Float64Array(4 * corners.length);
  corners.forEach((a, n) => {
    const b = corners[(n + 1) % corners.length];
    const [p, q] = a[0] < b[0] || (a[0] === b[0] && a[1] <= b[1]) ? [a, b] : [b, a];
    edges.set([p[0], p[1], q[0], q[1]], 4 * n);
  });
  return edges;
}

/** Where a row of voxels crosses the outline, in voxels from its first, rising: inside from each first to each second. */
function crossings(edges: Float64Array, u: number, v: number, du: number, dv: number, turns: number[]): void {
  turns.length = 0;
  // The row runs along the normal: all of it lies at one place of the outline.
  const stands = Math.hypot(du, dv) < 1e-9;
  const [su, sv] = stands ? [1, 0] : [du, dv];
  const square = su * su + sv * sv;
  for (let e = 0; e < edges.length; e += 4) {
    const [au, av, bu, bv] = [edges[e] - u, edges[e + 1] - v, edges[e + 2] - u, edges[e + 3] - v];
    // On which side of the row's line each end lies; an end on the line counts to one side always.
    const a = su * av - sv * au;
    const b = su * bv - sv * bu;
    if (a >= 0 === b >= 0) continue;
    const part = a / (a - b);
    turns.push(((au + part * (bu - au)) * su + (av + part * (bv - av)) * sv) / square);
  }
  if (stands) {
    const inside = turns.filter((turn) => turn <= 0).length % 2 === 1;
    turns.length = 0;
    if (inside) turns.push(Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY);
  }
  turns.sort((a, b) => a - b);
}

/** Mean and spread in one pass (Welford), so that large offsets cost no digits. */
function createTally() {
  let voxels = 0;
  let mean = 0;
  let squares = 0;
  let minimum = Number.POSITIVE_INFINITY;
  let maximum = Number.NEGATIVE_INFINITY;
  return {
    add(value: number): void {
      if (!Number.isFinite(value)) return;
      voxels++;
      const before = value - mean;
      mean += before / voxels;
      squares += before * (value - mean);
      if (value < minimum) minimum = value;
      if (value > maximum) maximum = value;
    },
    result: (): RegionValues | null =>
      voxels === 0 ? null : { voxels, mean, sd: voxels > 1 ? Math.sqrt(squares / (voxels - 1)) : 0, minimum, maximum },
  };
}

/** Densities as seen where walls are thick enough to show them, averaged over cubes of `sideMm`. NaN: none within two cubes. */
export interface DensityField {
  fromLps: readonly number[];
  sideMm: number;
  cells: readonly [number, number, number];
  /** Plain numbers, some thousand: it travels to threads with the parts' input. */
  mean: readonly number[];
}

/** Averages `values` at `points` (LPS mm, x y z) over cubes, and each cube's mean over its neighbours. Null without points. */
export function densityField(points: readonly number[], values: readonly number[], sideMm = 8): DensityField | null {
  if (values.length === 0) return null;
  const low = [Infinity, Infinity, Infinity];
  const high = [-Infinity, -Infinity, -Infinity];
  for (let at = 0; at < points.length; at++) {
    low[at % 3] = Math.min(low[at % 3], points[at]);
    high[at % 3] = Math.max(high[at % 3], points[at]);
  }
  let side = sideMm;
  const cellsAt = () => low.map((from, axis) => Math.floor((high[axis] - from) / side) + 3) as [number, number, number];
  let cells = cellsAt();
  // Hostile or huge extents: coarser cubes rather than more of them.
  while (cells[0] * cells[1] * cells[2] > 200_000) {
    side *= 2;
    cells = cellsAt();
  }
  const fromLps = low.map((from) => from - side);
  const [cx, cy, cz] = cells;
  const sums = new Float64Array(cx * cy * cz);
  const counts = new Float64Array(cx * cy * cz);
  const cellOf = (n: number) => {
    const i = Math.floor((points[n * 3] - fromLps[0]) / side);
    const j = Math.floor((points[n * 3 + 1] - fromLps[1]) / side);
    const k = Math.floor((points[n * 3 + 2] - fromLps[2]) / side);
    return (k * cy + j) * cx + i;
  };
  for (let n = 0; n < values.length; n++) {
    sums[cellOf(n)] += values[n];
    counts[cellOf(n)]++;
  }
  // Rims and junctions read too low, nothing reads too high: the mean of what lies at or above the mean.
  const means = sums.map((sum, cell) => (counts[cell] > 0 ? sum / counts[cell] : 0));
  sums.fill(0);
  counts.fill(0);
  for (let n = 0; n < values.length; n++) {
    if (values[n] < means[cellOf(n)]) continue;
    sums[cellOf(n)] += values[n];
    counts[cellOf(n)]++;
  }
  const mean = new Array<number>(cx * cy * cz);
  for (let k = 0; k < cz; k++) {
    for (let j = 0; j < cy; j++) {
      for (let i = 0; i < cx; i++) mean[(k * cy + j) * cx + i] = around(sums, counts, cells, i, j, k);
    }
  }
  return { fromLps, sideMm: side, cells, mean };
}

/** Mean over the cubes within one of (i, j, k), the middle one counting eightfold; within two where there is none. */
function around(
  sums: Float64Array,
  counts: Float64Array,
  [cx, cy, cz]: readonly [number, number, number],
  i: number,
  j: number,
  k: number,
): number {
  for (let far = 1; far <= 2; far++) {
    let sum = 0;
    let weight = 0;
    for (let c = Math.max(0, k - far); c <= Math.min(cz - 1, k + far); c++) {
      for (let b = Math.max(0, j - far); b <= Math.min(cy - 1, j + far); b++) {
        for (let a = Math.max(0, i - far); a <= Math.min(cx - 1, i + far); a++) {
          const cell = (c * cy + b) * cx + a;
          const w = a === i && b === j && c === k ? 8 : 1;
          sum += w * sums[cell];
          weight += w * counts[cell];
        }
      }
    }
    if (weight > 0) return sum / weight;
  }
  return Number.NaN;
}

/** The density expected at a point, between the middles of cubes; null where none is known. */
export function densityAt(field: DensityField, x: number, y: number, z: number): number | null {
  const { fromLps, sideMm, cells, mean } = field;
  const [cx, cy, cz] = cells;
  const i = (x - fromLps[0]) / sideMm - 0.5;
  const j = (y - fromLps[1]) / sideMm - 0.5;
  const k = (z - fromLps[2]) / sideMm - 0.5;
  const i0 = Math.floor(i);
  const j0 = Math.floor(j);
  const k0 = Math.floor(k);
  let sum = 0;
  let weight = 0;
  for (let c = 0; c < 2; c++) {
    if (k0 + c < 0 || k0 + c >= cz) continue;
    for (let b = 0; b < 2; b++) {
      if (j0 + b < 0 || j0 + b >= cy) continue;
      for (let a = 0; a < 2; a++) {
        if (i0 + a < 0 || i0 + a >= cx) continue;
        const value = mean[((k0 + c) * cy + j0 + b) * cx + i0 + a];
        if (Number.isNaN(value)) continue;
        const w = (a ? i - i0 : 1 - i + i0) * (b ? j - j0 : 1 - j + j0) * (c ? k - k0 : 1 - k + k0);
        sum += w * value;
        weight += w;
      }
    }
  }
  return weight > 1e-6 ? sum / weight : null;
}

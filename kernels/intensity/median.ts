import { type Triple, voxelCount } from '../volume/geometry.ts';
import { assertFits, noStep, type Step, sameKind, type Values } from '../volume/values.ts';

export interface MedianOptions {
  /** Voxels to either side: 1 takes 3 along each axis, 2 takes 5. */
  radius: 1 | 2;
  /** 2d: within each slice. */
  plane: '2d' | '3d';
}

/**
 * The middle one of the values around each voxel (8.1), exact; beyond the border the nearest voxel is repeated.
 * Eats thin walls: whatever is thinner than half the window is gone, and a plate one voxel thick leaves nothing. A 0.5 mm wall behind a
 * PSF of 0.9 mm FWHM in voxels of 0.45 mm keeps 55 % of its height.
 * @param values HU or plain intensity, i fastest
 * @returns the kind that came, and no value that was not there
 * @throws RangeError where the values do not fit, or one is NaN
 * Cost: 15 s for 67 million int16 voxels and 3 x 3 x 3, 41 s for 5 x 5 x 5, 11 s for 3 x 3 (a histogram runs along each row); float32
 * and 3 x 3 x 3 38 s.
 */
export function median<T extends Values>(values: T, dimensions: Triple, { radius, plane }: MedianOptions, step: Step = noStep): T {
  assertFits(values, voxelCount(dimensions));
  if (radius !== 1 && radius !== 2) throw new RangeError(`not a radius: ${radius}`);
  const out = sameKind(values, values.length);
  const [nx, ny, nz] = dimensions;
  const deep = plane === '3d' ? radius : 0;
  const width = 2 * radius + 1;
  const rows = new Int32Array(width * (2 * deep + 1));
  const alongRow =
    values instanceof Int16Array ? createHistogramRow(values, nx, radius, rows) : createSelectionRow(values, nx, radius, rows);
  for (let k = 0; k < nz; k++) {
    step(k / nz);
    for (let j = 0; j < ny; j++) {
      let n = 0;
      for (let z = k - deep; z <= k + deep; z++)
        for (let y = j - radius; y <= j + radius; y++) rows[n++] = (within(z, nz) * ny + within(y, ny)) * nx;
      alongRow(out, (k * ny + j) * nx);
    }
  }
  step(1);
  return out;
}

const within = (at: number, length: number): number => Math.max(0, Math.min(length - 1, at));

type Row = (out: Values, start: number) => void;

/** Values a coarse bin holds, as a power of two: empty ones are stepped over at once. */
const coarseBits = 6;

/** Huang's running histogram (1979) over all 16 bits: a step along the row takes one column out and puts one in. */
function createHistogramRow(values: Int16Array, nx: number, radius: number, rows: Int32Array): Row {
  const fine = new Uint16Array(65536);
  const coarse = new Uint16Array(65536 >> coarseBits);
  const half = (rows.length * (2 * radius + 1) - 1) / 2;
  /** The median so far, and how many values lie below it. */
  let middle = 32768;
  let below = 0;
  const put = (column: number): void => {
    for (let r = 0; r < rows.length; r++) {
      const v = values[rows[r] + column] + 32768;
      fine[v]++;
      coarse[v >> coarseBits]++;
      if (v < middle) below++;
    }
  };
  const take = (column: number): void => {
    for (let r = 0; r < rows.length; r++) {
      const v = values[rows[r] + column] + 32768;
      fine[v]--;
      coarse[v >> coarseBits]--;
      if (v < middle) below--;
    }
  };
  const bin = 1 << coarseBits;
  const settle = (): void => {
    while (below > half) {
      if ((middle & (bin - 1)) === 0 && below - coarse[(middle >> coarseBits) - 1] > half) {
        middle -= bin;
        below -= coarse[middle >> coarseBits];
      } else below -= fine[--middle];
    }
    while (below + fine[middle] <= half) {
      if ((middle & (bin - 1)) === 0 && below + coarse[middle >> coarseBits] <= half) {
        below += coarse[middle >> coarseBits];
        middle += bin;
      } else below += fine[middle++];
    }
  };
  return (out, start) => {
    for (let x = -radius; x <= radius; x++) put(within(x, nx));
    for (let i = 0; i < nx; i++) {
      settle();
      out[start + i] = middle - 32768;
      if (i === nx - 1) break;
      take(within(i - radius, nx));
      put(within(i + radius + 1, nx));
    }
    for (let x = nx - 1 - radius; x <= nx - 1 + radius; x++) take(within(x, nx));
  };
}

/** Floats have no bins: the window is gathered and its middle found by Hoare's selection. */
function createSelectionRow(values: Float32Array, nx: number, radius: number, rows: Int32Array): Row {
  for (let n = 0; n < values.length; n++) if (Number.isNaN(values[n])) throw new RangeError('a value is not a number: it has no rank');
  const window = new Float32Array(rows.length * (2 * radius + 1));
  return (out, start) => {
    for (let i = 0; i < nx; i++) {
      let n = 0;
      for (let x = i - radius; x <= i + radius; x++) {
        const column = within(x, nx);
        for (let r = 0; r < rows.length; r++) window[n++] = values[rows[r] + column];
      }
      out[start + i] = middleOf(window);
    }
  };
}

function middleOf(window: Float32Array): number {
  const target = window.length >> 1;
  let left = 0;
  let right = window.length - 1;
  while (left < right) {
    const pivot = window[target];
    let a = left;
    let b = right;
    while (a <= b) {
      while (window[a] < pivot) a++;
      while (window[b] > pivot) b--;
      if (a > b) break;
      const kept = window[a];
      window[a++] = window[b];
      window[b--] = kept;
    }
    if (b < target) left = a;
    if (a > target) right = b;
  }
  return window[target];
}

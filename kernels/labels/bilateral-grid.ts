import type { Triple } from '../volume/geometry.ts';
import { blurAxis } from './blur-axis.ts';
import type { GaussianFilter } from './gaussian-filter.ts';

export interface BilateralSettings {
  /** Standard deviation of the Gaussian in space. */
  sigmaMm: number;
  /** Standard deviation of the Gaussian in HU. */
  sigmaHu: number;
  /** HU are brought into this range first. */
  rangeHu: [low: number, high: number];
}

/**
 * Weights at 0, 1 and 2 cells, a cell being one sigma. Going into the grid and out of it linearly already spreads a value, on average over
 * where it lies between two cells, by a third of a cell squared (fourth cumulant -1/30); these weights have what is missing of the
 * Gaussian's second and fourth moment: variance 2/3, fourth cumulant 1/30.
 */
const taps = Float64Array.of(0.5083333, 0.2166667, 0.0291667);

/** Cells that an axis of so many sigma needs; both ends lie inside. */
const cellsFor = (sigmas: number) => Math.floor(sigmas) + 2;

/** Cells of the grid of a box: two floats each are held. */
export function bilateralCells(dimensions: Triple, spacingMm: Triple, { sigmaMm, sigmaHu, rangeHu }: BilateralSettings): number {
  const sides = dimensions.map((count, n) => cellsFor(((count - 1) * spacingMm[n]) / sigmaMm));
  return sides[0] * sides[1] * sides[2] * cellsFor((rangeHu[1] - rangeHu[0]) / sigmaHu);
}

/** Where the voxels along an axis lie between two cells: the lower cell, and the part that goes to the upper one. */
interface Axis {
  cells: number;
  cell: Int32Array;
  part: Float32Array;
}

/** Both ends have the same slack, so that a mirrored volume meets a mirrored grid. */
function axisOf(count: number, stepCells: number): Axis {
  const cells = cellsFor((count - 1) * stepCells);
  const cell = new Int32Array(count);
  const part = new Float32Array(count);
  for (let n = 0; n < count; n++) {
    const at = (n - (count - 1) / 2) * stepCells + (cells - 1) / 2;
    // The last bit may say -1e-16 where the ends lie on cells.
    cell[n] = Math.min(cells - 2, Math.max(0, Math.floor(at)));
    part[n] = at - cell[n];
  }
  return { cells, cell, part };
}

/**
 * Gaussian over position and HU, exp(-|r_i - r_j|² / 2 sigmaMm² - (h_i - h_j)² / 2 sigmaHu²), by a coarse grid of four dimensions (method:
 * Paris & Durand, A fast approximation of the bilateral filter, 2006): values go into the nearest sixteen cells linearly, the grid is
 * blurred, and is read back the same way. The kernel that results is symmetric. Averaged over where a pair lies between the cells it is the
 * Gaussian to 0.03 of its peak; a single pair may be far off (peak 0.25 to 1), but the sum over a neighbourhood, over the sum of ones, is
 * right to 0.03 (RMS, values of -1 and 1; bilateral-grid.test.ts).
 * @param hu one value a voxel, i fastest; NaN counts as the low end of the range
 * @throws RangeError where the voxels do not fit, or a width is not positive
 * Cost: sixteen additions for each voxel put or read, twelve multiplications for each cell blurred.
 */
export function createBilateralGrid(
  hu: Int16Array | Float32Array,
  dimensions: Triple,
  spacingMm: Triple,
  settings: BilateralSettings,
): GaussianFilter {
  const [nx, ny, nz] = dimensions;
  const { sigmaMm, sigmaHu, rangeHu } = settings;
  const [lowHu, highHu] = rangeHu;
  if (hu.length !== nx * ny * nz) throw new RangeError(`${hu.length} values for a box of ${dimensions}`);
  if (!(sigmaMm > 0 && sigmaHu > 0 && highHu > lowHu)) throw new RangeError('widths and range are to be above 0');
  const [x, y, z] = [0, 1, 2].map((n) => axisOf(dimensions[n], spacingMm[n] / sigmaMm));
  const h = cellsFor((highHu - lowHu) / sigmaHu);
  const perHu = 1 / sigmaHu;
  const row = h * x.cells;
  const plane = row * y.cells;
  const front = new Float32Array(plane * z.cells);
  const back = new Float32Array(front.length);

  /** In cells, always below h - 1. */
  const huAt = (value: number) => ((value > lowHu ? Math.min(value, highHu) : lowHu) - lowHu) * perHu;
  /** Kernel at distance 0 along one axis, `part` of a cell above one. */
  const selfAlong = (part: number) => ((1 - part) ** 2 + part ** 2) * taps[0] + 2 * part * (1 - part) * taps[1];

  return {
    put(index, values) {
      front.fill(0);
      const count = index === null ? hu.length : index.length;
      let line = -1;
      let corner = 0;
      let [w00, w10, w01, w11] = [0, 0, 0, 0];
      for (let n = 0; n < count; n++) {
        const value = values[n];
        if (value === 0) continue;
        const at = index === null ? n : index[n];
        if (at >= (line + 1) * nx) {
          line = (at / nx) | 0;
          const k = (line / ny) | 0;
          const j = line - k * ny;
          corner = z.cell[k] * plane + y.cell[j] * row;
          w11 = y.part[j] * z.part[k];
          w10 = y.part[j] - w11;
          w01 = z.part[k] - w11;
          w00 = 1 - w10 - w01 - w11;
        }
        const i = at - line * nx;
        const huCell = huAt(hu[at]);
        const lower = huCell | 0;
        const up = value * (huCell - lower);
        const down = value - up;
        const right = x.part[i];
        const a = down - down * right;
        const b = up - up * right;
        const c = down * right;
        const d = up * right;
        // Written out, one block a corner of y and z: in a loop over the corners it takes twice as long.
        let to = corner + x.cell[i] * h + lower;
        front[to] += w00 * a;
        front[to + 1] += w00 * b;
        front[to + h] += w00 * c;
        front[to + h + 1] += w00 * d;
        to += row;
        front[to] += w10 * a;
        front[to + 1] += w10 * b;
        front[to + h] += w10 * c;
        front[to + h + 1] += w10 * d;
        to += plane;
        front[to] += w11 * a;
        front[to + 1] += w11 * b;
        front[to + h] += w11 * c;
        front[to + h + 1] += w11 * d;
        to -= row;
        front[to] += w01 * a;
        front[to + 1] += w01 * b;
        front[to + h] += w01 * c;
        front[to + h + 1] += w01 * d;
      }
    },
    blur() {
      blurAxis(front, back, [x.cells * y.cells * z.cells, h, 1], taps);
      blurAxis(back, front, [y.cells * z.cells, x.cells, h], taps);
      blurAxis(front, back, [z.cells, y.cells, row], taps);
      blurAxis(back, front, [1, z.cells, plane], taps);
    },
    read(index, into) {
      const count = index === null ? hu.length : index.length;
      let line = -1;
      let corner = 0;
      let [w00, w10, w01, w11] = [0, 0, 0, 0];
      for (let n = 0; n < count; n++) {
        const at = index === null ? n : index[n];
        if (at >= (line + 1) * nx) {
          line = (at / nx) | 0;
          const k = (line / ny) | 0;
          const j = line - k * ny;
          corner = z.cell[k] * plane + y.cell[j] * row;
          w11 = y.part[j] * z.part[k];
          w10 = y.part[j] - w11;
          w01 = z.part[k] - w11;
          w00 = 1 - w10 - w01 - w11;
        }
        const i = at - line * nx;
        const huCell = huAt(hu[at]);
        const lower = huCell | 0;
        const up = huCell - lower;
        const from = corner + x.cell[i] * h + lower;
        const far = from + row;
        const deep = from + plane;
        const both = far + plane;
        const ll = w00 * front[from] + w10 * front[far] + w01 * front[deep] + w11 * front[both];
        const lu = w00 * front[from + 1] + w10 * front[far + 1] + w01 * front[deep + 1] + w11 * front[both + 1];
        const rl = w00 * front[from + h] + w10 * front[far + h] + w01 * front[deep + h] + w11 * front[both + h];
        const ru = w00 * front[from + h + 1] + w10 * front[far + h + 1] + w01 * front[deep + h + 1] + w11 * front[both + h + 1];
        const left = ll + up * (lu - ll);
        into[n] = left + x.part[i] * (rl + up * (ru - rl) - left);
      }
    },
    self(index, into) {
      for (let n = 0; n < index.length; n++) {
        const at = index[n];
        const line = Math.floor(at / nx);
        const k = Math.floor(line / ny);
        const huCell = huAt(hu[at]);
        into[n] =
          selfAlong(x.part[at - line * nx]) *
          selfAlong(y.part[line - k * ny]) *
          selfAlong(z.part[k]) *
          selfAlong(huCell - Math.floor(huCell));
      }
    },
  };
}

import type { GridFrame } from './grid-frame.ts';

/** Most samples that a profile has. */
export const mostSamples = 200;

/**
 * A profile, sample by sample. A value between voxels is a mean of what two planes of voxels show, and the mean is over an edge that
 * stands at different distances: `below` and `above` are the places of the two along the profile (mm), `share` the weight of the upper.
 * The other two axes' means are told as the blur they add, `extraMm2`.
 */
export interface Profile {
  value: Float64Array;
  below: Float64Array;
  above: Float64Array;
  share: Float64Array;
  extraMm2: Float64Array;
}

export function newProfile(): Profile {
  const numbers = () => new Float64Array(mostSamples);
  return { value: numbers(), below: numbers(), above: numbers(), share: numbers(), extraMm2: numbers() };
}

/**
 * Trilinear grey values along a line through (x, y, z) with unit direction (nx, ny, nz), LPS mm: `count` samples, `stepMm` apart, the
 * one numbered `zero` at the point itself. Interpolation blurs: an edge of 0.4 mm width sampled every 0.8 mm reads up to 0.04 mm beside
 * where it is. So each sample tells what it is a mean of (see Profile), and a fit can compare like with like. Two planes are told apart
 * where they lie further than `splitMm` from each other along the line.
 *
 * Further out than half a voxel from the outermost voxel centres, and where a voxel that takes part is NaN: NaN.
 */
export function sampleProfile(
  values: Int16Array | Float32Array,
  f: GridFrame,
  x: number,
  y: number,
  z: number,
  nx: number,
  ny: number,
  nz: number,
  stepMm: number,
  zero: number,
  count: number,
  splitMm: number,
  into: Profile,
): void {
  const { nx: ni, ny: nj, nz: nk, originLps, toIndex: m, steps } = f;
  const { value, below, above, share, extraMm2 } = into;
  const px = x - zero * stepMm * nx - originLps[0];
  const py = y - zero * stepMm * ny - originLps[1];
  const pz = z - zero * stepMm * nz - originLps[2];
  let i = m[0] * px + m[1] * py + m[2] * pz;
  let j = m[3] * px + m[4] * py + m[5] * pz;
  let k = m[6] * px + m[7] * py + m[8] * pz;
  const di = (m[0] * nx + m[1] * ny + m[2] * nz) * stepMm;
  const dj = (m[3] * nx + m[4] * ny + m[5] * nz) * stepMm;
  const dk = (m[6] * nx + m[7] * ny + m[8] * nz) * stepMm;
  // From one plane of voxels to the next, along the line.
  const alongI = steps[0] * nx + steps[1] * ny + steps[2] * nz;
  const alongJ = steps[3] * nx + steps[4] * ny + steps[5] * nz;
  const alongK = steps[6] * nx + steps[7] * ny + steps[8] * nz;
  const furthest = Math.max(Math.abs(alongI), Math.abs(alongJ), Math.abs(alongK));
  const split = furthest <= splitMm ? 3 : Math.abs(alongK) === furthest ? 2 : Math.abs(alongJ) === furthest ? 1 : 0;
  const apart = split === 3 ? 0 : split === 2 ? alongK : split === 1 ? alongJ : alongI;
  const blurI = split === 0 ? 0 : alongI * alongI;
  const blurJ = split === 1 ? 0 : alongJ * alongJ;
  const blurK = split === 2 ? 0 : alongK * alongK;
  const slice = ni * nj;
  // Steps to the far corner; none on a grid of one voxel along that axis.
  const si = ni > 1 ? 1 : 0;
  const sj = nj > 1 ? ni : 0;
  const sk = nk > 1 ? slice : 0;
  for (let n = 0; n < count; n++, i += di, j += dj, k += dk) {
    if (!(i >= -0.5 && j >= -0.5 && k >= -0.5 && i <= ni - 0.5 && j <= nj - 0.5 && k <= nk - 0.5)) {
      value[n] = Number.NaN;
      continue;
    }
    const i0 = Math.max(0, Math.min(ni - 2, Math.floor(i)));
    const j0 = Math.max(0, Math.min(nj - 2, Math.floor(j)));
    const k0 = Math.max(0, Math.min(nk - 2, Math.floor(k)));
    const a = Math.max(0, Math.min(1, i - i0));
    const b = Math.max(0, Math.min(1, j - j0));
    const c = Math.max(0, Math.min(1, k - k0));
    const at = k0 * slice + j0 * ni + i0;
    const up = at + sk;
    const low =
      (1 - b) * (values[at] + a * (values[at + si] - values[at])) + b * (values[at + sj] + a * (values[at + sj + si] - values[at + sj]));
    const high =
      (1 - b) * (values[up] + a * (values[up + si] - values[up])) + b * (values[up + sj] + a * (values[up + sj + si] - values[up + sj]));
    value[n] = low + c * (high - low);
    const t = (n - zero) * stepMm;
    const part = split === 3 ? 0 : split === 2 ? c : split === 1 ? b : a;
    share[n] = part;
    below[n] = t - part * apart;
    above[n] = t + (1 - part) * apart;
    extraMm2[n] = blurI * a * (1 - a) + blurJ * b * (1 - b) + blurK * c * (1 - c);
  }
}

import { blurAxis, gaussianTaps } from '../labels/blur-axis.ts';
import { type Triple, voxelCount } from '../volume/geometry.ts';
import { assertFits, noStep, type Step, type Values } from '../volume/values.ts';

/** Where the weights end, in deviations: what lies beyond is less than 1/15000 of them. */
const cutAt = 4;

/**
 * Gaussian smoothing (8.1), sigma in mm along every axis whatever the voxels' shape. Nothing is taken to lie beyond the border: the
 * weights that fall there are shared by those inside.
 * Eats thin walls: a 0.5 mm wall behind a PSF of 0.9 mm FWHM keeps 72 % of its height at sigma 0.4 mm, 56 % at 0.6 mm, 38 % at 1 mm.
 * @param values HU or plain intensity, i fastest
 * @throws RangeError where the width is not positive or the values do not fit
 * Cost: the result and a few MB; 4.6 s for 512 x 512 x 256 voxels of 0.45 x 0.45 x 0.7 mm and sigma 0.5 mm.
 */
export function gaussian(
  values: Values,
  dimensions: Triple,
  spacingMm: Triple,
  { sigmaMm }: { sigmaMm: number },
  step: Step = noStep,
): Float32Array {
  assertFits(values, voxelCount(dimensions));
  if (!(sigmaMm > 0 && Number.isFinite(sigmaMm))) throw new RangeError(`not a width: ${sigmaMm} mm`);
  const out = Float32Array.from(values);
  const [nx, ny, nz] = dimensions;
  const taps = spacingMm.map((mm) => gaussianTaps(sigmaMm / mm, cutAt));
  // Slice by slice along i and j, while the slice is in the cache; then curtains of rows along k.
  const slice = new Float32Array(nx * ny);
  const gains = taps.map((t, a) => gainsOf(t, dimensions[a]));
  for (let k = 0; k < nz; k++) {
    step((0.6 * k) / nz);
    const here = out.subarray(k * nx * ny, (k + 1) * nx * ny);
    blurAxis(here, slice, [ny, nx, 1], taps[0]);
    for (let n = 0; n < slice.length; n++) slice[n] *= gains[0][n % nx];
    blurAxis(slice, here, [1, ny, nx], taps[1]);
    for (let j = 0; j < ny; j++) for (let n = j * nx; n < (j + 1) * nx; n++) here[n] *= gains[1][j];
  }
  const before = new Float32Array(nz * nx);
  const after = new Float32Array(nz * nx);
  for (let j = 0; j < ny; j++) {
    step(0.6 + (0.4 * j) / ny);
    for (let k = 0; k < nz; k++) before.set(out.subarray((k * ny + j) * nx, (k * ny + j + 1) * nx), k * nx);
    blurAxis(before, after, [1, nz, nx], taps[2]);
    for (let k = 0; k < nz; k++) for (let i = 0, to = (k * ny + j) * nx; i < nx; i++) out[to + i] = after[k * nx + i] * gains[2][k];
  }
  step(1);
  return out;
}

/** What makes the weights that lie inside add up to 1, for each place along an axis. */
function gainsOf(taps: Float64Array, length: number): Float64Array {
  return Float64Array.from({ length }, (_, at) => {
    let sum = 0;
    for (let n = Math.max(-at, 1 - taps.length); n < Math.min(length - at, taps.length); n++) sum += taps[Math.abs(n)];
    return 1 / sum;
  });
}

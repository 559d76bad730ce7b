import { type Triple, voxelCount } from '../volume/geometry.ts';
import { blurAxis, gaussianTaps } from './blur-axis.ts';
import type { GaussianFilter } from './gaussian-filter.ts';

/**
 * Gaussian over position alone, exp(-|r_i - r_j|² / 2 sigmaMm²), cut off at three sigma along each axis. Nothing lies beyond the box.
 * @throws RangeError where the width is not positive
 * Cost: two floats a voxel; one multiplication for two taps of the three axes.
 */
export function createPositionFilter(dimensions: Triple, spacingMm: Triple, sigmaMm: number): GaussianFilter {
  if (!(sigmaMm > 0)) throw new RangeError(`not a width: ${sigmaMm} mm`);
  const [nx, ny, nz] = dimensions;
  const front = new Float32Array(voxelCount(dimensions));
  const back = new Float32Array(front.length);
  const [x, y, z] = spacingMm.map((mm) => gaussianTaps(sigmaMm / mm));
  return {
    put(index, values) {
      if (index === null) return front.set(values);
      front.fill(0);
      for (let n = 0; n < index.length; n++) front[index[n]] = values[n];
    },
    blur() {
      blurAxis(front, back, [ny * nz, nx, 1], x);
      blurAxis(back, front, [nz, ny, nx], y);
      blurAxis(front, back, [1, nz, nx * ny], z);
    },
    read(index, into) {
      if (index === null) return into.set(back);
      for (let n = 0; n < index.length; n++) into[n] = back[index[n]];
    },
    self: (_, into) => void into.fill(1),
  };
}

import { spreadSlices, type Voxels } from './sampled-slices.ts';

/**
 * Counts of values that have no scale of their own (MR), in equal bins from the least to the greatest sampled. Cost: two reads of about
 * one voxel in 16.
 */
export function intensityHistogram(
  { values, dimensions: [nx, ny, nz] }: Voxels,
  bins: number,
): { low: number; high: number; counts: number[] } {
  const slices = spreadSlices(nz, 128);
  const each = (use: (value: number) => void) => {
    for (const k of slices)
      for (let j = k % 4; j < ny; j += 4) {
        const row = (k * ny + j) * nx;
        for (let i = 0; i < nx; i += 4) use(values[row + i]!);
      }
  };
  let low = Infinity;
  let high = -Infinity;
  each((value) => {
    if (value < low) low = value;
    if (value > high) high = value;
  });
  const counts = new Array<number>(bins).fill(0);
  const width = (high - low) / bins;
  each((value) => {
    counts[width > 0 ? Math.min(bins - 1, Math.floor((value - low) / width)) : 0]!++;
  });
  return { low, high, counts };
}

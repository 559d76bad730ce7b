import { median, type Voxels } from './sampled-slices.ts';

/** So many times the neighbours' own difference, on both sides. */
const ratio = 1.6;
/** Below this a difference is nothing that a reader would see: HU, or the hundredth part of the range elsewhere. */
const leastShareOfRange = 0.01;

/**
 * Slices that differ from both neighbours more than the neighbours differ from each other: a moved or faulty slice. Mean absolute
 * difference over a sparse grid of voxels; noise alone makes all three alike.
 * @param range of the values, for what is too small to matter
 * @returns indices of slices, ascending. Cost: some 4000 voxels a slice, read three times
 */
export function movedSlices({ values, dimensions: [nx, ny, nz] }: Voxels, range: number): number[] {
  const step = Math.max(1, Math.floor(Math.max(nx, ny) / 64));
  const slice = nx * ny;
  const difference = (a: number, b: number): number => {
    let sum = 0;
    let count = 0;
    for (let j = step >> 1; j < ny; j += step)
      for (let i = step >> 1; i < nx; i += step) {
        const at = j * nx + i;
        sum += Math.abs(values[a * slice + at]! - values[b * slice + at]!);
        count++;
      }
    return sum / count;
  };
  const next: number[] = [];
  for (let k = 0; k + 1 < nz; k++) next.push(difference(k, k + 1));
  const usual = median(next) ?? 0;
  const out: number[] = [];
  for (let k = 1; k + 1 < nz; k++) {
    const own = Math.min(next[k - 1]!, next[k]!);
    if (own < leastShareOfRange * range || own < 1.3 * usual) continue;
    if (own > ratio * difference(k - 1, k + 1)) out.push(k);
  }
  return out;
}

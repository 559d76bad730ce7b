import { lpsToIndex } from '../../kernels/volume/geometry.ts';
import type { LoadedVolume, Point } from '../stores/viewer.ts';

/** Offset of the voxel nearest to a patient point; null outside the grid. */
export function voxelAt({ geometry }: Pick<LoadedVolume, 'geometry'>, point: Point): number | null {
  const [i, j, k] = lpsToIndex(geometry, ...point).map((v) => Math.floor(v + 0.5)) as Point;
  const [nx, ny, nz] = geometry.dimensions;
  if (i < 0 || j < 0 || k < 0 || i >= nx || j >= ny || k >= nz) return null;
  return i + nx * (j + ny * k);
}

/** The value at the voxel nearest to a patient point; null outside the grid. */
export function nearestValue(volume: LoadedVolume, point: Point): number | null {
  const at = voxelAt(volume, point);
  return at === null ? null : volume.values[at]!;
}

/** The value between voxel centres, as the graphics card interpolates it; null where a neighbour is missing. */
export function linearValue({ geometry, values }: LoadedVolume, point: Point): number | null {
  const at = lpsToIndex(geometry, ...point);
  const [nx, ny, nz] = geometry.dimensions;
  const sides = [nx, ny, nz];
  const low = [0, 0, 0];
  const part = [0, 0, 0];
  for (let a = 0; a < 3; a++) {
    const side = sides[a]!;
    if (!(at[a]! >= -1e-6 && at[a]! <= side - 1 + 1e-6)) return null;
    const inside = Math.min(side - 1, Math.max(0, at[a]!));
    low[a] = Math.min(Math.floor(inside), Math.max(0, side - 2));
    part[a] = inside - low[a]!;
  }
  let sum = 0;
  for (let n = 0; n < 8; n++) {
    const [di, dj, dk] = [n & 1, (n >> 1) & 1, n >> 2];
    const weight = (di ? part[0]! : 1 - part[0]!) * (dj ? part[1]! : 1 - part[1]!) * (dk ? part[2]! : 1 - part[2]!);
    if (weight > 0) sum += weight * values[low[0]! + di + nx * (low[1]! + dj + ny * (low[2]! + dk))]!;
  }
  return sum;
}

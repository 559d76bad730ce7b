import type { BoxLps } from '../volume/crop.ts';
import { indexToLps, type VolumeGeometry } from '../volume/geometry.ts';
import { type BitGrid, emptyBits } from './bits.ts';

/** A centre this near to a face, mm, lies on it: faces that were computed are not missed by their last digits. */
const onFaceMm = 1e-6;

const within = (box: Readonly<BoxLps>, axis: number, at: number): boolean => at >= box[axis] - onFaceMm && at <= box[axis + 3] + onFaceMm;

/** Whether a voxel's centre lies in a box along the patient's axes, or on its faces. */
function inside(grid: VolumeGeometry, box: Readonly<BoxLps>, i: number, j: number, k: number): boolean {
  const point = indexToLps(grid, i, j, k);
  for (let a = 0; a < 3; a++) if (!within(box, a, point[a])) return false;
  return true;
}

/**
 * The voxels whose centres lie in a box along the patient's axes or on its faces, whichever way the grid is turned.
 * @param box LPS mm: xmin, ymin, zmin, xmax, ymax, zmax
 * @throws RangeError where the box ends before it starts or is no number
 * Cost: a few operations a row, and one bit for every voxel inside.
 */
export function bitsInBox(grid: VolumeGeometry, box: Readonly<BoxLps>): BitGrid {
  for (let a = 0; a < 3; a++) if (!(box[a] <= box[a + 3])) throw new RangeError(`the box ends before it starts: ${box.join(', ')} mm`);
  const out = emptyBits(grid.dimensions);
  const [nx, ny, nz] = grid.dimensions;
  for (let k = 0; k < nz; k++) {
    for (let j = 0; j < ny; j++) {
      const start = indexToLps(grid, 0, j, k);
      let low = 0;
      let high = nx - 1;
      for (let a = 0; a < 3; a++) {
        const step = grid.directionLps[a] * grid.spacingMm[0];
        if (step === 0) {
          // The row runs along this pair of faces: it stays or goes as a whole.
          if (!within(box, a, start[a])) high = -1;
          continue;
        }
        const ends = [(box[a] - onFaceMm - start[a]) / step, (box[a + 3] + onFaceMm - start[a]) / step];
        // One voxel wider than worked out: the point itself decides, not the last digit of a division.
        low = Math.max(low, Math.floor(Math.min(...ends)) - 1);
        high = Math.min(high, Math.ceil(Math.max(...ends)) + 1);
      }
      while (low <= high && !inside(grid, box, low, j, k)) low++;
      while (high >= low && !inside(grid, box, high, j, k)) high--;
      const row = (k * ny + j) * out.wordsPerRow;
      for (let i = low; i <= high; i++) out.words[row + (i >> 5)] |= 1 << (i & 31);
    }
  }
  return out;
}

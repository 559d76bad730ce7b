import type { BoxLps } from './crop.ts';
import { indexToLps, type VolumeGeometry } from './geometry.ts';

/** The box along the patient's axes that holds a grid to the outer faces of its voxels, LPS mm. */
export function extentLps(grid: VolumeGeometry): BoxLps {
  const box: BoxLps = [Infinity, Infinity, Infinity, -Infinity, -Infinity, -Infinity];
  for (let corner = 0; corner < 8; corner++) {
    const [i, j, k] = [0, 1, 2].map((a) => (corner & (1 << a) ? grid.dimensions[a] - 0.5 : -0.5));
    indexToLps(grid, i, j, k).forEach((v, a) => {
      box[a] = Math.min(box[a], v);
      box[a + 3] = Math.max(box[a + 3], v);
    });
  }
  return box;
}

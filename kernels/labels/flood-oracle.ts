import type { Triple } from '../volume/geometry.ts';
import type { Connectivity } from './bit-runs.ts';

/**
 * Slow twin of `componentsOfBits` for tests: plain flood fill. Returns for each voxel the first voxel of its part, -1 outside.
 * Cost: 27 look-ups a voxel and a label volume.
 */
export function floodLabels(mask: Uint8Array, [nx, ny, nz]: Triple, connectivity: Connectivity): Int32Array {
  const flat = connectivity === 4 || connectivity === 8;
  const steps = { 4: 1, 6: 1, 8: 2, 18: 2, 26: 3 }[connectivity];
  const labels = new Int32Array(mask.length).fill(-1);
  for (let seed = 0; seed < mask.length; seed++) {
    if (mask[seed] === 0 || labels[seed] >= 0) continue;
    labels[seed] = seed;
    const queue = [seed];
    for (let n = queue.pop(); n !== undefined; n = queue.pop()) {
      const i = n % nx;
      const j = Math.floor(n / nx) % ny;
      const k = Math.floor(n / (nx * ny));
      for (let dk = -1; dk <= 1; dk++) {
        for (let dj = -1; dj <= 1; dj++) {
          for (let di = -1; di <= 1; di++) {
            if (Math.abs(di) + Math.abs(dj) + Math.abs(dk) > steps || (flat && dk !== 0)) continue;
            const [x, y, z] = [i + di, j + dj, k + dk];
            if (x < 0 || y < 0 || z < 0 || x >= nx || y >= ny || z >= nz) continue;
            const to = (z * ny + y) * nx + x;
            if (mask[to] === 0 || labels[to] >= 0) continue;
            labels[to] = seed;
            queue.push(to);
          }
        }
      }
    }
  }
  return labels;
}

import type { BlockNoise } from './noise.ts';
import { median, spreadSlices, type Voxels } from './sampled-slices.ts';

/** Enamel reaches about 2800 HU; only metal lies above, and 12 stored bits end at 3071. */
export const metalHu = 3000;
/** So many times the noise of other slices, in slices with metal, is streaks. */
const streakRatio = 1.5;

export interface Metal {
  /** Share of sampled voxels at or above `metalHu`. */
  share: number;
  /** Streaks: soft tissue is noisier in the slices that hold metal. */
  hint: boolean;
}

/**
 * Metal, and whether it spoils what lies around it. Cost: one voxel in four of 64 slices.
 * @param soft noise in soft tissue by slice
 */
export function findMetal({ values, dimensions: [nx, ny, nz] }: Voxels, soft: BlockNoise): Metal {
  const withMetal = new Set<number>();
  let count = 0;
  let sampled = 0;
  // The slices in which noise was measured, so that both can be held against each other.
  for (const k of spreadSlices(nz, 48)) {
    let here = 0;
    for (let j = 0; j < ny; j += 2) {
      const row = (k * ny + j) * nx;
      for (let i = j & 2 ? 1 : 0; i < nx; i += 2) {
        if (values[row + i]! >= metalHu) here++;
        sampled++;
      }
    }
    count += here;
    if (here > 2) withMetal.add(k);
  }
  const noise = (metal: boolean) => median([...soft.bySlice].filter(([k]) => withMetal.has(k) === metal).flatMap(([, sds]) => sds));
  const [near, far] = [noise(true), noise(false)];
  return { share: sampled === 0 ? 0 : count / sampled, hint: near !== null && far !== null && near > streakRatio * far };
}

import { Refusal } from '../../../contract/errors.ts';
import type { RegionGrowingSettings } from '../../../contract/region-growing.ts';
import { type GrowthRound, growRegion } from '../../../kernels/labels/region-growing.ts';
import { lpsToIndex, type Triple, voxelCount, voxelVolumeMm3 } from '../../../kernels/volume/geometry.ts';
import type { Task, TaskContext, Tasks } from '../protocol.ts';
import { readVoxels, stageBits } from './masks.ts';

/** More of the image than this is no region any more. */
const leak = 0.9;

const words = ({ low, high }: GrowthRound): string => `values from ${low.toFixed(1)} to ${high.toFixed(1)}`;

/** The voxels that the seeds lie in, each once. */
function seedVoxels(volume: Tasks['segment']['in']['volume'], seedLps: readonly Triple[]): Triple[] {
  const seeds = new Map<string, Triple>();
  for (const seed of seedLps) {
    // 0 and not -0: both name the first voxel.
    const ijk = lpsToIndex(volume, ...seed).map((v) => Math.round(v) + 0) as Triple;
    if (ijk.some((at, a) => !(at >= 0 && at < volume.dimensions[a]!)))
      throw new Refusal(
        'NOT_FOUND',
        `The seed ${seed.join(', ')} (LPS, mm) lies outside of this image. Choose a point inside of it: click there, or read it off the crosshair.`,
      );
    seeds.set(ijk.join(), ijk);
  }
  return [...seeds.values()];
}

/**
 * Region growing from seeds by the statistics of what it reaches. Throws Refusal NOT_FOUND where a seed lies outside or the region runs out
 * into nearly the whole image, EMPTY_SEGMENT where no seed lies within the bounds; each says what to do.
 */
export async function segmentGrowing(
  { volume, into }: Tasks['segment']['in'],
  settings: RegionGrowingSettings,
  context: TaskContext,
): ReturnType<Task<'segment'>> {
  const seeds = seedVoxels(volume, settings.seedLps);
  context.progress(0, 'Reading the volume');
  const values = await readVoxels(volume);
  context.throwIfCancelled();
  context.progress(0.3, 'Growing the region');
  let ticks = 0;
  const tick = () => {
    context.throwIfCancelled();
    // Nobody knows how far it grows.
    context.progress(0.3 + 0.5 * (1 - 0.96 ** ticks++), 'Growing the region');
  };
  const { bits, voxels, rounds } = await growRegion(values, volume.dimensions, volume.spacingMm, seeds, settings, tick);
  if (voxels === 0) {
    const found = seeds.slice(0, 3).map(([i, j, k]) => values[i + volume.dimensions[0] * (j + volume.dimensions[1] * k)]);
    throw new Refusal(
      'EMPTY_SEGMENT',
      `No seed lies between lowHu and highHu: the image has ${found.join(', ')} there. Choose another seed or wider bounds.`,
    );
  }
  const share = voxels / voxelCount(volume.dimensions);
  if (share > leak)
    throw new Refusal(
      'NOT_FOUND',
      `The region ran out into ${Math.round(100 * share)} % of the image (${words(rounds.at(-1)!)}). Lower deviations (now ${settings.deviations}) or radiusMm, set lowHu or highHu, or limit it with reachMm.`,
    );
  context.progress(0.8, 'Writing the segment');
  const mask = await stageBits(into, bits, () => context.throwIfCancelled());
  context.progress(1, 'Segment written');
  return { mask, voxels, volumeMm3: voxels * voxelVolumeMm3(volume) };
}

import type { BitGrid } from '../../../kernels/labels/bits.ts';
import { changedRuns } from '../../../kernels/labels/changed-runs.ts';
import { runsToText } from '../../../kernels/labels/runs.ts';
import { voxelCount } from '../../../kernels/volume/geometry.ts';
import type { StagedFile } from '../protocol.ts';
import { stage, stageBits } from './masks.ts';

/** A change is kept as runs while they are shorter than this part of the mask's bytes. */
const shortChange = 16;

/**
 * Stages a mask that takes the place of another as the journal keeps it: what stands stays and the change is laid on top, unless the change
 * is nearly as long as the mask. `voxels`: how many change, null where the whole mask was written.
 */
export async function stageChange(
  into: string,
  before: BitGrid,
  after: BitGrid,
  tick: () => void,
): Promise<{ change: 'mask' | 'flips'; file: StagedFile; voxels: number | null }> {
  const flips = changedRuns(before, after, voxelCount(before.dimensions) / shortChange);
  if (!flips) return { change: 'mask', file: await stageBits(into, after, tick), voxels: null };
  const file = await stage(into, new TextEncoder().encode(runsToText(flips.code)), '.runs', tick);
  return { change: 'flips', file, voxels: flips.voxels };
}

import { Refusal } from '../../../contract/errors.ts';
import { movedGrid } from '../../../kernels/registration/moved-grid.ts';
import { resampleLabels } from '../../../kernels/spacing/resample-labels.ts';
import { voxelVolumeMm3 } from '../../../kernels/volume/geometry.ts';
import type { Task } from '../protocol.ts';
import { readMask, stage } from './masks.ts';

/**
 * 8.3, label-safe: takes a mask onto the grid of a derived series; no value appears that was not there.
 * Throws Refusal EMPTY_SEGMENT where nothing of it lies on the new grid.
 */
export const carry: Task<'carry'> = async ({ mask, geometry, registration, target, labels, into }, context) => {
  context.progress(0, 'Reading the segment');
  const from = registration ? movedGrid(geometry, registration) : geometry;
  const made = resampleLabels(await readMask(mask, geometry.dimensions), from, target, { coarser: labels }, (fraction) => {
    context.throwIfCancelled();
    context.progress(0.1 + 0.8 * fraction, 'Carrying the segment over');
  });
  let voxels = 0;
  for (let n = 0; n < made.length; n++) voxels += made[n] as number;
  if (voxels === 0) throw new Refusal('EMPTY_SEGMENT', 'Nothing of the segment lies on the new grid. Carry another one, or none.');
  const file = await stage(into, made, '.raw');
  return { mask: file, voxels, volumeMm3: voxels * voxelVolumeMm3(target) };
};

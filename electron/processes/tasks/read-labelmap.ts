import { readNiftiMask } from '../../ports/nifti-read.ts';
import { networkWordingIn } from '../../ports/objects/network-wording.ts';
import type { Task } from '../protocol.ts';
import { stage } from './masks.ts';

/** Reads a labelmap file for meshing: non-zero is inside; its grid in LPS mm, a slanted one as it is. */
export const readLabelmap: Task<'readLabelmap'> = async ({ path, into }, context) => {
  const { header, values, voxels } = await readNiftiMask(path, (fraction) => {
    context.throwIfCancelled();
    context.progress(0.9 * fraction, 'Reading the labelmap');
  });
  const mask = await stage(into, values, '.mask');
  context.progress(1, 'Labelmap read');
  return { mask, geometry: header.geometry, voxels, networkWording: networkWordingIn(header.description) };
};

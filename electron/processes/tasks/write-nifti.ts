import { writeNifti } from '../../ports/nifti-write.ts';
import type { Task } from '../protocol.ts';
import { readMask } from './masks.ts';

/** Writes a mask as gzipped NIfTI-1 on its grid, to a file that does not exist yet. */
export const writeNiftiFile: Task<'writeNifti'> = async ({ mask, geometry, path }, context) => {
  context.progress(0, 'Joining strokes');
  const values = await readMask(mask, geometry.dimensions);
  context.throwIfCancelled();
  const file = await writeNifti(path, { geometry, values });
  context.progress(1, 'NIfTI written');
  return file;
};

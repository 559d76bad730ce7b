import { writeNifti } from '../../ports/nifti-write.ts';
import { labelFileDescription } from '../../ports/objects/network-wording.ts';
import type { Task } from '../protocol.ts';
import { readMask } from './masks.ts';

/** Voxels of a label file: 0 is other, `value` is what the mask stands for (9.1). Bytes as long as the value fits one. */
function labelled(mask: Uint8Array, value: number): Uint8Array | Uint16Array {
  if (!Number.isInteger(value) || value < 1 || value > 65535) throw new RangeError(`${value} is no label`);
  if (value === 1) return mask;
  const values = value < 256 ? mask : new Uint16Array(mask.length);
  for (let n = 0; n < mask.length; n++) values[n] = mask[n]! * value;
  return values;
}

/** Writes a mask as gzipped NIfTI-1 on its grid, bone as `value`, to a file that does not exist yet. */
export const writeNiftiFile: Task<'writeNifti'> = async ({ mask, geometry, value = 1, networkWording = null, path }, context) => {
  context.progress(0, 'Joining strokes');
  const values = labelled(await readMask(mask, geometry.dimensions), value);
  context.throwIfCancelled();
  const file = await writeNifti(path, { geometry, values, description: labelFileDescription(networkWording) });
  context.progress(1, 'NIfTI written');
  return file;
};

import type { Task } from '../protocol.ts';
import { readMask, writeDurably } from './masks.ts';

/** Writes base and strokes as one raw uint8 file that does not exist yet. */
export const materialise: Task<'materialise'> = async ({ mask, dimensions, path }, context) => {
  context.progress(0, 'Joining strokes');
  const values = await readMask(mask, dimensions);
  context.throwIfCancelled();
  const file = await writeDurably(path, values);
  context.progress(1, 'Mask written');
  return file;
};

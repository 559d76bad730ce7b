import { Refusal } from '../../../contract/errors.ts';
import { readMeshFile } from '../../ports/mesh-file-read.ts';
import { writeMeshFile } from '../../ports/mesh-file-write.ts';
import type { Task } from '../protocol.ts';

/**
 * P-export: a checked STL as a file of another kind at `path`, from those very bytes; read again and compared before it has its name.
 * Refuses what `readMeshFile` and `writeMeshFile` refuse.
 */
export const writeMesh: Task<'writeMesh'> = async ({ stl, kind, about, path }, context) => {
  const part = (from: number, to: number, note: string) => (fraction: number) => {
    context.throwIfCancelled();
    context.progress(from + fraction * (to - from), note);
  };
  const read = await readMeshFile(stl, part(0, 0.3, 'Reading the checked STL'));
  if ('reason' in read) throw new Refusal(read.reason.code, read.reason.message);
  const file = await writeMeshFile(path, kind, read.mesh, about, part(0.3, 1, 'Writing and reading again'));
  context.progress(1, 'Model written');
  return file;
};

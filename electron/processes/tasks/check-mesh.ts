import { type FileHandle, open } from 'node:fs/promises';
import { type Coded, Refusal } from '../../../contract/errors.ts';
import { checkMesh as checkTriangles } from '../../../kernels/mesh/check.ts';
import { emptyMesh, type Mesh } from '../../../kernels/mesh/mesh.ts';
import { readStl, type StlError } from '../../../kernels/mesh/stl.ts';
import { weld } from '../../../kernels/mesh/weld.ts';
import type { Task } from '../protocol.ts';
import { figuresOf, reasonsOf } from './mesh-verdict.ts';

const largestBytes = 2 ** 32;
const chunkBytes = 2 ** 26;

const unreadable: Record<StlError['error'], Coded> = {
  empty: { code: 'TRUNCATED_FILE', message: 'The file is empty. Copy or export it again.' },
  truncated: { code: 'TRUNCATED_FILE', message: 'The file ends before the last triangle it announces. Copy or export it again.' },
  'not-stl': { code: 'CORRUPT_FILE', message: 'This is not an STL file, neither binary nor text. Choose an STL.' },
  'length-mismatch': { code: 'CORRUPT_FILE', message: 'The file is longer than its triangle count says. Export it again.' },
  'bad-facet': { code: 'CORRUPT_FILE', message: 'A facet of the text does not have exactly three vertices. Export it again.' },
  'bad-number': { code: 'CORRUPT_FILE', message: 'A coordinate in the text is not a number. Export it again.' },
};

async function openForReading(path: string): Promise<FileHandle> {
  try {
    return await open(path, 'r');
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === 'ENOENT') throw new Refusal('NOT_FOUND', 'The mesh file does not exist. Check the path.');
    throw new Refusal('UNREADABLE_FILE', `The mesh file cannot be opened (${code}). Check its permissions.`);
  }
}

async function readBounded(path: string): Promise<Uint8Array> {
  const file = await openForReading(path);
  try {
    const stat = await file.stat();
    if (!stat.isFile()) throw new Refusal('UNREADABLE_FILE', 'This is not a file. Choose an STL file.');
    if (stat.size > largestBytes) throw new Refusal('TOO_LARGE', 'The mesh file is larger than 4 GiB. Reduce its triangles first.');
    const bytes = new Uint8Array(stat.size);
    let at = 0;
    while (at < bytes.length) {
      const { bytesRead } = await file.read(bytes, at, Math.min(chunkBytes, bytes.length - at), at);
      if (bytesRead === 0) break;
      at += bytesRead;
    }
    return bytes.subarray(0, at);
  } finally {
    await file.close();
  }
}

function answer(mesh: Mesh, reasons: Coded[], tick?: (part: number) => void): Awaited<ReturnType<typeof checkMesh>> {
  const checked = checkTriangles(mesh, tick);
  const found = reasons.length > 0 ? reasons : reasonsOf(checked);
  return { ...figuresOf(checked), outcome: found.length > 0 ? 'reject' : 'accept', reasons: found, warnings: [] };
}

/**
 * P-print for a mesh from elsewhere: what it is and what keeps it from being printed, by code. A file that cannot be read as an STL is an
 * answer too (CORRUPT_FILE, TRUNCATED_FILE), with the figures of no mesh. Refuses NOT_FOUND, UNREADABLE_FILE and TOO_LARGE.
 */
export const checkMesh: Task<'checkMesh'> = async ({ path }, context) => {
  const tick = (from: number, to: number, note: string) => (part: number) => {
    context.throwIfCancelled();
    context.progress(from + part * (to - from), note);
  };
  tick(0, 0, 'Reading the mesh')(0);
  const bytes = await readBounded(path);
  const read = readStl(bytes, tick(0.1, 0.3, 'Reading the mesh'));
  if ('error' in read) return answer(emptyMesh(), [unreadable[read.error]]);
  const result = answer(weld(read.soup, tick(0.3, 0.6, 'Joining corners')), [], tick(0.6, 1, 'Checking'));
  context.progress(1, 'Mesh checked');
  return result;
};

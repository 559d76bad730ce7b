import { type FileHandle, open } from 'node:fs/promises';
import { type Coded, Refusal } from '../../../contract/errors.ts';
import type { MeshCheck } from '../../../contract/mesh.ts';
import type { Mesh, Tick } from '../../../kernels/mesh/mesh.ts';
import { readStl, type StlError } from '../../../kernels/mesh/stl.ts';
import { weld } from '../../../kernels/mesh/weld.ts';

const largestBytes = 2 ** 32;
const chunkBytes = 2 ** 26;

/** A mesh file as read, or why it is none, in a code and words. */
export type MeshInput = { mesh: Mesh; format: NonNullable<MeshCheck['format']> } | { reason: Coded };

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

/**
 * Reads a mesh file from elsewhere, corners joined where they are exactly equal. Refuses NOT_FOUND, UNREADABLE_FILE and TOO_LARGE; a file
 * that is no mesh is an answer (CORRUPT_FILE, TRUNCATED_FILE).
 */
export async function readMeshInput(path: string, tick: Tick): Promise<MeshInput> {
  tick(0);
  const bytes = await readBounded(path);
  const read = readStl(bytes, (part) => tick(0.2 + part * 0.3));
  if ('error' in read) return { reason: unreadable[read.error] };
  return { mesh: weld(read.soup, (part) => tick(0.5 + part * 0.5)), format: read.format === 'ascii' ? 'stl-ascii' : 'stl' };
}

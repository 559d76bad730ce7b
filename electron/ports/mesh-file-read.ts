import { type FileHandle, open } from 'node:fs/promises';
import { type Coded, Refusal } from '../../contract/errors.ts';
import type { MeshKind } from '../../contract/mesh.ts';
import type { Mesh, Tick } from '../../kernels/mesh/mesh.ts';
import { readObj } from '../../kernels/mesh/obj-read.ts';
import { readPly } from '../../kernels/mesh/ply-read.ts';
import type { ReadFault } from '../../kernels/mesh/read-fault.ts';
import { soupOf } from '../../kernels/mesh/soup.ts';
import { readStl, type StlError } from '../../kernels/mesh/stl.ts';
import { weld } from '../../kernels/mesh/weld.ts';
import { readThreeMf } from './threemf-read.ts';

const largestBytes = 2 ** 32;
const chunkBytes = 2 ** 26;
const zipStart = 0x04034b50;

/** A mesh file as read, or why it is none, in a code and words. */
export type MeshFileRead = { mesh: Mesh; format: MeshKind } | { reason: Coded };
/** As the file has it: loose triangles (nine float32 each), or vertices and triangles. */
export type MeshFileContent =
  | { format: 'stl' | 'stl-ascii'; soup: Float32Array }
  | { format: 'ply' | 'obj' | '3mf'; mesh: Mesh }
  | { reason: Coded };

const again = 'Export it again.';
const stlWords: Record<StlError['error'], Coded> = {
  empty: { code: 'TRUNCATED_FILE', message: 'The file is empty. Copy or export it again.' },
  truncated: { code: 'TRUNCATED_FILE', message: 'The file ends before the last triangle it announces. Copy or export it again.' },
  'not-stl': { code: 'CORRUPT_FILE', message: 'This is no mesh file that is known here. Choose an STL, PLY, OBJ or 3MF.' },
  'length-mismatch': { code: 'CORRUPT_FILE', message: `The file is longer than its triangle count says. ${again}` },
  'bad-facet': { code: 'CORRUPT_FILE', message: `A facet of the text does not have exactly three vertices. ${again}` },
  'bad-number': { code: 'CORRUPT_FILE', message: `A coordinate in the text is not a number. ${again}` },
};
const faultWords: Record<ReadFault, string> = {
  truncated: 'The file ends before the last face it announces. Copy or export it again.',
  'bad-header': `Its head does not describe vertices and faces. ${again}`,
  'bad-number': `It holds something else where a number should stand. ${again}`,
  'bad-index': `A face names a vertex that is not there. ${again}`,
  'bad-face': `A face has fewer than three corners. ${again}`,
  'no-faces': 'It holds points at most, and no faces. Export the surface, not the points.',
  'left-over': `The file is longer than its counts say. ${again}`,
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

/** The bytes of a file; null: it starts as an archive does, and is read from the disk. */
async function readBounded(path: string, tick: Tick): Promise<Uint8Array | null> {
  const file = await openForReading(path);
  try {
    const stat = await file.stat();
    if (!stat.isFile()) throw new Refusal('UNREADABLE_FILE', 'This is not a file. Choose an STL, PLY, OBJ or 3MF file.');
    if (stat.size > largestBytes) throw new Refusal('TOO_LARGE', 'The mesh file is larger than 4 GiB. Reduce its triangles first.');
    const start = Buffer.alloc(4);
    await file.read(start, 0, 4, 0);
    if (start.readUInt32LE(0) === zipStart) return null;
    const bytes = new Uint8Array(stat.size);
    let at = 0;
    while (at < bytes.length) {
      tick(at / bytes.length);
      const { bytesRead } = await file.read(bytes, at, Math.min(chunkBytes, bytes.length - at), at);
      if (bytesRead === 0) break;
      at += bytesRead;
    }
    return bytes.subarray(0, at);
  } finally {
    await file.close();
  }
}

const latin1 = new TextDecoder('latin1');

/** Text whose first lines have a keyword of OBJ; no byte that a text has not. */
function looksLikeObj(bytes: Uint8Array): boolean {
  const start = latin1.decode(bytes.subarray(0, 2 ** 16));
  if (/[^\t-\r\x20-\x7e\x80-\xff]/.test(start)) return false;
  return /(^|[\r\n])[ \t]*(v|vn|vt|f)[ \t]+-?[\d.]/.test(start);
}

function named(format: 'ply' | 'obj', read: Mesh | { error: ReadFault }): MeshFileContent {
  if (!('error' in read)) return { format, mesh: read };
  const code = read.error === 'truncated' ? 'TRUNCATED_FILE' : 'CORRUPT_FILE';
  return { reason: { code, message: `${format.toUpperCase()}: ${faultWords[read.error]}` } };
}

function contentOf(bytes: Uint8Array, tick: Tick): MeshFileContent {
  if (/^ply[\r\n]/.test(latin1.decode(bytes.subarray(0, 4)))) return named('ply', readPly(bytes, tick));
  const stl = readStl(bytes, tick);
  if (!('error' in stl)) return { format: stl.format === 'ascii' ? 'stl-ascii' : 'stl', soup: stl.soup };
  const begins = latin1.decode(bytes.subarray(0, 256)).trimStart().slice(0, 5).toLowerCase();
  if (begins !== 'solid' && looksLikeObj(bytes)) return named('obj', readObj(bytes, tick));
  return { reason: stlWords[stl.error] };
}

/**
 * What a mesh file of any known kind holds, decided by its content and never by its name. Throws Refusal NOT_FOUND, UNREADABLE_FILE and
 * TOO_LARGE; a file that is no mesh is an answer by code.
 */
export async function readMeshContent(path: string, tick: Tick): Promise<MeshFileContent> {
  tick(0);
  const bytes = await readBounded(path, (part) => tick(part * 0.2));
  if (bytes) return contentOf(bytes, (part) => tick(0.2 + part * 0.8));
  const read = await readThreeMf(path, tick);
  return 'reason' in read ? read : { format: '3mf', mesh: read };
}

/**
 * Reads a mesh file from elsewhere: STL, PLY, OBJ or 3MF, in mm. Corners that are exactly equal are one vertex, whatever the format, so
 * that all of them are judged alike; vertices that no triangle names are left out. Throws and answers as `readMeshContent`.
 */
export async function readMeshFile(path: string, tick: Tick): Promise<MeshFileRead> {
  const content = await readMeshContent(path, (part) => tick(part * 0.6));
  if ('reason' in content) return content;
  const soup = 'soup' in content ? content.soup : soupOf(content.mesh);
  return { mesh: weld(soup, (part) => tick(0.6 + part * 0.4)), format: content.format };
}

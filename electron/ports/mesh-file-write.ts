import { createHash, randomUUID } from 'node:crypto';
import { open, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { Refusal } from '../../contract/errors.ts';
import type { MeshAbout, MeshKind } from '../../contract/mesh.ts';
import type { Mesh, Tick } from '../../kernels/mesh/mesh.ts';
import { objPieces } from '../../kernels/mesh/obj-write.ts';
import { plyPieces, type VertexValues } from '../../kernels/mesh/ply-write.ts';
import { soupOf } from '../../kernels/mesh/soup.ts';
import { stlTextPieces } from '../../kernels/mesh/stl-text-write.ts';
import { writeStl } from '../../kernels/mesh/stl-write.ts';
import { diskRefusal, realDisk } from './atomic.ts';
import { type MeshFileContent, readMeshContent } from './mesh-file-read.ts';
import { threeMfPieces } from './threemf-write.ts';

const pieceBytes = 2 ** 22;

function* cut(bytes: Uint8Array): Generator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += pieceBytes) yield bytes.subarray(at, at + pieceBytes);
}

function piecesOf(kind: MeshKind, mesh: Mesh, about: MeshAbout, carried: VertexValues, tick: Tick): Generator<Uint8Array> {
  const remarks = [about.header, ...about.facts.map(({ name, text }) => `${name}: ${text}`)];
  switch (kind) {
    case 'stl':
      return cut(writeStl(mesh, about.header, tick));
    case 'stl-ascii':
      return stlTextPieces(mesh, about.header, tick);
    case 'ply':
      return plyPieces(mesh, remarks, carried, tick);
    case 'obj':
      return objPieces(mesh, about.title, remarks, tick);
    case '3mf':
      return threeMfPieces(mesh, about.facts, about.title, about.solid, tick);
  }
}

async function writePieces(file: string, pieces: Iterable<Uint8Array>): Promise<{ sha256: string; bytes: number }> {
  const handle = await open(file, 'wx', 0o644);
  try {
    const hash = createHash('sha256');
    let bytes = 0;
    for (const piece of pieces) {
      hash.update(piece);
      for (let done = 0; done < piece.length; ) done += (await handle.write(piece, done, piece.length - done, null)).bytesWritten;
      bytes += piece.length;
    }
    await handle.sync();
    return { sha256: hash.digest('hex'), bytes };
  } finally {
    await handle.close();
  }
}

const bitsOf = (values: Float32Array) => new Uint32Array(values.buffer, values.byteOffset, values.length);
const same = (a: Uint32Array, b: Uint32Array) => a.length === b.length && a.every((value, n) => value === b[n]);

/** Throws RangeError where what was read back is not what was to be written: place, scale, axes and turn of every triangle, to the bit. */
function assertSame(kind: MeshKind, mesh: Mesh, read: MeshFileContent): void {
  if ('reason' in read) throw new RangeError(`the ${kind} just written cannot be read: ${read.reason.message}`);
  const equal =
    'soup' in read
      ? same(bitsOf(read.soup), bitsOf(soupOf(mesh)))
      : same(bitsOf(Float32Array.from(read.mesh.positions)), bitsOf(Float32Array.from(mesh.positions))) &&
        same(read.mesh.triangles, mesh.triangles);
  if (read.format !== kind || !equal) throw new RangeError(`the ${kind} just written reads back as another mesh`);
}

/** What no kind can hold alike, or our reader would not take back. A 3MF must not hold a triangle that is none (core, 4.1.4.1). */
function assertWritable(mesh: Mesh, kind: MeshKind): void {
  if (mesh.triangles.length === 0)
    throw new Refusal('EMPTY_SEGMENT', 'The mesh has no triangles, so there is nothing to write. Make the model again.');
  for (let n = 0; n < mesh.positions.length; n++)
    if (!Number.isFinite(Math.fround(mesh.positions[n] as number)))
      throw new Refusal('MESH_INVALID_VERTEX', 'A vertex has a coordinate that is not a number. Make the model again.');
  const t = mesh.triangles;
  for (let n = 0; kind === '3mf' && n < t.length; n += 3)
    if (t[n] === t[n + 1] || t[n + 1] === t[n + 2] || t[n + 2] === t[n])
      throw new Refusal(
        'MESH_NON_MANIFOLD',
        'A triangle has two corners in one place, which 3MF does not allow. Repair the model, or write it as STL or PLY.',
      );
}

/**
 * P-export: writes a mesh (LPS mm, stored as float32) as a file of the kind, under another name beside `target`; reads it again with our
 * own reader, compares every corner to the bit, makes it durable and only then gives it its name. `carried` goes into a PLY.
 * @throws Refusal OUTPUT_NOT_WRITABLE, DISK_FULL, EMPTY_SEGMENT, MESH_INVALID_VERTEX; RangeError where it reads back as another mesh; what
 * `tick` throws. Nothing is left of what fails.
 */
export async function writeMeshFile(
  target: string,
  kind: MeshKind,
  mesh: Mesh,
  about: MeshAbout,
  tick: Tick,
  carried: VertexValues = {},
): Promise<{ path: string; sha256: string; bytes: number }> {
  assertWritable(mesh, kind);
  const temporary = path.join(path.dirname(target), `.${path.basename(target)}.${randomUUID()}.tmp`);
  try {
    const written = await writePieces(
      temporary,
      piecesOf(kind, mesh, about, carried, (part) => tick(part * 0.6)),
    );
    assertSame(kind, mesh, await readMeshContent(temporary, (part) => tick(0.6 + part * 0.4)));
    await rename(temporary, target);
    await realDisk.syncFolder(path.dirname(target));
    return { path: target, ...written };
  } catch (error) {
    await rm(temporary, { force: true });
    throw diskRefusal(error, target, 'OUTPUT_NOT_WRITABLE');
  }
}

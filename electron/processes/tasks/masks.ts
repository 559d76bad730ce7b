import { createHash, randomUUID } from 'node:crypto';
import { type FileHandle, open, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { MaskDelta } from '../../../contract/segmentation.ts';
import { clearBits, flipBits, setBits } from '../../../kernels/labels/bit-runs.ts';
import { type BitGrid, emptyBits, lastWordMask } from '../../../kernels/labels/bits.ts';
import { packRows, unpackRows } from '../../../kernels/labels/byte-rows.ts';
import { applyRuns, decodeRuns, runsFromText } from '../../../kernels/labels/runs.ts';
import { type Triple, voxelCount } from '../../../kernels/volume/geometry.ts';
import type { MaskFile, StagedFile, VolumeFile } from '../protocol.ts';

const chunkBytes = 8 * 1024 * 1024;

/** Reads a file of so many bytes piece by piece, each into `place(from, length)`, and tells `done` of it. */
async function readPieces(
  path: string,
  bytes: number,
  pieceBytes: number,
  place: (at: number, length: number) => Uint8Array,
  done: (piece: Uint8Array, at: number) => void = () => {},
): Promise<void> {
  const file = await open(path, 'r');
  try {
    const { size } = await file.stat();
    if (size !== bytes) throw new RangeError(`the voxel file holds ${size} bytes, its grid asks for ${bytes}`);
    for (let at = 0; at < bytes; at += pieceBytes) {
      const piece = place(at, Math.min(pieceBytes, bytes - at));
      for (let read = 0; read < piece.length; ) {
        const { bytesRead } = await file.read(piece, read, piece.length - read, at + read);
        if (bytesRead === 0) throw new RangeError('the voxel file became shorter while it was read');
        read += bytesRead;
      }
      done(piece, at);
    }
  } finally {
    await file.close();
  }
}

async function readInto<T extends ArrayBufferLike>(path: string, buffer: T): Promise<T> {
  await readPieces(path, buffer.byteLength, chunkBytes, (at, length) => new Uint8Array(buffer, at, length));
  return buffer;
}

/**
 * The voxels of a mask: its base, then its strokes in order.
 * @param dimensions voxels along i, j, k
 * @returns uint8 of 0 and 1, i fastest
 * @throws RangeError where the base does not fit the grid, or a stroke's code is damaged or leaves the grid
 */
export async function readMask(mask: MaskFile, dimensions: Triple): Promise<Uint8Array> {
  const voxels = voxelCount(dimensions);
  const values = new Uint8Array(voxels);
  if (mask.base !== null) await readInto(mask.base, values.buffer);
  for (const delta of mask.deltas) applyRuns(values, runsFromText(delta.runs), delta.value);
  return values;
}

/** Whole rows of bytes that come near a piece of a file. */
const rowsOf = (nx: number) => Math.max(1, Math.floor(chunkBytes / nx));

/** As `readMask`, as bits: never more than a piece of the file in memory beside them. */
export async function readMaskBits(mask: MaskFile, dimensions: Triple): Promise<BitGrid> {
  const bits = emptyBits(dimensions);
  const [nx] = dimensions;
  const voxels = voxelCount(dimensions);
  if (mask.base !== null) {
    const buffer = new Uint8Array(Math.min(voxels, rowsOf(nx) * nx));
    const place = (_at: number, length: number) => buffer.subarray(0, length);
    await readPieces(mask.base, voxels, buffer.length, place, (piece, at) => {
      const word = (at / nx) * bits.wordsPerRow;
      packRows(piece, nx, lastWordMask(nx), bits.words.subarray(word, word + (piece.length / nx) * bits.wordsPerRow));
    });
  }
  for (const delta of mask.deltas) applyStroke(bits, runsFromText(delta.runs), delta.value);
  return bits;
}

/** As `applyRuns`. */
function applyStroke({ dimensions, wordsPerRow, words }: BitGrid, code: Uint8Array, value: MaskDelta['value']): void {
  const [nx] = dimensions;
  const voxels = voxelCount(dimensions);
  decodeRuns(code, (start, length) => {
    if (start + length > voxels) throw new RangeError(`the run code names voxel ${start + length - 1} of ${voxels}`);
  });
  const put = value === 'flip' ? flipBits : value === 1 ? setBits : clearBits;
  decodeRuns(code, (start, length) => {
    for (let at = start; at < start + length; ) {
      const row = Math.floor(at / nx);
      const end = Math.min(start + length, (row + 1) * nx);
      put(words, row * wordsPerRow, at - row * nx, end - row * nx);
      at = end;
    }
  });
}

/** The values of a volume file (raw little-endian, i fastest), on memory that threads share. Throws RangeError where the file does not fit its grid. */
export async function readVoxels(volume: VolumeFile): Promise<Int16Array | Float32Array> {
  const voxels = voxelCount(volume.dimensions);
  if (volume.dtype === 'int16') return new Int16Array(await readInto(volume.path, new SharedArrayBuffer(voxels * 2)));
  return new Float32Array(await readInto(volume.path, new SharedArrayBuffer(voxels * 4)));
}

/** Pieces of one array. */
function* piecesOf(bytes: Uint8Array): Generator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += chunkBytes) yield bytes.subarray(at, at + chunkBytes);
}

/** A mask as bytes of 0 and 1; each piece takes the place of the one before. */
function* bytePieces({ dimensions, wordsPerRow, words }: BitGrid): Generator<Uint8Array> {
  const [nx, ny, nz] = dimensions;
  const most = rowsOf(nx);
  const buffer = new Uint8Array(Math.min(most, ny * nz) * nx);
  for (let row = 0; row < ny * nz; row += most) {
    const rows = Math.min(most, ny * nz - row);
    const piece = buffer.subarray(0, rows * nx);
    unpackRows(words.subarray(row * wordsPerRow, (row + rows) * wordsPerRow), nx, piece);
    yield piece;
  }
}

async function writeAll(file: FileHandle, pieces: Iterable<Uint8Array>, tick: () => void): Promise<{ sha256: string; bytes: number }> {
  const hash = createHash('sha256');
  let bytes = 0;
  for (const piece of pieces) {
    tick();
    hash.update(piece);
    bytes += piece.length;
    for (let done = 0; done < piece.length; ) done += (await file.write(piece, done, piece.length - done, null)).bytesWritten;
  }
  tick();
  await file.sync();
  return { sha256: hash.digest('hex'), bytes };
}

async function writePieces(path: string, pieces: Iterable<Uint8Array>, tick: () => void): Promise<StagedFile> {
  const file = await open(path, 'wx');
  try {
    const written = await writeAll(file, pieces, tick);
    await file.close();
    return { path, ...written };
  } catch (error) {
    await file.close().catch(() => undefined);
    await rm(path, { force: true });
    throw error;
  }
}

/**
 * Writes bytes to a file that does not exist yet, in pieces, synced to the disk and hashed on the way.
 * @param tick called between pieces; may throw to cancel
 * @throws the file system's own error (EEXIST, ENOSPC), or what `tick` throws; what had been written is then removed
 */
export async function writeDurably(path: string, values: ArrayBufferView, tick: () => void = () => {}): Promise<StagedFile> {
  return writePieces(path, piecesOf(new Uint8Array(values.buffer, values.byteOffset, values.byteLength)), tick);
}

const newPath = (into: string, extension: string) => join(into, `staged-${randomUUID()}${extension}`);

/** As `writeDurably`, under a new random name in the folder `into`; `extension` with its dot. */
export async function stage(into: string, values: ArrayBufferView, extension: string, tick?: () => void): Promise<StagedFile> {
  return writeDurably(newPath(into, extension), values, tick);
}

/** As `stage`, a mask as bytes of 0 and 1. */
export async function stageBits(into: string, bits: BitGrid, tick: () => void = () => {}): Promise<StagedFile> {
  return writePieces(newPath(into, '.raw'), bytePieces(bits), tick);
}

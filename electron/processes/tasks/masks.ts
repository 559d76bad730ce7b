import { createHash, randomUUID } from 'node:crypto';
import { type FileHandle, open, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { applyRuns, runsFromText } from '../../../kernels/labels/runs.ts';
import { type Triple, voxelCount } from '../../../kernels/volume/geometry.ts';
import type { MaskFile, StagedFile, VolumeFile } from '../protocol.ts';

const chunkBytes = 8 * 1024 * 1024;

async function readExactly(path: string, bytes: number): Promise<ArrayBuffer> {
  const file = await open(path, 'r');
  try {
    const { size } = await file.stat();
    if (size !== bytes) throw new RangeError(`the voxel file holds ${size} bytes, its grid asks for ${bytes}`);
    const buffer = new ArrayBuffer(bytes);
    for (let at = 0; at < bytes; ) {
      const { bytesRead } = await file.read(new Uint8Array(buffer, at, Math.min(chunkBytes, bytes - at)), 0, null, at);
      if (bytesRead === 0) throw new RangeError('the voxel file became shorter while it was read');
      at += bytesRead;
    }
    return buffer;
  } finally {
    await file.close();
  }
}

/**
 * The voxels of a mask: its base, then its strokes in order.
 * @param dimensions voxels along i, j, k
 * @returns uint8 of 0 and 1, i fastest
 * @throws RangeError where the base does not fit the grid, or a stroke's code is damaged or leaves the grid
 */
export async function readMask(mask: MaskFile, dimensions: Triple): Promise<Uint8Array> {
  const voxels = voxelCount(dimensions);
  const values = new Uint8Array(mask.base === null ? new ArrayBuffer(voxels) : await readExactly(mask.base, voxels));
  for (const delta of mask.deltas) applyRuns(values, runsFromText(delta.runs), delta.value);
  return values;
}

/** The values of a volume file (raw little-endian, i fastest). Throws RangeError where the file does not fit its grid. */
export async function readVoxels(volume: VolumeFile): Promise<Int16Array | Float32Array> {
  const voxels = voxelCount(volume.dimensions);
  if (volume.dtype === 'int16') return new Int16Array(await readExactly(volume.path, voxels * 2));
  return new Float32Array(await readExactly(volume.path, voxels * 4));
}

async function writeAll(file: FileHandle, bytes: Uint8Array, tick: () => void): Promise<string> {
  const hash = createHash('sha256');
  for (let at = 0; at < bytes.length; at += chunkBytes) {
    tick();
    const part = bytes.subarray(at, at + chunkBytes);
    hash.update(part);
    for (let done = 0; done < part.length; ) done += (await file.write(part, done, part.length - done, null)).bytesWritten;
  }
  tick();
  await file.sync();
  return hash.digest('hex');
}

/**
 * Writes bytes to a file that does not exist yet, in pieces, synced to the disk and hashed on the way.
 * @param tick called between pieces; may throw to cancel
 * @throws the file system's own error (EEXIST, ENOSPC), or what `tick` throws; what had been written is then removed
 */
export async function writeDurably(path: string, values: ArrayBufferView, tick: () => void = () => {}): Promise<StagedFile> {
  const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
  const file = await open(path, 'wx');
  try {
    const sha256 = await writeAll(file, bytes, tick);
    await file.close();
    return { path, sha256, bytes: bytes.length };
  } catch (error) {
    await file.close().catch(() => undefined);
    await rm(path, { force: true });
    throw error;
  }
}

/** As `writeDurably`, under a new random name in the folder `into`; `extension` with its dot. */
export async function stage(into: string, values: ArrayBufferView, extension: string, tick?: () => void): Promise<StagedFile> {
  return writeDurably(join(into, `staged-${randomUUID()}${extension}`), values, tick);
}

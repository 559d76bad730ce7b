import { createHash } from 'node:crypto';
import { open, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { Refusal } from '../../../contract/errors.ts';
import { countBits } from '../../../kernels/labels/bits.ts';
import { voxelVolumeMm3 } from '../../../kernels/volume/geometry.ts';
import type { ObjectReader } from '../../ports/objects/object-input.ts';
import type { LoadedSegment, Task } from '../protocol.ts';
import { stageBits } from './masks.ts';

/** Asked in this order; each looks at the bytes, not at the name. */
const readers: (() => Promise<ObjectReader>)[] = [
  async () => (await import('../../ports/objects/seg-read.ts')).readSeg,
  async () => (await import('../../ports/objects/rtstruct-read.ts')).readRtstruct,
  async () => (await import('../../ports/objects/sr-read.ts')).readSr,
  async () => (await import('../../ports/objects/encapsulated-stl-read.ts')).readEncapsulatedStl,
  async () => (await import('../../ports/objects/aim-read.ts')).readAim,
  async () => (await import('../../ports/objects/nifti-labels-read.ts')).readNiftiLabels,
];

/** No object of these kinds is larger; a labelmap of 1024^3 in 16 bits is half of it. */
const mostBytes = 4 * 1024 ** 3 - 1;

async function bytesOf(file: string): Promise<Uint8Array> {
  // To open a pipe waits for its writer, and a device has no end.
  const there = await stat(file).catch(() => null);
  if (there && !there.isFile()) throw new Refusal('INVALID_OBJECT', 'That is a folder or a device. Choose one file.');
  const handle = await open(file, 'r').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') throw new Refusal('NOT_FOUND', `There is no file ${path.basename(file)}. Choose one that is there.`);
    throw new Refusal(
      'UNREADABLE_FILE',
      `${path.basename(file)} cannot be read (${error.code}). Look at its permissions, or copy it first.`,
    );
  });
  try {
    const { size } = await handle.stat();
    if (size > mostBytes)
      throw new Refusal(
        'TOO_LARGE',
        `${path.basename(file)} holds ${size} bytes, more than any mask needs. Export fewer segments at a time.`,
      );
    return await handle.readFile();
  } finally {
    await handle.close();
  }
}

/**
 * 9.1-interop: what a file of another program holds, on the grid of one of the targets. Throws Refusal INVALID_OBJECT where no kind of ours
 * fits, and what the kind's reader refuses; nothing stays staged then.
 */
export const readObject: Task<'readObject'> = async ({ path: file, targets, into }, context) => {
  const name = path.basename(file);
  const bytes = await bytesOf(file);
  const tick = () => context.throwIfCancelled();
  for (const [n, load] of readers.entries()) {
    tick();
    context.progress((0.6 * n) / readers.length, 'Reading the file');
    const read = await (await load())(bytes, { name, targets }, tick);
    if (!read) continue;
    const target = targets.find((one) => one.seriesInstanceUid === read.series);
    if (!target) throw new RangeError('a reader named a series that is no target');
    const segments: LoadedSegment[] = [];
    try {
      for (const { bits, ...one } of read.segments) {
        context.progress(0.6 + (0.4 * segments.length) / read.segments.length, 'Writing the segments');
        const voxels = countBits(bits);
        segments.push({ ...one, mask: await stageBits(into, bits, tick), voxels, volumeMm3: voxels * voxelVolumeMm3(target) });
      }
    } catch (error) {
      for (const { mask } of segments) await rm(mask.path, { force: true });
      throw error;
    }
    return { ...read, segments, name, sha256: createHash('sha256').update(bytes).digest('hex') };
  }
  throw new Refusal(
    'INVALID_OBJECT',
    `${name} is no DICOM SEG, RTSTRUCT, SR or encapsulated STL, no AIM 4 XML and no NIfTI-1 label file. Export one of these from the other program.`,
  );
};

import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { Refusal } from '../../contract/errors.ts';
import { type BitGrid, emptyBits, packSlice } from '../../kernels/labels/bits.ts';
import { readNifti } from './nifti-read.ts';
import { asRefusal } from './volume-file-fault.ts';
import type { VolumeHeader } from './volume-file-header.ts';
import type { StoredVoxels } from './volume-file-voxels.ts';

/** A labelmap as bits: what is not zero, and what is label 3. */
export interface NiftiLabels {
  header: VolumeHeader;
  bone: BitGrid;
  thin: BitGrid;
  /** Whether every value is one of 0 to 3, so that 3 means thin wall and not some organ. */
  threeClasses: boolean;
}

/** The labels of a slice as whole numbers, with the file's scaling. Throws Refusal INVALID_VOXELS on a fraction. */
export function wholeNumbers(slice: StoredVoxels, { slope, intercept }: VolumeHeader): ArrayLike<number> {
  const whole = !(slice instanceof Float32Array || slice instanceof Float64Array);
  if (whole && slope === 1 && intercept === 0) return slice;
  return Float64Array.from(slice, (stored) => {
    const value = stored * slope + intercept;
    if (!Number.isFinite(value))
      throw new Refusal(
        'INVALID_VOXELS',
        'A labelmap holds whole numbers only; this file holds voxels that are no number (NaN or infinite). Set them to 0 and save it again.',
      );
    if (!Number.isInteger(value))
      throw new Refusal('INVALID_VOXELS', 'A labelmap holds whole numbers only; this file holds fractions. Threshold it first.');
    return value;
  });
}

function beyondThree(labels: ArrayLike<number>): boolean {
  for (let n = 0; n < labels.length; n++) if (labels[n]! < 0 || labels[n]! > 3) return true;
  return false;
}

/**
 * Reads a NIfTI-1 labelmap slice by slice into bits; the voxels themselves are never all in memory.
 * @throws Refusal as `readNifti`, INVALID_VOXELS where a value is not a whole number, and GANTRY_TILT on a slanted grid, whose spacing
 * would not measure distances
 */
export async function readNiftiLabels(path: string, step: (fraction: number) => void): Promise<NiftiLabels> {
  const out: { header: VolumeHeader | null; bone: BitGrid | null; thin: BitGrid | null; threeClasses: boolean } = {
    header: null,
    bone: null,
    thin: null,
    threeClasses: true,
  };
  await readNifti(
    path,
    (header) => {
      if (header.shearDegrees > 0)
        throw new Refusal(
          'GANTRY_TILT',
          'The grid of this labelmap is slanted. Import it, or resample both files to a grid at right angles.',
        );
      out.header = header;
      out.bone = emptyBits(header.geometry.dimensions);
      out.thin = emptyBits(header.geometry.dimensions);
    },
    (slice, k) => {
      const header = out.header as VolumeHeader;
      const labels = wholeNumbers(slice, header);
      packSlice(out.bone as BitGrid, k, labels, null);
      packSlice(out.thin as BitGrid, k, labels, 3);
      if (out.threeClasses && beyondThree(labels)) out.threeClasses = false;
      step((k + 1) / header.geometry.dimensions[2]);
      return true;
    },
  );
  return out as NiftiLabels;
}

/** SHA-256 of a file as it lies on the disk. Throws Refusal as `asRefusal` makes it. */
export async function hashFile(path: string): Promise<string> {
  const hash = createHash('sha256');
  try {
    for await (const piece of createReadStream(path, { highWaterMark: 1024 * 1024 })) hash.update(piece as Uint8Array);
  } catch (error) {
    throw asRefusal(error);
  }
  return hash.digest('hex');
}

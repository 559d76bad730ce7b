import { Refusal } from '../../contract/errors.ts';
import { voxelCount } from '../../kernels/volume/geometry.ts';
import type { VolumeHeader } from './volume-file-header.ts';
import { openVolumeFile } from './volume-file-open.ts';
import { readVoxels } from './volume-file-read.ts';
import type { StoredVoxels } from './volume-file-voxels.ts';

/**
 * Reads a NIfTI-1 file (.nii or .nii.gz), or one of the other volume formats, slice by slice, without holding the unpacked file.
 * @param onHeader called once, before any voxel is read
 * @param onSlice stored values of each slice in order; return false to stop early
 * @throws Refusal as `openVolumeFile` and `readVoxels`
 */
export async function readNifti(
  path: string,
  onHeader: (header: VolumeHeader) => void,
  onSlice: (values: StoredVoxels, k: number) => boolean,
): Promise<void> {
  const opened = await openVolumeFile(path);
  onHeader(opened.header);
  await readVoxels(opened, onSlice);
}

/** A labelmap: non-zero is inside. */
export interface NiftiMask {
  header: VolumeHeader;
  values: Uint8Array;
  voxels: number;
}

/**
 * Reads a NIfTI-1 labelmap as a mask of 0 and 1.
 * @throws Refusal as `readNifti`, and INVALID_VOXELS where a value is not a whole number
 */
export async function readNiftiMask(path: string, step: (fraction: number) => void): Promise<NiftiMask> {
  const out: { header: VolumeHeader | null; values: Uint8Array; voxels: number } = { header: null, values: new Uint8Array(0), voxels: 0 };
  await readNifti(
    path,
    (header) => {
      out.header = header;
      out.values = new Uint8Array(voxelCount(header.geometry.dimensions));
    },
    (slice, k) => {
      const { slope, intercept, geometry } = out.header as VolumeHeader;
      for (let n = 0, at = k * slice.length; n < slice.length; n++, at++) {
        const value = (slice[n] as number) * slope + intercept;
        if (!Number.isInteger(value))
          throw new Refusal('INVALID_VOXELS', 'A labelmap holds whole numbers only; this file holds fractions. Threshold it first.');
        if (value !== 0) {
          out.values[at] = 1;
          out.voxels++;
        }
      }
      step((k + 1) / geometry.dimensions[2]);
      return true;
    },
  );
  return { header: out.header as unknown as VolumeHeader, values: out.values, voxels: out.voxels };
}

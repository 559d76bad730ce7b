import type { Coded } from '../../contract/errors.ts';
import type { VolumeGeometry } from '../../kernels/volume/geometry.ts';

export type VolumeFormat = 'NIfTI' | 'NRRD' | 'MetaImage';
export type ElementType = 'int8' | 'uint8' | 'int16' | 'uint16' | 'int32' | 'uint32' | 'int64' | 'uint64' | 'float32' | 'float64';

/** A text header ends within this. */
export const longestTextHeader = 64 * 1024;

export const bytesOfElement: Record<ElementType, 1 | 2 | 4 | 8> = {
  int8: 1,
  uint8: 1,
  int16: 2,
  uint16: 2,
  int32: 4,
  uint32: 4,
  int64: 8,
  uint64: 8,
  float32: 4,
  float64: 8,
};

/** Where the voxels lie: in the file itself or in files that it names, each holding an equal share in order. */
export interface VoxelPlace {
  /** Names as the header states them; null: the file itself. */
  names: string[] | null;
  encoding: 'raw' | 'ascii' | 'hex';
  /** `unzip`: gzip or zlib, told by its first bytes. */
  packing: 'none' | 'unzip';
  /** Byte of the file at which the (packed) voxels begin; 'end': the voxels are the file's last bytes. */
  start: number | 'end';
  /** Lines to skip from there, before unpacking. */
  lineSkip: number;
  /** Bytes to skip after unpacking. */
  skip: number;
}

/** What a volume file's header says, whatever its format: the grid in LPS mm, and where and how the voxels lie. */
export interface VolumeHeader {
  format: VolumeFormat;
  element: ElementType;
  littleEndian: boolean;
  slope: number;
  intercept: number;
  /** The file's own words about itself; shown, never followed. */
  description: string;
  geometry: VolumeGeometry;
  /** Slant of k against the normal of i and j; 0 where the axes are at right angles. */
  shearDegrees: number;
  place: VoxelPlace;
  warnings: Coded[];
}

/** Text of a foreign file as it may be shown: one line, no control letters, not endless. */
export function shownText(text: string): string {
  return text
    .replace(/[\s\p{Cc}\p{Cf}]+/gu, ' ')
    .trim()
    .slice(0, 200);
}

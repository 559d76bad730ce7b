import { closeSync, createReadStream, openSync, readSync, statSync } from 'node:fs';
import { createGunzip } from 'node:zlib';
import { Refusal } from '../../contract/errors.ts';
import { voxelCount } from '../../kernels/volume/geometry.ts';
import { type NiftiHeader, niftiHeaderBytes, readNiftiHeader } from './nifti-header.ts';

const maximumVoxels = 2 ** 31;
const maximumBytes = 4 * 1024 ** 3;
/** Deflate cannot pack more than this; what a header asks for beyond it is not in the file. */
const bestPacking = 1032;
const spareBytes = 64 * 1024 * 1024;

export type NiftiValues = Int8Array | Uint8Array | Int16Array | Uint16Array | Int32Array | Uint32Array | Float32Array | Float64Array;

function isGzip(path: string): boolean {
  const file = openSync(path, 'r');
  try {
    const head = new Uint8Array(2);
    readSync(file, head, 0, 2, 0);
    return head[0] === 0x1f && head[1] === 0x8b;
  } finally {
    closeSync(file);
  }
}

/** Faults of the disk and of unpacking that are the file's, as a Refusal; any other error as it is. */
export function asRefusal(error: unknown): unknown {
  const problem = (error as NodeJS.ErrnoException)?.code;
  if (problem === 'Z_BUF_ERROR') return new Refusal('TRUNCATED_FILE', 'The packed file ends too early. Copy it again from its source.');
  if (problem === 'Z_DATA_ERROR') return new Refusal('CORRUPT_FILE', 'The packed file is damaged. Ask for it to be sent again.');
  if (problem === 'ENOENT') return new Refusal('MISSING_FILES', 'The file is gone. Import again.');
  if (problem === 'EACCES' || problem === 'EISDIR')
    return new Refusal('UNREADABLE_FILE', 'The file may not be read. Grant access and import again.');
  return error;
}

/** The unpacked bytes in pieces, as they come; nothing is held. */
async function* pieces(path: string): AsyncGenerator<Uint8Array> {
  const packed = isGzip(path);
  const source = createReadStream(path, { highWaterMark: 1024 * 1024 });
  const stream = packed ? source.pipe(createGunzip({ chunkSize: 1024 * 1024 })) : source;
  // A pipe does not carry the source's fault along.
  if (packed) source.on('error', (error) => stream.destroy(error));
  try {
    for await (const piece of stream) yield piece as Uint8Array;
  } finally {
    stream.destroy();
    source.destroy();
  }
}

function typed(bytes: Uint8Array, header: NiftiHeader): NiftiValues {
  const { datatype, bytesPerVoxel, littleEndian } = header;
  const own = bytes.slice();
  if (!littleEndian && bytesPerVoxel > 1) {
    const swap = Buffer.from(own.buffer);
    if (bytesPerVoxel === 2) swap.swap16();
    else if (bytesPerVoxel === 4) swap.swap32();
    else swap.swap64();
  }
  const buffer = own.buffer;
  switch (datatype) {
    case 2:
      return own;
    case 256:
      return new Int8Array(buffer);
    case 4:
      return new Int16Array(buffer);
    case 512:
      return new Uint16Array(buffer);
    case 8:
      return new Int32Array(buffer);
    case 768:
      return new Uint32Array(buffer);
    case 16:
      return new Float32Array(buffer);
    case 64:
      return new Float64Array(buffer);
    case 1024:
      return Float64Array.from(new BigInt64Array(buffer), Number);
    default:
      return Float64Array.from(new BigUint64Array(buffer), Number);
  }
}

function bounded(header: NiftiHeader, path: string): void {
  const [nx, ny, nz] = header.geometry.dimensions;
  const voxels = nx * ny * nz;
  const needed = header.voxelOffset + voxels * header.bytesPerVoxel;
  if (voxels > maximumVoxels || needed > maximumBytes)
    throw new Refusal('TOO_LARGE', `A volume of ${nx} x ${ny} x ${nz} voxels is too large. Save a smaller region.`);
  const size = statSync(path).size;
  if (needed > (isGzip(path) ? size * bestPacking + 4096 : size))
    throw new Refusal('TRUNCATED_PIXEL_DATA', 'The file holds fewer voxels than its header states. Copy it again.');
}

/**
 * Reads a NIfTI-1 file (.nii or .nii.gz) slice by slice, without holding the unpacked file.
 * @param onHeader called once, before any voxel is read
 * @param onSlice stored values of each slice in order; return false to stop early
 * @throws Refusal as `readNiftiHeader`, and TRUNCATED_PIXEL_DATA, TRUNCATED_FILE, CORRUPT_FILE, TOO_LARGE
 */
export async function readNifti(
  path: string,
  onHeader: (header: NiftiHeader) => void,
  onSlice: (values: NiftiValues, k: number) => boolean | undefined,
): Promise<void> {
  let head = new Uint8Array(0);
  let header: NiftiHeader | null = null;
  let slab = new Uint8Array(0);
  let filled = 0;
  let skip = 0;
  let k = 0;
  let spare = 0;
  const take = (piece: Uint8Array): boolean => {
    let rest = piece;
    if (skip > 0) {
      const step = Math.min(skip, rest.length);
      skip -= step;
      rest = rest.subarray(step);
    }
    while (rest.length > 0) {
      const known = header as NiftiHeader;
      if (k >= known.geometry.dimensions[2]) {
        spare += rest.length;
        if (spare > spareBytes)
          throw new Refusal('TOO_LARGE', 'Far more bytes follow the voxels than belong to them. The file is refused as a possible attack.');
        return true;
      }
      const step = Math.min(slab.length - filled, rest.length);
      slab.set(rest.subarray(0, step), filled);
      filled += step;
      rest = rest.subarray(step);
      if (filled === slab.length) {
        filled = 0;
        if (onSlice(typed(slab, known), k++) === false) return false;
      }
    }
    return true;
  };
  try {
    for await (const piece of pieces(path)) {
      if (header) {
        if (!take(piece)) return;
        continue;
      }
      head = head.length === 0 ? new Uint8Array(piece) : new Uint8Array(Buffer.concat([head, piece]));
      if (head.length < niftiHeaderBytes) continue;
      header = readNiftiHeader(head);
      bounded(header, path);
      onHeader(header);
      slab = new Uint8Array(header.geometry.dimensions[0] * header.geometry.dimensions[1] * header.bytesPerVoxel);
      skip = header.voxelOffset;
      if (!take(head)) return;
      head = new Uint8Array(0);
    }
  } catch (error) {
    throw asRefusal(error);
  }
  if (!header) throw new Refusal('TRUNCATED_FILE', 'The file is shorter than a NIfTI header. Copy it again from its source.');
  if (k < header.geometry.dimensions[2])
    throw new Refusal('TRUNCATED_PIXEL_DATA', 'The file holds fewer voxels than its header states. Copy it again.');
}

/** A labelmap: non-zero is inside. */
export interface NiftiMask {
  header: NiftiHeader;
  values: Uint8Array;
  voxels: number;
}

/**
 * Reads a NIfTI-1 labelmap as a mask of 0 and 1.
 * @throws Refusal as `readNifti`, and INVALID_VOXELS where a value is not a whole number
 */
export async function readNiftiMask(path: string, step: (fraction: number) => void): Promise<NiftiMask> {
  const out: { header: NiftiHeader | null; values: Uint8Array; voxels: number } = { header: null, values: new Uint8Array(0), voxels: 0 };
  await readNifti(
    path,
    (header) => {
      out.header = header;
      out.values = new Uint8Array(voxelCount(header.geometry.dimensions));
    },
    (slice, k) => {
      const { slope, intercept, geometry } = out.header as NiftiHeader;
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
  return { header: out.header as unknown as NiftiHeader, values: out.values, voxels: out.voxels };
}

import { statSync } from 'node:fs';
import { constants, gunzipSync } from 'node:zlib';
import { Refusal } from '../../contract/errors.ts';
import { isMetaImage } from './metaimage-fields.ts';
import { readMetaImageHeader } from './metaimage-header.ts';
import { isNifti, niftiHeaderBytes, readNiftiHeader } from './nifti-header.ts';
import { isNrrd } from './nrrd-fields.ts';
import { readNrrdHeader } from './nrrd-header.ts';
import { type Beside, besideFile } from './volume-file-beside.ts';
import { filePieces, firstBytes, isGzip } from './volume-file-bytes.ts';
import { asRefusal } from './volume-file-fault.ts';
import { bytesOfElement, longestTextHeader, type VolumeFormat, type VolumeHeader } from './volume-file-header.ts';

const maximumVoxels = 2 ** 31;
const maximumBytes = 4 * 1024 ** 3;
/** Deflate cannot pack more than this; what a header asks for beyond it is not in the file. */
const bestPacking = 1032;
const imagePacking = 100;
const freeBytes = 64 * 1024 * 1024;

/** A volume file whose header is read and whose voxels are known to be there. */
export interface OpenVolume {
  path: string;
  header: VolumeHeader;
  /** Where the voxels are: the file itself, or those that it names, in order; each holds `shareBytes` of them. */
  sources: { path: string; start: number }[];
  shareBytes: number;
  /** Bytes that plain files hold beyond the voxels. */
  excessBytes: number;
  /** Bytes of the files that hold the voxels, as they lie on the disk. */
  storedBytes: number;
}

/**
 * What a file is by its first bytes, whatever it is called; null: none of the three. A gzip is looked into.
 * @throws what the file system throws. Cost: one read of 4 KiB
 */
export function volumeFormatOf(path: string): VolumeFormat | null {
  const head = firstBytes(path, 4096);
  if (isNrrd(head)) return 'NRRD';
  if (isNifti(head)) return 'NIfTI';
  if (isMetaImage(head)) return 'MetaImage';
  if (!isGzip(head)) return null;
  try {
    // Of the first KiB no more than a MiB can come.
    const inner = gunzipSync(head.subarray(0, 1024), { finishFlush: constants.Z_SYNC_FLUSH, maxOutputLength: 2 * 1024 * 1024 });
    return isNifti(inner) ? 'NIfTI' : null;
  } catch {
    return null;
  }
}

async function openingBytes(path: string, length: number, unzip: boolean): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  let have = 0;
  for await (const piece of filePieces(path, 0, 0, unzip)) {
    parts.push(piece);
    have += piece.length;
    if (have >= length) break;
  }
  return new Uint8Array(Buffer.concat(parts).subarray(0, length));
}

async function headerOf(path: string, format: VolumeFormat | null): Promise<VolumeHeader> {
  if (format === 'NRRD') return readNrrdHeader(firstBytes(path, longestTextHeader));
  if (format === 'MetaImage') return readMetaImageHeader(firstBytes(path, longestTextHeader));
  const packed = isGzip(firstBytes(path, 2));
  const header = readNiftiHeader(await openingBytes(path, niftiHeaderBytes, packed));
  return packed ? { ...header, place: { ...header.place, packing: 'unzip' } } : header;
}

/** Least bytes of a file in which `bytes` of voxels can be. */
function leastBytes({ place, element }: VolumeHeader, bytes: number): number {
  if (place.packing === 'unzip') return (bytes + place.skip - 4096) / bestPacking;
  // A digit and a space for each number but the last; two digits for each byte.
  if (place.encoding === 'ascii') return (bytes / bytesOfElement[element]) * 2 - 1;
  return (place.encoding === 'hex' ? bytes * 2 : bytes) + place.skip;
}

function placed(path: string, header: VolumeHeader, beside: Beside): OpenVolume {
  const { place, element, geometry } = header;
  const [nx, ny, nz] = geometry.dimensions;
  const voxels = nx * ny * nz;
  const bytes = voxels * bytesOfElement[element];
  if (voxels > maximumVoxels || place.skip + bytes > maximumBytes)
    throw new Refusal('TOO_LARGE', `A volume of ${nx} x ${ny} x ${nz} voxels is too large. Save a smaller region.`);
  const files = place.names?.length ?? 1;
  if (nz % files !== 0)
    throw new Refusal('CORRUPT_FILE', `${files} files cannot hold equal shares of ${nz} slices. Save the volume as one file.`);
  const paths = place.names?.map(beside) ?? [path];
  const shareBytes = bytes / files;
  let excessBytes = 0;
  let storedBytes = 0;
  const sources = paths.map((source) => {
    const { size } = statSync(source);
    storedBytes += size;
    const start = place.start === 'end' ? size - shareBytes : place.start;
    if (!(start >= 0) || size - start < leastBytes(header, shareBytes))
      throw new Refusal('TRUNCATED_PIXEL_DATA', 'The file holds fewer voxels than its header states. Copy it again.');
    if (place.encoding === 'raw' && place.packing === 'none' && place.lineSkip === 0) excessBytes += size - start - place.skip - shareBytes;
    return { path: source, start };
  });
  return { path, header, sources, shareBytes, excessBytes, storedBytes };
}

/**
 * Throws Refusal TOO_LARGE where packed voxels would unpack to more than an image's ever do: a hundredfold beyond 64 MiB. Not for
 * labelmaps, which honestly pack a thousandfold.
 */
export function refuseOverpacked({ sources, shareBytes, storedBytes, header }: OpenVolume): void {
  const bytes = shareBytes * sources.length;
  if (header.place.packing === 'unzip' && bytes > freeBytes && bytes > storedBytes * imagePacking)
    throw new Refusal(
      'TOO_LARGE',
      'The file unpacks far beyond its size. It is refused as a possible attack; if it is yours, save it unpacked.',
    );
}

/**
 * Reads the header of a NIfTI-1, NRRD or MetaImage file, told by its content, and finds its voxels.
 * @param beside how files that it names are found
 * @throws Refusal of the format's header reader, of `besideFile`, and TOO_LARGE, TRUNCATED_PIXEL_DATA, CORRUPT_FILE
 * Cost: at most 64 KiB are read.
 */
export async function openVolumeFile(path: string, beside: Beside = besideFile(path)): Promise<OpenVolume> {
  try {
    return placed(path, await headerOf(path, volumeFormatOf(path)), beside);
  } catch (error) {
    throw asRefusal(error);
  }
}

import { Refusal } from '../../contract/errors.ts';
import { filePieces } from './volume-file-bytes.ts';
import { asRefusal } from './volume-file-fault.ts';
import { bytesOfElement } from './volume-file-header.ts';
import type { OpenVolume } from './volume-file-open.ts';
import { asciiVoxels, elementOfText, hexVoxels } from './volume-file-text.ts';
import { type StoredVoxels, typedVoxels } from './volume-file-voxels.ts';

/** What may follow packed voxels; beyond it, it is no slip. */
const spareBytes = 64 * 1024 * 1024;

const tooFew = () => new Refusal('TRUNCATED_PIXEL_DATA', 'The file holds fewer voxels than its header states. Copy it again.');

/** The voxels' bytes of one source, exactly `wanted` of them; a packed source is read to its end, where its checksum is. */
async function* share(volume: OpenVolume, source: OpenVolume['sources'][number], wanted: number): AsyncGenerator<Uint8Array> {
  const { place, element } = volume.header;
  const packed = place.packing === 'unzip';
  const bytes = filePieces(source.path, source.start, place.lineSkip, packed);
  let skip = place.skip;
  const behindSkip = async function* () {
    for await (const piece of bytes) {
      const step = Math.min(skip, piece.length);
      skip -= step;
      if (step < piece.length) yield piece.subarray(step);
    }
  };
  const skipped = behindSkip();
  const decoded = place.encoding === 'ascii' ? asciiVoxels(skipped, element) : place.encoding === 'hex' ? hexVoxels(skipped) : skipped;
  let left = wanted;
  let spare = 0;
  for await (const piece of decoded) {
    const step = Math.min(left, piece.length);
    if (step > 0) yield step === piece.length ? piece : piece.subarray(0, step);
    left -= step;
    spare += piece.length - step;
    if (left === 0 && !packed) return;
    if (spare > spareBytes)
      throw new Refusal('TOO_LARGE', 'Far more bytes follow the voxels than belong to them. The file is refused as a possible attack.');
  }
  if (left > 0) throw tooFew();
}

/**
 * Reads the voxels of an open volume slice by slice; no more than a slice is held.
 * @param onSlice stored values of each slice in order; return false to stop early
 * @throws Refusal TRUNCATED_PIXEL_DATA, TRUNCATED_FILE, CORRUPT_FILE, TOO_LARGE, INVALID_VOXELS, and what the disk's faults become
 */
export async function readVoxels(volume: OpenVolume, onSlice: (values: StoredVoxels, k: number) => boolean): Promise<void> {
  const { header, sources, shareBytes } = volume;
  const [nx, ny] = header.geometry.dimensions;
  const text = header.place.encoding === 'ascii';
  const element = text ? elementOfText(header.element) : header.element;
  const littleEndian = text || header.littleEndian;
  const wanted = (shareBytes / bytesOfElement[header.element]) * bytesOfElement[element];
  const slab = new Uint8Array(nx * ny * bytesOfElement[element]);
  let filled = 0;
  let k = 0;
  try {
    for (const source of sources) {
      for await (const piece of share(volume, source, wanted)) {
        for (let at = 0; at < piece.length; ) {
          const step = Math.min(slab.length - filled, piece.length - at);
          slab.set(piece.subarray(at, at + step), filled);
          filled += step;
          at += step;
          if (filled < slab.length) continue;
          filled = 0;
          if (!onSlice(typedVoxels(slab, element, littleEndian), k++)) return;
        }
      }
    }
  } catch (error) {
    throw asRefusal(error);
  }
}

import { type Coded, Refusal } from '../../../contract/errors.ts';
import { code, has, unsigned16 } from './attributes.ts';
import { type CodestreamHeader, codestreamHeader } from './codestream.ts';
import { type DataSet, pixelTags } from './elements.ts';
import type { OpenedFile, PixelPlace } from './open.ts';
import type { PixelFormat } from './pixel-format.ts';
import { syntaxes, type TransferSyntax } from './syntaxes.ts';

const maximumBytes = 8 * 1024 ** 3;
/** Slices pack threefold to tenfold; what packs a hundredfold to this much is refused before it has memory. */
const bombFloor = 64 * 1024 ** 2;
export const bombRatio = 100;

/** Without these a value is a guess: 63536 and -2000 are the same bits. */
const requiredOfPixels: [number, string][] = [
  [0x00280100, 'BitsAllocated'],
  [0x00280101, 'BitsStored'],
  [0x00280103, 'PixelRepresentation'],
];

/** The first fault that the pixel description has by itself, before any byte of it is read. */
export function pixelFault(set: DataSet, format: PixelFormat, pixels: PixelPlace, file: OpenedFile, frames: number): Coded | null {
  const syntax = syntaxes.get(file.transferSyntax);
  if (!syntax) {
    return {
      code: 'UNSUPPORTED_TRANSFER_SYNTAX',
      message: `Pixels in transfer syntax ${file.transferSyntax} cannot be read. Export the series uncompressed.`,
    };
  }
  const samples = unsigned16(set, 0x00280002) ?? 1;
  const photometric = code(set, 0x00280004);
  if (samples !== 1 || photometric.startsWith('PALETTE') || photometric.startsWith('RGB') || photometric.startsWith('YBR')) {
    return { code: 'COLOUR_IMAGE', message: 'A colour picture holds no intensity to segment. Choose the grey series.' };
  }
  if (pixels.tag !== pixelTags.pixels) {
    return {
      code: 'UNSUPPORTED_PIXEL_FORMAT',
      message: 'Floating point pixel data are not read. Export the series as whole numbers with a rescale.',
    };
  }
  const { rows, columns, bitsAllocated, bitsStored, highBit } = format;
  if (rows < 1 || columns < 1) return { code: 'MISSING_REQUIRED_TAG', message: 'Rows or Columns is missing or zero.' };
  const absent = requiredOfPixels.find(([tag]) => unsigned16(set, tag) === null);
  if (absent) {
    return {
      code: 'MISSING_REQUIRED_TAG',
      message: `${absent[1]} is missing: the pixels cannot be read for sure. Export the series again.`,
    };
  }
  if ((unsigned16(set, 0x00280103) as number) > 1)
    return { code: 'UNSUPPORTED_PIXEL_FORMAT', message: 'PixelRepresentation is neither signed nor unsigned.' };
  if (
    ![8, 16, 32].includes(bitsAllocated) ||
    bitsStored < 1 ||
    bitsStored > bitsAllocated ||
    highBit >= bitsAllocated ||
    highBit + 1 < bitsStored
  ) {
    return {
      code: 'UNSUPPORTED_PIXEL_FORMAT',
      message: `Pixels of ${bitsAllocated} bits with ${bitsStored} stored up to bit ${highBit} cannot be read.`,
    };
  }
  if (bitsAllocated === 32 && !syntax.littleEndian && pixels.vr === 'OW') {
    // PS3.5 swaps the bytes of each 16-bit word, common writers those of the whole: nothing in the file tells which.
    return {
      code: 'UNSUPPORTED_PIXEL_FORMAT',
      message: '32-bit pixels in big endian words are written in two ways. Export the series in little endian.',
    };
  }
  const needed = rows * columns * frames * (bitsAllocated / 8);
  if (pixels.length === null) {
    if (syntax.codec) {
      const bomb = needed > bombFloor && needed > file.fileBytes * bombRatio;
      return bomb || needed > maximumBytes ? tooLarge(needed) : sizeFault(file, syntax, format);
    }
    return {
      code: 'TRANSFER_SYNTAX_MISMATCH',
      message: 'The header says uncompressed, the pixels are in fragments. Export the series again.',
    };
  }
  if (syntax.codec)
    return {
      code: 'TRANSFER_SYNTAX_MISMATCH',
      message: 'The header says compressed, the pixels are not in fragments. Export the series again.',
    };
  if (pixels.offset + pixels.length > file.streamBytes) {
    return { code: 'TRUNCATED_FILE', message: 'The file ends inside its pixel data. Copy it again from its source.' };
  }
  if (pixels.length < needed) {
    return { code: 'TRUNCATED_PIXEL_DATA', message: `The pixel data hold ${pixels.length} bytes, the matrix asks for ${needed}.` };
  }
  return needed > maximumBytes ? tooLarge(needed) : null;
}
export const tooLarge = (needed: number): Coded => ({
  code: 'TOO_LARGE',
  message: `The image would take ${needed} bytes of memory. Export a smaller region.`,
});

/** The head of the first frame's codestream, as far as it has been read with the header; null where it has not, or is damaged. */
function firstCodestream(
  { dataSet: { bytes }, pixels, deflated }: OpenedFile,
  syntax: TransferSyntax | undefined,
): CodestreamHeader | null {
  if (!syntax?.codec || syntax.codec === 'rle' || !pixels || deflated || pixels.length !== null) return null;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  // The offset table, then the head of the first fragment.
  const table = pixels.offset + 8 <= bytes.length ? view.getUint32(pixels.offset + 4, true) : bytes.length;
  const start = pixels.offset + 8 + table + 8;
  if (start >= bytes.length) return null;
  try {
    return codestreamHeader(bytes.subarray(start), syntax.codec);
  } catch (error) {
    // Damage is told when the pixels are read.
    if (error instanceof Refusal) return null;
    throw error;
  }
}

/** A codestream of another size than the tags: known before memory is taken by the tags. */
function sizeFault(file: OpenedFile, syntax: TransferSyntax, { rows, columns }: PixelFormat): Coded | null {
  const header = firstCodestream(file, syntax);
  if (!header || (header.rows === rows && header.columns === columns)) return null;
  const message = `The compressed image is ${header.columns} x ${header.rows}, the header says ${columns} x ${rows}. Ask for the file to be sent again.`;
  return { code: 'CORRUPT_PIXEL_DATA', message };
}

/**
 * PS3.3 C.7.6.1.1.5: once lossy, always lossy. '00' is believed only where the transfer syntax leaves it open; a codestream that loses under
 * a lossless transfer syntax tells by itself.
 */
export function isLossy(file: OpenedFile): boolean {
  const set = file.dataSet;
  const syntax = syntaxes.get(file.transferSyntax);
  const mark = code(set, 0x00282110);
  const traces = has(set, 0x00282112) || has(set, 0x00282114);
  const marked = mark === '01' || syntax?.lossy === 'always' || (mark !== '00' && (traces || syntax?.lossy === 'perhaps'));
  return marked || firstCodestream(file, syntax)?.lossy === true;
}

import { Refusal } from '../../../contract/errors.ts';
import { codestreamHeader, refuseStrayMarkers } from './codestream.ts';
import type { PixelFormat } from './image.ts';
import { DecoderFault, decodeNative } from './native-codecs.ts';
import { decodeRle } from './rle.ts';
import type { CodecName } from './syntaxes.ts';

/** Little-endian pixels and the format they are in. */
export interface DecodedFrame {
  bytes: Uint8Array;
  format: PixelFormat;
}

const decoders: Record<Exclude<CodecName, 'rle'>, string> = {
  jpeg: 'DecodeJpeg',
  'jpeg-ls': 'DecodeJpegLs',
  'jpeg-2000': 'DecodeJpeg2000',
  htj2k: 'DecodeHtJpeg2000',
};

const damaged = (what: string) =>
  new Refusal('CORRUPT_PIXEL_DATA', `The compressed pixel data are damaged: ${what}. Ask for the file to be sent again.`);

/**
 * Decompresses one frame.
 * The codestream's own size must equal the tags; a decoder's complaint counts as damage, since libijg and openjpeg fill what they lost.
 * @throws Refusal CORRUPT_PIXEL_DATA, TRANSFER_SYNTAX_MISMATCH
 */
export function decodeFrame(codec: CodecName, bytes: Uint8Array, format: PixelFormat): DecodedFrame {
  const { rows, columns, bitsAllocated, bitsStored, signed } = format;
  if (codec === 'rle') return { bytes: decodeRle(bytes, rows * columns, bitsAllocated / 8), format };
  const header = codestreamHeader(bytes, codec);
  if (header.rows !== rows || header.columns !== columns || header.components !== 1) {
    throw damaged(`it is ${header.columns} x ${header.rows} x ${header.components}, the header says ${columns} x ${rows} x 1`);
  }
  if (header.precision > bitsAllocated || header.precision > 16)
    throw damaged(`it has ${header.precision} bits, the header says ${bitsAllocated}`);
  if (header.kind === 'jpeg' || header.kind === 'jpeg-ls') refuseStrayMarkers(bytes);
  // Past its end the JPEG-LS decoder reads on through its memory: 40 s were seen before it gave up.
  if (header.kind === 'jpeg-ls' && !endsWithMarker(bytes)) throw damaged('it ends too early');
  const lowAligned = header.precision <= bitsStored ? bitsStored - 1 : format.highBit;
  // A signed codestream under an unsigned header holds negative values; an unsigned one holds the two's complement that the header states.
  const own: PixelFormat = { ...format, highBit: lowAligned, signed: signed || header.signed };
  const result = attempt(header.kind, bytes, own);
  const needed = rows * columns * (bitsAllocated / 8);
  if (
    result.rows !== rows ||
    result.columns !== columns ||
    result.samples !== 1 ||
    result.bitsAllocated !== bitsAllocated ||
    result.bytes.length < needed
  ) {
    throw damaged('the decoder gave another image than the header states');
  }
  if (result.complaints.length > 0) throw damaged(result.complaints[0] as string);
  if (header.lossless && !signed) beyondPrecision(result.bytes, bitsAllocated, header.precision);
  return { bytes: result.bytes, format: own };
}

/** ITU-T T.87 C.1: the end of image marker is last, but for the padding of the element. */
function endsWithMarker(bytes: Uint8Array): boolean {
  let end = bytes.length;
  while (end > 2 && bytes[end - 1] === 0) end--;
  return bytes[end - 2] === 0xff && bytes[end - 1] === 0xd9;
}

function attempt(kind: Exclude<CodecName, 'rle'>, bytes: Uint8Array, format: PixelFormat) {
  try {
    return decodeNative(decoders[kind], bytes, format);
  } catch (error) {
    if (error instanceof DecoderFault) throw damaged(error.message.replace(/^.*::/, ''));
    throw error;
  }
}

/** Prediction from damaged differences runs out of the range that the codestream states: a sign that no decoder reports. */
function beyondPrecision(bytes: Uint8Array, bitsAllocated: number, precision: number): void {
  if (precision >= bitsAllocated) return;
  const values = bitsAllocated === 8 ? bytes : new Uint16Array(bytes.buffer, bytes.byteOffset, bytes.byteLength >> 1);
  const limit = 2 ** precision;
  for (const value of values) if (value >= limit) throw damaged(`a value exceeds ${precision} bits`);
}

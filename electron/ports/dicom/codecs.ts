import { Refusal } from '../../../contract/errors.ts';
import type { PixelFormat } from './image.ts';
import type { CodecName } from './syntaxes.ts';

/** Little-endian pixels and the format they are in. */
export interface DecodedFrame {
  bytes: Uint8Array;
  format: PixelFormat;
}

/** Decompresses one frame. */
export async function decodeFrame(codec: CodecName, _bytes: Uint8Array, _format: PixelFormat): Promise<DecodedFrame> {
  throw new Refusal('UNSUPPORTED_TRANSFER_SYNTAX', `Pixels compressed with ${codec} cannot be read.`);
}

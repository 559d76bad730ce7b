import { Refusal } from '../../../contract/errors.ts';
import type { CodecName } from './syntaxes.ts';

/** What a compressed image says of itself. */
export interface CodestreamHeader {
  kind: 'jpeg' | 'jpeg-ls' | 'jpeg-2000' | 'htj2k';
  rows: number;
  columns: number;
  components: number;
  precision: number;
  signed: boolean;
  lossless: boolean;
}

const damaged = (what: string) =>
  new Refusal('CORRUPT_PIXEL_DATA', `The compressed pixel data are damaged: ${what}. Ask for the file to be sent again.`);

function jpegHeader(bytes: Uint8Array): CodestreamHeader {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let at = 2;
  while (at + 4 <= bytes.length) {
    if (bytes[at] !== 0xff) throw damaged('a marker is not where it should be');
    const marker = bytes[at + 1] as number;
    if (marker === 0xff) {
      at += 1;
      continue;
    }
    const length = view.getUint16(at + 2);
    const isFrame = marker === 0xf7 || (marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker));
    if (isFrame) {
      if (length < 8 || at + 10 > bytes.length) throw damaged('the frame header is too short');
      return {
        kind: marker === 0xf7 ? 'jpeg-ls' : 'jpeg',
        precision: bytes[at + 4] as number,
        rows: view.getUint16(at + 5),
        columns: view.getUint16(at + 7),
        components: bytes[at + 9] as number,
        signed: false,
        lossless: [0xc3, 0xc7, 0xcb, 0xcf].includes(marker),
      };
    }
    if (length < 2) throw damaged('a marker has no length');
    at += 2 + length;
  }
  throw damaged('it has no frame header');
}

function jpeg2000Header(bytes: Uint8Array): CodestreamHeader {
  // PS3.5 8.2.4 asks for the bare codestream; some writers leave the JP2 boxes around it.
  const start = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.length, 4096)).indexOf(Buffer.from([0xff, 0x4f, 0xff, 0x51]));
  if (start < 0 || start + 45 > bytes.length) throw damaged('it has no size marker');
  const view = new DataView(bytes.buffer, bytes.byteOffset + start, bytes.byteLength - start);
  const depth = view.getUint8(42);
  const capabilities = view.getUint16(6);
  return {
    kind: (capabilities & 0x4000) !== 0 ? 'htj2k' : 'jpeg-2000',
    columns: view.getUint32(8) - view.getUint32(16),
    rows: view.getUint32(12) - view.getUint32(20),
    components: view.getUint16(40),
    precision: (depth & 0x7f) + 1,
    signed: (depth & 0x80) !== 0,
    lossless: false,
  };
}

/**
 * The size and kind of a compressed image, from its own first markers.
 * @throws Refusal CORRUPT_PIXEL_DATA where they cannot be read, TRANSFER_SYNTAX_MISMATCH where they belong to another codec
 */
export function codestreamHeader(bytes: Uint8Array, expected: CodecName): CodestreamHeader {
  const isJpeg = bytes[0] === 0xff && bytes[1] === 0xd8;
  const isJpeg2000 = (bytes[0] === 0xff && bytes[1] === 0x4f) || (bytes[0] === 0 && bytes[4] === 0x6a);
  if (!isJpeg && !isJpeg2000) throw damaged('it does not start as a compressed image');
  const header = isJpeg ? jpegHeader(bytes) : jpeg2000Header(bytes);
  const fits =
    header.kind === expected ||
    (expected === 'jpeg-2000' && header.kind === 'htj2k') ||
    (expected === 'htj2k' && header.kind === 'jpeg-2000');
  if (!fits) {
    throw new Refusal('TRANSFER_SYNTAX_MISMATCH', `The header says ${expected}, the pixels are ${header.kind}. Export the series again.`);
  }
  return header;
}

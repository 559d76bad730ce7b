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
  /** Of a JPEG process that loses nothing. */
  lossless: boolean;
  /** Certainly lossy, whatever the transfer syntax says; null where its head has not been read far enough. */
  lossy: boolean | null;
}

const damaged = (what: string) =>
  new Refusal('CORRUPT_PIXEL_DATA', `The compressed pixel data are damaged: ${what}. Ask for the file to be sent again.`);

const losslessFrames = [0xc3, 0xc7, 0xcb, 0xcf];

/** Marker segments from `at` on, until `wanted`: where its length stands, or null where the bytes end before it. */
function segmentAt(bytes: Uint8Array, from: number, wanted: number): number | null {
  let at = from;
  while (at + 4 <= bytes.length && bytes[at] === 0xff) {
    if (bytes[at + 1] === wanted) return at + 2;
    at += 2 + (bytes[at + 2] as number) * 256 + (bytes[at + 3] as number);
  }
  return null;
}

/** ITU-T T.87 C.2.3: NEAR stands behind the components of the scan header; anything but 0 loses. */
function nearLossless(bytes: Uint8Array, from: number): boolean | null {
  const scan = segmentAt(bytes, from, 0xda);
  const near = scan === null ? undefined : bytes[scan + 3 + 2 * (bytes[scan + 2] ?? 0)];
  return near === undefined ? null : near !== 0;
}

/** ITU-T T.800 A.6.1: transformation 0 of the coding style is the 9-7 filter, which rounds. */
function irreversible(bytes: Uint8Array, start: number): boolean | null {
  const style = segmentAt(bytes, start + 2, 0x52);
  const transformation = style === null ? undefined : bytes[style + 11];
  return transformation === undefined ? null : transformation === 0;
}

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
        lossless: losslessFrames.includes(marker),
        lossy: marker === 0xf7 ? nearLossless(bytes, at + 2 + length) : !losslessFrames.includes(marker),
      };
    }
    if (length < 2) throw damaged('a marker has no length');
    at += 2 + length;
  }
  throw damaged('it has no frame header');
}

/**
 * ITU-T T.81 B.1.1.3: before the scan every marker but those of a segment is out of place; one of them (TEM) keeps libijg busy for ever.
 * @param bytes a whole JPEG or JPEG-LS codestream
 */
export function refuseStrayMarkers(bytes: Uint8Array): void {
  for (let at = 2; at + 4 <= bytes.length && bytes[at] === 0xff; ) {
    const marker = bytes[at + 1] as number;
    if (marker === 0xda) return;
    if (marker < 0xc0 || (marker >= 0xd0 && marker <= 0xd9)) throw damaged(`a marker ${marker.toString(16)} is out of place`);
    at += marker === 0xff ? 1 : 2 + (bytes[at + 2] as number) * 256 + (bytes[at + 3] as number);
  }
}

/** T.800 A.5.1: the tiles cover the image from its first corner on. Decoders believe other figures and count four thousand million tiles. */
function checkTiles(view: DataView): void {
  let tiles = 1;
  for (const at of [8, 12]) {
    const [end, offset, size, from] = [view.getUint32(at), view.getUint32(at + 8), view.getUint32(at + 16), view.getUint32(at + 24)];
    if (offset >= end || size < 1 || from > offset || from + size <= offset) throw damaged('its tiles do not cover the image');
    tiles *= Math.ceil((end - from) / size);
  }
  if (tiles > 65_535) throw damaged(`it has ${tiles} tiles`);
  if (view.getUint8(43) !== 1 || view.getUint8(44) !== 1) throw damaged('it is subsampled');
}

function jpeg2000Header(bytes: Uint8Array): CodestreamHeader {
  // PS3.5 8.2.4 asks for the bare codestream; some writers leave the JP2 boxes around it.
  const start = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.length, 4096)).indexOf(Buffer.from([0xff, 0x4f, 0xff, 0x51]));
  if (start < 0 || start + 45 > bytes.length) throw damaged('it has no size marker');
  const view = new DataView(bytes.buffer, bytes.byteOffset + start, bytes.byteLength - start);
  checkTiles(view);
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
    lossy: irreversible(bytes, start),
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

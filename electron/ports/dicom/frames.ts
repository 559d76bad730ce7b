import { createHash } from 'node:crypto';
import { Refusal } from '../../../contract/errors.ts';
import { decodeFrame } from './codecs.ts';
import type { FrameHeader, ImageFile, PixelFormat } from './image.ts';
import { readPixelBytes, type Scratch } from './open.ts';
import { type StoredValues, storedValues } from './pixels.ts';
import { syntaxes } from './syntaxes.ts';

const itemTag = 0xfffee000;
const sequenceEnd = 0xfffee0dd;
const damaged = (what: string) =>
  new Refusal('CORRUPT_PIXEL_DATA', `The compressed pixel data are damaged: ${what}. Ask for the file to be sent again.`);

/** The fragments of encapsulated pixels (PS3.5 A.4); the first is the offset table. Every length is held against the bytes left. */
function fragmentsOf(bytes: Uint8Array): { at: number; bytes: Uint8Array }[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const fragments: { at: number; bytes: Uint8Array }[] = [];
  let at = 0;
  for (;;) {
    // Writers exist that forget the delimiter; the end of the file at an item's end is as good.
    if (at === bytes.length && fragments.length > 0) return fragments;
    if (at + 8 > bytes.length)
      throw new Refusal('TRUNCATED_FILE', 'The file ends inside its compressed pixel data. Copy it again from its source.');
    const tag = view.getUint16(at, true) * 65536 + view.getUint16(at + 2, true);
    const length = view.getUint32(at + 4, true);
    if (tag === sequenceEnd) return fragments;
    if (tag !== itemTag) throw damaged('a fragment does not start where the one before ends');
    if (at + 8 + length > bytes.length)
      throw new Refusal('TRUNCATED_FILE', 'The file ends inside its compressed pixel data. Copy it again from its source.');
    fragments.push({ at, bytes: bytes.subarray(at + 8, at + 8 + length) });
    at += 8 + length;
  }
}

function joined(parts: Uint8Array[]): Uint8Array {
  if (parts.length === 1) return parts[0] as Uint8Array;
  return new Uint8Array(Buffer.concat(parts));
}

/** A codestream's first marker, or the head of run-length segments: their count, and the first right behind the head. */
function startsFrame(bytes: Uint8Array): boolean {
  if (bytes[0] === 0xff && (bytes[1] === 0xd8 || (bytes[1] === 0x4f && bytes[2] === 0xff && bytes[3] === 0x51))) return true;
  if (bytes.length < 64) return false;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const segments = view.getUint32(0, true);
  return segments >= 1 && segments <= 15 && view.getUint32(4, true) === 64;
}

/** Splits encapsulated pixels into frames: one fragment each, by the offset table, or by the codestreams' start markers. Throws Refusal. */
export function framesOf(bytes: Uint8Array, frames: number): Uint8Array[] {
  const [table, ...fragments] = fragmentsOf(bytes);
  if (!table || fragments.length < frames) throw damaged(`${frames} frames in ${fragments.length} fragments`);
  if (frames === 1) {
    if (fragments.slice(1).some((part) => startsFrame(part.bytes))) throw damaged('it holds more frames than the header states');
    return [joined(fragments.map((part) => part.bytes))];
  }
  if (fragments.length === frames) return fragments.map((part) => part.bytes);
  let starts: number[] = [];
  if (table.bytes.length === frames * 4) {
    const offsets = new DataView(table.bytes.buffer, table.bytes.byteOffset, table.bytes.byteLength);
    const origin = fragments[0]?.at ?? 0;
    starts = Array.from({ length: frames }, (_, n) => fragments.findIndex((part) => part.at - origin === offsets.getUint32(n * 4, true)));
  } else {
    starts = fragments.flatMap((part, n) => (part.bytes[0] === 0xff && (part.bytes[1] === 0xd8 || part.bytes[1] === 0x4f) ? [n] : []));
  }
  if (starts.length !== frames || starts.some((start, n) => start < 0 || (n > 0 && start <= (starts[n - 1] as number)))) {
    throw damaged('the fragments cannot be assigned to frames');
  }
  return starts.map((start, n) => joined(fragments.slice(start, starts[n + 1] ?? fragments.length).map((part) => part.bytes)));
}

/** What must be known of a file to read its frames. */
export type FrameSource = Pick<ImageFile, 'path' | 'fileBytes' | 'transferSyntax' | 'deflated' | 'pixels' | 'format'> & {
  frames: { readonly length: number };
};

/** The bytes of each frame as they lie in the file, read once for all of them; with `scratch` they live until its next use. */
export function frameBytes(file: FrameSource, scratch?: Scratch): Uint8Array[] {
  const bytes = readPixelBytes(file, scratch);
  const count = file.frames.length;
  if (file.pixels.length === null) return framesOf(bytes, count);
  const { rows, columns, bitsAllocated } = file.format;
  const size = rows * columns * (bitsAllocated / 8);
  if (bytes.length < size * count)
    throw new Refusal('TRUNCATED_FILE', 'The file ends inside its pixel data. Copy it again from its source.');
  return Array.from({ length: count }, (_, n) => bytes.subarray(n * size, (n + 1) * size));
}

/** Frames read one after the other: one that lies uncompressed is read alone, a compressed file once for all of its frames. */
export class FrameReader {
  private readonly scratch: Scratch = { bytes: new Uint8Array(0) };
  private file: FrameSource | null = null;
  private frames: Uint8Array[] = [];

  /** The bytes of frame `index`; they live until the next call. Throws Refusal where they cannot be read. */
  read(file: FrameSource, index: number): Uint8Array {
    if (file.pixels.length === null || file.deflated) {
      if (this.file !== file) this.frames = frameBytes(file, this.scratch);
      this.file = file;
      return this.frames[index] as Uint8Array;
    }
    this.file = null;
    const { rows, columns, bitsAllocated } = file.format;
    const size = rows * columns * (bitsAllocated / 8);
    const pixels = { ...file.pixels, offset: file.pixels.offset + index * size, length: size };
    const bytes = readPixelBytes({ ...file, pixels }, this.scratch);
    if (bytes.length < size) throw new Refusal('TRUNCATED_FILE', 'The file ends inside its pixel data. Copy it again from its source.');
    return bytes;
  }
}

/** The pixels of one frame, decompressed where need be, and how they are to be read. Throws Refusal where they are damaged. */
export function framePixels(file: FrameSource, bytes: Uint8Array): { bytes: Uint8Array; format: PixelFormat; littleEndian: boolean } {
  const syntax = syntaxes.get(file.transferSyntax);
  if (!syntax) throw new RangeError('the transfer syntax was not checked');
  if (syntax.codec) return { ...decodeFrame(syntax.codec, bytes, file.format), littleEndian: true };
  // PS3.5 A.3: 8-bit samples of a big endian OW lie in swapped pairs.
  const paired = !syntax.littleEndian && file.format.bitsAllocated === 8 && file.pixels.vr === 'OW' && bytes.length % 2 === 0;
  return { bytes: paired ? new Uint8Array(Buffer.from(bytes).swap16()) : bytes, format: file.format, littleEndian: syntax.littleEndian };
}

/** The stored values of one frame. Throws Refusal where they are damaged or cannot be read. */
export function frameValues(file: FrameSource, bytes: Uint8Array): StoredValues {
  const pixels = framePixels(file, bytes);
  return storedValues(pixels.bytes, pixels.format, pixels.littleEndian);
}

/** What makes two frames the same picture: pixels as they lie in the file, their format and their rescale. */
export function frameHash(file: ImageFile, frame: FrameHeader): string {
  const bytes = frameBytes(file)[frame.index] as Uint8Array;
  const meaning = JSON.stringify([file.transferSyntax, file.format, frame.slope, frame.intercept]);
  return createHash('sha256').update(meaning).update(bytes).digest('hex');
}

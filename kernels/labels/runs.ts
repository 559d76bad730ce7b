/**
 * Code of a set of voxels as sorted runs: pairs (gap, length) of LEB128 numbers. The gap counts voxels since the end of the run before
 * (since 0 for the first). The code of a set is unique: runs never touch and no number has idle bytes, so equal sets have equal hashes.
 */

const longest = 2 ** 49;

/** Bytes that come one by one; the room doubles. */
export class GrowingBytes {
  #bytes = new Uint8Array(256);
  #length = 0;

  push(byte: number): void {
    if (this.#length === this.#bytes.length) {
      const wider = new Uint8Array(2 * this.#length);
      wider.set(this.#bytes);
      this.#bytes = wider;
    }
    this.#bytes[this.#length++] = byte;
  }

  /** A copy of what has come. */
  whole(): Uint8Array {
    return this.#bytes.slice(0, this.#length);
  }
}

/** One number of a code: LEB128, the lowest seven bits first. */
export function writeNumber(bytes: { push(byte: number): unknown }, value: number): void {
  let rest = value;
  while (rest >= 128) {
    bytes.push((rest % 128) + 128);
    rest = Math.floor(rest / 128);
  }
  bytes.push(rest);
}

/**
 * Encodes voxel indices.
 * @param indices strictly ascending voxel indices
 * @returns the code; two to three bytes a run, so at most about two bytes a voxel of a brush stroke
 * @throws RangeError where the indices do not ascend or are not whole
 */
export function encodeRuns(indices: ArrayLike<number>): Uint8Array {
  const bytes = new GrowingBytes();
  let end = 0;
  for (let n = 0; n < indices.length; ) {
    const start = indices[n];
    if (!Number.isSafeInteger(start) || start < end || start >= longest) throw new RangeError(`voxel ${start} is out of order`);
    let next = n + 1;
    while (next < indices.length && indices[next] === start + (next - n)) next++;
    // Two runs that touch are one; only a repeated or descending index can come here with no gap.
    if (n > 0 && start === end) throw new RangeError(`voxel ${start} is out of order`);
    writeNumber(bytes, start - end);
    writeNumber(bytes, next - n);
    end = start + (next - n);
    n = next;
  }
  return bytes.whole();
}

/**
 * Walks a code; foreign bytes are fine.
 * @param visit called for each run in ascending order with its first voxel and its length
 * @returns number of voxels
 * @throws RangeError on a number without end, with idle bytes or beyond 2^49, on an empty run and on runs that touch
 */
export function decodeRuns(bytes: Uint8Array, visit: (start: number, length: number) => void): number {
  let at = 0;
  const readNumber = (): number => {
    let value = 0;
    let scale = 1;
    for (;;) {
      if (at >= bytes.length) throw new RangeError('the run code ends inside a number');
      const byte = bytes[at++];
      value += (byte & 127) * scale;
      if (byte < 128) {
        if (byte === 0 && scale > 1) throw new RangeError('the run code has idle bytes');
        return value;
      }
      scale *= 128;
      if (scale >= longest) throw new RangeError('the run code holds a number that is too large');
    }
  };
  let end = 0;
  let voxels = 0;
  while (at < bytes.length) {
    const gap = readNumber();
    const length = readNumber();
    if (length === 0) throw new RangeError('the run code holds an empty run');
    if (gap === 0 && voxels > 0) throw new RangeError('the run code holds runs that touch');
    const start = end + gap;
    end = start + length;
    if (end >= longest) throw new RangeError('the run code holds a number that is too large');
    visit(start, length);
    voxels += length;
  }
  return voxels;
}

/**
 * Sets the voxels of a code to a value, or turns each to its other one. The whole code is checked before the first voxel changes.
 * @returns number of voxels that the code names
 * @throws RangeError on bad bytes or a voxel beyond the mask; the mask is then as it was
 */
export function applyRuns(mask: Uint8Array, bytes: Uint8Array, value: 0 | 1 | 'flip'): number {
  const voxels = decodeRuns(bytes, (start, length) => {
    if (start + length > mask.length) throw new RangeError(`the run code names voxel ${start + length - 1} of ${mask.length}`);
  });
  decodeRuns(bytes, (start, length) => {
    if (value !== 'flip') mask.fill(value, start, start + length);
    else for (let at = start; at < start + length; at++) mask[at] ^= 1;
  });
  return voxels;
}

const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
const letterCodes = Uint8Array.from(letters, (letter) => letter.charCodeAt(0));
/** Letters made at once: a call takes no more arguments than so. */
const mostLetters = 8192;

/** Base64 (RFC 4648, padded) of a code, the same in Node and in a browser. */
export function runsToText(bytes: Uint8Array): string {
  const text = new Uint8Array(4 * Math.ceil(bytes.length / 3));
  let at = 0;
  for (let n = 0; n < bytes.length; n += 3) {
    // Beyond the last byte there is none: 0.
    const three = (bytes[n] << 16) | (bytes[n + 1] << 8) | bytes[n + 2];
    text[at++] = letterCodes[three >> 18];
    text[at++] = letterCodes[(three >> 12) & 63];
    text[at++] = letterCodes[(three >> 6) & 63];
    text[at++] = letterCodes[three & 63];
  }
  const padding = '='.charCodeAt(0);
  if (bytes.length % 3 !== 0) text[at - 1] = padding;
  if (bytes.length % 3 === 1) text[at - 2] = padding;
  let whole = '';
  for (let n = 0; n < text.length; n += mostLetters) whole += String.fromCharCode(...text.subarray(n, n + mostLetters));
  return whole;
}

const codes = new Int8Array(128).fill(-1);
for (let n = 0; n < 64; n++) codes[letters.charCodeAt(n)] = n;

/** Reads base64 back. Throws RangeError on any letter, padding or idle bit that `runsToText` does not write. */
export function runsFromText(text: string): Uint8Array {
  if (text.length % 4 !== 0) throw new RangeError('the run text is not base64');
  const padding = text.endsWith('==') ? 2 : text.endsWith('=') ? 1 : 0;
  const bytes = new Uint8Array((text.length / 4) * 3 - padding);
  let held = 0;
  let bits = 0;
  let at = 0;
  for (let n = 0; n < text.length - padding; n++) {
    const letter = text.charCodeAt(n);
    const code = letter < 128 ? codes[letter] : -1;
    if (code < 0) throw new RangeError('the run text is not base64');
    held = ((held << 6) | code) & 0xffff;
    bits += 6;
    if (bits >= 8) {
      bits -= 8;
      bytes[at++] = (held >> bits) & 255;
    }
  }
  if ((held & ((1 << bits) - 1)) !== 0) throw new RangeError('the run text is not base64');
  return bytes;
}

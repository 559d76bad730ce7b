import type { PixelFormat } from './image.ts';
import { range, type StoredValues } from './pixels.ts';

const hostIsLittle = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1;
const wordMask = 0xffff;
/** Both halves of a pair of words. */
const pair = 0x10001;
const signs = 0x80008000 | 0;
const belowSigns = 0x7fff7fff;

/**
 * Writes the real values of most scanners' frames in one pass, two voxels at a time: whole 16-bit words, slope 1, a whole intercept.
 * The sum of two words is taken without the carry between them; a sign that two equal signs do not have is an overflow.
 * @param bytes the frame's pixels, row by row
 * @param start voxel of `target` where the frame begins
 * @returns false where this way does not fit or a value leaves int16: then nothing in the frame's place may be relied upon
 * Cost: 0.1 ms for 512 x 512; value by value it is 0.6 ms.
 */
export function writeWordPairs(
  bytes: Uint8Array,
  format: PixelFormat,
  littleEndian: boolean,
  { slope, intercept }: { slope: number; intercept: number },
  target: Int16Array,
  start: number,
): boolean {
  const { bitsAllocated, bitsStored, highBit, signed } = format;
  const count = format.rows * format.columns;
  const fits = bitsAllocated === 16 && highBit + 1 === bitsStored && (signed ? bitsStored === 16 : bitsStored < 16);
  const shifted = slope === 1 && Number.isInteger(intercept) && intercept >= -32768 && intercept <= 32767;
  const aligned = bytes.byteOffset % 4 === 0 && (target.byteOffset + start * 2) % 4 === 0 && count % 2 === 0;
  if (!fits || !shifted || !aligned || !littleEndian || !hostIsLittle || bytes.length < count * 2) return false;
  const from = new Int32Array(bytes.buffer, bytes.byteOffset, count / 2);
  const to = new Int32Array(target.buffer, target.byteOffset + start * 2, count / 2);
  const add = ((intercept & wordMask) * pair) | 0;
  const addLow = add & belowSigns;
  let used = 0;
  let overflow = 0;
  for (let n = 0; n < to.length; n++) {
    const word = from[n] as number;
    const sum = ((word & belowSigns) + addLow) ^ ((word ^ add) & signs);
    used |= word;
    overflow |= (word ^ sum) & (add ^ sum);
    to[n] = sum;
  }
  const stray = signed ? 0 : used & ~((2 ** bitsStored - 1) * pair);
  return stray === 0 && (overflow & signs) === 0;
}

/**
 * Writes value = stored * slope + intercept, in double precision.
 * @param start voxel of `target` where the frame begins
 * @returns false where `target` is int16 and a value is not whole or leaves its range: then nothing was written
 * @throws RangeError where the frame does not fit into the volume
 */
export function writeValues(
  stored: StoredValues,
  { slope, intercept }: { slope: number; intercept: number },
  target: Int16Array | Float32Array,
  start: number,
): boolean {
  if (start + stored.length > target.length) throw new RangeError('the volume is full');
  if (target instanceof Int16Array) {
    const { low, high, whole } = range(stored, slope, intercept);
    if (!whole || low < -32768 || high > 32767) return false;
  }
  for (let n = 0, count = stored.length; n < count; n++) target[start + n] = (stored[n] as number) * slope + intercept;
  return true;
}

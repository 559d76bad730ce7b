import { Refusal } from '../../../contract/errors.ts';
import type { PixelFormat } from './image.ts';

/** Stored values of a frame as plain numbers: overlay bits masked off, the sign extended from the highest stored bit (PS3.5 8.1.1). */
export type StoredValues = Int32Array | Uint32Array | Int16Array | Uint16Array | Int8Array | Uint8Array;

const hostIsLittle = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1;

/** A view of the bytes as words of the machine; copies where they are unaligned or of the other order. */
function words(bytes: Uint8Array, size: 1 | 2 | 4, littleEndian: boolean): Uint8Array | Uint16Array | Uint32Array {
  if (size === 1) return bytes;
  const swap = littleEndian !== hostIsLittle;
  // A Buffer's own slice() would be a view: still unaligned, and swapped in place.
  const aligned = bytes.byteOffset % size === 0 && !swap ? bytes : new Uint8Array(bytes);
  if (swap) {
    const node = Buffer.from(aligned.buffer, aligned.byteOffset, aligned.byteLength);
    if (size === 2) node.swap16();
    else node.swap32();
  }
  return size === 2
    ? new Uint16Array(aligned.buffer, aligned.byteOffset, aligned.byteLength / 2)
    : new Uint32Array(aligned.buffer, aligned.byteOffset, aligned.byteLength / 4);
}

/**
 * @param bytes exactly the pixels of one frame, row by row
 * @throws Refusal TRUNCATED_PIXEL_DATA where they are fewer than the matrix asks for
 */
export function storedValues(bytes: Uint8Array, format: PixelFormat, littleEndian: boolean): StoredValues {
  const { rows, columns, bitsAllocated, bitsStored, highBit, signed } = format;
  const size = (bitsAllocated / 8) as 1 | 2 | 4;
  const count = rows * columns;
  if (bytes.length < count * size)
    throw new Refusal('TRUNCATED_PIXEL_DATA', 'The pixel data are shorter than the matrix asks for. Copy the file again.');
  const raw = words(bytes.subarray(0, count * size), size, littleEndian);
  const shift = highBit + 1 - bitsStored;
  if (bitsStored === bitsAllocated) {
    if (!signed) return raw;
    if (size === 1) return new Int8Array(raw.buffer, raw.byteOffset, count);
    return size === 2 ? new Int16Array(raw.buffer, raw.byteOffset, count) : new Int32Array(raw.buffer, raw.byteOffset, count);
  }
  const left = 32 - bitsStored - shift;
  const right = 32 - bitsStored;
  if (!signed && shift === 0) {
    // Most scanners leave the upper bits empty: then the words are the values.
    let used = 0;
    for (let n = 0; n < count; n++) used |= raw[n] as number;
    if (used >>> bitsStored === 0) return raw;
  }
  const values = signed
    ? size === 4
      ? new Int32Array(count)
      : new Int16Array(count)
    : size === 4
      ? new Uint32Array(count)
      : new Uint16Array(count);
  if (signed) for (let n = 0; n < count; n++) values[n] = ((raw[n] as number) << left) >> right;
  else for (let n = 0; n < count; n++) values[n] = ((raw[n] as number) << left) >>> right;
  return values;
}

/**
 * A volume being filled slice by slice in real units: int16 as long as every value is a whole number in range, float32 from the
 * first value that is not. Peak memory: 1.5 times the final volume where it turns, else once.
 */
export class VolumeBuffer {
  values: Int16Array | Float32Array;
  minimum = Number.POSITIVE_INFINITY;
  maximum = Number.NEGATIVE_INFINITY;
  private filled = 0;

  constructor(voxels: number) {
    this.values = new Int16Array(voxels);
  }

  /** Writes value = stored * slope + intercept, in double precision, behind what was written before. Throws RangeError when full. */
  append(stored: StoredValues | Float32Array | Float64Array, slope: number, intercept: number): void {
    const start = this.filled;
    if (start + stored.length > this.values.length) throw new RangeError('the volume is full');
    const { low, high, whole } = range(stored, slope, intercept);
    if (low < this.minimum) this.minimum = low;
    if (high > this.maximum) this.maximum = high;
    if (this.values instanceof Int16Array && (!whole || low < -32768 || high > 32767)) this.toFloat();
    const out = this.values;
    if (slope === 1 && intercept === 0) out.set(stored, start);
    else for (let n = 0, count = stored.length; n < count; n++) out[start + n] = (stored[n] as number) * slope + intercept;
    this.filled = start + stored.length;
  }

  private toFloat(): void {
    const wide = new Float32Array(this.values.length);
    wide.set(this.values.subarray(0, this.filled));
    this.values = wide;
  }
}

/** Smallest and largest real value, and whether all of them are whole. */
export function range(stored: ArrayLike<number>, slope: number, intercept: number): { low: number; high: number; whole: boolean } {
  let least = Number.POSITIVE_INFINITY;
  let most = Number.NEGATIVE_INFINITY;
  for (let n = 0, count = stored.length; n < count; n++) {
    const value = stored[n] as number;
    if (value < least) least = value;
    if (value > most) most = value;
  }
  const isFloat = stored instanceof Float32Array || stored instanceof Float64Array;
  let whole = !isFloat && Number.isInteger(slope) && Number.isInteger(intercept);
  if (!whole) {
    whole = true;
    for (let n = 0, count = stored.length; whole && n < count; n++) whole = Number.isInteger((stored[n] as number) * slope + intercept);
  }
  const a = least * slope + intercept;
  const b = most * slope + intercept;
  return { low: Math.min(a, b), high: Math.max(a, b), whole };
}

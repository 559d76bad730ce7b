import { Refusal } from '../../contract/errors.ts';
import { bytesOfElement, type ElementType } from './volume-file-header.ts';

export type StoredVoxels = Int8Array | Uint8Array | Int16Array | Uint16Array | Int32Array | Uint32Array | Float32Array | Float64Array;

const views = {
  int8: Int8Array,
  uint8: Uint8Array,
  int16: Int16Array,
  uint16: Uint16Array,
  int32: Int32Array,
  uint32: Uint32Array,
  float32: Float32Array,
  float64: Float64Array,
};

function doubles(wide: BigInt64Array | BigUint64Array): Float64Array {
  const out = new Float64Array(wide.length);
  for (let n = 0; n < wide.length; n++) {
    const value = Number(wide[n]);
    if (!Number.isSafeInteger(value))
      throw new Refusal('INVALID_VOXELS', 'Some 64-bit integers are too large to be kept exactly. Save the volume as int32 or float64.');
    out[n] = value;
  }
  return out;
}

/**
 * Bytes as numbers of their type, in the machine's order; 64-bit integers as doubles. The bytes are copied.
 * @throws Refusal INVALID_VOXELS where a 64-bit integer is beyond what a double keeps exactly
 */
export function typedVoxels(bytes: Uint8Array, element: ElementType, littleEndian: boolean): StoredVoxels {
  const width = bytesOfElement[element];
  const own = bytes.slice();
  if (!littleEndian && width > 1) {
    const swap = Buffer.from(own.buffer);
    if (width === 2) swap.swap16();
    else if (width === 4) swap.swap32();
    else swap.swap64();
  }
  if (element === 'int64') return doubles(new BigInt64Array(own.buffer));
  if (element === 'uint64') return doubles(new BigUint64Array(own.buffer));
  return new views[element](own.buffer);
}

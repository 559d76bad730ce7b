import { sharedArray } from '../parts.ts';

/** The array itself where it lies in memory that threads share, a copy of it there otherwise. */
export function onSharedMemory<T extends Float64Array | Float32Array | Uint32Array>(values: T): T {
  if (typeof SharedArrayBuffer === 'undefined' || values.buffer instanceof SharedArrayBuffer) return values;
  const kind = values instanceof Float64Array ? Float64Array : values instanceof Float32Array ? Float32Array : Uint32Array;
  const copy = sharedArray<Float64Array | Float32Array | Uint32Array>(kind, values.length);
  copy.set(values);
  return copy as T;
}

/** Positions as float32 in memory that threads share: themselves where they are that already. */
export function float32OnSharedMemory(values: Float64Array | Float32Array): Float32Array {
  if (values instanceof Float32Array) return onSharedMemory(values);
  const copy = sharedArray(Float32Array, values.length);
  copy.set(values);
  return copy;
}

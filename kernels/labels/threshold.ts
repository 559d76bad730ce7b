/** A mask of 0 and 1, i fastest, with the number of ones. */
export interface CountedMask {
  mask: Uint8Array;
  voxels: number;
}

/**
 * Marks the voxels whose value lies in [lowHu, highHu] (M-threshold; Annex B c and d).
 * @param values HU (or plain intensity), i fastest; NaN is never inside
 * @param lowHu inclusive
 * @param highHu inclusive; null: no upper limit
 * @throws RangeError where a bound is NaN
 * Cost: one pass, one byte a voxel.
 */
export function threshold(values: Int16Array | Float32Array, lowHu: number, highHu: number | null): CountedMask {
  if (Number.isNaN(lowHu) || Number.isNaN(highHu)) throw new RangeError('a bound of the threshold is not a number');
  const mask = new Uint8Array(values.length);
  const high = highHu ?? Number.POSITIVE_INFINITY;
  let voxels = 0;
  for (let n = 0; n < values.length; n++) {
    const v = values[n];
    if (v >= lowHu && v <= high) {
      mask[n] = 1;
      voxels++;
    }
  }
  return { mask, voxels };
}

import { assertSameSize, type BitGrid, ones } from '../labels/bits.ts';
import { voxelCount } from '../volume/geometry.ts';

/** Voxels of the region of interest by what truth and result say of them (11.1). */
export interface VoxelCounts {
  tp: number;
  fp: number;
  tn: number;
  fn: number;
}

/** The five quotients of 11.2; null where a quotient has no denominator. */
export interface Overlap {
  sensitivity: number | null;
  specificity: number | null;
  accuracy: number | null;
  dsc: number | null;
  iou: number | null;
}

/**
 * Counts true and false, positive and negative voxels (11.1).
 * @param roi voxels that count; null: the whole grid
 * @throws RangeError where the masks differ in size
 * Cost: one pass over the bits, 10 ms for 512 x 512 x 256.
 */
export function countVoxels(truth: BitGrid, result: BitGrid, roi: BitGrid | null): VoxelCounts {
  assertSameSize(truth, result);
  if (roi) assertSameSize(truth, roi);
  const [t, r] = [truth.words, result.words];
  let tp = 0;
  let fp = 0;
  let fn = 0;
  let all = roi ? 0 : voxelCount(truth.dimensions);
  for (let n = 0; n < t.length; n++) {
    const within = roi ? roi.words[n] : -1;
    if (roi && within !== 0) all += ones(within);
    if ((t[n] | r[n]) === 0) continue;
    tp += ones(t[n] & r[n] & within);
    fp += ones(r[n] & ~t[n] & within);
    fn += ones(t[n] & ~r[n] & within);
  }
  return { tp, fp, fn, tn: all - tp - fp - fn };
}

const quotient = (part: number, whole: number): number | null => (whole > 0 ? part / whole : null);

/** Sensitivity, specificity, accuracy, DSC and IoU as 11.2 defines them. */
export function overlapOf({ tp, fp, tn, fn }: VoxelCounts): Overlap {
  return {
    sensitivity: quotient(tp, tp + fn),
    specificity: quotient(tn, tn + fp),
    accuracy: quotient(tp + tn, tp + fp + tn + fn),
    dsc: quotient(2 * tp, 2 * tp + fp + fn),
    iou: quotient(tp, tp + fp + (tp + fn) - tp),
  };
}

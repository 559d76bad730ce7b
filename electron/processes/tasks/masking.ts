import { type BitGrid, bitsAnd, bitsAndNot, bitsNot, bitsXor, emptyBits } from '../../../kernels/labels/bits.ts';
import { thresholdBits } from '../../../kernels/labels/threshold.ts';
import type { RunParts } from '../../../kernels/parts.ts';
import type { Triple } from '../../../kernels/volume/geometry.ts';
import type { MaskingFiles } from '../protocol.ts';
import { readMaskBits } from './masks.ts';

/** The voxels that an edit may change (9.1, masking). `values` is asked only where a range of values was named. */
export async function allowedBits(
  { inside, notOver, gateHu }: MaskingFiles,
  dimensions: Triple,
  values: () => Promise<Int16Array | Float32Array>,
  run: RunParts,
): Promise<BitGrid> {
  let allowed = inside ? await readMaskBits(inside, dimensions) : bitsNot(emptyBits(dimensions));
  for (const mask of notOver) allowed = bitsAndNot(allowed, await readMaskBits(mask, dimensions));
  if (gateHu === null) return allowed;
  return bitsAnd(allowed, (await thresholdBits(await values(), dimensions, gateHu[0], gateHu[1], run)).bits);
}

/** `after` where an edit is allowed, elsewhere `before`. */
export const onlyWhere = (allowed: BitGrid, before: BitGrid, after: BitGrid): BitGrid =>
  bitsXor(before, bitsAnd(bitsXor(before, after), allowed));

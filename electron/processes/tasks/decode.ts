import { createHash } from 'node:crypto';
import { Refusal } from '../../../contract/errors.ts';
import { frameBytes, frameValues } from '../../ports/dicom/frames.ts';
import { isImage, readImage, refuseFault } from '../../ports/dicom/image.ts';
import type { Task } from '../protocol.ts';

/** Figures of one file's real values over all frames in stored order; the hash is over them rounded to little-endian int32. */
export const decode: Task<'decode'> = async ({ path }, context) => {
  const file = readImage(path);
  if (!isImage(file)) throw new Refusal(file.reason.code, file.reason.message);
  refuseFault(file);
  const hash = createHash('sha256');
  let min = Number.POSITIVE_INFINITY;
  let max = Number.NEGATIVE_INFINITY;
  let sum = 0;
  let count = 0;
  const frames = frameBytes(file);
  for (const [n, frame] of file.frames.entries()) {
    context.throwIfCancelled();
    const stored = frameValues(file, frames[n] as Uint8Array);
    const slope = frame.slope ?? 1;
    const intercept = frame.intercept ?? 0;
    if (!Number.isFinite(slope) || !Number.isFinite(intercept)) throw new Refusal('INVALID_RESCALE', 'The rescale is not a number.');
    const rounded = new Int32Array(stored.length);
    for (let at = 0; at < stored.length; at++) {
      const value = (stored[at] as number) * slope + intercept;
      if (value < min) min = value;
      if (value > max) max = value;
      sum += value;
      rounded[at] = roundHalfToEven(value);
    }
    count += stored.length;
    hash.update(new Uint8Array(rounded.buffer));
    context.progress((n + 1) / file.frames.length, 'Decoding');
  }
  return { rows: file.format.rows, columns: file.format.columns, min, max, mean: sum / count, sha256Int32: hash.digest('hex') };
};

/** IEEE rounding, as numerical tools elsewhere do it: 0.5 goes to the even neighbour. */
function roundHalfToEven(value: number): number {
  const floor = Math.floor(value);
  const part = value - floor;
  if (part !== 0.5) return Math.round(value);
  return floor % 2 === 0 ? floor : floor + 1;
}

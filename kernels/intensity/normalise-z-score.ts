import type { Values } from '../volume/values.ts';

export interface ZScoreOptions {
  /** Mean and deviation are those of the values above this (an MR's background left out); null: of all. */
  inside?: number | null;
  /** Scores are limited to this many deviations to either side. */
  limit?: number;
  /** The volume whose mean and deviation are taken, where only a part of it is scored. */
  statisticsOf?: Values;
}
export interface ZScored {
  values: Float32Array;
  /** Of the voxels that count, in the units of the volume. The deviation is the population's. */
  mean: number;
  sd: number;
}

/**
 * (I - mean) / deviation (8.2, for MR, whose intensities have no unit). Every voxel is scored, also those that do not count for the mean.
 * @param values plain intensity
 * @throws RangeError where no voxel counts or all that count are alike, and where a value is not a finite number
 * Cost: three passes, 1.4 s for 67 million voxels.
 */
export function zScore(values: Values, { inside = null, limit, statisticsOf: all = values }: ZScoreOptions = {}): ZScored {
  if (limit !== undefined && !(limit > 0)) throw new RangeError(`not a limit: ${limit} deviations`);
  const above = inside ?? Number.NEGATIVE_INFINITY;
  let count = 0;
  let sum = 0;
  for (let n = 0; n < all.length; n++) {
    const v = all[n];
    if (v > above) {
      count++;
      sum += v;
    }
  }
  if (count === 0) throw new RangeError(`no voxel lies above ${above}: there is no mean to score against`);
  const mean = sum / count;
  if (!Number.isFinite(mean)) throw new RangeError('a value is not a finite number: there is no mean to score against');
  let squares = 0;
  for (let n = 0; n < all.length; n++) if (all[n] > above) squares += (all[n] - mean) ** 2;
  const sd = Math.sqrt(squares / count);
  if (!(sd > 0)) throw new RangeError(`all voxels that count are ${mean}: without a deviation there is no z-score`);
  const most = limit ?? Number.POSITIVE_INFINITY;
  const out = new Float32Array(values.length);
  for (let n = 0; n < values.length; n++) {
    const z = (values[n] - mean) / sd;
    if (Number.isNaN(z)) throw new RangeError('a value is not a number: it has no z-score');
    out[n] = Math.max(-most, Math.min(most, z));
  }
  return { values: out, mean, sd };
}

import type { Triple } from '../volume/geometry.ts';
import { type CountedMask, threshold } from './threshold.ts';
import { type Connectivity, joinRuns, xRuns } from './x-runs.ts';

export interface HysteresisBounds {
  /** Seeds are at or above this. */
  seedHu: number;
  /** They grow through connected voxels at or above this. */
  lowHu: number;
  /** Neither goes above this; null: no upper limit. */
  highHu: number | null;
}

/**
 * Hysteresis threshold (M-hysteresis; Annex B, Nystrom): the connected parts of [lowHu, highHu] that hold a seed.
 * @param values HU, i fastest; NaN is never inside
 * @param connectivity 6, 18, 26 in three dimensions; 4 and 8 grow within a slice of k alone
 * @throws RangeError where a bound is NaN or the values do not fit the grid
 * Cost: a threshold and its connected components.
 */
export function hysteresis(
  values: Int16Array | Float32Array,
  dimensions: Triple,
  bounds: HysteresisBounds,
  connectivity: Connectivity,
): CountedMask {
  if (Number.isNaN(bounds.seedHu)) throw new RangeError('a bound of the threshold is not a number');
  const { mask } = threshold(values, bounds.lowHu, bounds.highHu);
  const runs = xRuns(mask, dimensions, 1);
  const part = joinRuns(runs, connectivity);
  const seeded = new Uint8Array(part.length);
  for (let n = 0; n < part.length; n++) {
    const end = runs.start[n] + runs.length[n];
    for (let at = runs.start[n]; at < end && seeded[part[n]] === 0; at++) if (values[at] >= bounds.seedHu) seeded[part[n]] = 1;
  }
  let voxels = 0;
  for (let n = 0; n < part.length; n++) {
    if (seeded[part[n]] === 1) voxels += runs.length[n];
    else mask.fill(0, runs.start[n], runs.start[n] + runs.length[n]);
  }
  return { mask, voxels };
}

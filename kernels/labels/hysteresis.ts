import { inTurn, type RunParts } from '../parts.ts';
import type { Triple } from '../volume/geometry.ts';
import type { BitRuns, Connectivity } from './bit-runs.ts';
import type { BitGrid } from './bits.ts';
import { type Components, componentsOfBits, keepParts } from './components.ts';
import { type CountedBits, thresholdBits } from './threshold.ts';

export interface HysteresisBounds {
  /** Seeds are at or above this. */
  seedHu: number;
  /** They grow through connected voxels at or above this. */
  lowHu: number;
  /** Neither goes above this; null: no upper limit. */
  highHu: number | null;
}

/** Whether any of the voxels [from, to) of the row whose first word is `row` is set. */
function anyBit(words: Uint32Array, row: number, from: number, to: number): boolean {
  const last = to - 1;
  const low = -1 << (from & 31);
  const high = -1 >>> (31 - (last & 31));
  const a = row + (from >> 5);
  const b = row + (last >> 5);
  if (a === b) return (words[a] & low & high) !== 0;
  if ((words[a] & low) !== 0 || (words[b] & high) !== 0) return true;
  for (let n = a + 1; n < b; n++) if (words[n] !== 0) return true;
  return false;
}

/** The parts that hold a voxel of `seeds` (1). */
export function partsWith({ runs, part, count }: Components, seeds: BitGrid): Uint8Array {
  const seeded = new Uint8Array(count);
  const { ends, rowStart }: BitRuns = runs;
  for (let row = 0; row < rowStart.length - 1; row++) {
    const start = row * seeds.wordsPerRow;
    for (let n = rowStart[row]; n < rowStart[row + 1]; n++)
      if (seeded[part[n]] === 0 && anyBit(seeds.words, start, ends[2 * n], ends[2 * n + 1])) seeded[part[n]] = 1;
  }
  return seeded;
}

/**
 * Hysteresis threshold (M-hysteresis; Annex B, Nystrom): the connected parts of [lowHu, highHu] that hold a seed.
 * @param values HU, i fastest; NaN is never inside. Threads take part where they lie on shared memory
 * @param connectivity 6, 18, 26 in three dimensions; 4 and 8 grow within a slice of k alone
 * @throws RangeError where a bound is NaN or the values do not fit the grid
 * Cost: two thresholds and connected components.
 */
export async function hysteresis(
  values: Int16Array | Float32Array,
  dimensions: Triple,
  bounds: HysteresisBounds,
  connectivity: Connectivity,
  run: RunParts = inTurn,
): Promise<CountedBits> {
  const seeds = await thresholdBits(values, dimensions, bounds.seedHu, bounds.highHu, run);
  const low = await thresholdBits(values, dimensions, bounds.lowHu, bounds.highHu, run);
  const parts = await componentsOfBits(low.bits, connectivity, run);
  return keepParts(parts, partsWith(parts, seeds.bits));
}

import { inTurn, type RunParts } from '../parts.ts';
import { type Connectivity, setBits } from './bit-runs.ts';
import { type BitGrid, copyBits } from './bits.ts';
import { joinedRuns } from './join-runs.ts';
import type { CountedBits } from './threshold.ts';

/** The background's connectivity that goes with the object's: a wall closed for the one is closed for the other. */
const dual: Record<Connectivity, Connectivity> = { 26: 6, 18: 6, 6: 26, 8: 4, 4: 8 };

/**
 * Turns enclosed background into object: background that no path joins to the border of the grid (of the slice, for 4 and 8).
 * @param connectivity of the object; its dual holds for the background (26 and 18: 6)
 * @returns a new mask
 * @throws RangeError where the grid has 2^32 voxels or more
 * Cost: as connected components of the background.
 */
export async function fillHoles(bits: BitGrid, connectivity: Connectivity, run: RunParts = inTurn): Promise<CountedBits> {
  const [nx, ny, nz] = bits.dimensions;
  const { runs, part, count } = await joinedRuns(bits, 0, dual[connectivity], run);
  const { ends, rowStart } = runs;
  const flat = connectivity === 4 || connectivity === 8;
  const open = new Uint8Array(count);
  for (let k = 0, row = 0; k < nz; k++) {
    for (let j = 0; j < ny; j++, row++) {
      const [from, to] = [rowStart[row], rowStart[row + 1]];
      if (from === to) continue;
      if (j === 0 || j === ny - 1 || (!flat && (k === 0 || k === nz - 1))) for (let n = from; n < to; n++) open[part[n]] = 1;
      // In a row within, the first run alone may touch the low side, the last alone the high one.
      if (ends[2 * from] === 0) open[part[from]] = 1;
      if (ends[2 * to - 1] === nx) open[part[to - 1]] = 1;
    }
  }
  const filled = copyBits(bits);
  let voxels = nx * ny * nz;
  for (let row = 0; row < ny * nz; row++) {
    for (let n = rowStart[row]; n < rowStart[row + 1]; n++) {
      if (open[part[n]] === 1) voxels -= ends[2 * n + 1] - ends[2 * n];
      else setBits(filled.words, row * filled.wordsPerRow, ends[2 * n], ends[2 * n + 1]);
    }
  }
  return { bits: filled, voxels };
}

import { assertSameSize, type BitGrid } from './bits.ts';
import { writeNumber } from './runs.ts';

/**
 * The voxels in which two masks differ, as the run code of runs.ts (i fastest): what an act on top of a mask keeps.
 * @returns null as soon as the code would be longer than `limitBytes`
 * @throws RangeError where the masks are not of one size
 * Cost: about 1 ns a word of 32 voxels and 20 ns a run.
 */
export function changedRuns(a: BitGrid, b: BitGrid, limitBytes: number): { code: Uint8Array; voxels: number } | null {
  assertSameSize(a, b);
  const [nx, ny, nz] = a.dimensions;
  const bytes: number[] = [];
  let end = 0;
  let start = -1;
  let open = 0;
  let voxels = 0;
  // Runs of neighbouring rows touch where both go to the border, so that a run is written only once the next does not go on from it.
  const close = (): void => {
    if (start < 0) return;
    writeNumber(bytes, start - end);
    writeNumber(bytes, open - start);
    voxels += open - start;
    end = open;
  };
  for (let row = 0; row < ny * nz; row++) {
    for (let n = 0; n < a.wordsPerRow; n++) {
      const at = row * a.wordsPerRow + n;
      let word = (a.words[at] ^ b.words[at]) >>> 0;
      while (word !== 0) {
        const low = 31 - Math.clz32(word & -word);
        const gone = ~(word >>> low);
        const length = gone === 0 ? 32 - low : Math.min(32 - low, 31 - Math.clz32(gone & -gone));
        const from = row * nx + n * 32 + low;
        if (from !== open || start < 0) {
          close();
          start = from;
        }
        open = from + length;
        word = low + length >= 32 ? 0 : (word & (-1 << (low + length))) >>> 0;
      }
    }
    if (bytes.length > limitBytes) return null;
  }
  close();
  return bytes.length > limitBytes ? null : { code: Uint8Array.from(bytes), voxels };
}

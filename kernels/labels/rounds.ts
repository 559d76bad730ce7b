import { type BitGrid, bitsNot, copyBits, emptyBits, lastWordMask } from './bits.ts';

export type Neighbours = 6 | 18 | 26;

/** Every row with its neighbours along i: 32 voxels a step. */
function widened({ dimensions, wordsPerRow, words }: BitGrid, into: Uint32Array): void {
  const last = lastWordMask(dimensions[0]);
  for (let row = 0; row < words.length; row += wordsPerRow) {
    for (let w = 0; w < wordsPerRow; w++) {
      const here = words[row + w];
      const before = w > 0 ? words[row + w - 1] : 0;
      const after = w + 1 < wordsPerRow ? words[row + w + 1] : 0;
      into[row + w] = here | (here << 1) | (before >>> 31) | (here >>> 1) | (after << 31);
    }
    into[row + wordsPerRow - 1] &= last;
  }
}

/** Lays row `from` over row `to` (row numbers). */
function lay(into: Uint32Array, to: number, source: Uint32Array, from: number, wordsPerRow: number): void {
  for (let w = 0, t = to * wordsPerRow, f = from * wordsPerRow; w < wordsPerRow; w++, t++, f++) into[t] |= source[f];
}

/** One round: `out` becomes the mask and all neighbours of its voxels; `wide` is room to work in. */
function round(grid: BitGrid, out: Uint32Array, wide: Uint32Array, neighbours: Neighbours): void {
  const [, ny, nz] = grid.dimensions;
  const { words, wordsPerRow } = grid;
  widened(grid, wide);
  out.set(wide);
  for (let k = 0; k < nz; k++) {
    for (let dk = -1; dk <= 1; dk++) {
      if (k + dk < 0 || k + dk >= nz) continue;
      for (let dj = -1; dj <= 1; dj++) {
        if (dj === 0 && dk === 0) continue;
        const corner = dj !== 0 && dk !== 0;
        if (corner && neighbours === 6) continue;
        // A neighbour two steps away along j and k has no third to go for 18; one step away has one more for 18, none for 6.
        const source = neighbours === 26 || (neighbours === 18 && !corner) ? wide : words;
        for (let j = Math.max(0, -dj); j < Math.min(ny, ny - dj); j++) lay(out, k * ny + j, source, (k + dk) * ny + j + dj, wordsPerRow);
      }
    }
  }
}

/**
 * Dilation by so many rounds with a neighbourhood: a voxel is set where one that is set can be reached in at most so many steps. Outside of
 * the grid there is nothing.
 * @param neighbours 6: across faces, 18: across edges as well, 26: across corners as well
 * @throws RangeError where the rounds are no whole number of at least 0
 * Cost: some 10 operations on words of 32 voxels a round.
 */
export function dilateRounds(bits: BitGrid, rounds: number, neighbours: Neighbours, tick: () => void = () => {}): BitGrid {
  if (!(Number.isInteger(rounds) && rounds >= 0)) throw new RangeError(`not a number of rounds: ${rounds}`);
  const wide = new Uint32Array(bits.words.length);
  let from = copyBits(bits);
  let to = emptyBits(bits.dimensions);
  for (let n = 0; n < rounds; n++) {
    tick();
    round(from, to.words, wide, neighbours);
    [from, to] = [to, from];
  }
  return from;
}

/**
 * Erosion by rounds: the dilation of what is not set, taken away. Nothing is eaten from the border of the grid: what lies outside takes no
 * voxel away, as if the mask went on there as it ends. Throws and costs as `dilateRounds`.
 */
export function erodeRounds(bits: BitGrid, rounds: number, neighbours: Neighbours, tick: () => void = () => {}): BitGrid {
  return bitsNot(dilateRounds(bitsNot(bits), rounds, neighbours, tick));
}

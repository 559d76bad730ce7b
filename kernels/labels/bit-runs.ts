import { sharedArray } from '../parts.ts';
import type { Triple } from '../volume/geometry.ts';
import { type BitGrid, lastWordMask, ones } from './bits.ts';

export type Connectivity = 4 | 6 | 8 | 18 | 26;

/** The stretches along i of equal voxels: far fewer than voxels, and in ascending order of their first voxel. */
export interface BitRuns {
  dimensions: Triple;
  /** Run n of a row is the voxels from ends[2n] up to, and without, ends[2n + 1]. */
  ends: Uint32Array;
  /** Runs of row r = j + ny*k are rowStart[r] up to rowStart[r + 1]. */
  rowStart: Uint32Array;
}

/** Rows [from, to) of a grid, whose runs of `value` are wanted. */
export interface RunStretch {
  bits: BitGrid;
  value: 0 | 1;
  from: number;
  to: number;
}

/** Runs in some rows; a part for threads. Cost: about 1 ns a word. */
export function countRuns({ bits, value, from, to }: RunStretch): number {
  const { words, wordsPerRow } = bits;
  const flip = value === 1 ? 0 : -1;
  const last = lastWordMask(bits.dimensions[0]);
  let count = 0;
  for (let row = from; row < to; row++) {
    const end = (row + 1) * wordsPerRow;
    let before = 0;
    for (let at = row * wordsPerRow; at < end; at++) {
      let word = words[at] ^ flip;
      // All as the voxel before it: most words are.
      if (word === -before) continue;
      if (at === end - 1) word &= last;
      count += ones(word & ~((word << 1) | before));
      before = word >>> 31;
    }
  }
  return count;
}

/**
 * Writes the runs of some rows, the first of them as run `base`. Words without an end of a run are passed over whole.
 * @param into the arrays of the whole grid; of rowStart the entries of these rows are written
 * Cost: about 1 ns a word and 2 ns a run.
 */
export function writeRuns({ bits, value, from, to }: RunStretch, base: number, { ends, rowStart }: BitRuns): void {
  const { words, wordsPerRow } = bits;
  const nx = bits.dimensions[0];
  const flip = value === 1 ? 0 : -1;
  const last = lastWordMask(nx);
  let at = base * 2;
  for (let row = from; row < to; row++) {
    rowStart[row] = at >>> 1;
    const start = row * wordsPerRow;
    let before = 0;
    for (let n = 0; n < wordsPerRow; n++) {
      let word = words[start + n] ^ flip;
      if (word === -before) continue;
      if (n === wordsPerRow - 1) word &= last;
      // Every bit that differs from the one before it begins a run or ends one, in turn.
      let changes = word ^ ((word << 1) | before);
      while (changes !== 0) {
        ends[at++] = n * 32 + 31 - Math.clz32(changes & -changes);
        changes &= changes - 1;
      }
      before = word >>> 31;
    }
    // A run still open at the end of the row, or one that went on into the bits beyond it.
    if ((at & 1) === 1) ends[at++] = nx;
  }
}

/** Arrays for so many runs, on memory that threads share. */
export function emptyRuns(dimensions: Triple, count: number): BitRuns {
  const rowStart = sharedArray(Uint32Array, dimensions[1] * dimensions[2] + 1);
  rowStart[dimensions[1] * dimensions[2]] = count;
  return { dimensions, ends: sharedArray(Uint32Array, count * 2), rowStart };
}

/** Sets the voxels [from, to) of the row whose first word is `row`; there is at least one. */
export function setBits(words: Uint32Array, row: number, from: number, to: number): void {
  const first = row + (from >> 5);
  const last = row + ((to - 1) >> 5);
  const low = -1 << (from & 31);
  const high = -1 >>> (31 - ((to - 1) & 31));
  if (first === last) {
    words[first] |= low & high;
    return;
  }
  words[first] |= low;
  for (let n = first + 1; n < last; n++) words[n] = -1;
  words[last] |= high;
}

/** Clears them. */
export function clearBits(words: Uint32Array, row: number, from: number, to: number): void {
  const first = row + (from >> 5);
  const last = row + ((to - 1) >> 5);
  const low = -1 << (from & 31);
  const high = -1 >>> (31 - ((to - 1) & 31));
  if (first === last) {
    words[first] &= ~(low & high);
    return;
  }
  words[first] &= ~low;
  for (let n = first + 1; n < last; n++) words[n] = 0;
  words[last] &= ~high;
}

/** Turns each to its other value. */
export function flipBits(words: Uint32Array, row: number, from: number, to: number): void {
  const first = row + (from >> 5);
  const last = row + ((to - 1) >> 5);
  const low = -1 << (from & 31);
  const high = -1 >>> (31 - ((to - 1) & 31));
  if (first === last) {
    words[first] ^= low & high;
    return;
  }
  words[first] ^= low;
  for (let n = first + 1; n < last; n++) words[n] ^= -1;
  words[last] ^= high;
}

import type { Box } from '../volume/box.ts';
import type { Triple } from '../volume/geometry.ts';
import { type BitGrid, emptyBits, lastWordMask } from './bits.ts';

/**
 * The smallest box that holds every voxel set, with `room` voxels more to every side, cut to the grid.
 * @returns null where no voxel is set
 * Cost: one pass over the words.
 */
export function boxAround(grid: BitGrid, room: Triple): Box | null {
  const { dimensions, wordsPerRow, words } = grid;
  const [, ny, nz] = dimensions;
  const seen = new Uint32Array(wordsPerRow);
  let [j0, j1, k0, k1] = [ny, -1, nz, -1];
  for (let k = 0, row = 0; k < nz; k++) {
    for (let j = 0; j < ny; j++, row++) {
      let any = 0;
      for (let w = 0, at = row * wordsPerRow; w < wordsPerRow; w++, at++) {
        seen[w] |= words[at];
        any |= words[at];
      }
      if (any === 0) continue;
      if (j < j0) j0 = j;
      if (j > j1) j1 = j;
      if (k < k0) k0 = k;
      k1 = k;
    }
  }
  if (k1 < 0) return null;
  const firstWord = seen.findIndex((word) => word !== 0);
  const lastWord = seen.findLastIndex((word) => word !== 0);
  const i0 = firstWord * 32 + 31 - Math.clz32(seen[firstWord] & -seen[firstWord]);
  const i1 = lastWord * 32 + 31 - Math.clz32(seen[lastWord]);
  const low = [i0, j0, k0].map((v, a) => Math.max(0, v - room[a])) as Triple;
  const high = [i1, j1, k1].map((v, a) => Math.min(dimensions[a] - 1, v + room[a]));
  return { offsetIjk: low, dimensions: high.map((v, a) => v - low[a] + 1) as Triple };
}

function assertInside({ dimensions }: BitGrid, { offsetIjk, dimensions: size }: Box): void {
  for (let a = 0; a < 3; a++)
    if (!(offsetIjk[a] >= 0 && size[a] > 0 && offsetIjk[a] + size[a] <= dimensions[a])) throw new RangeError('the box leaves the grid');
}

/** The part of a mask that lies in a box, as a grid of its own. Throws RangeError where the box leaves the grid. */
export function cutBits(grid: BitGrid, box: Box): BitGrid {
  assertInside(grid, box);
  const out = emptyBits(box.dimensions);
  const [mx, my, mz] = box.dimensions;
  const [oi, oj, ok] = box.offsetIjk;
  const shift = oi & 31;
  const last = lastWordMask(mx);
  for (let k = 0, to = 0; k < mz; k++) {
    for (let j = 0; j < my; j++, to += out.wordsPerRow) {
      const row = (j + oj + grid.dimensions[1] * (k + ok)) * grid.wordsPerRow;
      const end = row + grid.wordsPerRow;
      for (let w = 0, from = row + (oi >> 5); w < out.wordsPerRow; w++, from++) {
        const next = shift === 0 || from + 1 >= end ? 0 : grid.words[from + 1] << (32 - shift);
        out.words[to + w] = (grid.words[from] >>> shift) | next;
      }
      out.words[to + out.wordsPerRow - 1] &= last;
    }
  }
  return out;
}

/** A mask of the whole grid that is empty outside of a box and is `part` in it. Throws RangeError where they do not fit. */
export function pasteBits(dimensions: Triple, box: Box, part: BitGrid): BitGrid {
  const out = emptyBits(dimensions);
  assertInside(out, box);
  if (part.dimensions.some((side, a) => side !== box.dimensions[a])) throw new RangeError('the part does not fit its box');
  const [, my, mz] = box.dimensions;
  const [oi, oj, ok] = box.offsetIjk;
  const shift = oi & 31;
  for (let k = 0, from = 0; k < mz; k++) {
    for (let j = 0; j < my; j++) {
      const row = (j + oj + dimensions[1] * (k + ok)) * out.wordsPerRow;
      for (let w = 0, to = row + (oi >> 5); w < part.wordsPerRow; w++, to++, from++) {
        const word = part.words[from];
        if (word === 0) continue;
        out.words[to] |= word << shift;
        if (shift !== 0 && word >>> (32 - shift) !== 0) out.words[to + 1] |= word >>> (32 - shift);
      }
    }
  }
  return out;
}

import type { BitGrid } from '../labels/bits.ts';

/** The part of the grid of voxel corners that holds the surfels of two masks: rows jFrom..jTo, kFrom..kTo (ends excluded), whole words along i. */
export interface SurfelFrame {
  jFrom: number;
  jTo: number;
  kFrom: number;
  kTo: number;
  wordFrom: number;
  wordTo: number;
}

/**
 * Which voxel corners of a frame are surfels. Corner (i, j, k) lies between voxels i-1 and i, j-1 and j, k-1 and k. Row
 * (j - jFrom) + (jTo - jFrom) * (k - kFrom) takes `stride` words, of which the first and the last are empty, so that a look beyond either end is safe.
 */
export interface SurfelBits {
  frame: SurfelFrame;
  stride: number;
  words: Uint32Array;
}

/** The frame around what is set in either mask; null where nothing is. */
export function frameOf(a: BitGrid, b: BitGrid): SurfelFrame | null {
  const [, ny, nz] = a.dimensions;
  const frame = { jFrom: ny, jTo: 0, kFrom: nz, kTo: 0, wordFrom: a.wordsPerRow, wordTo: 0 };
  for (let k = 0, at = 0; k < nz; k++) {
    for (let j = 0; j < ny; j++) {
      for (let word = 0; word < a.wordsPerRow; word++, at++) {
        const bits = a.words[at] | b.words[at];
        if (bits === 0) continue;
        if (j < frame.jFrom) frame.jFrom = j;
        if (j + 2 > frame.jTo) frame.jTo = j + 2;
        if (k < frame.kFrom) frame.kFrom = k;
        frame.kTo = k + 2;
        if (word < frame.wordFrom) frame.wordFrom = word;
        // The corner behind the last voxel of a word is the first of the next word.
        const end = word + (bits >>> 31) + 1;
        if (end > frame.wordTo) frame.wordTo = end;
      }
    }
  }
  return frame.jTo === 0 ? null : frame;
}

const wordsOf = (frame: SurfelFrame): number => (frame.wordTo - frame.wordFrom + 2) * (frame.jTo - frame.jFrom) * (frame.kTo - frame.kFrom);

/** The surfels of a mask: corners whose eight voxels are neither all inside nor all outside. Beyond the grid is outside. Cost: 5 ns a word. */
export function surfelsOf(mask: BitGrid, frame: SurfelFrame): SurfelBits {
  const { jFrom, jTo, kFrom, kTo, wordFrom, wordTo } = frame;
  const [, ny, nz] = mask.dimensions;
  const { words, wordsPerRow } = mask;
  const stride = wordTo - wordFrom + 2;
  const out = new Uint32Array(wordsOf(frame));
  const rowsJ = jTo - jFrom;
  const starts = [0, 0, 0, 0];
  for (let k = kFrom; k < kTo; k++) {
    for (let j = jFrom; j < jTo; j++) {
      for (let n = 0; n < 4; n++) {
        const y = j - 1 + (n & 1);
        const z = k - 1 + (n >> 1);
        starts[n] = y < 0 || z < 0 || y >= ny || z >= nz ? -1 : (y + ny * z) * wordsPerRow;
      }
      const [r0, r1, r2, r3] = starts;
      const to = (j - jFrom + rowsJ * (k - kFrom)) * stride + 1 - wordFrom;
      // Words before wordFrom are empty in both masks of the frame.
      let anyBefore = 0;
      let allBefore = 0;
      for (let word = wordFrom; word < wordTo; word++) {
        let any = 0;
        let all = 0;
        if (word < wordsPerRow) {
          const a = r0 < 0 ? 0 : words[r0 + word];
          const b = r1 < 0 ? 0 : words[r1 + word];
          const c = r2 < 0 ? 0 : words[r2 + word];
          const d = r3 < 0 ? 0 : words[r3 + word];
          any = a | b | c | d;
          all = a & b & c & d;
        }
        out[to + word] = (any | (any << 1) | (anyBefore >>> 31)) & ~(all & ((all << 1) | (allBefore >>> 31)));
        anyBefore = any;
        allBefore = all;
      }
    }
  }
  return { frame, stride, words: out };
}

/** Takes away the surfels that touch a voxel outside of the region of interest. What lies beyond the grid does not count as outside of it. */
export function withinRoi(surfels: SurfelBits, roi: BitGrid): SurfelBits {
  const { frame, stride } = surfels;
  const { jFrom, jTo, kFrom, kTo, wordFrom, wordTo } = frame;
  const [nx, ny, nz] = roi.dimensions;
  const words = surfels.words.slice();
  const outside = (y: number, z: number, word: number): number => {
    if (y < 0 || z < 0 || y >= ny || z >= nz || word < 0 || word >= roi.wordsPerRow) return 0;
    const inGrid = word === nx >> 5 ? (1 << (nx & 31)) - 1 : -1;
    return ~roi.words[(y + ny * z) * roi.wordsPerRow + word] & inGrid;
  };
  const around = (j: number, k: number, word: number): number =>
    outside(j - 1, k - 1, word) | outside(j, k - 1, word) | outside(j - 1, k, word) | outside(j, k, word);
  for (let k = kFrom; k < kTo; k++) {
    for (let j = jFrom; j < jTo; j++) {
      const to = (j - jFrom + (jTo - jFrom) * (k - kFrom)) * stride + 1 - wordFrom;
      let before = around(j, k, wordFrom - 1);
      for (let word = wordFrom; word < wordTo; word++) {
        const here = around(j, k, word);
        words[to + word] &= ~(here | (here << 1) | (before >>> 31));
        before = here;
      }
    }
  }
  return { frame, stride, words };
}

/** The code of the surfel at corner (i, j, k) of a mask, as surfel-areas.ts reads it. */
export function surfelCode(mask: BitGrid, i: number, j: number, k: number): number {
  const [nx, ny, nz] = mask.dimensions;
  const { words, wordsPerRow } = mask;
  let code = 0;
  for (let n = 0; n < 4; n++) {
    const y = j - 1 + (n & 1);
    const z = k - 1 + (n >> 1);
    if (y < 0 || z < 0 || y >= ny || z >= nz) continue;
    const row = (y + ny * z) * wordsPerRow;
    if (i > 0) code |= ((words[row + ((i - 1) >> 5)] >>> ((i - 1) & 31)) & 1) << (n * 2);
    if (i < nx) code |= ((words[row + (i >> 5)] >>> (i & 31)) & 1) << (n * 2 + 1);
  }
  return code;
}

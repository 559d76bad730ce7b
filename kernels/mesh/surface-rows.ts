import { type BitGrid, ones } from '../labels/bits.ts';
import { caseTables } from './case-tables.ts';

/**
 * Cells lie between voxel centres: cell (i, j, k) of the padded grid has the voxels i - 1 and i, j - 1 and j, k - 1 and k as corners, so
 * cells run from 0 to nx, ny, nz. Cell row j + (ny + 1) * k owns the vertices on the grid edges that end at its voxels (i, j, k) coming
 * from i - 1, from j - 1 and from k - 1, and those within its cells. They are numbered in this order: along i, along j, along k, within.
 */
export const perRow = 5;
/** What `rows` holds of a row at row * perRow + one of these: first the count, after summing the number of the first. */
export const rowEntry = { alongI: 0, alongJ: 1, alongK: 2, within: 3, triangles: 4 } as const;

export interface CountInput {
  bits: BitGrid;
  /** Layers of cells [from, to) along k. */
  from: number;
  to: number;
  rows: Uint32Array;
}

/** Where the row of voxels (j, k) begins among the words; -1 where there is none, beyond the border. */
export function rowStart({ dimensions, wordsPerRow }: BitGrid, j: number, k: number): number {
  return j < 0 || k < 0 || j >= dimensions[1] || k >= dimensions[2] ? -1 : (j + dimensions[1] * k) * wordsPerRow;
}

/** Words of a cell row: one more than of a row of voxels where its last cell needs it. */
export const cellWords = ({ dimensions }: BitGrid): number => (dimensions[0] + 32) >> 5;

/**
 * Counts vertices and triangles of the cell rows of some layers. The edges that the surface crosses are where a word differs from its
 * neighbour's, so they are counted 32 at a time; only cells whose corners differ are looked at.
 */
export function countSurface({ bits, from, to, rows }: CountInput): void {
  const { words, wordsPerRow, dimensions } = bits;
  const ny = dimensions[1];
  const width = cellWords(bits);
  const { triangles: trianglesOf, centroids: centroidsOf } = caseTables;
  for (let k = from; k < to; k++) {
    for (let j = 0; j <= ny; j++) {
      const rowA = rowStart(bits, j - 1, k - 1);
      const rowB = rowStart(bits, j, k - 1);
      const rowC = rowStart(bits, j - 1, k);
      const rowD = rowStart(bits, j, k);
      let alongI = 0;
      let alongJ = 0;
      let alongK = 0;
      let within = 0;
      let triangles = 0;
      // The highest bit of the word before, as the lowest of this one.
      let carryA = 0;
      let carryB = 0;
      let carryC = 0;
      let carryD = 0;
      for (let word = 0; word < width; word++) {
        const real = word < wordsPerRow;
        const a = real && rowA >= 0 ? words[rowA + word] : 0;
        const b = real && rowB >= 0 ? words[rowB + word] : 0;
        const c = real && rowC >= 0 ? words[rowC + word] : 0;
        const d = real && rowD >= 0 ? words[rowD + word] : 0;
        const leftA = (a << 1) | carryA;
        const leftB = (b << 1) | carryB;
        const leftC = (c << 1) | carryC;
        const leftD = (d << 1) | carryD;
        carryA = a >>> 31;
        carryB = b >>> 31;
        carryC = c >>> 31;
        carryD = d >>> 31;
        let active = (a | b | c | d | leftA | leftB | leftC | leftD) & ~(a & b & c & d & leftA & leftB & leftC & leftD);
        if (active === 0) continue;
        alongI += ones(d ^ leftD);
        alongJ += ones(c ^ d);
        alongK += ones(b ^ d);
        while (active !== 0) {
          const bit = 31 - Math.clz32(active & -active);
          active &= active - 1;
          const inside =
            ((leftA >>> bit) & 1) |
            (((a >>> bit) & 1) << 1) |
            (((leftB >>> bit) & 1) << 2) |
            (((b >>> bit) & 1) << 3) |
            (((leftC >>> bit) & 1) << 4) |
            (((c >>> bit) & 1) << 5) |
            (((leftD >>> bit) & 1) << 6) |
            (((d >>> bit) & 1) << 7);
          triangles += trianglesOf[inside];
          within += centroidsOf[inside];
        }
      }
      const at = (j + (ny + 1) * k) * perRow;
      rows[at] = alongI;
      rows[at + 1] = alongJ;
      rows[at + 2] = alongK;
      rows[at + 3] = within;
      rows[at + 4] = triangles;
    }
  }
}

/** Turns counts into the number of the first vertex of each kind and of the first triangle of each row; returns how many there are. */
export function sumRows(rows: Uint32Array): { vertices: number; triangles: number } {
  let vertices = 0;
  let triangles = 0;
  for (let at = 0; at < rows.length; at += perRow) {
    for (let kind = 0; kind < rowEntry.triangles; kind++) {
      const count = rows[at + kind];
      rows[at + kind] = vertices;
      vertices += count;
    }
    const count = rows[at + rowEntry.triangles];
    rows[at + rowEntry.triangles] = triangles;
    triangles += count;
  }
  return { vertices, triangles };
}

import type { BitGrid } from '../labels/bits.ts';
import { caseTables, turnedTables } from './case-tables.ts';
import { cellWords, perRow, rowStart } from './surface-rows.ts';

export interface WriteInput {
  bits: BitGrid;
  /** Layers of cells [from, to) along k. */
  from: number;
  to: number;
  /** First numbers of each cell row, as `sumRows` leaves them. */
  rows: Uint32Array;
  /** Index to LPS mm: origin, then the steps for i, j and k. */
  frame: readonly number[];
  /** Triangles are turned over, for a left-handed grid. */
  turned: boolean;
  positions: Float32Array;
  triangles: Uint32Array;
}

/**
 * Writes vertices and triangles of some layers of cells, each to the place that its number gives it.
 *
 * No table of numbers is kept. Along a row of cells, the vertex of a crossed grid edge is the next one of that edge's row; the far edges
 * of one cell are the near edges of the next, where the vertex is then the last one given. Eight counters follow the eight rows of edges
 * around the cells. A cell without a vertex moves none of them, so it is never visited.
 */
export function writeSurface({ bits, from, to, rows, frame, turned, positions, triangles }: WriteInput): void {
  const { words, wordsPerRow, dimensions } = bits;
  const ny = dimensions[1];
  const width = cellWords(bits);
  const [ox, oy, oz, ix, iy, iz, jx, jy, jz, kx, ky, kz] = frame;
  const { edges: edgesOf, cornersFrom, corners, placesFrom, places } = turned ? turnedTables : caseTables;
  const local = new Int32Array(16);
  for (let k = from; k < to; k++) {
    for (let j = 0; j <= ny; j++) {
      const here = (j + (ny + 1) * k) * perRow;
      // Nothing lies in this row where the next one begins with the same triangle.
      let corner = (rows[here + 4] * 3) | 0;
      if (corner === (here + perRow < rows.length ? rows[here + perRow + 4] * 3 : triangles.length)) continue;
      const rowA = rowStart(bits, j - 1, k - 1);
      const rowB = rowStart(bits, j, k - 1);
      const rowC = rowStart(bits, j - 1, k);
      const rowD = rowStart(bits, j, k);
      // Rows before the first have no vertex, so any number will do for theirs.
      const below = k > 0 ? here - (ny + 1) * perRow : here;
      const before = j > 0 ? here - perRow : here;
      // `| 0`: the engine keeps whole numbers in registers only where it knows that they are small.
      let onA = rows[j > 0 && k > 0 ? below - perRow : here] | 0;
      let onB = rows[below] | 0;
      let onC = rows[before] | 0;
      let onD = rows[here] | 0;
      let alongJLow = rows[below + 1] | 0;
      let alongJHigh = rows[here + 1] | 0;
      let alongKLow = rows[before + 2] | 0;
      let alongKHigh = rows[here + 2] | 0;
      let within = rows[here + 3] | 0;
      let atI = (onD * 3) | 0;
      let atJ = (alongJHigh * 3) | 0;
      let atK = (alongKHigh * 3) | 0;
      // Where voxel 0 of the row lies.
      const x0 = ox + j * jx + k * kx;
      const y0 = oy + j * jy + k * ky;
      const z0 = oz + j * jz + k * kz;
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
          const i = word * 32 + bit;
          const x = x0 + i * ix;
          const y = y0 + i * iy;
          const z = z0 + i * iz;
          const crossed = edgesOf[inside];
          if (crossed & (1 << 3)) {
            positions[atI] = x - 0.5 * ix;
            positions[atI + 1] = y - 0.5 * iy;
            positions[atI + 2] = z - 0.5 * iz;
            atI += 3;
          }
          if (crossed & (1 << 7)) {
            positions[atJ] = x - 0.5 * jx;
            positions[atJ + 1] = y - 0.5 * jy;
            positions[atJ + 2] = z - 0.5 * jz;
            atJ += 3;
          }
          if (crossed & (1 << 11)) {
            positions[atK] = x - 0.5 * kx;
            positions[atK + 1] = y - 0.5 * ky;
            positions[atK + 2] = z - 0.5 * kz;
            atK += 3;
          }
          local[0] = onA;
          local[1] = onB;
          local[2] = onC;
          local[3] = onD;
          local[4] = alongJLow - 1;
          local[5] = alongJLow;
          local[6] = alongJHigh - 1;
          local[7] = alongJHigh;
          local[8] = alongKLow - 1;
          local[9] = alongKLow;
          local[10] = alongKHigh - 1;
          local[11] = alongKHigh;
          for (let place = placesFrom[inside], n = 12; place < placesFrom[inside + 1]; place += 3, n++) {
            // Places are told from the cell's lowest corner, voxel (i - 1, j - 1, k - 1).
            const u = places[place] - 1;
            const v = places[place + 1] - 1;
            const w = places[place + 2] - 1;
            positions[within * 3] = x + u * ix + v * jx + w * kx;
            positions[within * 3 + 1] = y + u * iy + v * jy + w * ky;
            positions[within * 3 + 2] = z + u * iz + v * jz + w * kz;
            local[n] = within++;
          }
          for (let at = cornersFrom[inside], end = cornersFrom[inside + 1]; at < end; at++) triangles[corner++] = local[corners[at]];
          onA += crossed & 1;
          onB += (crossed >> 1) & 1;
          onC += (crossed >> 2) & 1;
          onD += (crossed >> 3) & 1;
          alongJLow += (crossed >> 5) & 1;
          alongJHigh += (crossed >> 7) & 1;
          alongKLow += (crossed >> 9) & 1;
          alongKHigh += (crossed >> 11) & 1;
        }
      }
    }
  }
}

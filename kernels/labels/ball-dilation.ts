import { inTurn, type RunParts, stretches } from '../parts.ts';
import type { Triple } from '../volume/geometry.ts';
import { type BallRow, ballRows } from './ball.ts';
import { type BitGrid, emptyBits, lastWordMask } from './bits.ts';
import { withinDistance } from './distance.ts';

/** Beyond so many rows the exact distance is quicker than row upon row. */
const mostRows = 400;
const pieces = 8;

interface Part {
  words: Uint32Array;
  into: Uint32Array;
  wordsPerRow: number;
  dimensions: Triple;
  ball: BallRow[];
  from: number;
  to: number;
}

/** Bits of a stretch of words, grown to either side bit by bit, laid over rows of `into`. */
class Wide {
  readonly words: Uint32Array;
  first = 0;
  end = 0;
  half = 0;
  readonly #last: number;

  constructor(wordsPerRow: number, last: number) {
    this.words = new Uint32Array(wordsPerRow);
    this.#last = last;
  }

  /** A word that touches what is there, or begins anew. */
  put(w: number, word: number): void {
    if (this.end === 0) this.first = w;
    this.words[w] = word;
    this.end = w + 1;
  }

  grow(half: number): void {
    const { words } = this;
    const count = words.length;
    for (; this.half < half; this.half++) {
      if (this.first > 0 && words[this.first] & 1) this.first--;
      if (this.end < count && words[this.end - 1] >>> 31) this.end++;
      let before = 0;
      for (let w = this.first; w < this.end; w++) {
        const here = words[w];
        const after = w + 1 < this.end ? words[w + 1] : 0;
        words[w] = here | (here << 1) | (before >>> 31) | (here >>> 1) | (after << 31);
        before = here;
      }
      words[count - 1] &= this.#last;
    }
  }

  clear(): void {
    this.words.fill(0, this.first, this.end);
    this.first = 0;
    this.end = 0;
    this.half = 0;
  }
}

/** The rows of a ball that lie to one side along j and k each (-1, 0, 1), by the length of the row. */
const rowsToward = (ball: BallRow[], sj: number, sk: number): BallRow[] =>
  ball.filter(({ dj, dk }) => Math.sign(dj) === sj && Math.sign(dk) === sk);

/**
 * Planes from..to of a dilation: rows that have voxels are laid over the rows that their ball reaches, widened step by step. Upwards along j
 * only those voxels are laid that have none above them, for what such a one would cover is nearer to the one above it; so with each of the
 * four sides and quarters. Of a solid that leaves its faces.
 */
export function dilatePlanes({ words, into, wordsPerRow, dimensions, ball, from, to }: Part): void {
  const [nx, ny, nz] = dimensions;
  const high = ball.reduce((most, row) => Math.max(most, row.dk), 0);
  const wide = new Wide(wordsPerRow, lastWordMask(nx));
  const sides = [0, -1, 1].flatMap((sk) => [0, -1, 1].map((sj) => ({ sj, sk, rows: rowsToward(ball, sj, sk) })));
  const lay = (rows: BallRow[], j: number, k: number): void => {
    if (wide.end === 0) return;
    for (let n = 0; n < rows.length; n++) {
      const { dj, dk, half } = rows[n];
      const toJ = j + dj;
      const toK = k + dk;
      if (toJ < 0 || toJ >= ny || toK < from || toK >= to) continue;
      wide.grow(half);
      const target = (toK * ny + toJ) * wordsPerRow;
      for (let w = wide.first; w < wide.end; w++) into[target + w] |= wide.words[w];
    }
    wide.clear();
  };
  for (let k = Math.max(0, from - high); k < Math.min(nz, to + high); k++) {
    for (let j = 0; j < ny; j++) {
      const row = (k * ny + j) * wordsPerRow;
      let first = 0;
      while (first < wordsPerRow && words[row + first] === 0) first++;
      if (first === wordsPerRow) continue;
      let end = wordsPerRow;
      while (words[row + end - 1] === 0) end--;
      for (const { sj, sk, rows } of sides) {
        if (rows.length === 0 || (sk <= 0 && k < from) || (sk >= 0 && k >= to)) continue;
        // The rows one further to that side; -1: it lies outside of the grid.
        const overJ = sj !== 0 && j + sj >= 0 && j + sj < ny ? row + sj * wordsPerRow : -1;
        const overK = sk !== 0 && k + sk >= 0 && k + sk < nz ? row + sk * ny * wordsPerRow : -1;
        const alone = sj === 0 && sk === 0;
        for (let w = first; w < end; w++) {
          let word = words[row + w];
          if (alone) {
            into[row + w] |= word;
            // What has a neighbour on either side of the row covers nothing of the row that these do not.
            const before = w > first ? words[row + w - 1] >>> 31 : 0;
            const after = w + 1 < end ? words[row + w + 1] << 31 : 0;
            word &= ~(((word << 1) | before) & ((word >>> 1) | after));
          }
          if (overJ >= 0) word &= ~words[overJ + w];
          if (overK >= 0) word &= ~words[overK + w];
          if (word === 0) lay(rows, j, k);
          else wide.put(w, word);
        }
        lay(rows, j, k);
      }
    }
  }
}

/**
 * Every voxel whose centre lies within `mm` of the centre of one that is set (dilation by a ball, exact whatever the spacing). Outside of
 * the grid there is nothing.
 * @throws RangeError where radius or spacing are none
 * Cost: small balls about 1 ns for each row of the ball and 32 voxels of rows that are not empty; large ones as the exact distance.
 */
export async function dilateByBall(bits: BitGrid, spacingMm: Triple, mm: number, run: RunParts = inTurn): Promise<BitGrid> {
  const ball = ballRows(mm, spacingMm);
  if (ball.length > mostRows) return withinDistance(bits, spacingMm, mm, run);
  const out = emptyBits(bits.dimensions);
  const { words, wordsPerRow, dimensions } = bits;
  const whole = { words, into: out.words, wordsPerRow, dimensions, ball };
  await run(
    dilatePlanes,
    stretches(dimensions[2], pieces).map(([from, to]) => ({ ...whole, from, to })),
  );
  return out;
}

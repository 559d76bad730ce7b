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

/** Planes from..to of a dilation: every row that has a voxel is laid over the rows that its ball reaches, widened step by step. */
export function dilatePlanes({ words, into, wordsPerRow, dimensions, ball, from, to }: Part): void {
  const [nx, ny, nz] = dimensions;
  const last = lastWordMask(nx);
  const high = ball.reduce((most, row) => Math.max(most, row.dk), 0);
  const wide = new Uint32Array(wordsPerRow);
  for (let k = Math.max(0, from - high); k < Math.min(nz, to + high); k++) {
    for (let j = 0; j < ny; j++) {
      const row = (k * ny + j) * wordsPerRow;
      let first = 0;
      while (first < wordsPerRow && words[row + first] === 0) first++;
      if (first === wordsPerRow) continue;
      let end = wordsPerRow;
      while (words[row + end - 1] === 0) end--;
      wide.fill(0);
      for (let w = first; w < end; w++) wide[w] = words[row + w];
      let half = 0;
      for (const one of ball) {
        for (; half < one.half; half++) {
          if (first > 0 && wide[first] & 1) first--;
          if (end < wordsPerRow && wide[end - 1] >>> 31) end++;
          let before = 0;
          for (let w = first; w < end; w++) {
            const here = wide[w];
            const after = w + 1 < end ? wide[w + 1] : 0;
            wide[w] = here | (here << 1) | (before >>> 31) | (here >>> 1) | (after << 31);
            before = here;
          }
          wide[wordsPerRow - 1] &= last;
        }
        const toJ = j + one.dj;
        const toK = k + one.dk;
        if (toJ < 0 || toJ >= ny || toK < from || toK >= to) continue;
        const target = (toK * ny + toJ) * wordsPerRow;
        for (let w = first; w < end; w++) into[target + w] |= wide[w];
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

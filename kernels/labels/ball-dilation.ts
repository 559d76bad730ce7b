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

/** Sets bits from..to, both included, of the row that begins at word `row`; what lies outside of its bits is left out. */
function setStretch(into: Uint32Array, row: number, bits: number, from: number, to: number): void {
  const first = Math.max(0, from);
  const last = Math.min(bits - 1, to);
  const begin = row + (first >> 5);
  const end = row + (last >> 5);
  const head = -1 << (first & 31);
  const tail = -1 >>> (31 - (last & 31));
  if (begin === end) {
    into[begin] |= head & tail;
    return;
  }
  into[begin] |= head;
  for (let w = begin + 1; w < end; w++) into[w] = -1;
  into[end] |= tail;
}

/** Numbers of a row of a ball: dj, dk, half. */
const perRow = 3;
/** A word grown by more than this is one stretch of bits, and reaches beyond the words beside it. */
const mostBeside = 31;

/** The rows of a ball that lie to one side along j and k each (-1, 0, 1), by the length of the row. */
const rowsToward = (ball: BallRow[], sj: number, sk: number): Int32Array =>
  Int32Array.from(ball.filter(({ dj, dk }) => Math.sign(dj) === sj && Math.sign(dk) === sk).flatMap(({ dj, dk, half }) => [dj, dk, half]));

/** Lays word w of row j, k over rows of a ball, as far as these lie in planes from..to. */
function layWord({ into, wordsPerRow, dimensions, from, to }: Part, rows: Int32Array, word: number, w: number, j: number, k: number): void {
  const [nx, ny] = dimensions;
  const last = lastWordMask(nx);
  const isFirst = w === 0;
  const isLast = w === wordsPerRow - 1;
  const beforeLast = w === wordsPerRow - 2;
  let before = 0;
  let here = word;
  let after = 0;
  let grown = 0;
  for (let n = 0; n < rows.length; n += perRow) {
    const toJ = j + rows[n];
    const toK = k + rows[n + 1];
    if (toJ < 0 || toJ >= ny || toK < from || toK >= to) continue;
    const half = rows[n + 2];
    const target = (toK * ny + toJ) * wordsPerRow;
    if (half > mostBeside) {
      setStretch(into, target, nx, w * 32 + 31 - Math.clz32(word & -word) - half, w * 32 + 31 - Math.clz32(word) + half);
      continue;
    }
    for (; grown < half; grown++) {
      const wider = here | (here << 1) | (here >>> 1) | (before >>> 31) | (after << 31);
      before |= (before >>> 1) | (here << 31);
      after |= (after << 1) | (here >>> 31);
      here = wider;
    }
    if (!isFirst) into[target + w - 1] |= before;
    into[target + w] |= isLast ? here & last : here;
    if (!isLast) into[target + w + 1] |= beforeLast ? after & last : after;
  }
}

/**
 * Planes from..to of a dilation: words of voxels are laid over the rows that their ball reaches. Upwards along j only those voxels are laid
 * that have none above them, for what such a one would cover is nearer to the one above it; so with each of the four sides and quarters, and
 * along i. Of a solid that leaves its faces.
 */
export function dilatePlanes(part: Part): void {
  const { words, into, wordsPerRow, dimensions, ball, from, to } = part;
  const [, ny, nz] = dimensions;
  const high = ball.reduce((most, row) => Math.max(most, row.dk), 0);
  const [own, up, down, front, frontUp, frontDown, back, backUp, backDown] = [0, 1, -1].flatMap((sk) =>
    [0, 1, -1].map((sj) => rowsToward(ball, sj, sk)),
  );
  const layer = ny * wordsPerRow;
  for (let k = Math.max(0, from - high); k < Math.min(nz, to + high); k++) {
    const inPart = k >= from && k < to;
    for (let j = 0; j < ny; j++) {
      const row = (k * ny + j) * wordsPerRow;
      for (let w = 0, at = row; w < wordsPerRow; w++, at++) {
        const word = words[at];
        if (word === 0) continue;
        const noneUp = j + 1 < ny ? word & ~words[at + wordsPerRow] : word;
        const noneDown = j > 0 ? word & ~words[at - wordsPerRow] : word;
        if (inPart) {
          into[at] |= word;
          const before = w > 0 ? words[at - 1] >>> 31 : 0;
          const after = w + 1 < wordsPerRow ? words[at + 1] << 31 : 0;
          const ends = word & ~(((word << 1) | before) & ((word >>> 1) | after));
          if (ends !== 0) layWord(part, own, ends, w, j, k);
          if (noneUp !== 0) layWord(part, up, noneUp, w, j, k);
          if (noneDown !== 0) layWord(part, down, noneDown, w, j, k);
        }
        if (k + 1 < to) {
          const noneFront = k + 1 < nz ? word & ~words[at + layer] : word;
          if (noneFront !== 0) {
            layWord(part, front, noneFront, w, j, k);
            if ((noneFront & noneUp) !== 0) layWord(part, frontUp, noneFront & noneUp, w, j, k);
            if ((noneFront & noneDown) !== 0) layWord(part, frontDown, noneFront & noneDown, w, j, k);
          }
        }
        if (k > from) {
          const noneBack = k > 0 ? word & ~words[at - layer] : word;
          if (noneBack !== 0) {
            layWord(part, back, noneBack, w, j, k);
            if ((noneBack & noneUp) !== 0) layWord(part, backUp, noneBack & noneUp, w, j, k);
            if ((noneBack & noneDown) !== 0) layWord(part, backDown, noneBack & noneDown, w, j, k);
          }
        }
      }
    }
  }
}

/**
 * Every voxel whose centre lies within `mm` of the centre of one that is set (dilation by a ball, exact whatever the spacing). Outside of
 * the grid there is nothing.
 * @throws RangeError where radius or spacing are none
 * Cost: small balls some 5 ns for each row of the ball that reaches outwards from a word (32 voxels) of the mask's faces; large ones as the
 * exact distance.
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

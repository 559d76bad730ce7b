import { type RunParts, stretches } from '../parts.ts';
import type { Triple } from '../volume/geometry.ts';
import { ballRows } from './ball.ts';
import { dilatePlanes } from './ball-dilation.ts';
import { type BitGrid, bitsAndNot, bitsNot, emptyBits } from './bits.ts';
import { withinDistance } from './distance.ts';

/** Beyond so many rows of a ball the exact distance is quicker than row upon row, where rows are long. */
const mostRows = 2000;
/** Words of a part: few, so that it is often heard whether to go on; but a part looks at a ball's radius of planes to either side of its own. */
const wordsOfPart = 32_768;

/** As `dilateByBall`, in more and smaller parts, and row upon row for larger balls too. */
export async function widen(bits: BitGrid, spacingMm: Triple, mm: number, run: RunParts): Promise<BitGrid> {
  const ball = ballRows(mm, spacingMm);
  if (ball.length > mostRows) return withinDistance(bits, spacingMm, mm, run);
  const out = emptyBits(bits.dimensions);
  const { words, wordsPerRow, dimensions } = bits;
  const cut = stretches(dimensions[2], Math.ceil(words.length / wordsOfPart));
  await run(
    dilatePlanes,
    cut.map(([from, to]) => ({ words, into: out.words, wordsPerRow, dimensions, ball, from, to })),
  );
  return out;
}

/**
 * What a ball fills in a mask: closed by a ball that is smaller on the way back by most of a voxel, less the mask itself. On flat faces
 * nothing is left; in a hole it fills up to sqrt(2 ballMm voxel) from the edge.
 */
export async function filledByBall(solid: BitGrid, spacingMm: Triple, ballMm: number, there: RunParts, back: RunParts): Promise<BitGrid> {
  const grown = await widen(solid, spacingMm, ballMm, there);
  const closed = bitsNot(await widen(bitsNot(grown), spacingMm, ballMm - 0.9 * Math.min(...spacingMm), back));
  return bitsAndNot(closed, solid);
}

import { inTurn, type RunParts } from '../parts.ts';
import type { Triple } from '../volume/geometry.ts';
import { dilateByBall } from './ball-dilation.ts';
import { type BitGrid, bitsAndNot, bitsNot, emptyBits } from './bits.ts';
import { boxAround, cutBits, pasteBits } from './bits-box.ts';
import { dilateRounds, type Neighbours } from './rounds.ts';

/** A ball of so many mm, or rounds with a neighbourhood. */
export type Reach = { mm: number } | { rounds: number; neighbours: Neighbours };

export interface Workshop {
  run: RunParts;
  /** Called between rounds; may throw to cancel. */
  tick: () => void;
}
const alone: Workshop = { run: inTurn, tick: () => {} };

/** Voxels along i, j, k that a reach may come to, and one more: the first that is surely not reached. */
export function roomFor(reach: Reach, spacingMm: Triple): Triple {
  if ('rounds' in reach) return [reach.rounds + 1, reach.rounds + 1, reach.rounds + 1];
  return spacingMm.map((mm) => Math.floor((reach.mm * (1 + 1e-6)) / mm) + 1) as Triple;
}

async function grown(bits: BitGrid, reach: Reach, spacingMm: Triple, { run, tick }: Workshop): Promise<BitGrid> {
  tick();
  return 'rounds' in reach ? dilateRounds(bits, reach.rounds, reach.neighbours, tick) : dilateByBall(bits, spacingMm, reach.mm, run);
}
const shrunk = async (bits: BitGrid, reach: Reach, spacingMm: Triple, workshop: Workshop): Promise<BitGrid> =>
  bitsNot(await grown(bitsNot(bits), reach, spacingMm, workshop));

/**
 * Works in the box around a mask with so much room. What lies beyond the box, or beyond the grid, is to go on as it ends there; a mask
 * without a voxel stays one.
 */
export async function inBox(bits: BitGrid, room: Triple, work: (part: BitGrid) => Promise<BitGrid>): Promise<BitGrid> {
  const box = boxAround(bits, room);
  if (box === null) return emptyBits(bits.dimensions);
  return pasteBits(bits.dimensions, box, await work(cutBits(bits, box)));
}
const oneVoxel: Triple = [1, 1, 1];

/**
 * Morphology by a ball of mm (exact distance between voxel centres) or by rounds, in the box around the mask. At the border of the grid:
 * nothing grows in from outside, and nothing is eaten from there; erosion is the exact dual of dilation everywhere, so that opening and
 * closing done twice are as done once.
 * @param spacingMm along i, j, k; only a ball asks for it
 * Each throws RangeError where the reach is none. Cost: see dilateByBall and dilateRounds.
 */
export const dilate = (bits: BitGrid, reach: Reach, spacingMm: Triple, workshop = alone): Promise<BitGrid> =>
  inBox(bits, roomFor(reach, spacingMm), (part) => grown(part, reach, spacingMm, workshop));

/** See dilate. Takes away what lies within reach of a voxel of the grid that is not set. */
export const erode = (bits: BitGrid, reach: Reach, spacingMm: Triple, workshop = alone): Promise<BitGrid> =>
  inBox(bits, oneVoxel, (part) => shrunk(part, reach, spacingMm, workshop));

/** See dilate. Erosion, then dilation: takes away what the reach does not fit into. */
export const open = (bits: BitGrid, reach: Reach, spacingMm: Triple, workshop = alone): Promise<BitGrid> =>
  inBox(bits, oneVoxel, async (part) => grown(await shrunk(part, reach, spacingMm, workshop), reach, spacingMm, workshop));

/** See dilate. Dilation, then erosion: fills gaps that the reach does not fit into. */
export const close = (bits: BitGrid, reach: Reach, spacingMm: Triple, workshop = alone): Promise<BitGrid> =>
  inBox(bits, roomFor(reach, spacingMm), async (part) => shrunk(await grown(part, reach, spacingMm, workshop), reach, spacingMm, workshop));

/** Grows by exactly `mm`, or shrinks where it is below 0: what is left lies further than that from every voxel not set. See dilate. */
export function margin(bits: BitGrid, mm: number, spacingMm: Triple, workshop = alone): Promise<BitGrid> {
  return mm < 0 ? erode(bits, { mm: -mm }, spacingMm, workshop) : dilate(bits, { mm }, spacingMm, workshop);
}

/**
 * A shell of `shellMm` whose inside, medial or outside surface is that of the mask. Where the mask meets the border of the grid it goes on
 * beyond, and the shell has no wall there. See dilate.
 */
export async function hollow(
  bits: BitGrid,
  shellMm: number,
  surface: 'inside' | 'medial' | 'outside',
  spacingMm: Triple,
  workshop = alone,
): Promise<BitGrid> {
  const outer = { mm: surface === 'inside' ? shellMm : surface === 'medial' ? shellMm / 2 : 0 };
  const inner = { mm: shellMm - outer.mm };
  return inBox(bits, roomFor(outer, spacingMm), async (part) =>
    bitsAndNot(
      outer.mm > 0 ? await grown(part, outer, spacingMm, workshop) : part,
      inner.mm > 0 ? await shrunk(part, inner, spacingMm, workshop) : part,
    ),
  );
}

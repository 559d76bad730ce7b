import { decodeRuns } from './runs.ts';

/**
 * Who set each voxel of a mask last, one byte a voxel: the low half holds the author (0: no bone, 1 to 14, `takenByHand`: bone that a hand
 * took away), the high half what a hand has said of the voxel last, which a mask that is made anew is laid over with.
 */
type AuthorBytes = Uint8Array;

/** No author is this: bone that a hand took away and nobody has set since. */
const takenByHand = 15;
const low = 15;
const handSet = 16;
const handTaken = 32;
const handSaid = handSet | handTaken;

const isBone = (byte: number): boolean => (byte & low) !== 0 && (byte & low) !== takenByHand;

/** An author that can be kept. Throws RangeError. */
function assertAuthor(author: number): void {
  if (!(Number.isInteger(author) && author > 0 && author < takenByHand)) throw new RangeError(`not an author: ${author}`);
}

function checkedRuns(state: AuthorBytes, code: Uint8Array): void {
  decodeRuns(code, (start, length) => {
    if (start + length > state.length) throw new RangeError(`the run code names voxel ${start + length - 1} of ${state.length}`);
  });
}

/**
 * A whole mask takes the place of what stands: bone that stays keeps its author, bone that comes is `author`'s, bone that goes is nobody's
 * (a hand's loss where the act was drawn by hand).
 * @param mask 0 and 1, i fastest
 * @param byHand what goes counts as taken away by a hand
 * @throws RangeError where the mask has another length, or the author cannot be kept
 * Cost: about 1 ns a voxel.
 */
export function replaceByMask(state: AuthorBytes, mask: Uint8Array, author: number, byHand: boolean): void {
  assertAuthor(author);
  if (mask.length !== state.length) throw new RangeError(`a mask of ${mask.length} voxels over ${state.length}`);
  for (let n = 0; n < state.length; n++) {
    const was = state[n];
    if (isBone(was) === (mask[n] !== 0)) continue;
    state[n] = (was & handSaid) | (mask[n] !== 0 ? author : byHand ? takenByHand : 0);
  }
}

/**
 * A mask that owes nothing to the one before it (a network run, another threshold of it): all bone is `author`'s, except what a hand's
 * strokes were laid over it again with.
 * @param keepHand false: what a hand has said is forgotten, for this and every later mask
 * @param outside author of the bone outside of a box of the grid; null: the same
 * @throws RangeError as `replaceByMask`
 * Cost: about 1 ns a voxel.
 */
export function makeAnew(
  state: AuthorBytes,
  mask: Uint8Array,
  author: number,
  hand: number,
  keepHand: boolean,
  outside: { author: number; inside: (index: number) => boolean } | null,
): void {
  assertAuthor(author);
  assertAuthor(hand);
  if (outside) assertAuthor(outside.author);
  if (mask.length !== state.length) throw new RangeError(`a mask of ${mask.length} voxels over ${state.length}`);
  for (let n = 0; n < state.length; n++) {
    const said = keepHand ? state[n] & handSaid : 0;
    const made = outside && !outside.inside(n) ? outside.author : author;
    if (mask[n] !== 0) state[n] = said | (said === handSet ? hand : made);
    else state[n] = said | (said === handTaken ? takenByHand : 0);
  }
}

/**
 * Voxels that one act changed: all to one value, or each to the other.
 * @param code run code (runs.ts); a voxel that it names and that has the value already keeps its author
 * @param byHand bone that goes counts as taken away by a hand
 * @param stroke the hand's word is remembered, to be laid over a mask that is made anew
 * @throws RangeError on a damaged code or one that leaves the grid; nothing has changed then
 * Cost: the voxels that the code names.
 */
export function layRuns(
  state: AuthorBytes,
  code: Uint8Array,
  value: 0 | 1 | 'flip',
  author: number,
  { byHand, stroke }: { byHand: boolean; stroke: boolean },
): void {
  assertAuthor(author);
  checkedRuns(state, code);
  decodeRuns(code, (start, length) => {
    for (let n = start; n < start + length; n++) {
      const was = state[n];
      const bone = isBone(was);
      const becomes = value === 'flip' ? !bone : value === 1;
      const said = stroke ? (becomes ? handSet : handTaken) : was & handSaid;
      if (bone === becomes) state[n] = said | (was & low);
      else state[n] = said | (becomes ? author : byHand ? takenByHand : 0);
    }
  });
}

/** A segment that begins with part of another's mask: authors stay, what a hand said or took away there is not its own. */
export function forgetHand(state: AuthorBytes): void {
  for (let n = 0; n < state.length; n++) state[n] = isBone(state[n]) ? state[n] & low : 0;
}

/**
 * Voxels of each author (place 1 on; place 0 is no bone) and those that a hand took away. The state becomes the map that is shown: the
 * author alone, 0 where there is no bone.
 */
export function settleAuthors(state: AuthorBytes): { voxels: number[]; removedByHand: number } {
  const voxels = new Array<number>(takenByHand).fill(0);
  let removedByHand = 0;
  for (let n = 0; n < state.length; n++) {
    const author = state[n] & low;
    if (author === takenByHand) removedByHand++;
    state[n] = author === takenByHand ? 0 : author;
    voxels[state[n]]++;
  }
  return { voxels, removedByHand };
}

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { forgetHand, layRuns, makeAnew, replaceByMask, settleAuthors } from './authorship.ts';
import { encodeRuns } from './runs.ts';

const voxels = 24;
const hand = 3;
type Act =
  | { kind: 'mask'; mask: number[]; author: number; byHand: boolean }
  | { kind: 'anew'; mask: number[]; author: number; keepHand: boolean; outside: number | null }
  | { kind: 'runs'; named: number[]; value: 0 | 1 | 'flip'; author: number; byHand: boolean; stroke: boolean }
  | { kind: 'birth' };

const inside = (n: number) => n % 3 !== 0;

/** The slow twin: a voxel at a time, its whole life in plain words. */
function twin(acts: Act[]): { map: number[]; removed: number; mask: number[] } {
  const lives = Array.from({ length: voxels }, (_, n) => {
    let bone = false;
    let author = 0;
    let taken = false;
    let said: 'set' | 'taken' | null = null;
    const become = (to: boolean, by: number, byHand: boolean) => {
      if (to === bone) return;
      taken = !to && byHand;
      author = to ? by : 0;
      bone = to;
    };
    for (const act of acts) {
      if (act.kind === 'mask') become(act.mask[n] === 1, act.author, act.byHand);
      else if (act.kind === 'anew') {
        if (!act.keepHand) said = null;
        bone = act.mask[n] === 1;
        author = !bone ? 0 : said === 'set' ? hand : act.outside !== null && !inside(n) ? act.outside : act.author;
        taken = !bone && said === 'taken';
      } else if (act.kind === 'runs') {
        if (!act.named.includes(n)) continue;
        const to = act.value === 'flip' ? !bone : act.value === 1;
        become(to, act.author, act.byHand);
        if (act.stroke) said = to ? 'set' : 'taken';
      } else {
        taken = false;
        said = null;
      }
    }
    return { bone, author, taken };
  });
  return { map: lives.map((l) => l.author), removed: lives.filter((l) => l.taken).length, mask: lives.map((l) => Number(l.bone)) };
}

const mask = fc.array(fc.integer({ min: 0, max: 1 }), { minLength: voxels, maxLength: voxels });
const author = fc.integer({ min: 1, max: 6 });
const act: fc.Arbitrary<Act> = fc.oneof(
  fc.record({ kind: fc.constant('mask' as const), mask, author, byHand: fc.boolean() }),
  fc.record({ kind: fc.constant('anew' as const), mask, author, keepHand: fc.boolean(), outside: fc.option(author) }),
  fc.record({
    kind: fc.constant('runs' as const),
    named: fc.uniqueArray(fc.nat(voxels - 1), { minLength: 1 }).map((list) => list.sort((a, b) => a - b)),
    value: fc.constantFrom(0 as const, 1 as const, 'flip' as const),
    author,
    byHand: fc.boolean(),
    stroke: fc.boolean(),
  }),
  fc.constant({ kind: 'birth' as const }),
);

function play(acts: Act[]): Uint8Array {
  const state = new Uint8Array(voxels);
  for (const one of acts) {
    if (one.kind === 'mask') replaceByMask(state, Uint8Array.from(one.mask), one.author, one.byHand);
    else if (one.kind === 'anew')
      makeAnew(
        state,
        Uint8Array.from(one.mask),
        one.author,
        hand,
        one.keepHand,
        one.outside === null ? null : { author: one.outside, inside },
      );
    else if (one.kind === 'runs') layRuns(state, encodeRuns(one.named), one.value, one.author, one);
    else forgetHand(state);
  }
  return state;
}

describe('authors of voxels', () => {
  it('[9.1-types] agrees with a voxel-by-voxel twin over any session, and the counts add up to the mask', () => {
    fc.assert(
      fc.property(fc.array(act, { maxLength: 12 }), (acts) => {
        const state = play(acts);
        const told = settleAuthors(state);
        const slow = twin(acts);
        expect([...state]).toEqual(slow.map);
        expect(told.removedByHand).toBe(slow.removed);
        const bone = slow.mask.reduce((sum, v) => sum + v, 0);
        expect(told.voxels.slice(1).reduce((sum, v) => sum + v, 0)).toBe(bone);
        expect(told.voxels[0]).toBe(voxels - bone);
      }),
      { numRuns: 400 },
    );
  });
  it('[9.1-types] a network that is run again leaves what strokes drew and took away with the hand', () => {
    const state = new Uint8Array(4);
    makeAnew(state, Uint8Array.of(1, 1, 0, 0), 2, hand, true, null);
    layRuns(state, encodeRuns([2]), 1, hand, { byHand: true, stroke: true });
    layRuns(state, encodeRuns([0]), 0, hand, { byHand: true, stroke: true });
    makeAnew(state, Uint8Array.of(0, 1, 1, 1), 2, hand, true, null);
    const told = settleAuthors(state);
    expect([...state]).toEqual([0, 2, 3, 2]);
    expect(told.removedByHand).toBe(1);
  });
  it('[9.1-types] a mask of no voxels has no author, and what does not fit is refused before anything changes', () => {
    const none = new Uint8Array(0);
    expect(settleAuthors(none)).toEqual({ voxels: new Array(15).fill(0), removedByHand: 0 });
    const state = Uint8Array.of(1, 0);
    expect(() => replaceByMask(state, new Uint8Array(3), 1, false)).toThrow(RangeError);
    expect(() => makeAnew(state, new Uint8Array(2), 15, hand, true, null)).toThrow(RangeError);
    expect(() => layRuns(state, encodeRuns([0, 2]), 'flip', 1, { byHand: false, stroke: false })).toThrow(RangeError);
    expect([...state]).toEqual([1, 0]);
  });
});

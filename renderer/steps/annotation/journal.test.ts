import { describe, expect, it } from 'vitest';
import type { JournalLine } from '../../../contract/case.ts';
import { splitJournal } from './Journal.tsx';

const line = (sequence: number, act: JournalLine['act'], state: JournalLine['state'] = 'done'): JournalLine => ({
  sequence,
  act,
  state,
  time: '2026-11-22T08:00:00Z',
  who: 'A',
  clause: '9',
  name: act,
});

describe('journal list', () => {
  it('stands after the last act that is done and lists what redo brings back below', () => {
    const { before, after } = splitJournal([line(1, 'import'), line(2, 'segment'), line(3, 'stroke', 'undone'), line(4, 'undo')]);
    expect(before.map((l) => l.sequence)).toEqual([1, 2]);
    expect(after.map((l) => l.sequence)).toEqual([3]);
  });
  it('keeps a branch that was left between the acts that are done', () => {
    const { before, after } = splitJournal([line(1, 'segment'), line(2, 'stroke', 'undone'), line(3, 'undo'), line(4, 'clean')]);
    expect(before.map((l) => [l.sequence, l.state])).toEqual([
      [1, 'done'],
      [2, 'undone'],
      [4, 'done'],
    ]);
    expect(after).toEqual([]);
  });
});

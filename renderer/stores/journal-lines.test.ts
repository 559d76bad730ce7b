import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { JournalEntry } from '../../contract/case.ts';
import { joinJournal } from './case.ts';

type Lines = Parameters<typeof joinJournal>[0];
const line = (sequence: number, state: 'done' | 'undone' = 'done'): Lines[number] => ({
  sequence,
  state,
  act: 'stroke' as JournalEntry['act'],
  time: '',
  who: '',
  clause: '',
  name: `n${sequence}`,
});

it('known lines and news make the whole journal, and a line taken back meanwhile changes in its place', () => {
  const whole = [line(0), line(1), line(2, 'undone'), line(3)];
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 4 }), (held) => {
      const known = whole.slice(0, held).map((one) => ({ ...one, state: 'done' as const }));
      const changed = whole.slice(0, held).filter((one) => one.state === 'undone');
      expect(joinJournal(known, [...changed, ...whole.slice(held)])).toEqual(whole);
    }),
  );
  expect(joinJournal(whole, [])).toEqual(whole);
});

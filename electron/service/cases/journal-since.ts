import type { JournalEntry, JournalLine } from '../../../contract/case.ts';
import { journalLines } from './state.ts';

/**
 * The journal's lines after a sequence, and those before it that undo and redo have changed since: what a reader that knows the rest has to
 * take in, so that a stroke costs its own line and not the ten thousand before it. -1: all. Cost: the entries since, and a look at each
 * before them.
 */
export function journalSince(entries: readonly JournalEntry[], since: number): JournalLine[] {
  const wanted = new Set<unknown>();
  for (let n = entries.length - 1; n >= 0 && entries[n]!.sequence > since; n--) {
    const { act, parameters } = entries[n]!;
    if (act === 'undo') wanted.add(parameters.undoes);
    if (act === 'redo') wanted.add(parameters.redoes);
  }
  // What decides on the state of these lines is among them: the last undo or redo of a line comes after `since`, or nothing has changed it.
  return journalLines(entries.filter(({ sequence }) => sequence > since || wanted.has(sequence)));
}

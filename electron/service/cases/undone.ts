import type { JournalEntry } from '../../../contract/case.ts';

/** Sequences of the entries that are taken back at the end of a journal. Cost: linear. */
export function undoneSequences(entries: readonly JournalEntry[]): Set<unknown> {
  const undone = new Set<unknown>();
  for (const { act, parameters } of entries) {
    if (act === 'undo') undone.add(parameters.undoes);
    if (act === 'redo') undone.delete(parameters.redoes);
  }
  return undone;
}

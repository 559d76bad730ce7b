import type { Act, JournalEntry } from '../../../contract/case.ts';
import { createAct } from './acts.ts';
import { sampleImport } from './sample.ts';
import { createFold } from './state.ts';

export const view = { id: 'id', name: 'Case', folder: 'case', readOnly: false, heldBy: null, notices: [] };
export const blob = (seed: number): string => seed.toString(16).padStart(64, '0');

/** A case with one series, folded entry by entry as acts are added. */
export function journal() {
  const fold = createFold(view);
  const entries: JournalEntry[] = [];
  const add = (act: Act): void => {
    const sequence = entries.length;
    const entry = { ...act, sequence, time: '', elapsedMs: 0, who: 'me', previousHash: '', hash: '' };
    fold.apply(entry);
    entries.push(entry);
  };
  add(createAct({ schemaVersion: 1, id: 'id', name: 'Case', caseSha256: blob(99) }));
  add(sampleImport(blob(0)));
  return { fold, entries, add };
}

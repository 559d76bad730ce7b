import { Refusal } from '../../../../contract/errors.ts';
import { boneLabel, type LabelEntry } from '../../../../contract/labels.ts';

/** Rows of the label table (9.1): bone alone, until the table's other rows are asked for. */
const table: LabelEntry[] = [boneLabel];

export const labels = (): readonly LabelEntry[] => table;

/** A label as it was given, or the row of this key. Throws Refusal NOT_FOUND. */
export function labelOf(wanted: LabelEntry | string): LabelEntry {
  if (typeof wanted !== 'string') return wanted;
  const found = table.find((row) => row.key === wanted);
  if (found) return found;
  throw new Refusal('NOT_FOUND', `The label table has no row ${wanted}. It has: ${table.map((row) => row.key).join(', ')}`);
}

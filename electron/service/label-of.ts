import { Refusal } from '../../contract/errors.ts';
import { type LabelEntry, labelEntry } from '../../contract/labels.ts';
import type { Ports } from './ports.ts';

/**
 * 9.1: a label as it was given, or the row of this key. Throws Refusal NOT_FOUND with the keys that there
 * are.
 */
export async function labelOf(ports: Pick<Ports, 'labels'>, wanted: LabelEntry | string): Promise<LabelEntry> {
  if (typeof wanted !== 'string') return wanted;
  const { labels } = await ports.labels.list();
  const found = labels.find((row) => row.key === wanted);
  if (!found) throw new Refusal('NOT_FOUND', `The label table has no row ${wanted}. It has: ${labels.map((row) => row.key).join(', ')}.`);
  // What the table says of sub-classes is the table's, not the segment's.
  const { key, name, value, category, type, modifier } = found;
  return labelEntry.parse({ key, name, value, category, type, modifier });
}

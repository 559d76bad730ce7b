import type { JournalEntry } from '../../../contract/case.ts';
import { Refusal } from '../../../contract/errors.ts';
import type { Markup } from '../../../contract/markups.ts';
import type { ActParameters } from './act-parameters.ts';
import { type Carry, type LivingCase, seriesOf } from './living.ts';

/** Markups made, changed and taken away by one act (9.1). Throws Refusal NOT_FOUND. */
export function changeMarkups(living: LivingCase, entry: JournalEntry, changes: ActParameters['markup']['changes']): Carry {
  let after = living.markups;
  for (const [n, { id, markup }] of changes.entries()) {
    if (markup) seriesOf(living, markup.series);
    if (id !== null && !after.some((one) => one.id === id))
      throw new Refusal('NOT_FOUND', `This case has no markup ${id}. Choose one that is listed.`);
    const made: Markup | null = markup && { ...markup, id: id ?? `markup-${entry.sequence}${changes.length > 1 ? `-${n + 1}` : ''}` };
    if (id === null) after = made ? [...after, made] : after;
    else after = after.flatMap((one) => (one.id !== id ? [one] : made ? [made] : []));
  }
  const wanted = after;
  return () => {
    const before = living.markups;
    living.markups = wanted;
    return () => {
      living.markups = before;
    };
  };
}

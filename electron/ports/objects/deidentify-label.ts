import { readFileSync } from 'node:fs';
import path from 'node:path';
import { boneLabel, type CodedTerm, type LabelEntry, labelTable } from '../../../contract/labels.ts';
import { assetsFolder } from '../profiles.ts';
import type { TextCleaner } from './deidentify-text.ts';

const words = ({ value, scheme, meaning }: CodedTerm): string => JSON.stringify([value, scheme, meaning]);
const termsOf = ({ category, type, modifier }: LabelEntry): CodedTerm[] => [category, type, ...(modifier ? [modifier] : [])];

let known: { terms: Set<string>; names: Set<string> } | null = null;
/** Terms and names of the table that comes with Lamina, which name no patient. */
function shipped(): { terms: Set<string>; names: Set<string> } {
  if (known) return known;
  const text = readFileSync(path.join(assetsFolder(), 'label-tables', 'bone.json'), 'utf8');
  const rows = [boneLabel, ...labelTable.parse(JSON.parse(text)).rows];
  known = { terms: new Set(rows.flatMap(termsOf).map(words)), names: new Set(rows.map(({ name }) => name)) };
  return known;
}

/**
 * A label that names nobody: a code and its meaning may be words of the file that a segment was loaded from, or of a person. Those of our own table
 * stay; of others, with the Clean Descriptors Option, the meaning is cleaned, and else the segment is of bone.
 * @param clean null: nothing of a free text may stay
 */
export function plainLabel(label: LabelEntry, clean: TextCleaner | null): LabelEntry {
  const { terms, names } = shipped();
  const isOurs = termsOf(label).every((term) => terms.has(words(term)));
  if (isOurs) return { ...label, name: names.has(label.name) ? label.name : label.type.meaning };
  if (!clean) return { ...boneLabel, value: label.value };
  const cleaned = (term: CodedTerm): CodedTerm => ({
    value: clean(term.value, true),
    scheme: clean(term.scheme, true),
    meaning: clean(term.meaning),
  });
  const { category, type, modifier } = label;
  const next = { ...label, category: cleaned(category), type: cleaned(type), modifier: modifier && cleaned(modifier) };
  const isWhole = termsOf(next).every(({ value, scheme, meaning }) => value !== '' && scheme !== '' && meaning !== '');
  return isWhole ? { ...next, name: clean(label.name) || next.type.meaning } : { ...boneLabel, value: label.value };
}

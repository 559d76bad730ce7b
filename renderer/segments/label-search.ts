import type { LabelEntry, LabelRow } from '../../contract/labels.ts';

/** A label's code as people read it: 'SCT 91609006 Mandible'. */
export const codeWords = ({ type, modifier }: LabelEntry): string =>
  `${type.scheme} ${type.value} ${type.meaning}${modifier ? `, ${modifier.meaning.toLowerCase()}` : ''}`;

/** Rows that have every word of the query in name, key or code, or its number as their value; rows that begin with it first. */
export function labelsFor(rows: readonly LabelRow[], query: string): LabelRow[] {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  const text = (row: LabelRow) => `${row.name} ${row.key} ${codeWords(row)}`.toLowerCase();
  const found = rows.filter((row) => words.every((word) => text(row).includes(word) || String(row.value) === word));
  const first = words.join(' ');
  const rank = (row: LabelRow) => (first !== '' && row.name.toLowerCase().startsWith(first) ? 0 : 1);
  return [...found].sort((a, b) => rank(a) - rank(b));
}

import { type Markup, type MarkupDraft, type MarkupKind, markupNames } from '../../../../contract/markups.ts';

/** 'Line 3': the kind and one more than the highest number that a markup of this name has. */
export function freeName(kind: MarkupKind, markups: readonly Pick<Markup, 'name'>[]): string {
  const word = markupNames[kind];
  const numbers = markups.map(({ name }) => (name.startsWith(`${word} `) ? Number(name.slice(word.length + 1)) : 0));
  return `${word} ${Math.max(0, ...numbers.filter(Number.isInteger)) + 1}`;
}

/** What a change of a markup is called in the journal; null: nothing changed. */
export function changeTitle(before: Markup, after: MarkupDraft): string | null {
  const { id: _, ...old } = before;
  const changed = Object.keys(old).filter(
    (key) => JSON.stringify(old[key as keyof MarkupDraft]) !== JSON.stringify(after[key as keyof MarkupDraft]),
  );
  if (changed.length === 0) return null;
  const [only] = changed.length === 1 ? changed : [null];
  if (only === 'name') return `Rename ${before.name} to ${after.name}`;
  if (only === 'text') return `Text of ${after.name}`;
  if (changed.every((key) => key === 'pointsLps' || key === 'normalLps')) return `Move ${after.name}`;
  return `Change ${after.name}`;
}

import type { Criterion, Judgement } from '../../../contract/acquisition.ts';

/** What was found of one parameter: in words as shown, and the numbers or words that are judged. Neither: the header does not say. */
export interface Found {
  text: string;
  numbers?: number[];
  words?: string[];
  /** Why it is unknown, or what the reader should know besides. */
  note?: string;
}

type Limits = NonNullable<Criterion['meets']>;
/** Decimal strings and sums of positions carry noise of the last digits: a limit is met within a millionth. */
const inside = (value: number, { min, max, below }: Limits): boolean =>
  (min === undefined || value >= min * (1 - 1e-6)) &&
  (max === undefined || value <= max * (1 + 1e-6)) &&
  (below === undefined || value < below * (1 - 1e-6));

const same = (a: string, b: string): boolean => a.trim().toLowerCase() === b.trim().toLowerCase();

/**
 * One parameter against what a profile asks: every number inside `meets` meets; else inside `usable` (or no such limit) it is usable with
 * warning; else not usable. One fitting word meets. Nothing found is unknown, never a miss.
 */
export function judge(criterion: Criterion, found: Found): Judgement {
  const { meets, usable, oneOf } = criterion;
  if (oneOf && found.words?.length) return found.words.some((word) => oneOf.some((one) => same(one, word))) ? 'meets' : 'warning';
  if (found.numbers?.length && meets) {
    if (found.numbers.every((value) => inside(value, meets))) return 'meets';
    if (usable && !found.numbers.every((value) => inside(value, usable))) return 'unusable';
    return 'warning';
  }
  return 'unknown';
}

const order: Judgement[] = ['unknown', 'meets', 'warning', 'unusable'];
/** The worst of them; 'unknown' only where nothing is known. */
export function worst(judgements: readonly Judgement[]): Judgement {
  return judgements.reduce<Judgement>((a, b) => (order.indexOf(b) > order.indexOf(a) ? b : a), 'unknown');
}

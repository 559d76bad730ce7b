import { decimals, has, items } from './attributes.ts';
import type { DataSet } from './elements.ts';
import { text } from './text.ts';

/** Functional groups that hold what Table A.1 asks for (PS3.3 C.8.15.3, C.8.13.5); classic objects have the same attributes at the top. */
const macros = [
  0x00289110, 0x00189301, 0x00189304, 0x00189308, 0x00189312, 0x00189314, 0x00189321, 0x00189325, 0x00189326, 0x00189329, 0x00189112,
  0x00189114, 0x00189115, 0x00189226,
];
/** Longest text that is kept of a header: the rest is no name of anything. */
const longestText = 160;

function groupItems(group: DataSet | undefined): DataSet[] {
  return group ? macros.flatMap((macro) => items(group, macro).slice(0, 1)) : [];
}

/** Where an attribute of a file may stand: the data set, the shared groups, those of the first frame. */
export function places(set: DataSet): DataSet[] {
  return [set, ...groupItems(items(set, 0x52009229)[0]), ...groupItems(items(set, 0x52009230)[0])];
}

/** As `places`, of each frame's own groups; a classic object gives one list. */
export function framePlaces(set: DataSet): DataSet[][] {
  const frames = items(set, 0x52009230);
  return frames.length > 0 ? frames.map(groupItems) : [[set]];
}

/** The first value that is a number and not negative; null where none is. */
export function numberAt(where: DataSet[], ...tags: number[]): number | null {
  for (const tag of tags)
    for (const set of where) {
      const value = has(set, tag) ? decimals(set, tag)?.[0] : undefined;
      if (value !== undefined && value >= 0) return value;
    }
  return null;
}

/** As `numberAt`, for attributes where 0 is a scanner's way of saying nothing. */
export function positiveAt(where: DataSet[], ...tags: number[]): number | null {
  for (const tag of tags) {
    const value = numberAt(where, tag);
    if (value !== null && value > 0) return value;
  }
  return null;
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is taken out
const unprintable = /[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u202a-\u202e\u2066-\u2069]+/g;

/** Header text as it may be shown: several values joined by a space, control and direction characters out, cut at 160. */
export function wordsAt(where: DataSet[], tag: number): string | null {
  for (const set of where) {
    const words = text(set, tag).replaceAll('\\', ' ').replace(unprintable, ' ').replace(/\s+/g, ' ').trim();
    if (words !== '') return words.length > longestText ? `${words.slice(0, longestText)}…` : words;
  }
  return null;
}

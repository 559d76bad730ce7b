/** Longest word that is looked at: a float's text is shorter, and hostile text must not become one huge string. */
const longestWord = 64;
const numeral = /^[+-]?(\d+\.?\d*([eE][+-]?\d+)?|\.\d+([eE][+-]?\d+)?|nan|inf(inity)?)$/i;

export const isSpace = (byte: number) => byte === 0x20 || (byte >= 0x09 && byte <= 0x0d);
export const isLineEnd = (byte: number) => byte === 0x0a || byte === 0x0d;

/** The text between two places of a file, cut where no word is so long. */
export function wordAt(bytes: Uint8Array, from: number, to: number): string {
  let word = '';
  for (let at = from; at < to && at < from + longestWord; at++) word += String.fromCharCode(bytes[at]);
  return word;
}

const powers = Float64Array.from({ length: 23 }, (_, n) => Number(`1e${n}`));
const digit = (byte: number) => byte >= 0x30 && byte <= 0x39;

/**
 * The number that stands between two places of a file, as `numberOf` says it, without a string where it is short: at most 15 digits and
 * a power of ten up to 22 are both exact, and so is what one multiplication or division rounds (Clinger 1990). null: it is none.
 */
export function numberAt(bytes: Uint8Array, from: number, to: number): number | null {
  let at = from;
  const minus = bytes[at] === 0x2d;
  if (minus || bytes[at] === 0x2b) at++;
  const first = at;
  let mantissa = 0;
  let places = 0;
  for (; at < to && digit(bytes[at]); at++) mantissa = mantissa * 10 + (bytes[at] - 0x30);
  let digits = at - first;
  if (digits > 0 && at < to && bytes[at] === 0x2e)
    for (at++; at < to && digit(bytes[at]); at++, places++, digits++) mantissa = mantissa * 10 + (bytes[at] - 0x30);
  if (at < to || digits === 0 || digits > 15) return numberOf(wordAt(bytes, from, to));
  const size = mantissa / powers[places];
  return minus ? -size : size;
}

/** A number as C's printf writes it, not-a-number and infinity included; null: it is none. */
export function numberOf(word: string): number | null {
  if (!numeral.test(word)) return null;
  if (/nan/i.test(word)) return NaN;
  if (/inf/i.test(word)) return word.startsWith('-') ? -Infinity : Infinity;
  return Number(word);
}

import { Refusal } from '../../contract/errors.ts';

const mostFiles = 50_000;

/**
 * Names of numbered files, as NRRD and MetaImage state them: a pattern with one %d, first number, last number and step
 * (`slice%03d.raw 1 120 1`). Null where the text is no such pattern.
 * @throws Refusal UNSUPPORTED_CONTAINER where the numbers make no list
 */
export function numberedNames(text: string): string[] | null {
  const match = /^(\S*%0?\d*d\S*)\s+(-?\d{1,9})\s+(-?\d{1,9})\s+(-?\d{1,9})(\s+\d+)?$/.exec(text);
  if (!match) return null;
  const pattern = match[1] as string;
  const [first, last, step] = [Number(match[2]), Number(match[3]), Number(match[4])];
  const count = Math.floor((last - first) / step) + 1;
  const places = /%(0?)(\d*)d/g;
  if (pattern.match(places)?.length !== 1 || !(count >= 1 && count <= mostFiles))
    throw new Refusal('UNSUPPORTED_CONTAINER', 'The header numbers its files in a way that makes no list. Save the volume as one file.');
  return Array.from({ length: count }, (_, n) =>
    pattern.replace(places, (_whole, zero: string, width: string) => {
      const value = first + n * step;
      const digits = String(Math.abs(value)).padStart(Math.min(Number(width || 0), 20) - (value < 0 ? 1 : 0), zero ? '0' : ' ');
      return value < 0 ? `-${digits}` : digits;
    }),
  );
}

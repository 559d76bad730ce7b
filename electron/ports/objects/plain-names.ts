import type { ObjectInput } from './object-input.ts';

/** A backslash parts values in DICOM, and a control character is none of a name's in any kind of file. */
const forbidden = /[\\\p{Cc}\u2028\u2029]/gu;
const plain = (name: string): string =>
  name
    .replace(forbidden, (one) => (one === '\\' ? '/' : ' '))
    .replace(/\s+/g, ' ')
    .trim();

/** The input with names that every kind of file can hold, and which were changed for it, in words. */
export function withPlainNames(input: ObjectInput): { input: ObjectInput; findings: string[] } {
  const findings: string[] = [];
  const renamed = <T extends { name: string }>(one: T, instead: string): T => {
    if (one.name.search(forbidden) < 0) return one;
    const name = plain(one.name) || instead;
    findings.push(`A name with a backslash or control characters was written as "${name}".`);
    return { ...one, name };
  };
  const segments = input.segments.map((one) => renamed(one, `Segment ${one.number}`));
  const markups = input.markups.map((one) => renamed(one, one.kind));
  return { input: { ...input, segments, markups }, findings };
}

import { Refusal } from '../../contract/errors.ts';
import { bytesOfElement, type ElementType } from './volume-file-header.ts';
import { typedVoxels } from './volume-file-voxels.ts';

/** No number is written longer than this. */
const longestNumber = 64;

const damaged = (what: string) =>
  new Refusal('CORRUPT_FILE', `The voxels are written as text, and ${what}. Save the volume with raw encoding.`);

const words = new Map([
  ['nan', Number.NaN],
  ['inf', Number.POSITIVE_INFINITY],
  ['+inf', Number.POSITIVE_INFINITY],
  ['-inf', Number.NEGATIVE_INFINITY],
]);

/** The element that text of this type is turned into: 64-bit integers become doubles, and those that no double holds are refused. */
export const elementOfText = (element: ElementType): ElementType => (element === 'int64' || element === 'uint64' ? 'float64' : element);

function numberOf(text: string): number {
  const word = words.get(text.toLowerCase());
  if (word !== undefined) return word;
  const value = /^[-+0-9.eE]+$/.test(text) ? Number(text) : Number.NaN;
  if (Number.isNaN(value)) throw damaged('something in them is no number');
  return value;
}

function keeps(stored: number | undefined, value: number, element: ElementType): boolean {
  if (element === 'float32' || element === 'float64') return true;
  if (element === 'int64') return Number.isSafeInteger(value);
  return element === 'uint64' ? Number.isSafeInteger(value) && value >= 0 : stored === value;
}

/**
 * Numbers parted by white space, as little-endian bytes of `elementOfText`.
 * @throws Refusal CORRUPT_FILE at what is no number, or none of the type
 */
export async function* asciiVoxels(pieces: AsyncIterable<Uint8Array>, element: ElementType): AsyncGenerator<Uint8Array> {
  const stored = elementOfText(element);
  let rest = '';
  const encode = (numbers: string[]): Uint8Array => {
    const out = typedVoxels(new Uint8Array(numbers.length * bytesOfElement[stored]), stored, true);
    numbers.forEach((text, n) => {
      const value = numberOf(text);
      out[n] = value;
      if (!keeps(out[n], value, element)) throw damaged(`${value} does not fit the type ${element} that the header states`);
    });
    return new Uint8Array(out.buffer);
  };
  for await (const piece of pieces) {
    const text = rest + Buffer.from(piece.buffer, piece.byteOffset, piece.byteLength).toString('latin1');
    const numbers = text.split(/[\s,]+/);
    rest = numbers.pop() ?? '';
    if (rest.length > longestNumber) throw damaged('something in them is no number');
    const whole = numbers.filter((number) => number !== '');
    if (whole.length > 0) yield encode(whole);
  }
  if (rest !== '') yield encode([rest]);
}

/** Pairs of hexadecimal digits as bytes; white space between them is left out. Throws Refusal CORRUPT_FILE at anything else. */
export async function* hexVoxels(pieces: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let rest = '';
  for await (const piece of pieces) {
    const text = rest + Buffer.from(piece.buffer, piece.byteOffset, piece.byteLength).toString('latin1').replace(/\s+/g, '');
    if (/[^0-9a-fA-F]/.test(text)) throw damaged('something in them is no hexadecimal digit');
    const even = text.length - (text.length % 2);
    rest = text.slice(even);
    if (even > 0) yield Buffer.from(text.slice(0, even), 'hex');
  }
  if (rest !== '') throw damaged('half a byte is missing at their end');
}

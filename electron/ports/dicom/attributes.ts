import type { DataSet, Element } from './elements.ts';

/** Longest text value that is read; what is longer is no name, number or identifier. */
const longestText = 65536;

/** The bytes of a value, or null where the element is absent or empty. */
export function valueBytes(set: DataSet, tag: number): Uint8Array | null {
  const element = set.elements.get(tag);
  if (!element || element.length === 0 || element.items || element.length > longestText) return null;
  if (element.offset + element.length > set.bytes.length) return null;
  return set.bytes.subarray(element.offset, element.offset + element.length);
}

/** A value of the default repertoire (UI, CS, DS, IS, DA, TM): trailing padding removed; '' where absent or empty. */
export function code(set: DataSet, tag: number): string {
  const bytes = valueBytes(set, tag);
  if (!bytes) return '';
  let text = '';
  for (const byte of bytes) text += String.fromCharCode(byte);
  return text.replace(/[\0 ]+$/g, '').trim();
}

export function codes(set: DataSet, tag: number): string[] {
  const text = code(set, tag);
  return text === '' ? [] : text.split('\\').map((part) => part.replace(/\0/g, '').trim());
}

const decimal = /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/;

/** Decimal or integer strings, also longer than DS allows; null where absent or one of them is no number. */
export function decimals(set: DataSet, tag: number): number[] | null {
  const element = set.elements.get(tag);
  if (element && (element.vr === 'FD' || element.vr === 'FL')) return floats(set, element);
  const parts = codes(set, tag);
  if (parts.length === 0) return null;
  const numbers = parts.map((part) => (decimal.test(part) ? Number(part) : Number.NaN));
  return numbers.every(Number.isFinite) ? numbers : null;
}

function floats(set: DataSet, element: Element): number[] | null {
  const size = element.vr === 'FD' ? 8 : 4;
  if (element.length === 0 || element.length % size !== 0 || element.offset + element.length > set.bytes.length) return null;
  const view = new DataView(set.bytes.buffer, set.bytes.byteOffset + element.offset, element.length);
  const numbers: number[] = [];
  for (let at = 0; at < element.length; at += size) {
    numbers.push(size === 8 ? view.getFloat64(at, set.littleEndian) : view.getFloat32(at, set.littleEndian));
  }
  return numbers.every(Number.isFinite) ? numbers : null;
}

/** Whether the element stands in the data set with a value, readable or not. */
export function has(set: DataSet, tag: number): boolean {
  return (set.elements.get(tag)?.length ?? 0) > 0;
}

/** First value of a US element; null where absent. */
export function unsigned16(set: DataSet, tag: number): number | null {
  const bytes = valueBytes(set, tag);
  if (!bytes || bytes.length < 2) return null;
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength).getUint16(0, set.littleEndian);
}

export function items(set: DataSet, tag: number): DataSet[] {
  return set.elements.get(tag)?.items ?? [];
}

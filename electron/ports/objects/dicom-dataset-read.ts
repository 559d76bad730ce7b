import { code, codes } from '../dicom/attributes.ts';
import type { DataSet, Element } from '../dicom/elements.ts';
import { type OpenedFile, openDicomBytes } from '../dicom/open.ts';
import { decodedText } from '../dicom/text.ts';
import type { DicomItem, DicomValue } from './dicom-dataset.ts';
import { keywordOf } from './dicom-dictionary.ts';

/** A data set as read from a file that another program may have written. */
export interface ReadDataset {
  /**
   * Known attributes by keyword: text as it stands (several values joined by a backslash, numbers in DS and IS too), binary numbers as a
   * list, sequences as items, other binary values as a view of the file's bytes. Pixel data are left out.
   */
  item: DicomItem;
  sopClassUid: string;
  /** Where the pixels are. */
  opened: OpenedFile;
}

/** As many elements as the functional groups of some thirty thousand frames have. */
const limits = {
  maximumElements: 1_000_000,
  maximumDepth: 32,
  maximumHeaderBytes: 2 ** 31,
  isSequence: (tag: number) => keywordOf(tag)?.vr === 'SQ',
};

const numbersAt: Record<string, [number, (view: DataView, at: number, little: boolean) => number]> = {
  US: [2, (view, at, little) => view.getUint16(at, little)],
  SS: [2, (view, at, little) => view.getInt16(at, little)],
  UL: [4, (view, at, little) => view.getUint32(at, little)],
  SL: [4, (view, at, little) => view.getInt32(at, little)],
  FL: [4, (view, at, little) => view.getFloat32(at, little)],
  FD: [8, (view, at, little) => view.getFloat64(at, little)],
  AT: [4, (view, at, little) => view.getUint16(at, little) * 65536 + view.getUint16(at + 2, little)],
};
const decodedTexts = new Set(['LO', 'LT', 'PN', 'SH', 'ST', 'UC', 'UT']);
const codeTexts = new Set(['AE', 'AS', 'CS', 'DA', 'DS', 'DT', 'IS', 'TM', 'UI', 'UR']);

function readValue(set: DataSet, element: Element, stated: string, sets: string[]): DicomValue | undefined {
  if (element.items) return element.items.map((item) => itemOf(item, sets));
  const { offset, length } = element;
  if (offset + length > set.bytes.length) return undefined;
  const bytes = set.bytes.subarray(offset, offset + length);
  // What a writer could not state (a DS longer than 64 KiB, an attribute newer than its dictionary) comes as UN.
  const vr = element.vr === '' || element.vr === 'UN' ? stated : element.vr;
  if (decodedTexts.has(vr)) return decodedText(bytes, sets);
  if (codeTexts.has(vr))
    return Buffer.from(bytes.buffer, bytes.byteOffset, length)
      .toString('latin1')
      .replace(/[\0 ]+$/, '')
      .trim();
  const number = numbersAt[vr === 'xs' ? 'US' : vr === 'up' ? 'UL' : vr];
  if (!number) return bytes;
  const [size, read] = number;
  const view = new DataView(bytes.buffer, bytes.byteOffset, length);
  const values = new Array<number>(Math.floor(length / size));
  for (let n = 0; n < values.length; n++) values[n] = read(view, n * size, set.littleEndian);
  return values;
}

function itemOf(set: DataSet, above: string[]): DicomItem {
  const own = codes(set, 0x00080005);
  const sets = own.length > 0 ? own : above;
  const item: DicomItem = {};
  for (const [tag, element] of set.elements) {
    const known = keywordOf(tag);
    if (!known || known.keyword === 'PixelData' || known.keyword.startsWith('__')) continue;
    const value = readValue(set, element, known.vr, sets);
    if (value !== undefined) item[known.keyword] = value;
  }
  return item;
}

/**
 * Reads a DICOM file of any transfer syntax up to its pixel data; no length in it is believed before it is held against the bytes there are.
 * @throws NotReadable (a Refusal): NOT_DICOM, CORRUPT_FILE, TRUNCATED_FILE, TOO_LARGE
 * Cost: text is decoded, bytes are not copied; memory some hundred bytes an element.
 */
export function readDataset(bytes: Uint8Array): ReadDataset {
  const opened = openDicomBytes(bytes, limits);
  return { item: itemOf(opened.dataSet, []), sopClassUid: code(opened.dataSet, 0x00080016), opened };
}

/** The text of an attribute, several values joined by a backslash; empty where it has none. */
export function textOf(item: DicomItem | undefined, keyword: string): string {
  const value = item?.[keyword];
  return typeof value === 'string' ? value : '';
}

/** The numbers of an attribute, also of DS and IS; null where it is absent, empty or one of them is no number. */
export function numbersOf(item: DicomItem | undefined, keyword: string): number[] | null {
  const value = item?.[keyword];
  if (typeof value === 'string') {
    if (value === '') return null;
    const numbers = value.split('\\').map((part) => (part.trim() === '' ? Number.NaN : Number(part)));
    return numbers.every(Number.isFinite) ? numbers : null;
  }
  if (!Array.isArray(value) || value.length === 0) return null;
  return value.every((one) => typeof one === 'number' && Number.isFinite(one)) ? (value as number[]) : null;
}

/** The first number of an attribute; null as `numbersOf`. */
export function numberOf(item: DicomItem | undefined, keyword: string): number | null {
  return numbersOf(item, keyword)?.[0] ?? null;
}

/** The items of a sequence; none where it is absent or no sequence. */
export function itemsOf(item: DicomItem | undefined, keyword: string): DicomItem[] {
  const value = item?.[keyword];
  if (!Array.isArray(value)) return [];
  return value.every((one) => typeof one === 'object') ? (value as DicomItem[]) : [];
}

/** The bytes of an attribute (EncapsulatedDocument, say); null where it has none. */
export function bytesOf(item: DicomItem | undefined, keyword: string): Uint8Array | null {
  const value = item?.[keyword];
  return value instanceof Uint8Array ? value : null;
}

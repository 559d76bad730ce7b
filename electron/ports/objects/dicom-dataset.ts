import { decimal, uidFrom } from '../dicom-write.ts';
import { attributeOf } from './dicom-dictionary.ts';

/** A value of an attribute: text (several values as a list), numbers, bytes, or the items of a sequence. */
export type DicomValue = string | number | string[] | number[] | Uint8Array | DicomItem[];
/** A data set or an item by keyword. Undefined: it has no such attribute; '' or []: it has it without a value (type 2). */
export interface DicomItem {
  [keyword: string]: DicomValue | undefined;
}

const explicitLittleEndian = '1.2.840.10008.1.2.1';
const implicitLittleEndian = '1.2.840.10008.1.2';
/** PS3.5 7.1.2: these state their length in 32 bits. */
const longHeads = new Set(['OB', 'OD', 'OF', 'OL', 'OV', 'OW', 'SQ', 'SV', 'UC', 'UN', 'UR', 'UT', 'UV']);
/** PS3.5 6.2: the most letters of a value; what a person or another system wrote is cut there. */
const cutAt = new Map([
  ['LO', 64],
  ['SH', 16],
  ['ST', 1024],
  ['LT', 10240],
  ['UC', 65534],
  ['UT', 1_000_000],
]);
const paragraphs = new Set(['ST', 'LT', 'UT']);
/** PS3.5 6.2: what a value of a code-like representation looks like; anything else is a mistake of the writer. */
const shapes = new Map([
  ['AE', /^[\x20-\x5b\x5d-\x7e]{1,16}$/],
  ['AS', /^\d{3}[DWMY]$/],
  ['CS', /^[A-Z0-9 _]{1,16}$/],
  ['DA', /^\d{8}$/],
  ['DS', /^ *[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)? *$/],
  ['DT', /^\d{4,14}(\.\d{1,6})?([+-]\d{4})?$/],
  ['IS', /^ *[+-]?\d{1,12} *$/],
  ['TM', /^\d{2}(\d{2}(\d{2}(\.\d{1,6})?)?)?$/],
  ['UI', /^(?=.{1,64}$)(0|[1-9]\d*)(\.(0|[1-9]\d*))*$/],
]);
const numberBytes = new Map([
  ['US', 2],
  ['SS', 2],
  ['AT', 4],
  ['UL', 4],
  ['SL', 4],
  ['FL', 4],
  ['FD', 8],
]);

/** Whether a text is a value of that representation, so that a value of a foreign header can be copied. */
export function fitsVr(vr: string, value: string): boolean {
  const shape = shapes.get(vr);
  return shape === undefined || value.split('\\').every((part) => part === '' || (shape.test(part) && (vr !== 'DS' || part.length <= 16)));
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is taken out
const controls = /[\u0000-\u001f\u007f]+/g;
// biome-ignore lint/suspicious/noControlCharactersInRegex: as above, but for line ends and tabs
const controlsButLines = /[\u0000-\u0008\u000b\u000e-\u001f\u007f]+/g;

/** Letters, not units of UTF-16, so that no letter is cut in two. */
const firstLetters = (text: string, most: number) => (text.length <= most ? text : [...text].slice(0, most).join(''));

function cleanText(vr: string, value: string): string {
  if (paragraphs.has(vr)) return firstLetters(value.replace(controlsButLines, ' '), cutAt.get(vr) as number);
  const line = value.replace(controls, ' ').trim();
  if (vr !== 'PN') return firstLetters(line.replaceAll('\\', '/'), cutAt.get(vr) ?? 64);
  const groups = line.replaceAll('\\', '/').split('=').slice(0, 3);
  return groups.map((group) => firstLetters(group, 64)).join('=');
}

function textBytes(keyword: string, vr: string, value: string | number | (string | number)[]): Buffer {
  const parts = (Array.isArray(value) ? value : [value]).map((part) => {
    if (typeof part === 'number') {
      if (vr === 'DS') return decimal(part);
      if (vr === 'IS' && Number.isInteger(part)) return String(part);
      throw new RangeError(`${keyword} is ${vr} and takes no number ${part}`);
    }
    const shape = shapes.get(vr);
    if (!shape) return cleanText(vr, part);
    if (!fitsVr(vr, part)) throw new RangeError(`${keyword}: "${part}" is no ${vr}`);
    return part;
  });
  const bytes = Buffer.from(parts.join('\\'), 'utf8');
  return bytes.length % 2 === 0 ? bytes : Buffer.concat([bytes, Buffer.from(vr === 'UI' ? '\0' : ' ')]);
}

function numberBytesOf(keyword: string, vr: string, values: number[]): Buffer {
  const size = numberBytes.get(vr) as number;
  const bytes = Buffer.alloc(values.length * size);
  values.forEach((value, n) => {
    const at = n * size;
    if (!Number.isFinite(value)) throw new RangeError(`${keyword} is not a number`);
    if (vr === 'FD') bytes.writeDoubleLE(value, at);
    else if (vr === 'FL') bytes.writeFloatLE(value, at);
    else if (vr === 'US') bytes.writeUInt16LE(value, at);
    else if (vr === 'SS') bytes.writeInt16LE(value, at);
    else if (vr === 'UL') bytes.writeUInt32LE(value, at);
    else if (vr === 'SL') bytes.writeInt32LE(value, at);
    else {
      bytes.writeUInt16LE(Math.floor(value / 65536), at);
      bytes.writeUInt16LE(value % 65536, at + 2);
    }
  });
  return bytes;
}

const isItems = (value: DicomValue): value is DicomItem[] =>
  Array.isArray(value) && value.every((one) => typeof one === 'object' && one !== null);

/** The value's pieces; bytes are passed on as they are, so that pixels are copied once alone. */
function valuePieces(keyword: string, vr: string, value: DicomValue, how: Writing): Uint8Array[] {
  if (vr === 'SQ') {
    if (!isItems(value)) throw new RangeError(`${keyword} is a sequence`);
    return value.flatMap((item) => {
      const parts = elementsOf(item, how);
      const head = Buffer.alloc(8);
      head.writeUInt16LE(0xfffe, 0);
      head.writeUInt16LE(0xe000, 2);
      head.writeUInt32LE(lengthOf(parts), 4);
      return [head, ...parts];
    });
  }
  if (value instanceof Uint8Array) return value.length % 2 === 0 ? [value] : [value, Buffer.alloc(1)];
  if (numberBytes.has(vr)) {
    const numbers = (Array.isArray(value) ? value : value === '' ? [] : [value]) as number[];
    return [numberBytesOf(keyword, vr, numbers)];
  }
  if (vr.startsWith('O')) {
    if (value === '') return [];
    throw new RangeError(`${keyword} is ${vr} and takes bytes`);
  }
  return [textBytes(keyword, vr, value as string | number | (string | number)[])];
}

const lengthOf = (parts: Uint8Array[]) => parts.reduce((sum, part) => sum + part.length, 0);

interface Writing {
  explicit: boolean;
  /** Pixels of 16 bits, written as OW. */
  wide: boolean;
}

function elementsOf(item: DicomItem, how: Writing): Uint8Array[] {
  const elements = Object.entries(item)
    .filter((entry): entry is [string, DicomValue] => entry[1] !== undefined)
    .map(([keyword, value]) => ({ keyword, value, ...attributeOf(keyword) }))
    .sort((a, b) => a.tag - b.tag);
  return elements.flatMap(({ keyword, value, tag, vr: stated }) => {
    const vr = stated === 'ox' ? (how.wide ? 'OW' : 'OB') : stated === 'xs' ? 'US' : stated === 'up' ? 'UL' : stated;
    const parts = valuePieces(keyword, vr, value, how);
    const length = lengthOf(parts);
    const head = Buffer.alloc(how.explicit && longHeads.has(vr) ? 12 : 8);
    head.writeUInt16LE(Math.floor(tag / 65536), 0);
    head.writeUInt16LE(tag % 65536, 2);
    if (!how.explicit) {
      head.writeUInt32LE(length, 4);
      return [head, ...parts];
    }
    head.write(vr, 4, 'latin1');
    if (longHeads.has(vr)) head.writeUInt32LE(length, 8);
    else if (length > 0xffff) throw new RangeError(`${keyword} is longer than its value representation can state`);
    else head.writeUInt16LE(length, 6);
    return [head, ...parts];
  });
}

/** PS3.10 7.1: file meta information is explicit whatever follows. */
const metaHow: Writing = { explicit: true, wide: false };

/**
 * A DICOM file of a data set by keyword (PS3.10 7, little endian, sequences of stated length, text in UTF-8). The same data set, the same
 * bytes.
 * @param dataset with SOPClassUID and SOPInstanceUID; SpecificCharacterSet is set here. Text is cut at the most letters of its value
 * representation and freed of control characters; codes, dates, numbers and UIDs must be right.
 * @param syntax implicit for objects whose text of numbers may be longer than the 64 KiB that an explicit header can state
 * @throws RangeError for an attribute that PS3.6 does not have or a value that its representation cannot hold
 */
export function writeDataset(dataset: DicomItem, syntax: 'explicit' | 'implicit' = 'explicit'): Uint8Array {
  const body = elementsOf(
    { ...dataset, SpecificCharacterSet: 'ISO_IR 192' },
    { explicit: syntax === 'explicit', wide: dataset.BitsAllocated === 16 },
  );
  const meta = elementsOf(
    {
      FileMetaInformationVersion: Uint8Array.of(0, 1),
      MediaStorageSOPClassUID: dataset.SOPClassUID,
      MediaStorageSOPInstanceUID: dataset.SOPInstanceUID,
      TransferSyntaxUID: syntax === 'explicit' ? explicitLittleEndian : implicitLittleEndian,
      ImplementationClassUID: uidFrom('Lamina implementation'),
      ImplementationVersionName: 'LAMINA_1',
    },
    metaHow,
  );
  const length = elementsOf({ FileMetaInformationGroupLength: lengthOf(meta) }, metaHow);
  return Buffer.concat([Buffer.alloc(128), Buffer.from('DICM'), ...length, ...meta, ...body]);
}

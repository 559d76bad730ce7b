import { codes, valueBytes } from './attributes.ts';
import type { DataSet } from './elements.ts';

const specificCharacterSet = 0x00080005;

/** PS3.3 C.12.1.1.2: single-byte sets and multi-byte sets without code extensions, by their defined terms. */
const plain = new Map(
  Object.entries({
    '': 'windows-1252',
    'ISO_IR 6': 'windows-1252',
    'ISO 2022 IR 6': 'windows-1252',
    'ISO_IR 100': 'windows-1252',
    'ISO_IR 101': 'iso-8859-2',
    'ISO_IR 109': 'iso-8859-3',
    'ISO_IR 110': 'iso-8859-4',
    'ISO_IR 144': 'iso-8859-5',
    'ISO_IR 127': 'iso-8859-6',
    'ISO_IR 126': 'iso-8859-7',
    'ISO_IR 138': 'iso-8859-8',
    'ISO_IR 148': 'windows-1254',
    'ISO_IR 203': 'iso-8859-15',
    'ISO_IR 166': 'windows-874',
    'ISO_IR 13': 'shift_jis',
    'ISO_IR 192': 'utf-8',
    GB18030: 'gb18030',
    GBK: 'gbk',
  }),
);

/** PS3.3 table C.12-4: escape sequences (after ESC) and how the bytes that follow are read. */
const escapes: [string, string, (bytes: Uint8Array) => Uint8Array][] = [
  ['$B', 'euc-jp', (bytes) => bytes.map((byte) => byte | 0x80)],
  ['$@', 'euc-jp', (bytes) => bytes.map((byte) => byte | 0x80)],
  ['$(D', 'euc-jp', threeByteJapanese],
  ['$)C', 'euc-kr', (bytes) => bytes],
  ['$)A', 'gbk', (bytes) => bytes],
  ['(B', 'windows-1252', (bytes) => bytes],
  ['(J', 'shift_jis', (bytes) => bytes],
  [')I', 'shift_jis', (bytes) => bytes],
  ['-A', 'windows-1252', (bytes) => bytes],
  ['-B', 'iso-8859-2', (bytes) => bytes],
  ['-C', 'iso-8859-3', (bytes) => bytes],
  ['-D', 'iso-8859-4', (bytes) => bytes],
  ['-L', 'iso-8859-5', (bytes) => bytes],
  ['-G', 'iso-8859-6', (bytes) => bytes],
  ['-F', 'iso-8859-7', (bytes) => bytes],
  ['-H', 'iso-8859-8', (bytes) => bytes],
  ['-M', 'windows-1254', (bytes) => bytes],
  ['-T', 'windows-874', (bytes) => bytes],
];

/** JIS X 0212 stands in EUC-JP behind the single shift 8F. */
function threeByteJapanese(bytes: Uint8Array): Uint8Array {
  const out = new Uint8Array(Math.ceil(bytes.length / 2) * 3);
  for (let n = 0; n * 2 < bytes.length; n++) {
    out[n * 3] = 0x8f;
    out[n * 3 + 1] = (bytes[n * 2] ?? 0) | 0x80;
    out[n * 3 + 2] = (bytes[n * 2 + 1] ?? 0) | 0x80;
  }
  return out;
}

const decoders = new Map<string, InstanceType<typeof TextDecoder>>();
function decoded(bytes: Uint8Array, encoding: string): string {
  let decoder = decoders.get(encoding);
  if (!decoder) {
    decoder = new TextDecoder(encoding);
    decoders.set(encoding, decoder);
  }
  return decoder.decode(bytes);
}

function startsWith(bytes: Uint8Array, at: number, text: string): boolean {
  for (let n = 0; n < text.length; n++) if (bytes[at + n] !== text.charCodeAt(n)) return false;
  return true;
}

/** ISO 2022 text: each part by its escape; the first set is back after a delimiter (PS3.5 6.1.2.5.3). */
function withEscapes(bytes: Uint8Array, first: string): string {
  let text = '';
  let at = 0;
  let encoding = first;
  let turn: (part: Uint8Array) => Uint8Array = (part) => part;
  while (at < bytes.length) {
    if (bytes[at] === 0x1b) {
      const found = escapes.find(([sequence]) => startsWith(bytes, at + 1, sequence));
      if (found) {
        at += 1 + found[0].length;
        encoding = found[1];
        turn = found[2];
      } else at += 1;
      continue;
    }
    const twoByte = turn !== escapes[5]?.[2] && encoding === 'euc-jp';
    let end = at;
    while (end < bytes.length && bytes[end] !== 0x1b) {
      const byte = bytes[end] as number;
      // In two-byte sets 5C, 5E and 3D are halves of characters, not delimiters.
      if (!twoByte && (byte === 0x5c || byte === 0x5e || byte === 0x3d || byte === 0x0d || byte === 0x0a)) break;
      end++;
    }
    if (end > at) text += decoded(turn(bytes.subarray(at, end)), encoding);
    if (end < bytes.length && bytes[end] !== 0x1b) {
      text += String.fromCharCode(bytes[end] as number);
      end++;
      encoding = first;
      turn = (part) => part;
    }
    at = end;
  }
  return text;
}

/**
 * Text by a SpecificCharacterSet (PS3.3 C.12.1.1.2), without the padding around it. Unknown sets are read as Latin-1 and undecodable bytes
 * become U+FFFD: a name never stops a reading.
 * @param sets the values of SpecificCharacterSet
 */
export function decodedText(bytes: Uint8Array, sets: string[]): string {
  const named = sets[0] ?? '';
  const first = plain.get(named) ?? plain.get(named.replace('ISO 2022 IR', 'ISO_IR')) ?? 'windows-1252';
  const result =
    bytes.includes(0x1b) && named !== 'ISO_IR 192' && !named.startsWith('GB') ? withEscapes(bytes, first) : decoded(bytes, first);
  return result.replace(/[\0 ]+$/g, '').replace(/^ +/, '');
}

/** The decoded text of an element (PN, LO, SH, ST, LT, UT) by the data set's own SpecificCharacterSet; '' where there is none. */
export function text(set: DataSet, tag: number): string {
  const bytes = valueBytes(set, tag);
  return bytes ? decodedText(bytes, codes(set, specificCharacterSet)) : '';
}

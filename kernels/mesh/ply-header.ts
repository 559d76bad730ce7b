const sizes = { int8: 1, uint8: 1, int16: 2, uint16: 2, int32: 4, uint32: 4, float32: 4, float64: 8 } as const;
export type PlyType = keyof typeof sizes;
export const plySize = (type: PlyType): number => sizes[type];

const typeNames: Record<string, PlyType> = {
  char: 'int8',
  uchar: 'uint8',
  short: 'int16',
  ushort: 'uint16',
  int: 'int32',
  uint: 'uint32',
  float: 'float32',
  double: 'float64',
};

export interface PlyProperty {
  name: string;
  type: PlyType;
  /** Type of a list's count; null: one value. */
  count: PlyType | null;
}
export interface PlyElement {
  name: string;
  count: number;
  properties: PlyProperty[];
}
export interface PlyHeader {
  format: 'ascii' | 'little' | 'big';
  elements: PlyElement[];
  /** The first byte after the header. */
  bodyAt: number;
}

const formats: Record<string, PlyHeader['format']> = { ascii: 'ascii', binary_little_endian: 'little', binary_big_endian: 'big' };
/** A header is some hundred bytes; remarks make it longer. */
const longestHeader = 2 ** 18;

const typeOf = (word: string | undefined): PlyType | null => {
  if (word === undefined) return null;
  return Object.hasOwn(typeNames, word) ? typeNames[word] : Object.hasOwn(sizes, word) ? (word as PlyType) : null;
};

function propertyOf(words: string[]): PlyProperty | null {
  if (words[1] !== 'list') {
    const type = typeOf(words[1]);
    return type && words.length === 3 ? { name: words[2], type, count: null } : null;
  }
  const count = typeOf(words[2]);
  const type = typeOf(words[3]);
  if (!count || !type || words.length !== 5 || count.startsWith('float')) return null;
  return { name: words[4], type, count };
}

/** Reads one line into the header; false: it is no line of a header. */
function takeLine(line: string, header: PlyHeader, seen: { format: boolean }): boolean {
  const words = line.trim().split(/\s+/);
  if (words[0] === '' || words[0] === 'comment' || words[0] === 'obj_info') return true;
  if (words[0] === 'format') {
    const known = words.length === 3 && words[2] === '1.0' && !seen.format && Object.hasOwn(formats, words[1]);
    if (known) header.format = formats[words[1]];
    seen.format = true;
    return known;
  }
  if (words[0] === 'element') {
    if (words.length !== 3 || !/^\d{1,10}$/.test(words[2]) || header.elements.length >= 64) return false;
    header.elements.push({ name: words[1], count: Number(words[2]), properties: [] });
    return true;
  }
  const last = header.elements.at(-1);
  const property = words[0] === 'property' && last ? propertyOf(words) : null;
  if (!property || !last || last.properties.length >= 1024) return false;
  last.properties.push(property);
  return true;
}

/**
 * The header of a PLY (Turk 1994), lines ending in any of the three ways. 'truncated': the bytes end within it; 'bad-header': something
 * else stands in it, or it is longer than 256 KiB.
 */
export function readPlyHeader(bytes: Uint8Array): PlyHeader | 'truncated' | 'bad-header' {
  const header: PlyHeader = { format: 'ascii', elements: [], bodyAt: 0 };
  const seen = { format: false };
  let at = 0;
  // Where lines end by a lone 0x0d, a 0x0a after the last of them is data.
  let returnsOnly = false;
  for (let n = 0; ; n++) {
    const from = at;
    while (at < bytes.length && at < longestHeader && bytes[at] !== 0x0a && bytes[at] !== 0x0d) at++;
    if (at >= longestHeader) return 'bad-header';
    if (at >= bytes.length) return 'truncated';
    if (n === 0) returnsOnly = bytes[at] === 0x0d && bytes[at + 1] !== 0x0a;
    at += !returnsOnly && bytes[at] === 0x0d && bytes[at + 1] === 0x0a ? 2 : 1;
    let line = '';
    for (let b = from; b < at; b++) line += String.fromCharCode(bytes[b]);
    line = line.trim();
    if (n === 0) {
      if (line !== 'ply') return 'bad-header';
    } else if (line === 'end_header') {
      header.bodyAt = at;
      return seen.format ? header : 'bad-header';
    } else if (!takeLine(line, header, seen)) return 'bad-header';
  }
}

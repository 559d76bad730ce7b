import { dictionary } from 'dcmjs/dictionary';

/** An attribute of PS3.6: its tag as group * 65536 + element, and its value representation. */
interface Attribute {
  tag: number;
  /** As the table says; 'ox' and 'xs' where the data set decides (OB or OW, US or SS). */
  vr: string;
}

const byKeyword = new Map<string, Attribute>();
const byTag = new Map<number, { keyword: string; vr: string }>();
for (const { tag, vr, name, version } of Object.values(dictionary)) {
  const hex = /^\(([0-9a-fA-F]{4}),([0-9a-fA-F]{4})\)$/.exec(tag);
  if (!hex || !version.startsWith('DICOM') || vr === 'na') continue;
  const number = Number.parseInt(hex[1] as string, 16) * 65536 + Number.parseInt(hex[2] as string, 16);
  const keyword = name.replace(/^RETIRED_/, '');
  if (!byKeyword.has(keyword)) byKeyword.set(keyword, { tag: number, vr });
  byTag.set(number, { keyword, vr });
}

/** An attribute by its keyword. Throws RangeError where PS3.6 has none of that name. */
export function attributeOf(keyword: string): Attribute {
  const found = byKeyword.get(keyword);
  if (!found) throw new RangeError(`DICOM has no attribute ${keyword}`);
  return found;
}

/** Keyword and value representation of a tag; null for private and unknown ones. */
export function keywordOf(tag: number): { keyword: string; vr: string } | null {
  return byTag.get(tag) ?? null;
}

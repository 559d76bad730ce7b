import { Refusal } from '../../contract/errors.ts';

/** A MetaImage header taken apart: values by their keys in small letters, the files of a list, where voxels of this file begin. */
export interface MetaImageFields {
  fields: Map<string, string>;
  /** Names below `ElementDataFile = LIST`. */
  listed: string[];
  /** First byte behind the line of ElementDataFile. */
  end: number;
}

const newline = 0x0a;
const mostFiles = 50_000;

export const metaImageFault = (what: string) =>
  new Refusal('CORRUPT_FILE', `The MetaImage header is damaged: ${what}. Save the volume again.`);

/** Whether bytes begin as a MetaImage header: lines of `key = value`, NDims among them. The format has no magic word. */
export function isMetaImage(bytes: Uint8Array): boolean {
  const text = Buffer.from(bytes).toString('latin1');
  return /^\s*[A-Za-z]\w*[ \t]*=[^\n]*\n/.test(text) && /^[ \t]*NDims[ \t]*=[ \t]*\d/m.test(text);
}

/**
 * Reads the lines of a MetaImage header up to ElementDataFile, which is always the last one.
 * @param bytes the start of the file
 * @throws Refusal CORRUPT_FILE (a key twice, a line that is none), MISSING_REQUIRED_TAG (no ElementDataFile within these bytes)
 */
export function metaImageFields(bytes: Uint8Array): MetaImageFields {
  const fields = new Map<string, string>();
  const listed: string[] = [];
  let listing = false;
  for (let at = 0; at < bytes.length; ) {
    const found = bytes.indexOf(newline, at);
    const stop = found < 0 ? bytes.length : found;
    const text = Buffer.from(bytes.subarray(at, stop)).toString('utf8').trim();
    at = Math.min(stop + 1, bytes.length);
    if (listing) {
      if (text === '') continue;
      if (listed.length >= mostFiles) throw metaImageFault('it lists too many files');
      listed.push(text);
      continue;
    }
    if (text === '') continue;
    const match = /^([A-Za-z]\w*)\s*=\s*(.*)$/s.exec(text);
    if (!match) throw metaImageFault('a line is no key and value');
    const key = (match[1] as string).toLowerCase();
    const value = match[2] as string;
    if (fields.has(key) && key !== 'comment') throw metaImageFault(`it states ${match[1]} twice`);
    fields.set(key, value);
    if (key !== 'elementdatafile') continue;
    if (!/^LIST\b/i.test(value)) return { fields, listed, end: at };
    listing = true;
  }
  if (!listing)
    throw new Refusal(
      'MISSING_REQUIRED_TAG',
      'The MetaImage header does not say where its voxels are (ElementDataFile). Save the volume again.',
    );
  return { fields, listed, end: bytes.length };
}

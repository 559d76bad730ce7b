import { Refusal } from '../../contract/errors.ts';

/** A NRRD header taken apart: fields by their names in small letters without spaces, the files of a list, where the voxels begin. */
export interface NrrdFields {
  fields: Map<string, string>;
  /** Names below `data file: LIST`. */
  listed: string[];
  /** First byte behind the empty line; the file's length where there is none. */
  end: number;
}

const newline = 0x0a;
const mostFiles = 50_000;
const synonyms = new Map([['centers', 'centerings']]);

export const nrrdFault = (what: string) => new Refusal('CORRUPT_FILE', `The NRRD header is damaged: ${what}. Save the volume again.`);

/** Whether bytes begin as a NRRD file of any version does. */
export const isNrrd = (bytes: Uint8Array): boolean => Buffer.from(bytes.subarray(0, 6)).toString('latin1') === 'NRRD00';

function* lines(bytes: Uint8Array): Generator<{ text: string; next: number }> {
  for (let at = 0; at < bytes.length; ) {
    const found = bytes.indexOf(newline, at);
    const end = found < 0 ? bytes.length : found;
    yield { text: Buffer.from(bytes.subarray(at, end)).toString('utf8').replace(/\r$/, ''), next: end + 1 };
    at = end + 1;
  }
}

/**
 * Reads the lines of a NRRD header (versions 1 to 5) up to the empty line. Comments and `key:=value` pairs are passed over.
 * @param bytes the start of the file
 * @param complete whether these are all of its bytes
 * @throws Refusal UNSUPPORTED_CONTAINER (a later version), CORRUPT_FILE (a field twice, a line that is none, a header without an end)
 */
export function nrrdFields(bytes: Uint8Array, complete: boolean): NrrdFields {
  const out: NrrdFields = { fields: new Map(), listed: [], end: bytes.length };
  let first = true;
  let listing = false;
  let ended = false;
  for (const { text, next } of lines(bytes)) {
    if (first) {
      if (!/^NRRD000[1-5]$/.test(text))
        throw new Refusal('UNSUPPORTED_CONTAINER', 'NRRD versions 1 to 5 are read. Save the volume as one of them.');
      first = false;
    } else if (text === '') {
      out.end = Math.min(next, bytes.length);
      ended = true;
      break;
    } else if (listing) {
      if (out.listed.length >= mostFiles) throw nrrdFault('it lists too many files');
      out.listed.push(text);
    } else if (!text.startsWith('#') && !/^[^:]*:=/.test(text)) {
      const colon = text.indexOf(':');
      if (colon < 1) throw nrrdFault('a line is no field');
      const plain = text.slice(0, colon).toLowerCase().replace(/\s+/g, '');
      const name = synonyms.get(plain) ?? plain;
      const value = text.slice(colon + 1).trim();
      if (out.fields.has(name)) throw nrrdFault(`it states ${name} twice`);
      out.fields.set(name, value);
      listing = name === 'datafile' && /^LIST\b/.test(value);
    }
  }
  if (!ended && !complete) throw nrrdFault('it has no end within 64 KiB');
  return out;
}

import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { inflateRawSync } from 'node:zlib';
import { type Coded, Refusal } from '../../../contract/errors.ts';
import { code } from './attributes.ts';
import {
  type Bounds,
  type DataSet,
  defaultBounds,
  isVr,
  NeedMoreBytes,
  pixelTags,
  readElements,
  type Syntax,
  undefinedLength,
} from './elements.ts';
import { syntaxes } from './syntaxes.ts';

const transferSyntaxTag = 0x00020010;
const firstRead = 32 * 1024;
const inflateFloor = 64 * 1024 * 1024;
const inflateRatio = 100;
/** Larger than any volume that is opened; a longer file is read by its header only. */
const longestFile = 4 * 1024 ** 3;

/** Where pixels lie in the file, or in the inflated stream where `deflated`. */
export interface PixelPlace {
  tag: number;
  vr: string;
  offset: number;
  /** Declared bytes; null where encapsulated. */
  length: number | null;
}
export interface OpenedFile {
  path: string;
  /** Bytes of the file, and of the stream that offsets refer to. */
  fileBytes: number;
  streamBytes: number;
  transferSyntax: string;
  deflated: boolean;
  dataSet: DataSet;
  pixels: PixelPlace | null;
  warnings: Coded[];
}

/** A file that is not DICOM at all, or is so damaged that nothing in it can be told. `recognised`: it claims to be DICOM. */
export class NotReadable extends Refusal {
  readonly recognised: boolean;
  constructor(refusal: Refusal, recognised: boolean) {
    super(refusal.code, refusal.message);
    this.recognised = recognised;
  }
}

function refusalOf(error: unknown, path: string): Refusal {
  const problem = (error as NodeJS.ErrnoException)?.code;
  if (problem === 'ENOENT')
    return new Refusal('MISSING_FILES', 'The file was there when the folder was listed and is gone now. Import again.');
  if (problem === 'EACCES' || problem === 'EPERM')
    return new Refusal('UNREADABLE_FILE', 'The file may not be read. Grant access and import again.');
  return new Refusal('UNREADABLE_FILE', `The file cannot be read (${problem ?? 'unknown fault'}). Check the medium of ${path}.`);
}

/** Runs `use` on an opened file; the file system's faults become refusals. */
export function withFile<T>(path: string, use: (descriptor: number, bytes: number) => T): T {
  let descriptor: number;
  try {
    descriptor = openSync(path, 'r');
  } catch (error) {
    throw refusalOf(error, path);
  }
  try {
    return use(descriptor, fstatSync(descriptor).size);
  } catch (error) {
    if (error instanceof Error && 'syscall' in error) throw refusalOf(error, path);
    throw error;
  } finally {
    closeSync(descriptor);
  }
}

/** A piece of memory that reads may share, one after the other: a thousand slices need not be a thousand pieces. */
export interface Scratch {
  bytes: Uint8Array;
}

/** Up to `length` bytes from `position`; fewer only where the file ends. With `scratch` they live until its next use. */
export function readAt(descriptor: number, position: number, length: number, scratch?: Scratch): Uint8Array {
  if (scratch && scratch.bytes.length < length) scratch.bytes = new Uint8Array(length);
  const bytes = scratch ? scratch.bytes.subarray(0, length) : new Uint8Array(length);
  let done = 0;
  while (done < length) {
    const got = readSync(descriptor, bytes, done, length - done, position + done);
    if (got === 0) break;
    done += got;
  }
  return done === length ? bytes : bytes.subarray(0, done);
}

/** Raw deflate under a cap: 64 MiB, or 100 times the packed size where that is more (a bomb inflates a thousandfold). */
export function inflateBounded(packed: Uint8Array): Uint8Array {
  try {
    return inflateRawSync(packed, { maxOutputLength: Math.min(longestFile, Math.max(inflateFloor, packed.length * inflateRatio)) });
  } catch (error) {
    const problem = (error as NodeJS.ErrnoException).code;
    if (problem === 'ERR_BUFFER_TOO_LARGE')
      throw new Refusal('TOO_LARGE', 'The file inflates far beyond its size. It is refused as a possible attack. Ask for it uncompressed.');
    if (problem === 'Z_BUF_ERROR')
      throw new Refusal('TRUNCATED_FILE', 'The compressed file ends too early. Copy it again from its source.');
    throw new Refusal('CORRUPT_FILE', 'The compressed file is damaged. Ask for it to be sent again.');
  }
}

interface Start {
  metaAt: number | null;
  dataAt: number;
}
const notDicom = () => new NotReadable(new Refusal('NOT_DICOM', 'The file is not DICOM.'), false);

function findStart(bytes: Uint8Array): Start {
  if (bytes.length >= 132 && bytes[128] === 0x44 && bytes[129] === 0x49 && bytes[130] === 0x43 && bytes[131] === 0x4d) {
    return { metaAt: 132, dataAt: 132 };
  }
  if (bytes.length < 16) throw notDicom();
  const group = (bytes[0] as number) + (bytes[1] as number) * 256;
  const element = (bytes[2] as number) + (bytes[3] as number) * 256;
  const vr = isVr(bytes[4] as number, bytes[5] as number);
  if (group === 2 && element < 0x0200 && vr) return { metaAt: 0, dataAt: 0 };
  const length = new DataView(bytes.buffer, bytes.byteOffset).getUint32(4, true);
  // A bare data set starts low in group 0008; anything else is somebody else's format.
  if (group === 8 && element <= 0x0100 && (vr || length < 1024)) return { metaAt: null, dataAt: 0 };
  if (bytes[0] === 0 && bytes[1] === 8 && bytes[2] === 0 && vr) return { metaAt: null, dataAt: 0 };
  throw notDicom();
}

/** PS3.10 7.1: zeros, or the header of a TIFF that shares the file. Anything else may make the file a program or a page as well. */
function preambleWarnings(bytes: Uint8Array, { metaAt }: Start): Coded[] {
  if (metaAt !== 132 || bytes.subarray(0, 128).every((byte) => byte === 0)) return [];
  const [a, b, c, d] = bytes;
  const tiff = (a === 0x49 && b === 0x49 && c === 0x2a && d === 0) || (a === 0x4d && b === 0x4d && c === 0 && d === 0x2a);
  if (tiff) return [];
  const message = 'The first 128 bytes of the file are in use, so that it may be another kind of file too. Never start it.';
  return [{ code: 'NONSTANDARD_PREAMBLE', message }];
}

/** How the first element is really written; null where it fits no syntax. */
function sniff(bytes: Uint8Array, at: number, total: number): Syntax | null {
  if (at + 8 > bytes.length) return null;
  const view = new DataView(bytes.buffer, bytes.byteOffset + at);
  const explicit = isVr(bytes[at + 4] as number, bytes[at + 5] as number);
  const little = view.getUint16(0, true);
  const big = view.getUint16(0, false);
  if (explicit) return { explicit, littleEndian: little <= big };
  const length = view.getUint32(4, true);
  return little <= 0x0050 && (length === undefinedLength || at + 8 + length <= total) ? { explicit: false, littleEndian: true } : null;
}

function settle(declared: Syntax | null, found: Syntax | null, warnings: Coded[]): Syntax {
  if (!declared) return found ?? { explicit: false, littleEndian: true };
  if (!found || (found.explicit === declared.explicit && found.littleEndian === declared.littleEndian)) return declared;
  warnings.push({
    code: 'TRANSFER_SYNTAX_MISMATCH',
    message: 'The header states another transfer syntax than the data are written in; the data were followed.',
  });
  return found;
}

function place(set: DataSet): PixelPlace | null {
  for (const tag of [pixelTags.pixels, pixelTags.float, pixelTags.double]) {
    const element = set.elements.get(tag);
    if (element) return { tag, vr: element.vr, offset: element.offset, length: element.length === undefinedLength ? null : element.length };
  }
  return null;
}

type Limits = Omit<Bounds, 'total'>;

function parse(path: string, bytes: Uint8Array, fileBytes: number, readAll: () => Uint8Array, limits: Limits = defaultBounds): OpenedFile {
  const start = findStart(bytes);
  const warnings: Coded[] = [];
  let transferSyntax = '';
  let dataAt = start.dataAt;
  // Behind the magic word a first meta element tells a damaged DICOM file from chance.
  const metaAt = start.metaAt ?? 0;
  const recognised =
    start.metaAt === null ||
    (metaAt + 8 <= bytes.length &&
      bytes[metaAt] === 2 &&
      bytes[metaAt + 1] === 0 &&
      isVr(bytes[metaAt + 4] as number, bytes[metaAt + 5] as number));
  try {
    if (start.metaAt !== null) {
      const explicit = start.metaAt + 8 <= bytes.length && isVr(bytes[start.metaAt + 4] as number, bytes[start.metaAt + 5] as number);
      const bounds = { ...defaultBounds, total: fileBytes };
      const meta = readElements(bytes, start.metaAt, { explicit, littleEndian: true }, bounds, (tag) => tag >>> 16 !== 2);
      transferSyntax = code(meta.dataSet, transferSyntaxTag);
      dataAt = meta.end;
    }
    const known = syntaxes.get(transferSyntax);
    const deflated = known?.deflated === true;
    const stream = deflated ? inflateBounded(readAll().subarray(dataAt)) : bytes;
    const streamBytes = deflated ? stream.length : fileBytes;
    if (deflated) dataAt = 0;
    const declared = known ? { explicit: known.explicit, littleEndian: known.littleEndian } : null;
    const syntax = settle(declared, sniff(stream, dataAt, streamBytes), warnings);
    const pixelsFollow = declared !== syntax && !known?.codec && (known !== undefined || transferSyntax === '');
    const { dataSet } = readElements(stream, dataAt, syntax, { ...limits, total: streamBytes });
    if (dataSet.elements.size === 0)
      throw new NotReadable(
        new Refusal('CORRUPT_FILE', 'The file has a DICOM header and nothing behind it. Ask for it to be sent again.'),
        false,
      );
    // Pixels that lie uncompressed have the byte order of the elements around them, whatever the header says.
    if (pixelsFollow && !deflated)
      transferSyntax = syntax.explicit ? (syntax.littleEndian ? '1.2.840.10008.1.2.1' : '1.2.840.10008.1.2.2') : '1.2.840.10008.1.2';
    warnings.push(...preambleWarnings(bytes, start));
    const pixels = place(dataSet);
    // Raw deflate has no checksum: what stands behind the pixels is the only sign that their place was lost.
    if (deflated && pixels && pixels.length !== null && pixels.offset + pixels.length < streamBytes) {
      const rest = stream.subarray(pixels.offset + pixels.length);
      readElements(rest, 0, syntax, { ...limits, total: rest.length });
    }
    return { path, fileBytes, streamBytes, transferSyntax, deflated, dataSet, pixels, warnings };
  } catch (error) {
    if (error instanceof Refusal && !(error instanceof NotReadable)) throw new NotReadable(error, recognised);
    throw error;
  }
}

/**
 * Reads a DICOM file's header up to its pixel data; the pixels stay on the disk (PS3.10 7, also without preamble or meta group).
 * @throws NotReadable (a Refusal): NOT_DICOM, CORRUPT_FILE, TRUNCATED_FILE, TOO_LARGE, UNREADABLE_FILE, MISSING_FILES
 * Cost: one read of 32 KiB for a usual slice; a deflated file is inflated whole.
 */
export function openDicom(path: string): OpenedFile {
  return withFile(path, (descriptor, fileBytes) => {
    let length = Math.min(firstRead, fileBytes);
    for (;;) {
      const bytes = readAt(descriptor, 0, length);
      try {
        return parse(path, bytes, fileBytes, () => readAt(descriptor, 0, Math.min(fileBytes, longestFile)));
      } catch (error) {
        if (!(error instanceof NeedMoreBytes)) throw error;
        if (bytes.length < length || length >= fileBytes)
          throw new NotReadable(new Refusal('TRUNCATED_FILE', 'The file became shorter while it was read. Import again.'), true);
        length = Math.min(fileBytes, Math.max(length * 2, error.upTo + firstRead));
      }
    }
  });
}

/**
 * As `openDicom`, of bytes that are in memory whole. Offsets refer to the bytes of `dataSet`, which are the inflated ones of a deflated file.
 * @throws NotReadable (a Refusal): NOT_DICOM, CORRUPT_FILE, TRUNCATED_FILE, TOO_LARGE
 */
export function openDicomBytes(bytes: Uint8Array, limits: Limits): OpenedFile {
  return parse('', bytes, bytes.length, () => bytes, limits);
}

/** The bytes of the pixel element (all that follow it where encapsulated). Throws Refusal where the file changed since it was opened. */
export function readPixelBytes(file: Pick<OpenedFile, 'path' | 'fileBytes' | 'deflated' | 'pixels'>, scratch?: Scratch): Uint8Array {
  const { pixels } = file;
  if (!pixels) throw new RangeError('the file has no pixels');
  return withFile(file.path, (descriptor, bytes) => {
    if (bytes !== file.fileBytes)
      throw new Refusal('UNREADABLE_FILE', 'The file changed while it was being imported. Import again when it is complete.');
    if (file.deflated) {
      const start = findDataStart(descriptor, bytes);
      const stream = inflateBounded(readAt(descriptor, start, bytes - start));
      return stream.subarray(pixels.offset, pixels.length === null ? stream.length : pixels.offset + pixels.length);
    }
    const length = pixels.length ?? bytes - pixels.offset;
    return readAt(descriptor, pixels.offset, Math.min(length, bytes - pixels.offset), scratch);
  });
}

function findDataStart(descriptor: number, bytes: number): number {
  const head = readAt(descriptor, 0, Math.min(bytes, firstRead * 4));
  const start = findStart(head);
  return readElements(
    head,
    start.metaAt ?? 0,
    { explicit: true, littleEndian: true },
    { ...defaultBounds, total: bytes },
    (tag) => tag >>> 16 !== 2,
  ).end;
}

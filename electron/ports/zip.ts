import { closeSync, createReadStream, createWriteStream, mkdirSync, openSync, readSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { crc32, createInflateRaw } from 'node:zlib';
import { Refusal } from '../../contract/errors.ts';

export const archiveLimits = {
  entries: 50_000,
  totalBytes: 4 * 1024 ** 3,
  /** Below this, any ratio is taken: empty slices pack a thousandfold. */
  freeBytes: 64 * 1024 ** 2,
  ratio: 100,
};

interface Entry {
  name: string;
  method: number;
  encrypted: boolean;
  crc: number;
  packedBytes: number;
  bytes: number;
  headerAt: number;
  isLink: boolean;
}
export interface Unpacked {
  path: string;
  /** As the archive names it: for messages only, never for a path. */
  name: string;
}

const endRecord = 0x06054b50;
const centralRecord = 0x02014b50;
const localRecord = 0x04034b50;
const damaged = (what: string) => new Refusal('CORRUPT_FILE', `The archive is damaged: ${what}. Ask for it to be sent again.`);
const unsupported = (what: string) => new Refusal('UNSUPPORTED_CONTAINER', `${what} Unpack the archive and choose the folder.`);

function bytesAt(file: number, position: number, length: number): Buffer {
  const out = Buffer.alloc(length);
  let done = 0;
  while (done < length) {
    const got = readSync(file, out, done, length - done, position + done);
    if (got === 0) throw damaged('it ends too early');
    done += got;
  }
  return out;
}

/** PKWARE APPNOTE 4.3.16: the record that names the directory lies within the last 64 KiB. */
function directoryOf(file: number, size: number): Buffer {
  const tailLength = Math.min(size, 22 + 65_535);
  const tail = bytesAt(file, size - tailLength, tailLength);
  for (let at = tail.length - 22; at >= 0; at--) {
    if (tail.readUInt32LE(at) !== endRecord) continue;
    const count = tail.readUInt16LE(at + 10);
    const length = tail.readUInt32LE(at + 12);
    const start = tail.readUInt32LE(at + 16);
    if (count === 0xffff || length === 0xffffffff || start === 0xffffffff) throw unsupported('ZIP64 archives are not opened.');
    if (start + length > size) throw damaged('its directory lies outside the file');
    return bytesAt(file, start, length);
  }
  throw damaged('it has no directory');
}

function entriesOf(directory: Buffer): Entry[] {
  const entries: Entry[] = [];
  for (let at = 0; at + 46 <= directory.length && directory.readUInt32LE(at) === centralRecord; ) {
    if (entries.length >= archiveLimits.entries)
      throw new Refusal('TOO_LARGE', `The archive holds more than ${archiveLimits.entries} files.`);
    const flags = directory.readUInt16LE(at + 8);
    const nameLength = directory.readUInt16LE(at + 28);
    const next = at + 46 + nameLength + directory.readUInt16LE(at + 30) + directory.readUInt16LE(at + 32);
    if (next > directory.length) throw damaged('an entry is cut off');
    entries.push({
      name: directory.toString(flags & 0x800 ? 'utf8' : 'latin1', at + 46, at + 46 + nameLength),
      method: directory.readUInt16LE(at + 10),
      encrypted: (flags & 1) !== 0,
      crc: directory.readUInt32LE(at + 16),
      packedBytes: directory.readUInt32LE(at + 20),
      bytes: directory.readUInt32LE(at + 24),
      headerAt: directory.readUInt32LE(at + 42),
      isLink: ((directory.readUInt32LE(at + 38) >>> 16) & 0o170000) === 0o120000,
    });
    at = next;
  }
  return entries;
}

/** Names that try to leave the archive: no archive of a study has them. */
function escapes(name: string): boolean {
  const parts = name.split(/[\\/]/);
  return parts.includes('..') || /^[\\/]/.test(name) || /^[A-Za-z]:/.test(name) || name.includes('\0');
}

/** Counts unpacked bytes of a whole archive against what its size allows. */
class Allowance {
  private used = 0;
  private readonly most: number;
  constructor(archiveBytes: number) {
    this.most = Math.min(archiveLimits.totalBytes, Math.max(archiveLimits.freeBytes, archiveBytes * archiveLimits.ratio));
  }
  take(bytes: number): void {
    this.used += bytes;
    if (this.used > this.most)
      throw new Refusal('TOO_LARGE', 'The archive unpacks far beyond its size. It is refused as a possible attack.');
  }
}

async function unpackEntry(path: string, file: number, entry: Entry, target: string, allowance: Allowance): Promise<void> {
  if (entry.encrypted) throw unsupported('The archive is encrypted.');
  if (entry.method !== 0 && entry.method !== 8) throw unsupported(`The archive is packed by method ${entry.method}.`);
  const local = bytesAt(file, entry.headerAt, 30);
  if (local.readUInt32LE(0) !== localRecord) throw damaged('an entry is not where the directory says');
  const start = entry.headerAt + 30 + local.readUInt16LE(26) + local.readUInt16LE(28);
  const source = entry.packedBytes > 0 ? createReadStream(path, { start, end: start + entry.packedBytes - 1 }) : Readable.from([]);
  let sum = 0;
  let length = 0;
  const counted = async function* (pieces: AsyncIterable<Uint8Array>) {
    for await (const piece of pieces) {
      allowance.take(piece.length);
      length += piece.length;
      sum = crc32(piece, sum);
      yield piece;
    }
  };
  const out = createWriteStream(target, { flags: 'wx' });
  try {
    if (entry.method === 8) await pipeline(source, createInflateRaw(), counted, out);
    else await pipeline(source, counted, out);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code?.startsWith('Z_')) throw damaged('an entry cannot be unpacked');
    throw error;
  }
  if (length !== entry.bytes || sum !== entry.crc) throw damaged('an entry does not match its checksum');
}

/**
 * Unpacks a zip archive into a folder under names of our own: no path is ever built from what an archive says.
 * @param into a folder that exists; files are written below it
 * @throws Refusal PATH_ESCAPE (an entry or link that would leave the archive), TOO_LARGE, CORRUPT_FILE, UNSUPPORTED_CONTAINER
 */
export async function unpackZip(path: string, into: string, step: () => void): Promise<Unpacked[]> {
  const { size } = statSync(path);
  const file = openSync(path, 'r');
  try {
    const entries = entriesOf(directoryOf(file, size)).filter((entry) => !/[\\/]$/.test(entry.name));
    if (entries.some((entry) => entry.isLink || escapes(entry.name))) {
      throw new Refusal('PATH_ESCAPE', 'The archive names files outside itself. It is refused as a possible attack.');
    }
    const allowance = new Allowance(size);
    const out: Unpacked[] = [];
    mkdirSync(into, { recursive: true });
    for (const [n, entry] of entries.entries()) {
      step();
      const extension = /\.(nii|nii\.gz|zip)$/i.exec(entry.name)?.[0].toLowerCase() ?? '';
      const target = join(into, `${String(n).padStart(6, '0')}${extension}`);
      await unpackEntry(path, file, entry, target, allowance);
      out.push({ path: target, name: entry.name });
    }
    return out;
  } finally {
    closeSync(file);
  }
}

/** Whether a file starts as a zip archive does. */
export function isZip(path: string): boolean {
  try {
    const file = openSync(path, 'r');
    try {
      const head = Buffer.alloc(4);
      return readSync(file, head, 0, 4, 0) === 4 && (head.readUInt32LE(0) === localRecord || head.readUInt32LE(0) === endRecord);
    } finally {
      closeSync(file);
    }
  } catch {
    return false;
  }
}

import { closeSync, createReadStream, openSync, readSync } from 'node:fs';
import { Readable } from 'node:stream';
import { createUnzip } from 'node:zlib';

/** Up to `length` bytes from the start of a file; fewer only where it ends. Throws what the file system throws. */
export function firstBytes(path: string, length: number): Uint8Array {
  const file = openSync(path, 'r');
  try {
    const bytes = new Uint8Array(length);
    let done = 0;
    while (done < length) {
      const got = readSync(file, bytes, done, length - done, done);
      if (got === 0) break;
      done += got;
    }
    return bytes.subarray(0, done);
  } finally {
    closeSync(file);
  }
}

export const isGzip = (bytes: Uint8Array): boolean => bytes[0] === 0x1f && bytes[1] === 0x8b;

const newline = 0x0a;

async function* afterLines(pieces: AsyncIterable<Uint8Array>, lines: number): AsyncGenerator<Uint8Array> {
  let left = lines;
  for await (const piece of pieces) {
    let at = 0;
    while (left > 0 && at < piece.length) {
      const end = piece.indexOf(newline, at);
      if (end < 0) at = piece.length;
      else {
        at = end + 1;
        left--;
      }
    }
    if (at < piece.length) yield at === 0 ? piece : piece.subarray(at);
  }
}

/**
 * The bytes of a file from `start`, past `lineSkip` lines, unpacked where `unzip` (gzip or zlib by their first bytes), in pieces as they
 * come; nothing is held. Throws what the file system and zlib throw.
 */
export async function* filePieces(path: string, start: number, lineSkip: number, unzip: boolean): AsyncGenerator<Uint8Array> {
  const source = createReadStream(path, { start, highWaterMark: 1024 * 1024 });
  const lines = lineSkip > 0 ? afterLines(source, lineSkip) : null;
  try {
    if (!unzip) {
      for await (const piece of lines ?? source) yield piece as Uint8Array;
      return;
    }
    const unpacked = createUnzip({ chunkSize: 1024 * 1024 });
    const packed: Readable = lines ? Readable.from(lines) : source;
    // A pipe does not carry the source's fault along.
    packed.on('error', (error) => unpacked.destroy(error));
    packed.pipe(unpacked);
    try {
      for await (const piece of unpacked) yield piece as Uint8Array;
    } finally {
      unpacked.destroy();
    }
  } finally {
    source.destroy();
  }
}

import { createHash, randomUUID } from 'node:crypto';
import { constants } from 'node:fs';
import { copyFile, lstat, open, readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Disk } from './atomic.ts';
import { errorCode, writeNew } from './atomic.ts';

const hashName = /^[0-9a-f]{64}$/;
const chunkBytes = 1024 * 1024;

/** SHA-256 of a file, streamed. Throws the disk's error; a link in the file's place is not followed. */
export async function sha256OfFile(file: string): Promise<string> {
  const handle = await open(file, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0));
  try {
    const hash = createHash('sha256');
    const chunk = Buffer.allocUnsafe(chunkBytes);
    for (let at = 0; ; ) {
      const { bytesRead } = await handle.read(chunk, 0, chunkBytes, at);
      if (bytesRead === 0) return hash.digest('hex');
      hash.update(chunk.subarray(0, bytesRead));
      at += bytesRead;
    }
  } finally {
    await handle.close();
  }
}

export interface Blobs {
  /** Throws RangeError for what is no hash: no path is ever built from anything else. */
  path(sha256: string): string;
  /** What is wrong with a blob, in words; null where its bytes are those of its name. */
  fault(sha256: string): Promise<string | null>;
  adopt(file: { path: string; sha256: string; bytes: number }): Promise<void>;
  /** `fresh`: it was not there before. */
  put(bytes: Uint8Array): Promise<{ sha256: string; fresh: boolean }>;
  /** Takes back a fresh blob that nothing came to name. */
  discard(sha256: string): Promise<void>;
  read(sha256: string): Promise<Uint8Array>;
}

/** The blobs of a case folder: files under the name of their SHA-256, durable before `adopt` or `put` resolves. */
export function createBlobs(disk: Disk, folder: string): Blobs {
  const blobs = path.join(folder, 'blobs');
  const staging = path.join(folder, 'staging');
  function pathOf(sha256: string): string {
    if (!hashName.test(sha256)) throw new RangeError('not the SHA-256 of a blob');
    return path.join(blobs, sha256);
  }
  const present = (file: string): Promise<boolean> =>
    lstat(file).then(
      (found) => found.isFile(),
      (error) => {
        if (errorCode(error) === 'ENOENT') return false;
        throw error;
      },
    );
  async function keep(temporary: string, sha256: string): Promise<void> {
    await disk.rename(temporary, pathOf(sha256));
    try {
      await disk.syncFolder(blobs);
    } catch (error) {
      await disk.rename(pathOf(sha256), temporary);
      throw error;
    }
  }
  return {
    path: pathOf,
    async fault(sha256) {
      if (!hashName.test(sha256)) return 'is no name of a blob';
      try {
        const found = await lstat(pathOf(sha256));
        if (found.isSymbolicLink()) return 'is a link, and links are not followed';
        if (!found.isFile()) return 'is no file';
        return (await sha256OfFile(pathOf(sha256))) === sha256 ? null : 'was changed';
      } catch (error) {
        return errorCode(error) === 'ENOENT' ? 'is missing' : `cannot be read (${errorCode(error)})`;
      }
    },
    async adopt({ path: staged, sha256, bytes }) {
      const target = pathOf(sha256);
      if (path.resolve(staged) === target) return;
      const found = await lstat(staged).catch((error) => {
        if (errorCode(error) === 'ENOENT') return null;
        throw error;
      });
      if (found === null) {
        if (await present(target)) return;
        throw new RangeError('the staged file does not exist');
      }
      if (!found.isFile() || found.size !== bytes) throw new RangeError('the staged file is not what was announced');
      if (await present(target)) {
        await disk.remove(staged);
        return;
      }
      if ((await sha256OfFile(staged)) !== sha256) throw new RangeError('the staged file does not have the hash that was announced');
      const handle = await disk.open(staged, 'r+');
      try {
        await handle.sync();
      } finally {
        await handle.close();
      }
      try {
        await keep(staged, sha256);
      } catch (error) {
        if (errorCode(error) !== 'EXDEV') throw error;
        await adoptFromElsewhere(staged, sha256);
      }
    },
    async put(bytes) {
      const sha256 = createHash('sha256').update(bytes).digest('hex');
      if (await present(pathOf(sha256))) return { sha256, fresh: false };
      const temporary = path.join(staging, randomUUID());
      await writeNew(disk, temporary, bytes);
      try {
        await keep(temporary, sha256);
      } catch (error) {
        await disk.remove(temporary).catch(() => {});
        throw error;
      }
      return { sha256, fresh: true };
    },
    discard: (sha256) => disk.remove(pathOf(sha256)),
    read: (sha256) => readFile(pathOf(sha256)),
  };

  /** A rename does not cross file systems: copy into the case first, then rename there. */
  async function adoptFromElsewhere(staged: string, sha256: string): Promise<void> {
    const temporary = path.join(staging, randomUUID());
    try {
      await copyFile(staged, temporary, constants.COPYFILE_EXCL);
      const handle = await disk.open(temporary, 'r+');
      try {
        await handle.sync();
      } finally {
        await handle.close();
      }
      await keep(temporary, sha256);
    } catch (error) {
      await disk.remove(temporary).catch(() => {});
      throw error;
    }
    await disk.remove(staged);
  }
}

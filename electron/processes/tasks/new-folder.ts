import { mkdir, readdir, rename, rm, rmdir, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { Refusal } from '../../../contract/errors.ts';
import { diskRefusal, errorCode } from '../../ports/atomic.ts';

/** Throws Refusal OUTPUT_NOT_WRITABLE unless `out` can become a new folder: not there yet or empty, in a folder that is there. */
export async function assertFree(out: string): Promise<void> {
  const parent = await stat(dirname(out)).catch(() => null);
  if (!parent?.isDirectory())
    throw new Refusal('OUTPUT_NOT_WRITABLE', `There is no folder ${dirname(out)} to write into. Make it, or choose another place.`);
  const names = await readdir(out).catch((error: unknown) => {
    if (errorCode(error) === 'ENOENT') return [];
    throw new Refusal('OUTPUT_NOT_WRITABLE', `${out} is no folder that can be written to (${errorCode(error)}). Choose another place.`);
  });
  if (names.length)
    throw new Refusal('OUTPUT_NOT_WRITABLE', `${out} is not empty, and nothing is ever overwritten. Choose a new or an empty folder.`);
}

/**
 * Writes a folder whole or not at all: `write` fills a side folder, which then takes the name `out`. What fails leaves nothing behind.
 * @param staging a path beside `out` where nothing is yet; who asked may remove it too, should this process die
 * @throws Refusal OUTPUT_NOT_WRITABLE or DISK_FULL; what `write` throws
 */
export async function writeNewFolder<T>(out: string, staging: string, write: (folder: string) => Promise<T>): Promise<T> {
  await assertFree(out);
  try {
    await mkdir(staging);
    const result = await write(staging);
    // A rename takes the place of an empty folder on some systems alone.
    await rmdir(out).catch((error: unknown) => {
      if (errorCode(error) !== 'ENOENT') throw error;
    });
    await rename(staging, out);
    return result;
  } catch (error) {
    await rm(staging, { recursive: true, force: true });
    throw diskRefusal(error, out, 'OUTPUT_NOT_WRITABLE');
  }
}

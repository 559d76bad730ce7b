import { randomUUID } from 'node:crypto';
import { mkdir, open, rename, rm, unlink } from 'node:fs/promises';
import path from 'node:path';
import type { ReasonCode } from '../../contract/errors.ts';
import { Refusal } from '../../contract/errors.ts';

/** A file open for writing. */
export interface DiskFile {
  /** All of the bytes, or it throws. */
  write(bytes: Uint8Array, position: number): Promise<void>;
  /** Resolves when what was written would outlive a power cut. */
  sync(): Promise<void>;
  truncate(length: number): Promise<void>;
  size(): Promise<number>;
  close(): Promise<void>;
}

/** Everything that changes a disk, so that tests can let each call fail in turn. Reading goes to node:fs directly. */
export interface Disk {
  /** 'wx' makes a new file and throws EEXIST where there is one; 'r+' opens one. Neither follows a link put in its place. */
  open(file: string, flags: 'wx' | 'r+'): Promise<DiskFile>;
  rename(from: string, to: string): Promise<void>;
  remove(file: string): Promise<void>;
  makeFolder(folder: string): Promise<void>;
  /** With all that is in it; links in it are removed, not followed. */
  removeFolder(folder: string): Promise<void>;
  /** Makes renames and new names in a folder outlive a power cut. */
  syncFolder(folder: string): Promise<void>;
}

async function openFile(file: string, flags: 'wx' | 'r+'): Promise<DiskFile> {
  const handle = await open(file, flags, 0o644);
  return {
    async write(bytes, position) {
      for (let at = 0; at < bytes.length; ) {
        const { bytesWritten } = await handle.write(bytes, at, bytes.length - at, position + at);
        at += bytesWritten;
      }
    },
    sync: () => handle.datasync(),
    truncate: (length) => handle.truncate(length),
    size: async () => (await handle.stat()).size,
    close: () => handle.close(),
  };
}

export const realDisk: Disk = {
  open: openFile,
  rename: (from, to) => rename(from, to),
  remove: (file) => unlink(file),
  makeFolder: async (folder) => {
    await mkdir(folder);
  },
  removeFolder: (folder) => rm(folder, { recursive: true, force: true }),
  async syncFolder(folder) {
    // Windows opens no folders; NTFS keeps the order of its own accord.
    if (process.platform === 'win32') return;
    const handle = await open(folder, 'r');
    try {
      await handle.sync();
    } finally {
      await handle.close();
    }
  },
};

/** A new file, durable when it resolves (its name only after the folder is synced). Leaves nothing where it fails. */
export async function writeNew(disk: Disk, file: string, bytes: Uint8Array): Promise<void> {
  const handle = await disk.open(file, 'wx');
  try {
    await handle.write(bytes, 0);
    await handle.sync();
  } catch (error) {
    await handle.close();
    await disk.remove(file);
    throw error;
  }
  await handle.close();
}

/** Old or new bytes, never a mixture: temporary name in the same folder, fsync, rename, fsync of the folder. */
export async function writeAtomic(disk: Disk, file: string, bytes: Uint8Array): Promise<void> {
  const folder = path.dirname(file);
  const temporary = path.join(folder, `.${path.basename(file)}.${randomUUID()}.tmp`);
  await writeNew(disk, temporary, bytes);
  try {
    await disk.rename(temporary, file);
  } catch (error) {
    await disk.remove(temporary);
    throw error;
  }
  await disk.syncFolder(folder);
}

export const errorCode = (error: unknown): string | undefined => (error as NodeJS.ErrnoException | undefined)?.code;

/** A disk's error in the words of the closed list; anything that is no disk's error comes back as it is. */
export function diskRefusal(error: unknown, what: string, otherwise: ReasonCode): unknown {
  if (error instanceof Refusal) return error;
  switch (errorCode(error)) {
    case undefined:
      return error;
    case 'ENOSPC':
    case 'EDQUOT':
      return new Refusal('DISK_FULL', `${what}: the disk is full. Nothing was changed. Make room and do it again.`);
    case 'EIO':
      return new Refusal(
        'UNREADABLE_FILE',
        `${what}: the disk reports an error. Nothing was changed. Check the disk, copy the case to another.`,
      );
    case 'EROFS':
    case 'EACCES':
    case 'EPERM':
      return new Refusal(
        otherwise,
        `${what}: writing is not permitted there. Nothing was changed. Choose another place or ask for the right.`,
      );
    default:
      return typeof errorCode(error) === 'string' && /^E[A-Z0-9]+$/.test(String(errorCode(error)))
        ? new Refusal(otherwise, `${what}: the system answers ${errorCode(error)}. Nothing was changed. Choose another place.`)
        : error;
  }
}

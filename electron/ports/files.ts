import { randomUUID } from 'node:crypto';
import { constants } from 'node:fs';
import { access, copyFile, type FileHandle, mkdir, mkdtemp, open, readdir, readFile, realpath, rename, rm, stat } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import path from 'node:path';
import { Refusal } from '../../contract/errors.ts';
import type { Files } from '../service/ports.ts';

/** Bytes handed on in one piece: large enough to be fast through Electron's pipe, small enough to stop soon. */
const chunkBytes = 4 * 1024 * 1024;

/**
 * A file as a web stream. Our own rather than Readable.toWeb, which can throw outside of any handler when a page reloads in mid-read
 * (nodejs/node#64529); here nothing is enqueued after cancel, and the descriptor is always closed.
 */
async function streamFile(file: string): Promise<{ size: number; body: ReadableStream<Uint8Array> }> {
  const refuse = (error: NodeJS.ErrnoException): never => {
    throw new Refusal(error.code === 'ENOENT' ? 'NOT_FOUND' : 'UNREADABLE_FILE', `${path.basename(file)} cannot be read (${error.code}).`);
  };
  const { size } = await stat(file).catch(refuse);
  let handle: FileHandle | null = null;
  let at = 0;
  let cancelled = false;
  const close = async () => {
    const open = handle;
    handle = null;
    await open?.close();
  };
  // Opened when somebody reads: an answer whose body is never asked for (HEAD, a page that is gone) holds nothing.
  const body = new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        try {
          handle ??= await open(file, 'r');
          if (cancelled) return await close();
          const chunk = new Uint8Array(Math.min(chunkBytes, size - at));
          const { bytesRead } = await handle.read(chunk, 0, chunk.length, at);
          if (cancelled) return await close();
          at += bytesRead;
          if (bytesRead > 0) controller.enqueue(bytesRead === chunk.length ? chunk : chunk.subarray(0, bytesRead));
          if (at < size && bytesRead > 0) return;
          await close();
          controller.close();
        } catch (error) {
          await close().catch(() => {});
          if (!cancelled) controller.error(error);
        }
      },
      async cancel() {
        cancelled = true;
        await close();
      },
    },
    { highWaterMark: 0 },
  );
  return { size, body };
}

/** Writes beside the target under a temporary name, makes it durable, then renames; on failure nothing of it is left. */
async function replace(target: string, write: (temporary: string) => Promise<void>): Promise<void> {
  const temporary = path.join(path.dirname(target), `.${path.basename(target)}.${randomUUID()}.tmp`);
  try {
    await write(temporary);
    const handle = await open(temporary, 'r+');
    try {
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(temporary, target);
  } catch (error) {
    await rm(temporary, { force: true });
    const code = (error as NodeJS.ErrnoException).code;
    if (code === 'ENOSPC' || code === 'EDQUOT')
      throw new Refusal('DISK_FULL', `There is no room on the disk for ${path.basename(target)}.`);
    if (code) throw new Refusal('OUTPUT_NOT_WRITABLE', `${target} cannot be written (${code}). Choose another place.`);
    throw error;
  }
}

/** Where the window keeps its cases: LAMINA_CASES, else a folder of the user's home that a person finds again. */
export function casesFolder(): string {
  return process.env.LAMINA_CASES ?? path.join(homedir(), 'Lamina');
}

const temporaryRoot = () => process.env.LAMINA_TEMP ?? tmpdir();

function alive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** Takes away what a killed process of ours left in the temporary folder: its name says whose it was, and it may hold a patient's voxels. */
export async function sweepTemporary(): Promise<void> {
  for (const name of await readdir(temporaryRoot()).catch(() => [])) {
    const pid = /^lamina-(\d+)-\w{6}$/.exec(name)?.[1];
    if (pid !== undefined && !alive(Number(pid)))
      await rm(path.join(temporaryRoot(), name), { recursive: true, force: true }).catch(() => {});
  }
}

export function createFiles(): Files {
  return {
    read: streamFile,
    async readText(file, limitBytes) {
      const { size } = await stat(file).catch(() => {
        throw new Refusal('NOT_FOUND', `${file} does not exist.`);
      });
      if (size > limitBytes) throw new Refusal('TOO_LARGE', `${file} is larger than a file of its kind can be.`);
      return readFile(file, 'utf8');
    },
    exists: (file) =>
      access(file, constants.F_OK).then(
        () => true,
        () => false,
      ),
    absolute: (file) => path.resolve(file),
    realPath: (file) => realpath(path.resolve(file)).catch(() => path.resolve(file)),
    isInside(file, folder) {
      const way = path.relative(folder, file);
      return way === '' || (!way.startsWith('..') && !path.isAbsolute(way));
    },
    async clear(folder, beginnings) {
      for (const name of await readdir(folder).catch(() => []))
        if (beginnings.some((b) => name.startsWith(b))) await rm(path.join(folder, name), { force: true });
    },
    join: (...parts) => path.join(...parts),
    copy: (from, to) => replace(to, (temporary) => copyFile(from, temporary)),
    writeText: (file, text) =>
      replace(file, async (temporary) => {
        const handle = await open(temporary, 'wx');
        try {
          await handle.writeFile(text);
        } finally {
          await handle.close();
        }
      }),
    temporary: () => mkdtemp(path.join(temporaryRoot(), `lamina-${process.pid}-`)),
    remove: (folder) => rm(folder, { recursive: true, force: true }),
    casesFolder,
  };
}

/** Makes the folder that new cases go into. */
export async function ensureFolder(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
}

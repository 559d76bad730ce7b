import { randomUUID } from 'node:crypto';
import { lstat, readFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { z } from 'zod';
import type { Disk } from './atomic.ts';
import { errorCode } from './atomic.ts';

const lockText = z.object({
  pid: z.number().int().positive(),
  host: z.string(),
  user: z.string(),
  since: z.string(),
  /** What tells this process from a later one of the same number; null where the system does not say. */
  processStart: z.string().nullable(),
  nonce: z.string(),
});
type LockText = z.infer<typeof lockText>;

export interface Lock {
  /** The folder was renamed and took its lock along. */
  moved(folder: string): void;
  release(): Promise<void>;
}

/** Locks of this very process, which a number cannot tell from those of an earlier process of the same number. */
const ours = new Set<string>();
/** A lock without readable text is being written; after this long its writer is gone. */
const patienceMs = 2000;

/** The start of a process since boot and the boot's own id (Linux); null where there is no such thing or no such process. */
async function processStart(pid: number): Promise<string | null> {
  try {
    const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
    const boot = await readFile('/proc/sys/kernel/random/boot_id', 'utf8');
    // The name in brackets may hold anything; the fields after it are numbers, the twentieth of them the start.
    const ticks = stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
    return ticks === undefined ? null : `${boot.trim()}/${ticks}`;
  } catch {
    return null;
  }
}

function exists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return errorCode(error) === 'EPERM';
  }
}

/** Whether the process that wrote a lock still runs; another machine's cannot be asked and counts as running. */
async function alive(lock: LockText): Promise<boolean> {
  if (lock.host !== hostname()) return true;
  if (ours.has(lock.nonce)) return true;
  if (!exists(lock.pid)) return false;
  const start = await processStart(lock.pid);
  if (lock.processStart !== null && start !== null) return lock.processStart === start;
  return lock.pid !== process.pid;
}

/** The lock's text; null where there is no lock; 'unwritten' where it says nothing (yet). */
async function read(file: string): Promise<LockText | null | 'unwritten'> {
  try {
    const found = await lstat(file);
    if (!found.isFile() || found.size > 4096) return 'unwritten';
    const parsed = lockText.safeParse(JSON.parse(await readFile(file, 'utf8')));
    return parsed.success ? parsed.data : 'unwritten';
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return null;
    if (error instanceof SyntaxError) return 'unwritten';
    throw error;
  }
}

/** The same, but waits for a writer to finish, unless the file is older than any writing takes. */
async function readPatiently(file: string): Promise<LockText | null | 'unwritten'> {
  for (let waited = 0; ; waited += 50) {
    const lock = await read(file);
    if (lock !== 'unwritten' || waited >= patienceMs) return lock;
    const found = await lstat(file).catch(() => null);
    if (found && Date.now() - found.mtimeMs > patienceMs) return lock;
    await pause(50);
  }
}

async function put(disk: Disk, file: string, text: LockText): Promise<boolean> {
  try {
    const handle = await disk.open(file, 'wx');
    try {
      await handle.write(new TextEncoder().encode(`${JSON.stringify(text)}\n`), 0);
    } catch (error) {
      await handle.close();
      await disk.remove(file);
      throw error;
    }
    await handle.close();
    return true;
  } catch (error) {
    if (errorCode(error) === 'EEXIST') return false;
    throw error;
  }
}

function inWords(lock: LockText): string {
  const since = lock.since.slice(0, 16).replace('T', ' ');
  const where = lock.host === hostname() ? 'on this machine' : `on ${lock.host}`;
  const remedy = lock.host === hostname() ? '' : '. If that machine no longer runs Lamina, delete the file named lock in the case';
  return `${lock.user} has it open ${where} since ${since} UTC (process ${lock.pid})${remedy}`;
}

/**
 * Takes a case's lock, or says in words who holds it. A lock whose process is gone is taken over; a second file, made exclusively,
 * keeps two openers from doing that at once. Throws the disk's error where nothing can be written.
 */
export async function takeLock(disk: Disk, folder: string, me: { user: string; now: string }): Promise<Lock | { heldBy: string }> {
  let file = path.join(folder, 'lock');
  const guard = path.join(folder, 'lock.takeover');
  const text: LockText = {
    pid: process.pid,
    host: hostname(),
    user: me.user,
    since: me.now,
    processStart: await processStart(process.pid),
    nonce: randomUUID(),
  };
  const mine: Lock = {
    moved: (to) => {
      file = path.join(to, 'lock');
    },
    async release() {
      ours.delete(text.nonce);
      if (isMine(await read(file))) await disk.remove(file);
    },
  };
  const isMine = (lock: LockText | null | 'unwritten'): boolean => lock !== null && lock !== 'unwritten' && lock.nonce === text.nonce;
  const take = async (): Promise<boolean> => {
    const taken = await put(disk, file, text);
    if (taken) ours.add(text.nonce);
    return taken;
  };
  for (let attempt = 0; attempt < 20; attempt++) {
    if (await take()) return mine;
    const holder = await readPatiently(file);
    if (holder === null) continue;
    if (holder !== 'unwritten' && (await alive(holder))) return { heldBy: inWords(holder) };
    if (!(await put(disk, guard, text))) {
      const other = await readPatiently(guard);
      if (other === 'unwritten' || (other && !(await alive(other)))) await disk.remove(guard).catch(ignoreMissing);
      else await pause(50);
      continue;
    }
    try {
      const again = await read(file);
      const unchanged = holder === 'unwritten' ? again === 'unwritten' : again !== 'unwritten' && again?.nonce === holder.nonce;
      if (unchanged) await disk.remove(file);
      if (unchanged && (await take())) return mine;
    } finally {
      await disk.remove(guard).catch(ignoreMissing);
    }
  }
  return { heldBy: 'another opening of this case is under way' };
}

function ignoreMissing(error: unknown): void {
  if (errorCode(error) !== 'ENOENT') throw error;
}

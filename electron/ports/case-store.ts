import { createHash, randomUUID } from 'node:crypto';
import { lstat, mkdir, rm, rmdir } from 'node:fs/promises';
import path from 'node:path';
import type { Act, JournalEntry } from '../../contract/case.ts';
import type { Finding } from '../../contract/errors.ts';
import { Refusal } from '../../contract/errors.ts';
import { createAct, spilled } from '../service/cases/acts.ts';
import { canonicalJson } from '../service/cases/canonical.ts';
import { entryLine, noHash, sealEntry } from '../service/cases/chain.ts';
import { headRecord } from '../service/cases/head.ts';
import type { CaseFold } from '../service/cases/state.ts';
import { createFold } from '../service/cases/state.ts';
import type { CaseIdentity, CaseStore, OpenCase } from '../service/cases/store.ts';
import type { Disk } from './atomic.ts';
import { diskRefusal, errorCode, realDisk, writeNew } from './atomic.ts';
import { createBlobs } from './blobs.ts';
import type { CaseReading } from './case-files.ts';
import {
  blobDamages,
  checkFolders,
  damageNotices,
  damageRefusal,
  namesIn,
  readCase,
  refuseNoCase,
  schemaVersion,
  sha256,
} from './case-files.ts';
import type { JournalFile } from './journal-file.ts';
import { openJournalFile } from './journal-file.ts';
import type { Lock } from './lock.ts';
import { takeLock } from './lock.ts';

/** What a store needs of the world. */
export interface CaseStoreOptions {
  /** ISO 8601 UTC. */
  now(): string;
  /** Milliseconds that never run backwards. */
  elapsedMs?: () => number;
  /** Who acts: goes into every entry and into the lock. */
  who: string;
  newId?: () => string;
  disk?: Disk;
}

const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);

export function createCaseStore(options: CaseStoreOptions): CaseStore {
  const { now, who, elapsedMs = () => performance.now(), newId = randomUUID, disk = realDisk } = options;
  const sealing = (previous: JournalEntry | undefined) => ({
    sequence: previous ? previous.sequence + 1 : 0,
    time: now(),
    elapsedMs: Math.round(elapsedMs() * 10) / 10,
    who,
    previousHash: previous?.hash ?? noHash,
  });

  /** Writes a whole new case into `folder`, which exists and is empty but for its lock. */
  async function fill(folder: string, name: string): Promise<void> {
    const identity: CaseIdentity = { schemaVersion, id: newId(), name, createdAt: now() };
    const caseText = `${canonicalJson(identity)}\n`;
    const created = createAct({ schemaVersion, id: identity.id, name, caseSha256: sha256(caseText) });
    const entry = sealEntry(created, { ...sealing(undefined), time: identity.createdAt }, sha256);
    for (const inner of ['blobs', 'cache', 'staging']) await disk.makeFolder(path.join(folder, inner));
    await writeNew(disk, path.join(folder, 'case.json'), utf8(caseText));
    await writeNew(disk, path.join(folder, 'journal.ndjson'), utf8(entryLine(entry)));
    await writeNew(disk, path.join(folder, 'journal.head'), utf8(headRecord(entry, sha256)));
    // What a desktop can be told to open with Lamina: folders have no file type.
    await writeNew(disk, path.join(folder, 'open.laminacase'), utf8('{"opens":"the case in this folder"}\n'));
    await disk.syncFolder(folder);
  }

  async function create(folder: string, { name }: { name: string }): Promise<OpenCase> {
    const target = path.resolve(folder);
    const parent = path.dirname(target);
    const prefix = `.${path.basename(target)}.creating-`;
    let place = path.join(parent, `${prefix}${randomUUID()}`);
    let topmost: string | undefined;
    let lock: Lock | null = null;
    try {
      topmost = await mkdir(parent, { recursive: true });
      await refuseExisting(target);
      await sweep(parent, prefix);
      await disk.makeFolder(place);
      const taken = await takeLock(disk, place, { user: who, now: now() });
      if ('heldBy' in taken) throw new RangeError('a folder of our own is locked');
      lock = taken;
      await fill(place, name);
      await refuseExisting(target);
      await disk.rename(place, target);
      place = target;
      // The lock went along: nobody gets in between.
      lock.moved(target);
      await disk.syncFolder(parent);
      return await opened(target, { reading: await readCase(target), lock, heldBy: null, notices: [], salvage: false });
    } catch (error) {
      await lock?.release().catch(() => {});
      await rm(place, { recursive: true, force: true }).catch(() => {});
      if (topmost !== undefined) await removeEmpty(parent, topmost);
      if (['EEXIST', 'ENOTEMPTY', 'ENOTDIR'].includes(errorCode(error) ?? '')) await refuseExisting(target);
      throw diskRefusal(error, 'The case was not made', 'OUTPUT_NOT_WRITABLE');
    }
  }

  /** Folders of creations that a crash cut short: their process is gone, so their lock can be taken. */
  async function sweep(parent: string, prefix: string): Promise<void> {
    for (const name of await namesIn(parent)) {
      if (!name.startsWith(prefix)) continue;
      const left = path.join(parent, name);
      const taken = await takeLock(disk, left, { user: who, now: now() });
      if ('heldBy' in taken) continue;
      await disk.removeFolder(left);
      await taken.release();
    }
  }

  async function open(folder: string, wanted: { readOnly?: boolean; salvage?: boolean } = {}): Promise<OpenCase> {
    const target = path.resolve(folder);
    const notices: Finding[] = [];
    let heldBy: string | null = null;
    let lock: Lock | null = null;
    await refuseNoCase(target);
    if (!wanted.readOnly && !wanted.salvage) {
      try {
        const taken = await takeLock(disk, target, { user: who, now: now() });
        if ('heldBy' in taken) heldBy = taken.heldBy;
        else lock = taken;
      } catch (error) {
        if (errorCode(error) === undefined) throw error;
        notices.push({ text: `This case lies where nothing can be written now (${errorCode(error)}); it is open read-only.` });
      }
    }
    try {
      return await opened(target, { reading: await readCase(target), lock, heldBy, notices, salvage: wanted.salvage === true });
    } catch (error) {
      await lock?.release();
      throw diskRefusal(error, 'The case was not opened', 'UNREADABLE_FILE');
    }
  }

  async function opened(
    folder: string,
    how: { reading: CaseReading; lock: Lock | null; heldBy: string | null; notices: Finding[]; salvage: boolean },
  ): Promise<OpenCase> {
    const { reading, lock, heldBy, notices, salvage } = how;
    const { identity, chain, damages } = reading;
    const missing = await checkFolders(folder);
    const blobs = createBlobs(disk, folder);
    const entries: JournalEntry[] = [];
    const view = { id: identity.id, name: identity.name, folder, readOnly: lock === null, heldBy, notices };
    const fold = createFold(view);
    for (const entry of chain.entries) {
      try {
        fold.apply(entry);
      } catch (error) {
        const why = error instanceof Error ? error.message : String(error);
        damages.push({ code: 'CASE_DAMAGED', message: `journal.ndjson, entry ${entry.sequence} makes no sense: ${why}` });
        break;
      }
      entries.push(entry);
    }
    damages.push(...(await blobDamages(entries, blobs)));
    if (damages.length > 0 && !salvage) throw damageRefusal(damages, entries.length);
    notices.push(...damageNotices(damages));
    const last = entries.at(-1);
    let file: JournalFile | null = null;
    if (lock && last) {
      for (const name of missing) await disk.makeFolder(path.join(folder, name));
      if (chain.state === 'torn') await setAside(folder, reading, entries.length);
      await emptyStaging(folder);
      file = await openJournalFile(disk, folder, chain.wholeBytes, headRecord(last, sha256));
    }
    if (chain.state === 'torn' && heldBy === null) {
      const whole = entries.length === 1 ? '1 entry is whole' : `${entries.length} entries are whole`;
      notices.push({ text: `The last action was being written when Lamina stopped; ${whole}. Only that action is gone.` });
    }
    return caseOf({ folder, identity, readOnly: lock === null, heldBy, notices, entries, fold, blobs, lock, file });
  }

  /** The bytes of a torn line are kept for whoever wants to look, then cut off. */
  async function setAside(folder: string, reading: CaseReading, whole: number): Promise<void> {
    const kept = path.join(folder, 'cache', `torn-${whole}`);
    await disk.remove(kept).catch((error) => {
      if (errorCode(error) !== 'ENOENT') throw error;
    });
    await writeNew(disk, kept, reading.journal.subarray(reading.chain.wholeBytes));
    const journal = await disk.open(path.join(folder, 'journal.ndjson'), 'r+');
    try {
      await journal.truncate(reading.chain.wholeBytes);
      await journal.sync();
    } finally {
      await journal.close();
    }
  }

  async function emptyStaging(folder: string): Promise<void> {
    for (const name of await namesIn(path.join(folder, 'staging'))) await disk.removeFolder(path.join(folder, 'staging', name));
  }

  interface Parts {
    folder: string;
    identity: CaseIdentity;
    readOnly: boolean;
    heldBy: string | null;
    notices: Finding[];
    entries: JournalEntry[];
    fold: CaseFold;
    blobs: ReturnType<typeof createBlobs>;
    lock: Lock | null;
    file: JournalFile | null;
  }

  function caseOf({ folder, identity, readOnly, heldBy, notices, entries, fold, blobs, lock, file }: Parts): OpenCase {
    let queue: Promise<unknown> = Promise.resolve();
    let closing: Promise<void> | null = null;
    function inTurn<T>(work: () => Promise<T>): Promise<T> {
      const result = queue.then(work);
      queue = result.catch(() => {});
      return result;
    }
    function writable(): JournalFile {
      if (!file) throw new Refusal('CASE_READ_ONLY', `This case is open read-only${heldBy ? `: ${heldBy}` : ''}. Nothing was changed.`);
      if (closing) throw new RangeError('the case is closed');
      return file;
    }
    async function append(asked: Act): Promise<JournalEntry> {
      const to = writable();
      const long = spilled(asked);
      const bytes = long && utf8(long.text);
      const act = long && bytes ? long.withBlob(createHash('sha256').update(bytes).digest('hex')) : asked;
      const entry = sealEntry(act, sealing(entries.at(-1)), sha256);
      const carryOut = fold.plan(entry);
      const put = bytes && (await refusing(() => blobs.put(bytes)));
      try {
        await to.append(entryLine(entry), headRecord(entry, sha256));
      } catch (error) {
        if (put?.fresh) await blobs.discard(put.sha256).catch(() => {});
        throw error;
      }
      carryOut();
      entries.push(entry);
      return entry;
    }
    const refusing = async <T>(work: () => Promise<T>): Promise<T> => {
      try {
        return await work();
      } catch (error) {
        throw diskRefusal(error, 'The file was not kept', 'CASE_READ_ONLY');
      }
    };
    return {
      folder,
      identity,
      readOnly,
      heldBy,
      notices,
      entries: () => entries,
      state: () => fold.state(),
      append: (act) => inTurn(() => append(act)),
      adopt: (staged) =>
        inTurn(() => {
          writable();
          return refusing(() => blobs.adopt(staged));
        }),
      putBlob: (bytes) =>
        inTurn(() => {
          writable();
          return refusing(async () => (await blobs.put(bytes)).sha256);
        }),
      readBlob: blobs.read,
      blobPath: blobs.path,
      stagingFolder: () => path.join(folder, 'staging'),
      cachePath(key) {
        if (!/^[\w-][\w.-]{0,199}$/.test(key)) throw new RangeError('not the name of a cached file');
        return path.join(folder, 'cache', key);
      },
      close() {
        closing ??= queue.then(async () => {
          try {
            await file?.close();
          } finally {
            await lock?.release();
          }
        });
        return closing;
      },
    };
  }

  return { create, open };
}

async function refuseExisting(target: string): Promise<void> {
  const found = await lstat(target).catch((error) => {
    if (errorCode(error) === 'ENOENT' || errorCode(error) === 'ENOTDIR') return null;
    throw error;
  });
  if (found) throw new Refusal('CASE_EXISTS', `${target} exists already. Choose another name, or open it.`);
}

/** Takes away the folders that were made for a case that came to nothing; one that holds anything by now stays. */
async function removeEmpty(from: string, topmost: string): Promise<void> {
  for (let folder = from; ; folder = path.dirname(folder)) {
    const removed = await rmdir(folder).then(
      () => true,
      () => false,
    );
    if (!removed || folder === topmost) return;
  }
}

import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import { lstat, open, readdir } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import type { JournalEntry } from '../../contract/case.ts';
import type { Coded, Finding } from '../../contract/errors.ts';
import { Refusal } from '../../contract/errors.ts';
import type { Chain, Sha256 } from '../service/cases/chain.ts';
import { readChain } from '../service/cases/chain.ts';
import { headDamage, readHead } from '../service/cases/head.ts';
import type { CaseIdentity } from '../service/cases/store.ts';
import { errorCode } from './atomic.ts';
import type { Blobs } from './blobs.ts';

export const schemaVersion = 1;
export const sha256: Sha256 = (text) => createHash('sha256').update(text, 'utf8').digest('hex');
const sha256OfBytes = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

const caseJson = z.object({ schemaVersion: z.number().int(), id: z.string(), name: z.string(), createdAt: z.string() }).strict();
const limits = { 'case.json': 64 * 1024, 'journal.head': 1024, 'journal.ndjson': 1024 ** 3 };

/** A file of the case itself: regular, no link, not larger than its kind can be; null where there is none. Throws Refusal. */
async function readOwn(folder: string, name: keyof typeof limits): Promise<Uint8Array | null> {
  const file = path.join(folder, name);
  try {
    const found = await lstat(file);
    if (!found.isFile())
      throw new Refusal('CASE_DAMAGED', `${name} is no plain file, and links are not followed. Restore it from a backup.`);
    if (found.size > limits[name]) throw new Refusal('CASE_DAMAGED', `${name} is larger than it can be. Restore it from a backup.`);
    const handle = await open(file, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0));
    try {
      return await handle.readFile();
    } finally {
      await handle.close();
    }
  } catch (error) {
    if (errorCode(error) === 'ENOENT' || errorCode(error) === 'ENOTDIR') return null;
    if (error instanceof Refusal) throw error;
    throw new Refusal('UNREADABLE_FILE', `${name} of this case cannot be read (${errorCode(error)}). Check the disk and your rights.`);
  }
}

/** What a case folder holds and what is wrong with it. */
export interface CaseReading {
  identity: CaseIdentity;
  chain: Chain;
  /** The whole journal as bytes; those after `chain.wholeBytes` are torn or damaged. */
  journal: Uint8Array;
  damages: Coded[];
}

const damaged = (message: string): Coded => ({ code: 'CASE_DAMAGED', message });

/** A folder that is no case is left without a trace, not even a lock. Throws Refusal NOT_A_CASE. */
export async function refuseNoCase(folder: string): Promise<void> {
  const found = await lstat(path.join(folder, 'case.json')).catch((error) => {
    if (errorCode(error) === 'ENOENT' || errorCode(error) === 'ENOTDIR') return null;
    throw new Refusal('UNREADABLE_FILE', `${folder} cannot be read (${errorCode(error)}). Check the disk and your rights.`);
  });
  if (!found) throw new Refusal('NOT_A_CASE', `${folder} is no Lamina case: it holds no case.json. Choose a folder that Lamina has made.`);
}

/** Reads and checks everything but the blobs. Throws Refusal NOT_A_CASE, UNSUPPORTED_CONTAINER, UNREADABLE_FILE and,
 * where something is not even a plain file, CASE_DAMAGED. */
export async function readCase(folder: string): Promise<CaseReading> {
  await refuseNoCase(folder);
  const caseBytes = (await readOwn(folder, 'case.json')) ?? new Uint8Array();
  const damages: Coded[] = [];
  // The head first: a journal that is being written meanwhile is then ahead of it, never behind.
  const headBytes = await readOwn(folder, 'journal.head');
  const journal = (await readOwn(folder, 'journal.ndjson')) ?? new Uint8Array();
  const written = parseCase(caseBytes);
  if (written && written.schemaVersion > schemaVersion)
    throw new Refusal(
      'UNSUPPORTED_CONTAINER',
      `This case was written by a newer Lamina (format ${written.schemaVersion}). Open it with that version or a later one.`,
    );
  const chain = readChain(journal, sha256);
  if (chain.state === 'damaged') damages.push(damaged(`journal.ndjson, ${chain.why}`));
  const head = headBytes === null ? null : readHead(new TextDecoder().decode(headBytes), sha256);
  if (headBytes === null) damages.push(damaged('journal.head is missing'));
  else if (head === null) damages.push(damaged('journal.head was changed'));
  else if (chain.state !== 'damaged') {
    const wrong = headDamage(chain, head);
    if (wrong) damages.push(damaged(`journal.ndjson, entry ${wrong.entry}${wrong.field ? `, field '${wrong.field}'` : ''}: ${wrong.why}`));
  }
  const created = chain.entries[0];
  if (created && created.parameters.caseSha256 !== sha256OfBytes(caseBytes)) damages.push(damaged('case.json was changed'));
  else if (!written) damages.push(damaged('case.json is not readable'));
  return { identity: identityOf(created, written), chain, journal, damages };
}

function parseCase(bytes: Uint8Array): CaseIdentity | null {
  try {
    const parsed = caseJson.safeParse(JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes)));
    return parsed.success ? parsed.data : null;
  } catch {
    return null;
  }
}

/** What the first entry says of the case goes before case.json, which may have been changed. */
function identityOf(created: JournalEntry | undefined, written: CaseIdentity | null): CaseIdentity {
  const { id, name } = created?.parameters ?? {};
  if (created && typeof id === 'string' && typeof name === 'string') return { schemaVersion, id, name, createdAt: created.time };
  return written ?? { schemaVersion, id: 'unknown', name: 'unknown', createdAt: '' };
}

/** Every blob that an entry names and that is not what its name says. Cost: reads all of them once. */
export async function blobDamages(entries: readonly JournalEntry[], blobs: Blobs): Promise<Coded[]> {
  const damages: Coded[] = [];
  const seen = new Set<string>();
  for (const entry of entries) {
    for (const sha of [...entry.inputs, ...entry.outputs]) {
      if (seen.has(sha)) continue;
      seen.add(sha);
      const fault = await blobs.fault(sha);
      if (fault) damages.push(damaged(`blobs/${sha} of entry ${entry.sequence} (${entry.name}) ${fault}`));
    }
  }
  return damages;
}

/** One refusal for all that was found, with the way out. */
export function damageRefusal(damages: Coded[], wholeEntries: number): Refusal {
  const more = damages.length > 1 ? ` (and ${damages.length - 1} more)` : '';
  const remedy = `Open it read-only to see the ${wholeEntries} whole entries, or restore the folder from a backup.`;
  return new Refusal('CASE_DAMAGED', `This case is damaged: ${damages[0]?.message}${more}. Nothing was changed. ${remedy}`, {
    reasons: damages,
  });
}

export const damageNotices = (damages: Coded[]): Finding[] => damages.map(({ code, message }) => ({ text: `Damaged: ${message}`, code }));

/** The folders inside a case must be folders: a link in place of one would let a case reach outside itself. */
export async function checkFolders(folder: string): Promise<string[]> {
  const missing: string[] = [];
  for (const name of ['blobs', 'cache', 'staging']) {
    const found = await lstat(path.join(folder, name)).catch((error) => {
      if (errorCode(error) === 'ENOENT') return null;
      throw error;
    });
    if (found === null) missing.push(name);
    else if (!found.isDirectory())
      throw new Refusal('CASE_DAMAGED', `${name} in this case is no folder, and links are not followed. Restore it from a backup.`);
  }
  return missing;
}

export const namesIn = (folder: string): Promise<string[]> => readdir(folder);

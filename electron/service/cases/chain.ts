import type { Act, JournalEntry } from '../../../contract/case.ts';
import { journalEntry } from '../../../contract/case.ts';
import { canonicalJson } from './canonical.ts';

/** SHA-256 of the UTF-8 bytes of a text, as 64 lower-case hex digits. */
export type Sha256 = (text: string) => string;

/** `previousHash` of the first entry. */
export const noHash = '0'.repeat(64);
/** A stroke's entry stays far below this; a longer line is not ours. */
const longestLine = 16 * 1024 * 1024;
const exactEntry = journalEntry.strict();

export interface Sealing {
  sequence: number;
  /** ISO 8601 UTC. */
  time: string;
  elapsedMs: number;
  who: string;
  previousHash: string;
}

function hashOf(entry: Omit<JournalEntry, 'hash'>, sha256: Sha256): string {
  return sha256(canonicalJson(entry));
}

/** Makes an act a link of the chain: adds sequence, clocks, author and hashes. Throws TypeError where parameters are not JSON. */
export function sealEntry(act: Act, sealing: Sealing, sha256: Sha256): JournalEntry {
  const body: Omit<JournalEntry, 'hash'> = {
    sequence: sealing.sequence,
    time: sealing.time,
    elapsedMs: sealing.elapsedMs,
    who: sealing.who,
    act: act.act,
    clause: act.clause,
    name: act.name,
    // What is kept in memory must be what a later session reads back.
    parameters: JSON.parse(canonicalJson(act.parameters)),
    inputs: [...act.inputs],
    outputs: [...act.outputs],
    previousHash: sealing.previousHash,
  };
  return { ...body, hash: hashOf(body, sha256) };
}

/** An entry as it stands in journal.ndjson, with its newline. */
export function entryLine(entry: JournalEntry): string {
  return `${canonicalJson(entry)}\n`;
}

/** Where a chain is broken. `field` is named where the break gives it away. */
export interface Damage {
  entry: number;
  field?: string;
  why: string;
}

export interface Chain {
  entries: JournalEntry[];
  state: 'whole' | 'torn' | 'damaged';
  /** Bytes of the whole entries; what follows is the torn or damaged rest. */
  wholeBytes: number;
  damage: Damage | null;
  /** In words; '' for a whole chain. */
  why: string;
}

/** The field whose repair makes the hash right again, if it is one of the chain's own. */
function changedField(entry: JournalEntry, sequence: number, previousHash: string, sha256: Sha256): string | undefined {
  const { hash, ...body } = entry;
  if (entry.sequence !== sequence && hashOf({ ...body, sequence }, sha256) === hash) return 'sequence';
  if (entry.previousHash !== previousHash && hashOf({ ...body, previousHash }, sha256) === hash) return 'previousHash';
  return undefined;
}

/** `rehashed` is what a changed entry's contents hash to: if the next entry follows that, only the hash itself was changed. */
type Link = { entry: JournalEntry } | { damage: Omit<Damage, 'entry'>; rehashed?: string };

function readLine(bytes: Uint8Array, sequence: number, previousHash: string, sha256: Sha256): Link {
  if (bytes.length > longestLine) return { damage: { why: `its line is longer than ${longestLine} bytes` } };
  let text: string;
  let parsed: unknown;
  try {
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    parsed = JSON.parse(text);
  } catch {
    return { damage: { why: 'its line is not readable' } };
  }
  const checked = exactEntry.safeParse(parsed);
  if (!checked.success) {
    const field = checked.error.issues[0]?.path[0] ?? unknownKey(checked.error.issues[0]);
    return { damage: { field: field === undefined ? undefined : String(field), why: 'its fields are not those of an entry' } };
  }
  const entry = checked.data;
  const { hash, ...body } = entry;
  if (canonicalJson(entry) !== text) return { damage: { why: 'its line is not as Lamina writes it' } };
  const rehashed = hashOf(body, sha256);
  if (rehashed !== hash) {
    const field = changedField(entry, sequence, previousHash, sha256);
    return { damage: { field, why: 'it does not agree with its own hash: it was changed after it was written' }, rehashed };
  }
  if (entry.sequence > sequence)
    return { damage: { field: 'sequence', why: `a line is missing: entry ${entry.sequence} stands in its place` } };
  if (entry.sequence < sequence)
    return { damage: { field: 'sequence', why: `a line was moved or doubled: entry ${entry.sequence} stands in its place` } };
  if (entry.previousHash !== previousHash) return { damage: { field: 'previousHash', why: 'it does not follow the entry before it' } };
  return { entry };
}

/** Whether the line that starts at `start` says that it follows this hash. */
function followed(bytes: Uint8Array, start: number, hash: string): boolean {
  const end = bytes.indexOf(10, start);
  if (end < 0 || end - start > longestLine) return false;
  return new TextDecoder().decode(bytes.subarray(start, end)).includes(`"previousHash":"${hash}"`);
}

function unknownKey(issue: unknown): string | undefined {
  const keys = (issue as { keys?: unknown })?.keys;
  return Array.isArray(keys) && typeof keys[0] === 'string' ? keys[0] : undefined;
}

/**
 * Reads a journal and checks every link. 'torn': the last line has no end, as a crash in a write leaves it; it was never acknowledged.
 * 'damaged': anything else that is not exactly what was written; `entries` are those before the break.
 * Cost: one pass, two hashes of a damaged line at most beyond one per line.
 */
export function readChain(bytes: Uint8Array, sha256: Sha256): Chain {
  const entries: JournalEntry[] = [];
  let start = 0;
  const broken = (damage: Omit<Damage, 'entry'>): Chain => {
    const entry = entries.length;
    const field = damage.field ? `, field '${damage.field}'` : '';
    return { entries, state: 'damaged', wholeBytes: start, damage: { entry, ...damage }, why: `entry ${entry}${field}: ${damage.why}` };
  };
  for (;;) {
    const sequence = entries.length;
    const previousHash = entries.at(-1)?.hash ?? noHash;
    const end = bytes.indexOf(10, start);
    if (end < 0) {
      if (start === bytes.length) {
        if (entries.length === 0) return broken({ why: 'the journal is empty' });
        return { entries, state: 'whole', wholeBytes: start, damage: null, why: '' };
      }
      // A write that stops short leaves a beginning of a line, never a whole line with another byte for its newline.
      const link = readLine(bytes.subarray(start, bytes.length - 1), sequence, previousHash, sha256);
      if ('entry' in link) return broken({ field: 'end of line', why: 'the end of its line was changed' });
      if (entries.length === 0) return broken({ why: 'its line has no end' });
      const why = `the line of entry ${sequence} was never finished; ${entries.length} ${entries.length === 1 ? 'entry is' : 'entries are'} whole`;
      return { entries, state: 'torn', wholeBytes: start, damage: null, why };
    }
    const link = readLine(bytes.subarray(start, end), sequence, previousHash, sha256);
    if ('damage' in link) {
      if (link.rehashed && !link.damage.field && followed(bytes, end + 1, link.rehashed)) link.damage.field = 'hash';
      return broken(link.damage);
    }
    entries.push(link.entry);
    start = end + 1;
  }
}

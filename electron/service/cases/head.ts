import type { JournalEntry } from '../../../contract/case.ts';
import type { Chain, Damage, Sha256 } from './chain.ts';

/**
 * journal.head: the last acknowledged entry, so that a deletion of the journal's last lines shows. One record of fixed length, so that
 * writing it in place never leaves a mixture: sequence (12 digits), hash, check (SHA-256 of the two), newline.
 */
export interface Head {
  sequence: number;
  hash: string;
}

export function headRecord(entry: Pick<JournalEntry, 'sequence' | 'hash'>, sha256: Sha256): string {
  const body = `${String(entry.sequence).padStart(12, '0')} ${entry.hash}`;
  return `${body} ${sha256(body)}\n`;
}

/** The head of a record, or null where a byte of it was changed. */
export function readHead(text: string, sha256: Sha256): Head | null {
  const match = /^(\d{12}) ([0-9a-f]{64}) ([0-9a-f]{64})\n$/.exec(text);
  if (!match || sha256(`${match[1]} ${match[2]}`) !== match[3]) return null;
  return { sequence: Number(match[1]), hash: String(match[2]) };
}

/**
 * What a head says against a chain; null where they agree. A head behind its journal is what a crash between the two writes leaves;
 * a head ahead of it means that acknowledged lines are gone.
 */
export function headDamage(chain: Chain, head: Head): Damage | null {
  const named = chain.entries[head.sequence];
  if (!named) {
    const first = chain.entries.length;
    const missing =
      first === head.sequence ? `entry ${first} was acknowledged and is` : `entries ${first} to ${head.sequence} were acknowledged and are`;
    return { entry: first, why: `${missing} missing at the end of the journal` };
  }
  if (named.hash !== head.hash) return { entry: head.sequence, field: 'hash', why: 'it is not the entry that was acknowledged' };
  return null;
}

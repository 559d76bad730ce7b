import type { Act, CaseState, JournalEntry } from '../../../contract/case.ts';
import type { Finding } from '../../../contract/errors.ts';

/** What makes a case this case; written once as case.json. */
export interface CaseIdentity {
  schemaVersion: number;
  id: string;
  name: string;
  createdAt: string;
}

/** A case folder held open (and locked, unless read-only). The implementation is electron/ports/case-store.ts. */
export interface OpenCase {
  readonly folder: string;
  readonly identity: CaseIdentity;
  readonly readOnly: boolean;
  /** Who holds the lock, in words, when this one could only read. */
  readonly heldBy: string | null;
  readonly notices: Finding[];
  entries(): readonly JournalEntry[];
  /** The case as its entries leave it, kept up to date act by act; series' `voxels.path` is ''. */
  state(): CaseState;
  /**
   * Durable when it resolves. Throws Refusal DISK_FULL, CASE_READ_ONLY, UNREADABLE_FILE, and what `CaseFold.plan` throws for an act that
   * makes no sense now; the journal is then as before.
   */
  append(act: Act): Promise<JournalEntry>;
  /** Moves a staged file to blobs/<sha256>; the same file twice is one blob. */
  adopt(file: { path: string; sha256: string; bytes: number }): Promise<void>;
  putBlob(bytes: Uint8Array): Promise<string>;
  readBlob(sha256: string): Promise<Uint8Array>;
  blobPath(sha256: string): string;
  stagingFolder(): string;
  cachePath(key: string): string;
  close(): Promise<void>;
}

export interface CaseStore {
  /** Throws Refusal CASE_EXISTS, OUTPUT_NOT_WRITABLE, DISK_FULL; leaves nothing behind then. */
  create(folder: string, identity: { name: string }): Promise<OpenCase>;
  /** Throws Refusal NOT_A_CASE, CASE_DAMAGED. */
  open(folder: string, options?: { readOnly?: boolean; salvage?: boolean }): Promise<OpenCase>;
}

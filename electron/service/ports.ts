import type { RecentCase } from '../../contract/case.ts';
import type { About, FolderListing } from '../../contract/routes.ts';
import type { MaskDelta } from '../../contract/segmentation.ts';
import type { TaskName, Tasks } from '../processes/protocol.ts';
import type { CaseStore } from './cases/store.ts';

export interface ComputeOptions {
  onProgress?: (fraction: number, note: string) => void;
  signal?: AbortSignal;
}
/** The compute process. Rejects with Refusal, with an AbortError when cancelled, or with a mistake of ours. */
export interface Compute {
  run<N extends TaskName>(task: N, input: Tasks[N]['in'], options?: ComputeOptions): Promise<Tasks[N]['out']>;
}

/** Files outside a case. Every write is to a temporary name, fsync, rename. */
export interface Files {
  /** A file's bytes as a stream with its size. Throws Refusal NOT_FOUND. */
  read(path: string): Promise<{ size: number; body: ReadableStream<Uint8Array> }>;
  readText(path: string, limitBytes: number): Promise<string>;
  exists(path: string): Promise<boolean>;
  absolute(path: string): string;
  /** Where a path really lies, links followed; the absolute path where nothing is there yet. */
  realPath(path: string): Promise<string>;
  /** Whether a path is the folder or lies below it. */
  isInside(path: string, folder: string): boolean;
  /** Removes the files of a folder whose names begin so. */
  clear(folder: string, beginnings: string[]): Promise<void>;
  join(...parts: string[]): string;
  /** Throws Refusal OUTPUT_NOT_WRITABLE or DISK_FULL; leaves nothing behind. */
  copy(from: string, to: string): Promise<void>;
  writeText(path: string, text: string): Promise<void>;
  /** A new folder that `remove` takes away again. */
  temporary(): Promise<string>;
  /** A file or a whole folder; nothing there is no fault. */
  remove(path: string): Promise<void>;
  /** Where the window keeps cases when nobody says otherwise. */
  casesFolder(): string;
}

/** The outside world. The service reaches nothing that does not stand here. */
export interface Ports {
  about(): Promise<About>;
  now(): string;
  newId(): string;
  cases: CaseStore;
  compute: Compute;
  files: Files;
  folders: { list(path: string | null): Promise<FolderListing> };
  recent: { list(): Promise<RecentCase[]>; touch(entry: Omit<RecentCase, 'available'>): Promise<void> };
  /** SHA-256 of a text, as lower-case hex. */
  digest(text: string): string;
  /** Number of voxels that a delta names; throws RangeError where its runs do not fit a mask of `voxels`. */
  countDelta(delta: MaskDelta, voxels: number): number;
  log(line: string): void;
}

import type { AcquisitionProfile, KernelList } from '../../contract/acquisition.ts';
import type { RecentCase } from '../../contract/case.ts';
import type { Finding } from '../../contract/errors.ts';
import type { LabelList } from '../../contract/labels.ts';
import type { MarkupDraft } from '../../contract/markups.ts';
import type { ModelCard, ModelCheck, ModelEntry } from '../../contract/model.ts';
import type { About, FolderListing } from '../../contract/routes.ts';
import type { MaskDelta } from '../../contract/segmentation.ts';
import type { StagedFile, TaskName, Tasks } from '../processes/protocol.ts';
import type { CaseStore } from './cases/store.ts';

export interface ComputeOptions {
  onProgress?: (fraction: number, note: string) => void;
  signal?: AbortSignal;
}
/** The compute process. Rejects with Refusal, with an AbortError when cancelled, or with a mistake of ours. */
export interface Compute {
  run<N extends TaskName>(task: N, input: Tasks[N]['in'], options?: ComputeOptions): Promise<Tasks[N]['out']>;
}

/** One network over one region. The input is float32 HU on the card's grid: W right to left, fastest; H front to back; D foot to head. */
export interface InferenceRequest {
  /** Id of a package. It is taken through the deployment process first where that has not been done in this run of the program. */
  model: string;
  input: { path: string; dimensions: [width: number, height: number, depth: number] };
  /** Runs the image mirrored left to right as well: probability is the mean, spread half the difference. */
  mirror: boolean;
  into: string;
}
export interface InferenceResult {
  model: { id: string; sha256: string };
  /** float32 of the input's size: probability of bone (one minus background). */
  probability: StagedFile;
  /** float32 of the input's size, or null without mirror. */
  spread: StagedFile | null;
  provider: string;
  providerReason: string;
  tiles: number;
  seconds: number;
}
/** Model packages and the inference process (clause 12). Rejects with Refusal, with an AbortError when cancelled. */
export interface Models {
  list(): Promise<ModelEntry[]>;
  /** Throws Refusal NOT_FOUND where there is no such package, INVALID_MODEL where its card cannot be read. */
  card(id: string): Promise<ModelCard>;
  /** The deployment process; a package that is enabled already is answered at once. A package that fails a step is an entry in state 'refused', no rejection. */
  deploy(id: string, options?: ComputeOptions): Promise<ModelEntry>;
  /** `check-model`: a file or a folder from anywhere. Never rejects for what is wrong with the model. */
  check(path: string, options?: ComputeOptions): Promise<ModelCheck>;
  run(request: InferenceRequest, options?: ComputeOptions): Promise<InferenceResult>;
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

/** Scanning conditions and vendors' kernel names (7.3): ours, and a hospital's own, whose edition of an id takes the place of ours. */
export interface Profiles {
  /** `own`: ids of the hospital's; `faults`: files of the folder that could not be taken, each named. */
  list(): Promise<{ profiles: AcquisitionProfile[]; own: string[]; folder: string; faults: Finding[] }>;
  /** The hospital's list first. */
  kernels(): Promise<{ lists: KernelList[]; faults: Finding[] }>;
  /** Why a profile cannot stand under its id, in a sentence; null: it can. */
  clash(profile: AcquisitionProfile): Promise<string | null>;
  /** Throws Refusal OUTPUT_NOT_WRITABLE, RangeError where it clashes. */
  save(profile: AcquisitionProfile): Promise<void>;
  /** Throws Refusal NOT_FOUND where the hospital has none of this id. */
  remove(id: string): Promise<void>;
}

/** Label tables (9.1): ours, and a hospital's own. */
export interface LabelTables {
  /** Throws Refusal UNREADABLE_FILE where the hospital's folder cannot be read. */
  list(): Promise<LabelList>;
}

/** The outside world. The service reaches nothing that does not stand here. */
export interface Ports {
  about(): Promise<About>;
  now(): string;
  /** Milliseconds of a clock that never runs backwards. */
  elapsedMs(): number;
  newId(): string;
  cases: CaseStore;
  compute: Compute;
  models: Models;
  profiles: Profiles;
  labels: LabelTables;
  files: Files;
  folders: { list(path: string | null): Promise<FolderListing> };
  recent: { list(): Promise<RecentCase[]>; touch(entry: Omit<RecentCase, 'available'>): Promise<void> };
  /** A UID under 2.25 that comes from the text: the same text, the same UID. */
  uid(text: string): string;
  /** SHA-256 of a text, as lower-case hex. */
  digest(text: string): string;
  /** Number of voxels that a delta names; throws RangeError where its runs do not fit a mask of `voxels`. */
  countDelta(delta: MaskDelta, voxels: number): number;
  /** The line of a markup as it is drawn and filled, LPS mm: curves bent through their points, an ellipse all round. */
  outlineLps(shape: Pick<MarkupDraft, 'kind' | 'pointsLps' | 'normalLps'>): [number, number, number][];
  log(line: string): void;
}

import type { Coded, Finding } from '../../contract/errors.ts';
import type { MeshFigures, MeshReport, MeshSettings } from '../../contract/mesh.ts';
import type { PatchesResult, PatchSettings } from '../../contract/patches.ts';
import type { CleanSettings, Connectivity, Island, MaskDelta, SegmentSettings } from '../../contract/segmentation.ts';
import type { AllowCode, ImportReport, ScanResult, VolumeGeometry } from '../../contract/volume.ts';

/** A file that a task wrote into the folder it was given; the host adopts it into the case by its hash. */
export interface StagedFile {
  path: string;
  sha256: string;
  bytes: number;
}
export interface VolumeFile extends VolumeGeometry {
  path: string;
  dtype: 'int16' | 'float32';
}
/** `base` is the path of a raw uint8 file, or null for an empty mask. */
export interface MaskFile {
  base: string | null;
  deltas: MaskDelta[];
}

/** Everything that runs in the compute process: foreign bytes and kernels. Paths in, paths out; messages stay small. */
export interface Tasks {
  scan: { in: { paths: string[] }; out: ScanResult };
  import: {
    in: { paths: string[]; seriesInstanceUid: string | null; allow: AllowCode[]; into: string };
    /** `report.series[n].voxels.path` is `files[n].path`. */
    out: { report: ImportReport; files: StagedFile[] };
  };
  decode: { in: { path: string }; out: { rows: number; columns: number; min: number; max: number; mean: number; sha256Int32: string } };
  segment: {
    in: { volume: VolumeFile; settings: SegmentSettings; into: string };
    out: { mask: StagedFile; voxels: number; volumeMm3: number };
  };
  clean: {
    in: { mask: MaskFile; geometry: VolumeGeometry; settings: CleanSettings; into: string };
    out: { mask: StagedFile; voxels: number; volumeMm3: number; partsBefore: number; partsAfter: number };
  };
  islands: {
    in: { mask: MaskFile; geometry: VolumeGeometry; connectivity: Connectivity; limit: number };
    out: { islands: Island[]; total: number };
  };
  /** Writes base + deltas as one raw uint8 file. */
  materialise: { in: { mask: MaskFile; dimensions: [number, number, number]; path: string }; out: StagedFile };
  mesh: {
    in: { mask: MaskFile; geometry: VolumeGeometry; settings: MeshSettings; into: string; header: string };
    out: { stl: StagedFile; report: MeshReport; reasons: Coded[]; seconds: number };
  };
  /** A light surface for the 3D view: every second voxel where the grid is large. */
  preview: { in: { mask: MaskFile; geometry: VolumeGeometry; path: string }; out: StagedFile & { triangles: number } };
  readLabelmap: { in: { path: string; into: string }; out: { mask: StagedFile; geometry: VolumeGeometry; voxels: number } };
  writeNifti: { in: { mask: MaskFile; geometry: VolumeGeometry; path: string }; out: StagedFile };
  checkMesh: {
    in: { path: string };
    out: MeshFigures & { outcome: 'accept' | 'accept_with_warning' | 'reject'; reasons: Coded[]; warnings: Coded[] };
  };
  /** `source` goes into patches.json as it is; `staging` is a path beside `out` where nothing is yet. */
  patches: {
    in: { volume: VolumeFile; mask: MaskFile; settings: PatchSettings; source: Record<string, unknown>; staging: string; out: string };
    out: PatchesResult;
  };
  phantom: {
    in: { seed: number; into: string; size: 'full' | 'small' };
    out: { files: number; dimensions: [number, number, number]; findings: Finding[] };
  };
}
export type TaskName = keyof Tasks;

/** What a task gets besides its input. `progress` may be called often; `throwIfCancelled` between slices or rounds. */
export interface TaskContext {
  progress(fraction: number, note: string): void;
  throwIfCancelled(): void;
}
export type Task<N extends TaskName> = (input: Tasks[N]['in'], context: TaskContext) => Promise<Tasks[N]['out']>;

import { z } from 'zod';
import { masking } from './edit-tools.ts';
import { askedEffect } from './effects.ts';
import type { Coded } from './errors.ts';
import { labelEntry } from './labels.ts';
import { type MeshReport, meshKinds, meshSettings, repairSettings } from './mesh.ts';
import { type PreprocessStep, preprocessSettings } from './preprocessing.ts';
import { adjustSettings, cleanSettings, connectivity, segmentSettings } from './segmentation.ts';
import { allowCode, type ImportReport, type SeriesEntry } from './volume.ts';

/**
 * Bodies of the service's routes. `J` marks a route that answers 202 with a job; follow it at GET /api/jobs/:id/events (server-sent
 * events, each a whole job) and cancel it with DELETE /api/jobs/:id. Everything else answers at once. Failures are problem+json.
 *
 * GET    /api/about                                  -> About
 * GET    /api/recent                                 -> RecentCase[]
 * GET    /api/folders?path=                          -> FolderListing (the browser shell's stand-in for a native dialog)
 * POST   /api/scan                  scanRequest      -> J ScanResult
 * POST   /api/check                 checkRequest     -> J AcquisitionCheck (of files; no case is made)
 * GET    /api/profiles                               -> { profiles: AcquisitionProfile[], own: string[], folder: string, faults: Finding[] }
 * PUT    /api/profiles/:id          acquisitionProfile -> 204 (a hospital's own, or its own edition of ours)
 * DELETE /api/profiles/:id                           -> 204 (the hospital's own; ours comes back)
 * POST   /api/import                importRequest    -> J { report: ImportReport, files: FileUse[], case: CaseState }
 * POST   /api/demo                                   -> J { case: CaseState } (makes the demo case once, then opens it)
 * POST   /api/demo/prepare                           -> J (makes the demo case, opens nothing)
 * POST   /api/open                  openRequest      -> CaseState
 * GET    /api/cases/:case                            -> CaseState
 * DELETE /api/cases/:case                            -> 204 (closes)
 * GET    /api/cases/:case/journal?since=             -> JournalLine[] (all; since a sequence: those after it and those that undo and redo changed since)
 * POST   /api/cases/:case/acknowledge                -> CaseState
 * GET    /api/cases/:case/series/:uid/voxels         -> bytes
 * GET    /api/cases/:case/series/:uid/check?profile= -> AcquisitionCheck (7.3, Annex A; without profile the one that fits)
 * GET    /api/cases/:case/check?series=&profile=     -> AcquisitionCheck (of the series that a verb would choose)
 * GET    /api/cases/:case/files                      -> FileUse[] (every file of the import, used or not, and why)
 * POST   /api/cases/:case/preprocess preprocessRequest -> J { series: CaseSeries, segments: Segment[], made, case } (clause 8; made false: it was there already)
 * POST   /api/cases/:case/preprocess/preview preprocessPreviewRequest -> J PreprocessPreview (not journalled)
 * POST   /api/cases/:case/segments  segmentRequest   -> J { segment, case }
 * PATCH  /api/cases/:case/segments/:id describeRequest -> CaseState (name, colour, number, lock, review state, label)
 * DELETE /api/cases/:case/segments/:id               -> CaseState
 * GET    /api/cases/:case/segments/:id               -> Segment ('newest' or a name also serve)
 * GET    /api/cases/:case/segments/:id/labelmap      -> { path } (raw uint8 on this machine, for scripts)
 * GET    /api/cases/:case/segments/:id/mask          -> bytes (uint8, 0 or 1)
 * POST   /api/cases/:case/segments/:id/adjust adjustRequest -> J { segment, case } (another threshold or integration; nothing is run again)
 * GET    /api/cases/:case/segments/:id/probability?model= -> bytes (uint8 over network.box; without model the integrated one)
 * GET    /api/cases/:case/segments/:id/spread        -> bytes (uint8 over network.box)
 * POST   /api/cases/:case/segments/:id/islands       -> J { islands: Island[], total }
 * POST   /api/cases/:case/segments/:id/clean  cleanRequest -> J { segment, voxelsBefore, partsBefore, partsAfter, crf: CrfReport|null, case }
 * POST   /api/cases/:case/segments/:id/clean/preview cleanRequest -> J MaskPreview (not journalled)
 * POST   /api/cases/:case/segments/:id/effect effectRequest -> J { segment, segments, voxelsBefore, changed, notice, case } (one effect; M-combine)
 * POST   /api/cases/:case/segments/:id/effect/preview effectRequest -> J MaskPreview (not journalled)
 * POST   /api/cases/:case/segments/:id/mesh/preview meshRequest -> J MeshPreview (the whole finish, not journalled)
 * POST   /api/cases/:case/meshes/:id/map meshMapRequest -> J MeshMap (values at its own url)
 * POST   /api/cases/:case/segments/:id/review reviewRequest -> CaseState (doubtful places looked at, or not any more)
 * GET    /api/cases/:case/segments/:id/doubts        -> J ReviewQueue
 * GET    /api/cases/:case/segments/:id/unreviewed    -> Unreviewed (of the places found in this very mask; looks for none)
 * GET    /api/cases/:case/segments/:id/authorship    -> J Authorship
 * POST   /api/cases/:case/segments/:id/contours contoursRequest -> J { markups: string[], case } (mask to contours on one slice, or on all)
 * POST   /api/cases/:case/markups   markupRequest    -> CaseState
 * PUT    /api/cases/:case/markups/:id markupRequest  -> CaseState (without a name it keeps its own)
 * DELETE /api/cases/:case/markups/:id                -> CaseState
 * GET    /api/cases/:case/markups/:id/measures       -> J MarkupMeasures
 * POST   /api/cases/:case/markups/measures measuresRequest -> J MarkupMeasures[] (in the order asked for)
 * GET    /api/labels                                 -> LabelList (rows of the label table, ours and the hospital's own)
 * POST   /api/cases/:case/objects   objectExportRequest -> J ObjectExportResult & { case }
 * POST   /api/cases/:case/objects/read objectImportRequest -> J ObjectImportResult & { case }
 * GET    /api/cases/:case/previews/:name             -> bytes (what a preview or a map named)
 * POST   /api/cases/:case/segments/:id/preview       -> J { mesh: url } (coarse surface for the 3D view; not journalled)
 * POST   /api/cases/:case/segments/:id/mesh   meshSettings -> J { mesh: CaseMesh, case }
 * GET    /api/cases/:case/meshes/:id                 -> bytes (the very STL that export copies)
 * POST   /api/cases/:case/strokes   strokeRequest    -> CaseState (durable when answered)
 * GET    /api/cases/:case/strokes/:sequence          -> MaskDelta
 * POST   /api/cases/:case/undo, /redo                -> CaseState
 * POST   /api/cases/:case/replay                     -> J ReplayResult (what the journal says, carried out again; nothing is changed)
 * POST   /api/cases/:case/sign      signRequest      -> CaseState
 * POST   /api/cases/:case/export    exportRequest    -> J ExportResult
 * POST   /api/cases/:case/nifti     niftiRequest     -> J { path, sha256 }
 * POST   /api/cases/:case/auto      autoRequest      -> J { segment, mesh, case } (segment to checked mesh in one go)
 * POST   /api/run                   runRequest       -> J RunResult
 * POST   /api/decode                pathRequest      -> J
 * POST   /api/check-mesh            checkMeshRequest -> J MeshCheck
 * POST   /api/repair-mesh           repairMeshRequest -> J RepairResult (a mesh file mended into another)
 * POST   /api/compare-meshes        compareMeshesRequest -> J MeshComparison
 * POST   /api/mesh-file             meshFileRequest  -> J MeshReport with signed, segmentVolumeMm3, networkWording (a labelmap file to a model file, no case)
 * POST   /api/phantom               phantomRequest   -> J
 * GET    /api/models                                 -> ModelEntry[]
 * POST   /api/models/:id/deploy                      -> J ModelEntry (the deployment process of clause 12)
 * POST   /api/check-model           pathRequest      -> J ModelCheck
 * POST   /api/evaluate              evaluateRequest  -> J Evaluation
 * POST   /api/cases/:case/evaluate  evaluateCaseRequest -> J Evaluation (a segment against a truth file or another segment)
 * POST   /api/cases/:case/patches   patchesRequest   -> J PatchesResult
 * POST   /api/experiment            experimentRequest -> J
 * GET    /api/jobs                                   -> Job[]
 * GET    /api/jobs/:id              -> Job
 * GET    /api/jobs/:id/events       -> text/event-stream
 * DELETE /api/jobs/:id              -> 202
 */
export const scanRequest = z.strictObject({ paths: z.array(z.string()).min(1) });
export const importRequest = z.strictObject({
  paths: z.array(z.string()).min(1),
  folder: z.string().nullable().default(null),
  seriesInstanceUid: z.string().nullable().default(null),
  allow: z.array(allowCode).default([]),
});
export type ImportRequest = z.infer<typeof importRequest>;
export const openRequest = z.strictObject({
  folder: z.string(),
  readOnly: z.boolean().default(false),
  salvage: z.boolean().default(false),
});
export const segmentRequest = z
  .strictObject({
    series: z.string().nullable().default(null),
    name: z.string().nullable().default(null),
    settings: segmentSettings,
    /** Replaces the mask of this segment (id or name) instead of making a new one. */
    into: z.string().nullable().default(null),
    /** Voxels that a hand has set in it keep what the hand gave them, unless this is true. */
    overwriteHand: z.boolean().default(false),
    /** What the new segment stands for: a label, or the key of a row of the label table (9.1); null: bone. */
    label: z
      .union([labelEntry, z.string().min(1).max(32)])
      .nullable()
      .default(null),
  })
  .refine(({ into, label }) => into === null || label === null, {
    path: ['label'],
    message: 'goes with a new segment; describe changes that of one that is there',
  });
export type SegmentRequest = z.infer<typeof segmentRequest>;
export const adjustRequest = z.strictObject({ settings: adjustSettings });
export const cleanRequest = z.strictObject({ settings: cleanSettings });
export const effectRequest = z.strictObject({
  settings: askedEffect,
  masking: masking.prefault({}),
  /** Closed markups (id or name) whose outlines `contour` takes beside those of its settings. */
  markups: z.array(z.string()).max(4096).default([]),
});
export type EffectRequest = z.infer<typeof effectRequest>;
export const contoursRequest = z.strictObject({
  /** Normal of the slices that are outlined; null: those of the grid's k. */
  normalLps: z.tuple([z.number(), z.number(), z.number()]).nullable().default(null),
  /** A point of the one slice; null: every slice. */
  atLps: z.tuple([z.number(), z.number(), z.number()]).nullable().default(null),
});
export const islandsRequest = z.strictObject({ connectivity: connectivity.default(26) });
export const meshRequest = z.strictObject({ settings: meshSettings });
/** What a clean or an effect would make: counts, and the mask's bytes (uint8, 0 or 1) at `mask`. */
export interface MaskPreview {
  voxelsBefore: number;
  voxels: number;
  volumeMm3: number;
  partsAfter: number;
  mask: string;
}
/** A model as it would be: its figures, and its STL's bytes at `mesh`. */
export interface MeshPreview {
  report: MeshReport;
  reasons: Coded[];
  seconds: number;
  mesh: string;
}
export const signRequest = z.strictObject({ mesh: z.string(), name: z.string().min(2).max(128), remark: z.string().max(2000).default('') });
export const exportRequest = z.strictObject({
  mesh: z.string(),
  path: z.string(),
  kind: z.enum(meshKinds).default('stl'),
  /** 'SIGNED' refuses an unsigned mesh; the window asks before it sends 'ALLOW_UNSIGNED'. */
  unsigned: z.boolean().default(false),
  /** Writes a mesh that failed its check; the report and the file then say so. */
  failed: z.boolean().default(false),
});
export const exportResult = z.object({ path: z.string(), reportPath: z.string(), sha256: z.string(), signed: z.boolean() });
export type ExportResult = z.infer<typeof exportResult>;

/** What `lamina run` does after import. The default is the house's: HU >= 200, largest part (26), holes filled, bounded smoothing. */
export const recipe = z.strictObject({
  /** Clause 8, before the segment is made; null: the series as it is. */
  preprocess: preprocessSettings.nullable().default(null),
  segment: segmentSettings.prefault({ method: 'threshold', lowHu: 200 }),
  clean: cleanSettings.nullable().prefault({ keep: 'largest', connectivity: 26, fillHoles: true }),
  /** One after the other, after the clean. A recipe makes one segment, so there is no other to name, and none to split it into. */
  effects: z
    .array(
      askedEffect
        .refine((s) => !('with' in s) || s.with === undefined, { message: 'a recipe has one segment: an effect cannot name others' })
        .refine((s) => s.effect !== 'split', { message: 'a recipe has one segment: split makes several' }),
    )
    .max(16)
    .default([]),
  mesh: meshSettings.prefault({}),
});
export type Recipe = z.infer<typeof recipe>;
export const autoRequest = z.strictObject({ series: z.string().nullable().default(null), recipe: recipe.prefault({}) });

/** Command line and scripts: the whole job without a window. `folder` null: a temporary case, whose paths are then null. */
export const runRequest = z.strictObject({
  paths: z.array(z.string()).min(1),
  out: z.string(),
  folder: z.string().nullable().default(null),
  seriesInstanceUid: z.string().nullable().default(null),
  allow: z.array(allowCode).default([]),
  recipe: recipe.prefault({}),
});
export type RunRequest = z.infer<typeof runRequest>;

export interface SegmentSummary {
  series: string;
  segment: string;
  voxels: number;
  volumeMm3: number;
  technique: unknown[];
  networkWording: string | null;
}
export interface RunResult {
  import: Omit<ImportReport, 'series'> & {
    series: (Omit<SeriesEntry, 'voxels'> & { voxels: { path: string | null; dtype: string; units: string } })[];
  };
  /** The series that the segment was made on, where it was preprocessed. */
  preprocess: { series: string; steps: PreprocessStep[] } | null;
  segment: SegmentSummary & { labelmap: { path: string; dtype: 'uint8'; dimensions: [number, number, number] } | null };
  clean: SegmentSummary | null;
  /** The segment after the recipe's effects; null: it has none. */
  effects: SegmentSummary | null;
  mesh: MeshReport;
  check: { outcome: 'accept' | 'reject'; reasons: Coded[]; warnings: Coded[] };
  stl: { path: string; sha256: string; signed: boolean; reportPath: string } | null;
}

export const pathRequest = z.strictObject({ path: z.string() });
export const checkMeshRequest = z.strictObject({
  path: z.string(),
  minimumWallMm: meshSettings.shape.minimumWallMm,
  buildMm: meshSettings.shape.buildMm,
});
export const repairMeshRequest = z.strictObject({ path: z.string(), out: z.string(), settings: repairSettings.prefault({}) });
export const compareMeshesRequest = z.strictObject({
  a: z.string(),
  /** A mesh file or a labelmap file. */
  b: z.string(),
  out: z.string().nullable().default(null),
});

export const niftiRequest = z.strictObject({ segment: z.string().nullable().default(null), path: z.string() });
export const meshFileRequest = z.strictObject({
  labelmap: z.string(),
  image: z.string().nullable().default(null),
  out: z.string(),
  settings: meshSettings.prefault({}),
  failed: z.boolean().default(false),
});
export const phantomRequest = z.strictObject({
  seed: z.number().int().min(0).max(0xffffffff),
  into: z.string(),
  size: z.enum(['full', 'small', 'orbits']).default('full'),
});

export const folderListing = z.object({
  path: z.string(),
  parent: z.string().nullable(),
  entries: z.array(z.object({ name: z.string(), path: z.string(), kind: z.enum(['folder', 'file', 'case']) })),
  truncated: z.boolean(),
});
export type FolderListing = z.infer<typeof folderListing>;

export const about = z.object({
  version: z.string(),
  shell: z.enum(['desktop', 'browser', 'cli']),
  computingOn: z.string(),
  networks: z.string(),
  initialFolder: z.string().nullable(),
  demoReady: z.boolean(),
});
export type About = z.infer<typeof about>;

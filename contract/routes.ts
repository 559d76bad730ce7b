import { z } from 'zod';
import { meshSettings } from './mesh.ts';
import { cleanSettings, connectivity, segmentSettings } from './segmentation.ts';
import { allowCode } from './volume.ts';

/**
 * Bodies of the service's routes. `J` marks a route that answers 202 with a job; follow it at GET /api/jobs/:id/events (server-sent
 * events, each a whole job) and cancel it with DELETE /api/jobs/:id. Everything else answers at once. Failures are problem+json.
 *
 * GET    /api/about                                  -> About
 * GET    /api/recent                                 -> RecentCase[]
 * GET    /api/folders?path=                          -> FolderListing (the browser shell's stand-in for a native dialog)
 * POST   /api/scan                  scanRequest      -> J ScanResult
 * POST   /api/import                importRequest    -> J { report: ImportReport, case: CaseState }
 * POST   /api/demo                                   -> J { case: CaseState } (makes the demo case once, then opens it)
 * POST   /api/open                  openRequest      -> CaseState
 * GET    /api/cases/:case                            -> CaseState
 * DELETE /api/cases/:case                            -> 204 (closes)
 * GET    /api/cases/:case/journal                    -> JournalLine[]
 * POST   /api/cases/:case/acknowledge                -> CaseState
 * GET    /api/cases/:case/series/:uid/voxels         -> bytes
 * POST   /api/cases/:case/segments  segmentRequest   -> J { segment, case }
 * PATCH  /api/cases/:case/segments/:id {name}        -> CaseState
 * DELETE /api/cases/:case/segments/:id               -> CaseState
 * GET    /api/cases/:case/segments/:id/mask          -> bytes (uint8, 0 or 1)
 * POST   /api/cases/:case/segments/:id/islands       -> J { islands: Island[], total }
 * POST   /api/cases/:case/segments/:id/clean  cleanRequest -> J { segment, before, after, case }
 * POST   /api/cases/:case/segments/:id/preview       -> J { mesh: url } (coarse surface for the 3D view; not journalled)
 * POST   /api/cases/:case/segments/:id/mesh   meshSettings -> J { mesh: CaseMesh, case }
 * GET    /api/cases/:case/meshes/:id                 -> bytes (the very STL that export copies)
 * POST   /api/cases/:case/strokes   strokeRequest    -> CaseState (durable when answered)
 * GET    /api/cases/:case/strokes/:sequence          -> MaskDelta
 * POST   /api/cases/:case/undo, /redo                -> CaseState
 * POST   /api/cases/:case/sign      signRequest      -> CaseState
 * POST   /api/cases/:case/export    exportRequest    -> J ExportResult
 * GET    /api/jobs                                   -> Job[]
 * GET    /api/jobs/:id              -> Job
 * GET    /api/jobs/:id/events       -> text/event-stream
 * DELETE /api/jobs/:id              -> 202
 */
export const scanRequest = z.object({ paths: z.array(z.string()).min(1) });
export const importRequest = z.object({
  paths: z.array(z.string()).min(1),
  folder: z.string().nullable().default(null),
  seriesInstanceUid: z.string().nullable().default(null),
  allow: z.array(allowCode).default([]),
});
export type ImportRequest = z.infer<typeof importRequest>;
export const openRequest = z.object({ folder: z.string() });
export const segmentRequest = z.object({
  series: z.string().nullable().default(null),
  name: z.string().nullable().default(null),
  settings: segmentSettings,
});
export const cleanRequest = z.object({ settings: cleanSettings });
export const islandsRequest = z.object({ connectivity: connectivity.default(26) });
export const meshRequest = z.object({ settings: meshSettings });
export const renameRequest = z.object({ name: z.string().min(1).max(64) });
export const signRequest = z.object({ mesh: z.string(), name: z.string().min(2).max(128), remark: z.string().max(2000).default('') });
export const exportRequest = z.object({
  mesh: z.string(),
  path: z.string(),
  /** 'SIGNED' refuses an unsigned mesh; the window asks before it sends 'ALLOW_UNSIGNED'. */
  unsigned: z.boolean().default(false),
  /** Writes a mesh that failed its check; the report and the file then say so. */
  failed: z.boolean().default(false),
});
export const exportResult = z.object({ path: z.string(), reportPath: z.string(), sha256: z.string(), signed: z.boolean() });
export type ExportResult = z.infer<typeof exportResult>;

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

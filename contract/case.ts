import { z } from 'zod';
import { coded, finding } from './errors.ts';
import { caseEvaluation } from './evaluation.ts';
import { labelEntry, reviewState } from './labels.ts';
import { markup } from './markups.ts';
import { meshReport, meshSettings } from './mesh.ts';
import { networkRun } from './model.ts';
import { algorithmType } from './object-files.ts';
import { derivation } from './preprocessing.ts';
import { reviewedPlace } from './review.ts';
import { maskSource, segmentSettings } from './segmentation.ts';
import { importReport, seriesEntry } from './volume.ts';

/** What one journal entry says was done. Those in `undoableActs` can be taken back and done again by name. */
export const undoableActs = [
  'preprocess',
  'carry',
  'segment',
  'load',
  'adjust',
  'clean',
  'effect',
  'stroke',
  'rename',
  'describe',
  'remove',
  'markup',
  'review',
  'mesh',
] as const;
export const actName = z.enum(['create', 'import', 'acknowledge', ...undoableActs, 'undo', 'redo', 'sign', 'export', 'evaluate']);
export type ActName = z.infer<typeof actName>;

/**
 * One line of journal.ndjson. `hash` is the SHA-256 of the canonical JSON of the rest (which includes `previousHash`), so that every
 * changed byte and every missing line shows. `inputs` and `outputs` are SHA-256 of blobs.
 */
export const journalEntry = z.object({
  sequence: z.number().int().nonnegative(),
  /** Wall clock, ISO 8601 UTC; order is by sequence, never by time. */
  time: z.string(),
  /** Milliseconds of a clock that never runs backwards, from the start of the session that wrote the entry. */
  elapsedMs: z.number(),
  who: z.string(),
  act: actName,
  /** The clause of ISO/IEC 3532-2 that the act carries out. */
  clause: z.string(),
  /** The act in the words that undo and the journal show, e.g. 'Threshold 200 HU and above'. */
  name: z.string(),
  parameters: z.record(z.string(), z.unknown()),
  inputs: z.array(z.string()),
  outputs: z.array(z.string()),
  previousHash: z.string(),
  hash: z.string(),
});
export type JournalEntry = z.infer<typeof journalEntry>;
/** What a service hands to the journal; the journal adds sequence, clocks, author and hashes. */
export type Act = Pick<JournalEntry, 'act' | 'clause' | 'name' | 'parameters' | 'inputs' | 'outputs'>;

/** A series inside a case: like the import report's entry, but the voxels are named by their blob. */
export const caseSeries = seriesEntry.extend({
  voxels: seriesEntry.shape.voxels.extend({ sha256: z.string() }),
  /** The preprocessing that made it of another series of the case (clause 8); null: it was imported. */
  derivation: derivation.nullable().default(null),
  /** Blob of its DicomSource as JSON; null: it was not read from DICOM, or by an earlier version. */
  source: z.string().nullable().default(null),
});
export type CaseSeries = z.infer<typeof caseSeries>;

export const segment = z.object({
  /** Stable within the case: 'segment-<sequence of the entry that made it>', and '-<n>' where that entry made or changed several. */
  id: z.string(),
  name: z.string(),
  /** 1..8: its place in the colour table (assets/segment-colours.json). */
  colour: z.number(),
  /** Its number in files that hold several segments; unique among the segments of a series. */
  number: z.number(),
  /** No act changes its voxels. */
  locked: z.boolean(),
  review: reviewState,
  /** What its voxels stand for, by the label table (9.1). */
  label: labelEntry,
  /** Doubtful places that a person has looked at. */
  reviewed: z.array(reviewedPlace),
  series: z.string(),
  /** I-technique: what made it and what was done to it since, in order; strokes in a row are one line with their count. */
  technique: z.array(z.object({ sequence: z.number(), name: z.string(), parameters: z.record(z.string(), z.unknown()) })),
  /** The network run whose probabilities the mask came from, with the settings now in force; null for other techniques. */
  network: networkRun.extend({ settings: segmentSettings }).nullable(),
  /** Wording of the network run that had its say in the mask, also where the mask was made of that of another segment; null: none had. */
  networkWording: z.string().nullable(),
  /** Whose work it is, by all that was done to it and to what it was made of. */
  algorithmType,
  mask: maskSource,
  voxels: z.number(),
  volumeMm3: z.number(),
});
export type Segment = z.infer<typeof segment>;

export const caseMesh = z.object({
  id: z.string(),
  sequence: z.number(),
  segment: z.string(),
  segmentName: z.string(),
  settings: meshSettings,
  report: meshReport,
  /** What is wrong with it, by the check of the re-read file; empty: it may be printed. */
  reasons: z.array(coded),
  /** False as soon as the segment has changed since the mesh was made. */
  current: z.boolean(),
});
export type CaseMesh = z.infer<typeof caseMesh>;

/** I-verify: a person's name under one mesh. It goes when the mesh is undone or replaced. */
export const signOff = z.object({ sequence: z.number(), mesh: z.string(), name: z.string(), time: z.string(), remark: z.string() });
export type SignOff = z.infer<typeof signOff>;

/** The case as folded from its journal: everything that the window shows and that a later verb acts on. */
export const caseState = z.object({
  id: z.string(),
  name: z.string(),
  folder: z.string(),
  readOnly: z.boolean(),
  /** Who holds the lock when this instance could only read. */
  heldBy: z.string().nullable(),
  /** Why opening was not plain: recovered from a crash, damaged at entry n. */
  notices: z.array(finding),
  sequence: z.number(),
  series: z.array(caseSeries),
  importReport: importReport.nullable(),
  /** Import warnings that nobody has acknowledged yet. */
  unacknowledged: z.array(coded),
  segments: z.array(segment),
  markups: z.array(markup),
  meshes: z.array(caseMesh),
  /** Oldest first; they stay when the segment changes or goes. */
  evaluations: z.array(caseEvaluation),
  signOff: signOff.nullable(),
  /** Names of the acts that Ctrl+Z and Ctrl+Y would carry out. */
  undo: z.string().nullable(),
  redo: z.string().nullable(),
  savedAt: z.string(),
});
export type CaseState = z.infer<typeof caseState>;

/** A line of the journal as the window lists it: undone entries stay visible. */
export const journalLine = z.object({
  sequence: z.number(),
  time: z.string(),
  who: z.string(),
  act: actName,
  clause: z.string(),
  name: z.string(),
  state: z.enum(['done', 'undone']),
});
export type JournalLine = z.infer<typeof journalLine>;

export const recentCase = z.object({
  folder: z.string(),
  name: z.string(),
  openedAt: z.string(),
  summary: z.string(),
  /** Steps done of the eight of the rail. */
  steps: z.number(),
  available: z.boolean(),
});
export type RecentCase = z.infer<typeof recentCase>;

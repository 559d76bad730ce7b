import { z } from 'zod';
import { caseSeries } from '../../../contract/case.ts';
import { cavityReport } from '../../../contract/cavity.ts';
import { effectSettings } from '../../../contract/effects.ts';
import { coded, reasonCode } from '../../../contract/errors.ts';
import { evaluation } from '../../../contract/evaluation.ts';
import { labelEntry, segmentDetails } from '../../../contract/labels.ts';
import { markupDraft } from '../../../contract/markups.ts';
import { meshReport, meshSettings } from '../../../contract/mesh.ts';
import { networkRun } from '../../../contract/model.ts';
import { algorithmType } from '../../../contract/object-files.ts';
import { reviewedPlace } from '../../../contract/review.ts';
import { adjustSettings, cleanSettings, crfReport, segmentSettings } from '../../../contract/segmentation.ts';
import { allowCode, importReport } from '../../../contract/volume.ts';
import { effectOf, loadOf, meshSettingsOf } from './earlier-forms.ts';

/**
 * The state of a mask in two words: its base blob and the last stroke on it. Strokes only ever pile up and are taken off from the top,
 * so the last one names all below it. An act that takes long
 * may say which mask it began from; null means the mask as it stands when the act is journalled.
 */
export const maskMark = z.object({ base: z.string().nullable(), stroke: z.number().int().nullable() });
export type MaskMark = z.infer<typeof maskMark>;

/** Longest text of runs that a journal line carries; beyond it the runs are a blob, so that a line stays quick to write and to read. */
export const inlineRunsLimit = 48 * 1024;

const keptMeshSettings = z.preprocess(meshSettingsOf, meshSettings);

/** What an output of an entry holds: the whole mask, or the run code, as text, of the voxels that are not as they were. */
const change = z.enum(['mask', 'flips']).default('mask');
const kept = z.object({ segment: z.string(), from: maskMark });
/** Masking as it stood: the masks that it named. */
const keptMasking = z
  .object({ inside: kept.nullable(), notOver: z.array(kept), gateHu: z.tuple([z.number(), z.number()]).nullable() })
  .nullable()
  .default(null);

/** `id` null: a new one; `markup` null: it goes. */
const markupChange = z.object({ id: z.string().nullable(), markup: markupDraft.nullable() });

/** What each act's entry says beside its name: the format of the journal. */
export const actParameters = {
  create: z.object({ schemaVersion: z.number(), id: z.string(), name: z.string(), caseSha256: z.string() }),
  import: z.object({
    /** Where the input lay; only for people to read. */
    sources: z.array(z.string()),
    allow: z.array(allowCode),
    /** Its series are those below. */
    report: importReport,
    series: z.array(caseSeries),
    /** Hash of the blob that lists every file of the input (FileUse[]); null in journals of earlier versions. */
    files: z.string().nullable().default(null),
  }),
  acknowledge: z.object({ codes: z.array(reasonCode) }),
  /** The derived series as it stands in the case; its derivation holds the settings and what they did. */
  preprocess: z.object({ series: caseSeries }),
  /** A segment taken onto the grid of a derived series. */
  carry: z.object({
    segment: z.string(),
    /** The mask that was taken. */
    from: maskMark,
    series: z.string(),
    labels: z.enum(['majority', 'present']),
    /** Its volume where it came from: a coarser grid may change it. */
    fromMm3: z.number().nonnegative(),
    voxels: z.number().int().nonnegative(),
    volumeMm3: z.number().nonnegative(),
  }),
  segment: z.object({
    series: z.string(),
    /** Null: the next free default name. */
    name: z.string().nullable(),
    /** Null: bone. */
    label: labelEntry.nullable().default(null),
    settings: segmentSettings,
    /** The run behind a network's segment; its blobs are among the outputs. */
    network: networkRun.nullable().default(null),
    /** The mask replaces that of this segment (a run again into it); null: a new segment. */
    into: z.string().nullable().default(null),
    from: maskMark.nullable().default(null),
    /** Voxels that kept what a hand had given them; none when the hand's were to be overwritten. */
    keptByHand: z.number().int().nonnegative().default(0),
    overwriteHand: z.boolean().default(false),
    /** Both sides' volumes where the orbit's cavity was segmented. */
    cavity: cavityReport.nullable().default(null),
    voxels: z.number().int().nonnegative(),
    volumeMm3: z.number().nonnegative(),
  }),
  adjust: z.object({
    segment: z.string(),
    from: maskMark.nullable(),
    settings: adjustSettings,
    keptByHand: z.number().int().nonnegative(),
    voxels: z.number().int().nonnegative(),
    volumeMm3: z.number().nonnegative(),
  }),
  clean: z.object({
    segment: z.string(),
    from: maskMark.nullable(),
    settings: cleanSettings,
    voxels: z.number().int().nonnegative(),
    volumeMm3: z.number().nonnegative(),
    change,
    partsBefore: z.number(),
    partsAfter: z.number(),
    crf: crfReport.nullable().default(null),
  }),
  /** One effect with all the masks that it makes and changes: `outputs[n]` of the entry belongs to `changes[n]`. */
  effect: z.preprocess(
    effectOf,
    z.object({
      segment: z.string(),
      /** The mask that it was carried out on. */
      from: maskMark,
      settings: effectSettings,
      /** The other masks that went into it, as they stood. */
      with: z.array(kept).default([]),
      masking: keptMasking,
      changes: z
        .array(
          z.object({
            /** The segment whose mask it changes, `segment` or one of `with`; null: a new one. */
            into: z.string().nullable(),
            /** A new segment: its name, and which of those that the effect makes it is, from 1. */
            made: z.object({ name: z.string(), part: z.number().int().positive() }).nullable(),
            change,
            voxels: z.number().int().nonnegative(),
            volumeMm3: z.number().nonnegative(),
          }),
        )
        .min(1),
    }),
  ),
  stroke: z.object({
    segment: z.string(),
    tool: z.enum(['brush', 'eraser']),
    shape: z.enum(['circle', 'sphere']),
    diameterMm: z.number(),
    gateHu: z.tuple([z.number(), z.number()]).nullable(),
    plane: z.enum(['axial', 'coronal', 'sagittal']),
    normalLps: z.tuple([z.number(), z.number(), z.number()]).nullable().default(null),
    edgeHu: z.number().nullable().default(null),
    inside: z.string().nullable().default(null),
    notOver: z.array(z.string()).default([]),
    /** A hint of where the hand went, thinned; the delta alone says what changed. */
    pathLps: z.unknown(),
    voxels: z.number().int().nonnegative(),
    value: z.union([z.literal(0), z.literal(1)]),
    /** Null: the runs' text is the blob outputs[0]. */
    runs: z.string().nullable(),
  }),
  mesh: z.object({
    segment: z.string(),
    from: maskMark.nullable(),
    settings: keptMeshSettings,
    report: meshReport,
    reasons: z.array(coded),
  }),
  rename: z.object({ segment: z.string(), from: z.string(), to: z.string().min(1) }),
  describe: z.object({ segment: z.string(), to: segmentDetails.partial() }),
  remove: z.object({ segment: z.string() }),
  /** Doubtful places that a person has looked at, or takes back that they were. */
  review: z.object({ segment: z.string(), places: z.array(reviewedPlace), reviewed: z.boolean() }),
  markup: z.object({ changes: z.array(markupChange).min(1) }),
  /** All that one file of another program makes and changes: `outputs[n]` of the entry belongs to `changes[n]`. */
  load: z.preprocess(
    loadOf,
    z.object({
      series: z.string(),
      /** The file's name and hash. */
      source: z.object({ kind: z.string(), name: z.string(), sha256: z.string() }),
      changes: z.array(
        z.object({
          name: z.string(),
          /** The label or the number of the segment or the contour in the file. */
          value: z.number(),
          /** What the file says of a network that had its say, and of whose work it is; null: nothing. */
          networkWording: z.string().nullable().default(null),
          algorithmType: algorithmType.nullable().default(null),
          label: labelEntry.nullable().default(null),
          /** The mask changes that of this segment, which the file came from; null: a new segment. */
          into: z.string().nullable().default(null),
          from: maskMark.nullable().default(null),
          change,
          voxels: z.number().int().nonnegative(),
          /** Voxels that are not as they were in `into`. */
          changed: z.number().int().nonnegative(),
          volumeMm3: z.number().nonnegative(),
        }),
      ),
      markups: z.array(markupChange).default([]),
    }),
  ),
  sign: z.object({ mesh: z.string(), name: z.string(), remark: z.string() }),
  /** A mesh left the case, or a segment (NIfTI, patches). */
  export: z.object({
    mesh: z.string().nullable().default(null),
    segment: z.string().nullable().default(null),
    /** All that one file holds, where it can hold several. */
    segments: z.array(z.string()).default([]),
    /** The mask that was written. */
    from: maskMark.nullable().default(null),
    /** The masks of all of `segments`; none in journals of earlier versions. */
    marks: z.array(kept).default([]),
    kind: z.string(),
    signed: z.boolean().default(false),
    checkPassed: z.boolean().default(true),
    /** Of the file written; null where it is the mesh's own bytes, which are the input. */
    sha256: z.string().nullable().default(null),
  }),
  evaluate: z.object({
    segment: z.string(),
    segmentName: z.string(),
    /** The mask that was measured. */
    from: maskMark,
    /** The other observer's segment; null: a file, whose name and hash stand in the figures. */
    truthSegment: z.string().nullable(),
    figures: evaluation,
  }),
  undo: z.object({ undoes: z.number().int() }),
  redo: z.object({ redoes: z.number().int() }),
};
export type ActParameters = { [A in keyof typeof actParameters]: z.infer<(typeof actParameters)[A]> };

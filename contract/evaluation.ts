import { z } from 'zod';

/** Surface Dice counts two surfaces as the same within this, unless told otherwise. */
export const surfaceDiceToleranceMm = 0.5;

const tolerance = z.number().min(0).max(20).default(surfaceDiceToleranceMm);

/** A labelmap file against another one on the same grid (NIfTI-1). */
export const evaluateRequest = z.strictObject({
  truth: z.string(),
  result: z.string(),
  roi: z.string().nullable().default(null),
  toleranceMm: tolerance,
});
export type EvaluateRequest = z.infer<typeof evaluateRequest>;

/** A segment of a case against a truth file, or against another segment of the same series (two observers, 11.3). */
export const evaluateCaseRequest = z.strictObject({
  /** By id or name; null: the newest. */
  segment: z.string().nullable().default(null),
  truth: z.union([z.strictObject({ file: z.string() }), z.strictObject({ segment: z.string() })]),
  /** A labelmap file; null: the whole grid. */
  roi: z.string().nullable().default(null),
  toleranceMm: tolerance,
});
export type EvaluateCaseRequest = z.infer<typeof evaluateCaseRequest>;

const figure = z.number().nullable();
/** The hash is of the file as it was read; null for a segment of a case. The wording is of a network that had its say in it, as far as known. */
const compared = z.object({ name: z.string(), sha256: z.string().nullable(), networkWording: z.string().nullable().default(null) });
const bothWays = z.tuple([z.number(), z.number()]).nullable();

/**
 * 11.2: what `lamina evaluate` prints. A figure without a denominator is null, never NaN. `undefined`: neither truth nor result has a
 * voxel in the region; `missed`: one of the two has none, DSC is 0 and there are no distances.
 */
export const evaluation = z.object({
  roi: z.object({
    /** The region in words and numbers. */
    text: z.string(),
    /** Name of its file; null: the whole grid. */
    file: z.string().nullable(),
    voxels: z.number(),
  }),
  voxels: z.object({ tp: z.number(), fp: z.number(), tn: z.number(), fn: z.number() }),
  sensitivity: figure,
  specificity: figure,
  accuracy: figure,
  dsc: figure,
  iou: figure,
  /** The larger of the two directed 95th percentiles, weighted by area. */
  hd95Mm: figure,
  /** Mean distance over the area of both surfaces. */
  assdMm: figure,
  surfaceDice: figure,
  /** Result minus truth. */
  volumeErrorMl: z.number(),
  state: z.enum(['ok', 'missed', 'undefined']),
  surfaceDiceToleranceMm: z.number(),
  maxDistanceMm: figure,
  /** Truth to result, result to truth. */
  directedHd95Mm: bothWays,
  directedMeanMm: bothWays,
  surfaceAreasMm2: bothWays,
  truthMl: z.number(),
  resultMl: z.number(),
  /** Share of the truth's thin walls (label 3) that is bone in the result; null where the truth does not tell them. */
  thinWallRecall: figure,
  /** `near`: within `nearMm`, half of a voxel's diagonal, of the result. */
  thinWall: z.object({ voxels: z.number(), near: figure, nearMm: z.number() }).nullable(),
  /** What was compared. */
  truth: compared,
  result: compared,
  /** Each figure in words, for people who read the numbers without this program. */
  definitions: z.record(z.string(), z.string()),
});
export type Evaluation = z.infer<typeof evaluation>;

/** 11.2 and beyond, in the words that stand under a table of figures. */
export const definitions = (toleranceMm: number): Record<string, string> => ({
  sensitivity: 'TP / (TP + FN): share of the truth that was found',
  specificity: 'TN / (TN + FP): share of the background that was left alone, in the stated region',
  accuracy: '(TP + TN) / all voxels of the stated region',
  dsc: '2 TP / (2 TP + FP + FN)',
  iou: 'TP / (TP + FP + FN)',
  hd95Mm: 'the larger of the two directed 95th percentiles of the distance between the surfaces, weighted by area',
  assdMm: 'mean distance between the surfaces, both directions together, weighted by area',
  maxDistanceMm: 'the largest distance between the surfaces, either direction',
  surfaceDice: `share of the area of both surfaces that lies within ${toleranceMm} mm of the other`,
  volumeErrorMl: 'volume of the result minus volume of the truth, in the stated region',
  thinWallRecall: 'share of the voxels labelled thin wall (3) in the truth that are bone in the result',
  surfaces: 'where voxels of inside and outside meet; areas by marching cubes; of a region, the part whose voxels lie in it',
});

/** An evaluation that a case keeps in its journal. */
export const caseEvaluation = z.object({
  sequence: z.number(),
  time: z.string(),
  segment: z.string(),
  segmentName: z.string(),
  /** False as soon as the segment has changed since. */
  current: z.boolean(),
  figures: evaluation,
});
export type CaseEvaluation = z.infer<typeof caseEvaluation>;

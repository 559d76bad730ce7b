import { z } from 'zod';
import { coded } from './errors.ts';

/** Shown wherever a network's result appears. */
export const networkWording = 'trained on procedural phantoms only; not validated on patients; validate locally';

const size = z.union([z.number().int().positive(), z.string()]);
const range = z.tuple([z.number(), z.number()]);
const loose = z.record(z.string(), z.unknown());

/**
 * models/<id>/card.json: what a model says of itself (12-package, 12-risk). What the product decides by is checked here; the rest
 * (cohort, figures, curves) is for people to read and passes through.
 */
export const modelCard = z.looseObject({
  schema: z.literal(1),
  id: z.string().regex(/^[a-z0-9][a-z0-9.-]{0,63}$/),
  title: z.string(),
  wording: z.string(),
  licence: z.string(),
  intendedUse: z.string(),
  file: z.looseObject({
    name: z.string().regex(/^[\w.-]+\.onnx$/),
    sha256: z.string().regex(/^[0-9a-f]{64}$/),
    bytes: z.number().int().positive(),
    opset: z.number().int().positive(),
  }),
  input: z.looseObject({
    name: z.string(),
    dtype: z.literal('float32'),
    /** [1, 1, D, H, W]: D from foot to head, H from front to back, W from the patient's right to left. */
    shape: z.array(size).length(5),
    modality: z.string(),
    unit: z.string(),
    rangeHu: range,
    pixelMm: z.looseObject({ trained: range, resampleTo: z.number().positive() }),
    sliceMm: z.looseObject({ trained: range }),
    haloSlices: z.number().int().nonnegative(),
    haloPixels: z.number().int().nonnegative(),
    leastTilePixels: z.number().int().positive(),
  }),
  outputs: z
    .array(z.looseObject({ name: z.string(), dtype: z.literal('float32'), shape: z.array(size), classes: z.array(z.string()).optional() }))
    .min(1),
  /** The widest layer decides how large a tile may be: floats per voxel x voxels x 4 stays below 512 MiB. */
  memory: z.looseObject({ widestFloatsPerVoxel: z.number().positive() }),
  risks: z.array(z.union([z.string(), loose])).optional(),
});
export type ModelCard = z.infer<typeof modelCard>;

/** 12-process: the steps of the one deployment process, in order. A model runs on patients only after all of them. */
export const deploymentSteps = ['load', 'contract', 'known-answer', 'environment'] as const;
export const deploymentStep = z.object({
  step: z.enum(deploymentSteps),
  state: z.enum(['passed', 'failed', 'waiting']),
  /** What was found, in words. */
  note: z.string(),
});
export type DeploymentStep = z.infer<typeof deploymentStep>;

/** One rung of the ladder of execution providers (12-environment). */
export const providerTry = z.object({
  provider: z.string(),
  state: z.enum(['chosen', 'refused', 'not tried']),
  note: z.string(),
  /** Time of the known answer on it, and how far it was from the CPU's. */
  milliseconds: z.number().nullable(),
  largestDifference: z.number().nullable(),
});
export type ProviderTry = z.infer<typeof providerTry>;

/** A model as the window lists it. `found`: seen on disk; `enabled`: passed the deployment process in this run of the program. */
export const modelEntry = z.object({
  id: z.string(),
  title: z.string(),
  folder: z.string(),
  state: z.enum(['found', 'enabled', 'refused']),
  steps: z.array(deploymentStep),
  providers: z.array(providerTry),
  provider: z.string().nullable(),
  reasons: z.array(coded),
  wording: z.string(),
  licence: z.string(),
  intendedUse: z.string(),
  risks: z.array(z.string()),
  sha256: z.string(),
});
export type ModelEntry = z.infer<typeof modelEntry>;

/** `lamina check-model FILE|DIR --json` */
export const modelCheck = z.object({ outcome: z.enum(['load', 'reject']), reasons: z.array(coded), warnings: z.array(coded) });
export type ModelCheck = z.infer<typeof modelCheck>;

/** What a segment keeps of the network run that made it: enough to show, to move thresholds later, and to say what ran where. */
export const networkRun = z.object({
  models: z.array(z.object({ id: z.string(), sha256: z.string() })),
  provider: z.string(),
  /** Why this provider and not one above it. */
  providerReason: z.string(),
  /** `given`, found by the program, or the whole volume because it is smaller than the region. */
  roi: z.enum(['given', 'found', 'whole']),
  /** The region in voxels of the series: first voxel and size along i, j, k. */
  box: z.object({
    offsetIjk: z.tuple([z.number(), z.number(), z.number()]),
    dimensions: z.tuple([z.number(), z.number(), z.number()]),
  }),
  /** One a model: uint8 over the box on the series' own grid, i fastest, 255 = certain. SHA-256 of the blob. */
  probabilities: z.array(z.object({ model: z.string(), sha256: z.string() })),
  /** Spread of the runs (networks or mirror images): uint8, 255 = full disagreement. */
  spread: z.string().nullable(),
  /** Input that lies outside of what the card says: flagged, it ran. */
  warnings: z.array(coded),
  seconds: z.object({ prepare: z.number(), infer: z.number(), finish: z.number() }),
  wording: z.string(),
});
export type NetworkRun = z.infer<typeof networkRun>;

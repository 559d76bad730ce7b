import { z } from 'zod';
import { cavitySettings } from './cavity.ts';
import { regionGrowingSettings } from './region-growing.ts';

export const connectivity = z.union([z.literal(4), z.literal(6), z.literal(8), z.literal(18), z.literal(26)]);
export type Connectivity = z.infer<typeof connectivity>;

const inOrder = (s: { lowHu: number; highHu: number | null }): boolean => s.highHu === null || s.highHu >= s.lowHu;
const outOfOrder = { message: 'highHu lies below lowHu' };

const six = z.tuple([z.number(), z.number(), z.number(), z.number(), z.number(), z.number()]);
/** What the three network methods share. */
const network = {
  /** Box to work in, LPS mm: xmin, ymin, zmin, xmax, ymax, zmax. Null: the orbits are looked for; a volume smaller than the region is taken whole. */
  roiLps: six.nullable().default(null),
  /** Bone is where the probability is at or above this; it can be moved after the run. */
  probability: z.number().min(0.02).max(0.98).default(0.5),
  /** Runs the mirrored image as well: the mean is the answer and the spread the uncertainty. Twice the time. */
  mirror: z.boolean().default(false),
  /** Takes the values of a file that does not say so as HU (a NIfTI whose air or bone is not where HU have them). */
  assumeHu: z.boolean().default(false),
};
const overlapInOrder = (s: { overlapHu: [number, number] }): boolean => s.overlapHu[1] >= s.overlapHu[0];

/** Methods by HU (Annex B). Bounds are inclusive; no highHu means no upper limit. */
export const huSettings = z.discriminatedUnion('method', [
  z
    .strictObject({ method: z.literal('threshold'), lowHu: z.number(), highHu: z.number().nullable().default(null) })
    .refine(inOrder, outOfOrder),
  z
    .strictObject({
      method: z.literal('hysteresis'),
      /** Seeds are voxels at or above this. */
      seedHu: z.number(),
      /** Grown through connected voxels at or above this. */
      lowHu: z.number(),
      highHu: z.number().nullable().default(null),
      connectivity: connectivity.default(26),
    })
    .refine(inOrder, outOfOrder),
]);
export type HuSettings = z.infer<typeof huSettings>;

/** Methods by network (Annex D). */
export const networkSettings = z.discriminatedUnion('method', [
  /** Method B of D.4: one single-grey-level U-Net (M-unet). */
  z.strictObject({ method: z.literal('unet'), ...network }),
  /** Method C of D.3: a cortical and a thin-bone network, their masks integrated (M-multi-unet). */
  z
    .strictObject({
      method: z.literal('multi-unet'),
      ...network,
      /** Where both networks have a say (D.3: 200 to 300 HU). */
      overlapHu: z.tuple([z.number(), z.number()]).default([200, 300]),
      /** Say of the cortical network inside the overlap: 0.5 is the union of the standard, 1 the cortical alone, 0 the thin alone. */
      corticalWeight: z.number().min(0).max(1).default(0.5),
    })
    .refine(overlapInOrder, { message: 'overlapHu is low, high' }),
  /** Ours: the orbit network and the post-processing that measurably helps. */
  z.strictObject({
    method: z.literal('default'),
    ...network,
    mirror: z.boolean().default(true),
    /** Outside of the region: bone at and above this HU, or nothing (null). */
    outsideHu: z.number().nullable().default(200),
    /**
     * Below this HU no wall is believed, whatever the network says (null: believed). Between air a wall of 0.1 mm still adds some 170 HU at a
     * standard kernel's resolution, so that a voxel of clear air cannot hold one.
     */
    airHu: z.number().nullable().default(-850),
    /** Ends with the conditional random field of 13-crf, held so that thin bone only gains (docs/decisions/0012-crf.md). */
    crf: z.boolean().default(true),
    /** Parts below this volume are dropped; 0 keeps all. */
    minimumMm3: z.number().nonnegative().default(2),
  }),
]);
export type NetworkSettings = z.infer<typeof networkSettings>;

/** By hand alone (9.1): begins empty. */
const manualSettings = z.strictObject({ method: z.literal('manual') });
/** Technique and parameters of a segment (5.2). */
export const segmentSettings = z.discriminatedUnion('method', [
  manualSettings,
  ...huSettings.options,
  regionGrowingSettings,
  cavitySettings,
  ...networkSettings.options,
]);
export type SegmentSettings = z.infer<typeof segmentSettings>;
/** Everything that reads the image's values alone. */
export type ValueSettings = Exclude<SegmentSettings, NetworkSettings | z.infer<typeof manualSettings>>;
export const isNetwork = (s: SegmentSettings): s is NetworkSettings =>
  s.method === 'unet' || s.method === 'multi-unet' || s.method === 'default';

/** What can be moved after a network run, without running it again. Null and absent: as the segment has it. */
export const adjustSettings = z
  .strictObject({
    probability: z.number().min(0.02).max(0.98).optional(),
    corticalWeight: z.number().min(0).max(1).optional(),
    overlapHu: z.tuple([z.number(), z.number()]).optional(),
    /** Voxels that a hand has set keep what the hand gave them, unless this is true. */
    overwriteHand: z.boolean().default(false),
  })
  .refine((s) => s.overlapHu === undefined || overlapInOrder({ overlapHu: s.overlapHu }), { message: 'overlapHu is low, high' });
export type AdjustSettings = z.infer<typeof adjustSettings>;

/** Presets of M-threshold; the numbers are Annex B's and the house issue's. */
export const thresholdPresets = [
  { name: 'Cortical', lowHu: 300 },
  { name: 'Bone', lowHu: 200 },
  { name: 'Thin bone', lowHu: 50 },
] as const;

/**
 * 13-crf as it runs when nothing else is said; the figures behind them are in docs/decisions/0012-crf.md. Recorded with every run.
 * `crfSheetMm`: where bone is thinner than this, voxels are only added, elsewhere only taken away; 0 lets the field decide alone.
 */
export const crfDefaults = {
  crfIterations: 5,
  crfAppearanceMm: 2,
  crfAppearanceHu: 30,
  crfAppearanceWeight: 2,
  crfSmoothMm: 0.6,
  crfSmoothWeight: 0,
  crfSheetMm: 1.2,
  crfTrust: 0.8,
} as const;

/** Clause 13. The field comes first, then the choice of parts, then fill. `connectivity` 4 and 8 work slice by slice. */
export const cleanSettings = z
  .strictObject({
    keep: z.enum(['largest', 'seed', 'minimum', 'all']).default('all'),
    connectivity: connectivity.default(26),
    minimumMm3: z.number().positive().optional(),
    seedLps: z.tuple([z.number(), z.number(), z.number()]).optional(),
    fillHoles: z.boolean().default(false),
    /** Conditional random field over probability and image (13-crf). */
    crf: z.boolean().default(false),
    crfIterations: z.number().int().min(1).max(50).optional(),
    /** Neighbours that lie near (mm) and look alike (HU) want the same label. */
    crfAppearanceMm: z.number().min(0.3).max(20).optional(),
    crfAppearanceHu: z.number().min(2).max(1000).optional(),
    crfAppearanceWeight: z.number().min(0).max(20).optional(),
    /** Neighbours that lie near want the same label, whatever their HU. */
    crfSmoothMm: z.number().min(0.1).max(10).optional(),
    crfSmoothWeight: z.number().min(0).max(20).optional(),
    crfSheetMm: z.number().min(0).max(10).optional(),
    /** Probability that a voxel of a segment without a network is taken to have: bone this, other 1 minus this. */
    crfTrust: z.number().min(0.51).max(0.99).optional(),
  })
  .refine((s) => s.keep !== 'seed' || s.seedLps, { message: 'keep=seed needs seedLps=x,y,z' })
  .refine((s) => s.keep !== 'minimum' || s.minimumMm3, { message: 'keep=minimum needs minimumMm3=N' })
  .refine((s) => s.crf || !Object.keys(s).some((key) => key in crfDefaults), { message: 'crf... settings need crf=true' })
  .transform((s) => (s.crf ? { ...crfDefaults, ...s } : s));
export type CleanSettings = z.infer<typeof cleanSettings>;
export type CrfChoice = { [K in keyof typeof crfDefaults]: number };
export type CrfCleaning = CleanSettings & CrfChoice;
export const withCrf = (s: CleanSettings): s is CrfCleaning => s.crf;

/** What a field did in a clean: voxels added and removed, and those that kept what a hand or an earlier step had given them. */
export const crfReport = z.object({
  added: z.number().int().nonnegative(),
  removed: z.number().int().nonnegative(),
  held: z.number().int().nonnegative(),
  updated: z.number().int().nonnegative(),
});
export type CrfReport = z.infer<typeof crfReport>;

/** One connected part of a segment, largest first. The seed is a voxel of it, in LPS mm. */
export const island = z.object({
  voxels: z.number(),
  volumeMm3: z.number(),
  seedLps: z.tuple([z.number(), z.number(), z.number()]),
});
export type Island = z.infer<typeof island>;

/**
 * Voxels that one act changed: all to the same value, or each to the other one ('flip': what a tool changed both ways at once). Runs are
 * base64 of the run code (kernels/labels/runs.ts).
 */
export const maskDelta = z.object({ value: z.union([z.literal(0), z.literal(1), z.literal('flip')]), runs: z.string() });
export type MaskDelta = z.infer<typeof maskDelta>;

/** What a stroke says of itself; `delta` is what it changed. */
export const strokeRequest = z.object({
  segment: z.string(),
  tool: z.enum(['brush', 'eraser']),
  shape: z.enum(['circle', 'sphere']),
  diameterMm: z.number().positive(),
  gateHu: z.tuple([z.number(), z.number()]).nullable(),
  plane: z.enum(['axial', 'coronal', 'sagittal']),
  /** Unit normal of the view where it was turned away from that plane; null: it was not. */
  normalLps: z.tuple([z.number(), z.number(), z.number()]).nullable().default(null),
  /** Stops at edges: only voxels joined to the point under the brush whose values differ from it by at most so much. */
  edgeHu: z.number().positive().nullable().default(null),
  /** Only voxels of this segment changed; none of these did. Ids. */
  inside: z.string().nullable().default(null),
  notOver: z.array(z.string()).max(64).default([]),
  /** Points of the stroke's path, LPS mm. */
  pathLps: z.array(z.tuple([z.number(), z.number(), z.number()])).max(20_000),
  voxels: z.number().int().nonnegative(),
  delta: maskDelta.extend({ value: z.union([z.literal(0), z.literal(1)]) }),
});
export type StrokeRequest = z.infer<typeof strokeRequest>;
export type StrokeDelta = StrokeRequest['delta'];

/** 9.1: bone 1, other 0. */
export const labelValues = { other: 0, bone: 1 } as const;

/**
 * A mask as the case knows it: a base blob (SHA-256 of raw uint8, null: empty) and the journal sequences of the strokes since, in order.
 * The strokes' voxels are fetched one by one (GET /api/cases/:case/strokes/:sequence), so that a state stays small after a thousand.
 */
export const maskSource = z.object({ base: z.string().nullable(), strokes: z.array(z.number().int()) });
export type MaskSource = z.infer<typeof maskSource>;

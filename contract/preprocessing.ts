import { z } from 'zod';

const triple = z.tuple([z.number(), z.number(), z.number()]);
const nine = z.tuple([z.number(), z.number(), z.number(), z.number(), z.number(), z.number(), z.number(), z.number(), z.number()]);
const plane = z.enum(['2d', '3d']);

/** A-roi: what is kept of a head scan. */
export const regionSettings = z.discriminatedUnion('by', [
  /** From 1 cm above the higher supraorbital foramen to the lower infraorbital foramen (Annex A), the whole slice across. Right, left. */
  z.strictObject({ by: z.literal('landmarks'), supraorbitalLps: z.tuple([triple, triple]), infraorbitalLps: z.tuple([triple, triple]) }),
  /** LPS mm: xmin, ymin, zmin, xmax, ymax, zmax. */
  z
    .strictObject({ by: z.literal('box'), boxLps: z.tuple([z.number(), z.number(), z.number(), z.number(), z.number(), z.number()]) })
    .refine(({ boxLps: b }) => b[3] >= b[0] && b[4] >= b[1] && b[5] >= b[2], { message: 'boxLps is xmin, ymin, zmin, xmax, ymax, zmax' }),
  /**
   * An outline drawn on one plane, taken through the volume; voxels of its box that lie outside of it get `outside` (without it: air, -1024,
   * where the values are HU, else the lowest value) and do not count in the statistics of normalization.
   */
  z.strictObject({
    by: z.literal('drawing'),
    plane: z.enum(['axial', 'coronal', 'sagittal']),
    outlineLps: z.array(triple).min(3).max(2000),
    outside: z.number().optional(),
  }),
]);
export type RegionSettings = z.infer<typeof regionSettings>;

export const denoiseSettings = z.discriminatedUnion('method', [
  z.strictObject({ method: z.literal('gaussian'), sigmaMm: z.number().min(0.05).max(10).default(0.5) }),
  z.strictObject({ method: z.literal('median'), radius: z.union([z.literal(1), z.literal(2)]).default(1), plane: plane.default('3d') }),
  z.strictObject({
    method: z.literal('non-local-means'),
    strengthHu: z.number().min(1).max(1000).default(30),
    searchRadius: z.number().int().min(1).max(5).default(2),
    patchRadius: z.number().int().min(1).max(3).default(1),
    plane: plane.default('3d'),
  }),
  z.strictObject({
    method: z.literal('anisotropic'),
    iterations: z.number().int().min(1).max(50).default(5),
    contrastHu: z.number().min(1).max(2000).default(60),
    plane: plane.default('3d'),
  }),
]);
export type DenoiseSettings = z.infer<typeof denoiseSettings>;

/** 8.3: the smallest or largest in-plane spacing of the case's series, or a given one. 2d keeps the slices, 3d makes the slices as close. */
export const interpolateSettings = z
  .strictObject({
    spacing: z.enum(['smallest', 'largest', 'given']).default('given'),
    spacingMm: z.number().min(0.05).max(20).optional(),
    plane: plane.default('2d'),
    interpolation: z.enum(['linear', 'cubic']).default('linear'),
    /** How segments that are carried along are made coarser: by most of the voxel, or by any part of it (keeps thin walls). */
    labels: z.enum(['majority', 'present']).default('majority'),
  })
  .refine((s) => s.spacing !== 'given' || s.spacingMm !== undefined, { message: 'spacing=given needs spacingMm=N' });
export type InterpolateSettings = z.infer<typeof interpolateSettings>;

/** Brings the series onto the grid of another of the same patient by a rigid motion that is looked for. */
export const registerSettings = z.strictObject({
  /** SeriesInstanceUID of the series that stays where it is. */
  onto: z.string(),
  metric: z.enum(['mutual-information', 'correlation']).default('mutual-information'),
});
export type RegisterSettings = z.infer<typeof registerSettings>;

/** Organ windowing: values are limited to [low, high]. Without bounds -200 to 300 HU (8.2); values that are not HU need both named. */
export const windowSettings = z
  .strictObject({ lowHu: z.number().optional(), highHu: z.number().optional() })
  .refine((s) => (s.highHu ?? 300) > (s.lowHu ?? -200), { message: 'highHu must lie above lowHu' });
export type WindowSettings = z.infer<typeof windowSettings>;

export const normalizeSettings = z.discriminatedUnion('method', [
  /**
   * Formula (1) of 8.2: values are first limited to [min, max] (D.2), without them [-200, 300] HU; values that are not HU need both named.
   * `round` gives whole numbers, as 8-bit images have.
   */
  z
    .strictObject({
      method: z.literal('range'),
      min: z.number().optional(),
      max: z.number().optional(),
      newMin: z.number().default(0),
      newMax: z.number().default(255),
      round: z.boolean().default(false),
    })
    .refine((s) => (s.max ?? 300) > (s.min ?? -200), { message: 'max must lie above min' })
    .refine((s) => s.newMax > s.newMin, { message: 'newMax must lie above newMin' }),
  /** (I - mean) / SD over voxels above `inside` (null: all of them). */
  z.strictObject({ method: z.literal('z-score'), inside: z.number().nullable().default(null) }),
  /** Formula (1) between two percentiles of the image. */
  z
    .strictObject({
      method: z.literal('percentile'),
      low: z.number().min(0).max(50).default(1),
      high: z.number().min(50).max(100).default(99),
      newMin: z.number().default(0),
      newMax: z.number().default(255),
      round: z.boolean().default(false),
    })
    .refine((s) => s.high > s.low, { message: 'high must lie above low' })
    .refine((s) => s.newMax > s.newMin, { message: 'newMax must lie above newMin' }),
]);
export type NormalizeSettings = z.infer<typeof normalizeSettings>;

/**
 * Zero-padding: every axis becomes a multiple, or at least a size; the image stays in the middle. Without `value`: the bottom of the new
 * range after formula (1), 0 after z-score, air (or the window's low bound) in HU, else the lowest value.
 */
export const padSettings = z
  .strictObject({
    multiple: z.tuple([z.number().int().min(1), z.number().int().min(1), z.number().int().min(1)]).optional(),
    size: z.tuple([z.number().int().min(1), z.number().int().min(1), z.number().int().min(1)]).optional(),
    value: z.number().optional(),
  })
  .refine((s) => (s.multiple === undefined) !== (s.size === undefined), { message: 'pad by multiple or by size' });
export type PadSettings = z.infer<typeof padSettings>;

/** Clause 8.1: every step optional, always in this order. */
export const preprocessSettings = z
  .strictObject({
    region: regionSettings.nullable().default(null),
    denoise: denoiseSettings.nullable().default(null),
    interpolate: interpolateSettings.nullable().default(null),
    register: registerSettings.nullable().default(null),
    window: windowSettings.nullable().default(null),
    normalize: normalizeSettings.nullable().default(null),
    pad: padSettings.nullable().default(null),
  })
  .refine((s) => Object.values(s).some((step) => step !== null), { message: 'choose at least one step' });
export type PreprocessSettings = z.infer<typeof preprocessSettings>;

/** What a rigid registration found: p_moving = rotation * p_onto + translation, LPS mm. */
export const registrationResult = z.object({
  rotation: nine,
  translationMm: triple,
  rotationDegrees: triple,
  aboutLps: triple,
  metricBefore: z.number(),
  metricAfter: z.number(),
  /** Share of the fixed grid that the moved series covers. */
  overlap: z.number(),
  converged: z.boolean(),
});
export type RegistrationResult = z.infer<typeof registrationResult>;

/** What each step did, in the words that the journal and the window show. */
export const preprocessStep = z.object({
  step: z.enum(['region', 'denoise', 'interpolate', 'register', 'window', 'normalize', 'pad']),
  text: z.string(),
  registration: registrationResult.optional(),
});
export type PreprocessStep = z.infer<typeof preprocessStep>;

/** Where a derived series came from: kept with it, so that every result on it names its preprocessing (8.1). */
export const derivation = z.object({
  from: z.string(),
  settings: preprocessSettings,
  steps: z.array(preprocessStep),
});
export type Derivation = z.infer<typeof derivation>;

export const preprocessRequest = z.strictObject({
  /** SeriesInstanceUID of the case's series; null: the only imported one. */
  series: z.string().nullable().default(null),
  settings: preprocessSettings,
  /** Segments (id or name) of the series that are carried onto the new grid, label-safe. */
  segments: z.array(z.string()).default([]),
});
export type PreprocessRequest = z.infer<typeof preprocessRequest>;

/** One slice before and after, without journalling anything. Works on a slab around the slice; statistics are of the whole series. */
export const preprocessPreviewRequest = z.strictObject({
  series: z.string().nullable().default(null),
  settings: preprocessSettings,
  /** A point of the axial slice that is shown, LPS mm. */
  atLps: triple,
});
export type PreprocessPreviewRequest = z.infer<typeof preprocessPreviewRequest>;

const picture = z.object({
  width: z.number(),
  height: z.number(),
  /** Between columns and between rows, mm. */
  pixelMm: z.tuple([z.number(), z.number()]),
  /** float32, little-endian, row by row, base64. */
  values: z.string(),
  units: z.string(),
});
export const preprocessPreview = z.object({
  before: picture,
  after: picture,
  steps: z.array(preprocessStep),
  /** Steps that a slab cannot show (registration): named, never left out in silence. */
  notShown: z.array(z.string()),
});
export type PreprocessPreview = z.infer<typeof preprocessPreview>;

/** What came of carrying out a case's journal again: same inputs and settings must give the same bytes. */
export const replayResult = z.object({
  entries: z.array(
    z.object({
      sequence: z.number(),
      name: z.string(),
      verdict: z.enum(['same', 'different', 'not replayed']),
      why: z.string(),
    }),
  ),
  same: z.number(),
  different: z.number(),
});
export type ReplayResult = z.infer<typeof replayResult>;

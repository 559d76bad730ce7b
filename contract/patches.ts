import { z } from 'zod';

/** 10.2: how image patches and mask patches are cut. A stride above the size leaves gaps; one below it makes patches overlap. */
export const patchSettings = z
  .strictObject({
    /** Pixels along both sides of a patch. */
    size: z.number().int().min(16).max(1024).default(128),
    /** Pixels between the beginnings of neighbouring patches. */
    stride: z.number().int().min(1).max(1024).default(128),
    /** Formula (1) of 8.2 takes this range to [0, 255]; what lies beyond it is cut off. */
    windowLowHu: z.number().default(-200),
    windowHighHu: z.number().default(300),
    /** Cut along the grid's plane that lies nearest to this one; a patch is never resampled. */
    plane: z.enum(['axial', 'coronal', 'sagittal']).default('axial'),
    /** Leaves out patches in which the mask has nothing. */
    skipEmpty: z.boolean().default(true),
    /** JPEG quality of the image patches. */
    quality: z.number().int().min(1).max(100).default(95),
    /** Pixel values of mask patches: 0 and 255, or the label values of 9.1 (other 0, bone 1). */
    maskValues: z.enum(['binary', 'label']).default('binary'),
  })
  .refine((s) => s.windowHighHu > s.windowLowHu, { message: 'windowHighHu must lie above windowLowHu' });
export type PatchSettings = z.infer<typeof patchSettings>;

export const patchesRequest = z.strictObject({
  /** A segment by id or name; null: the newest (of the series, where one is named). */
  segment: z.string().nullable().default(null),
  series: z.string().nullable().default(null),
  /** A folder that does not exist yet, or an empty one. */
  out: z.string(),
  settings: patchSettings.prefault({}),
});
export type PatchesRequest = z.infer<typeof patchesRequest>;

export const patchesResult = z.object({
  path: z.string(),
  /** Number of patches: each is one image file and one mask file. */
  patches: z.number(),
  skippedEmpty: z.number(),
  slices: z.number(),
  /** Voxels of the mask, and how many of them the patches hold (each counted once). */
  maskVoxels: z.number(),
  maskVoxelsCovered: z.number(),
  bytes: z.number(),
  /** SHA-256 of patches.json, which holds the hash of every other file. */
  sha256: z.string(),
});
export type PatchesResult = z.infer<typeof patchesResult>;
/** With whose patches they are, and what must be told with a network's. */
export type PatchesAnswer = PatchesResult & { segment: string; networkWording: string | null };

import { z } from 'zod';

/**
 * M-cavity (Annex B, Jesper): the orbit's cavity is what neither bone nor air fills, behind a front that is closed along the rim, with the
 * fissures and the optic canal closed.
 */
export const cavitySettings = z.strictObject({
  method: z.literal('cavity'),
  /** Bone is at or above this. */
  boneHu: z.number().default(400),
  /** Air is at or below this. */
  airHu: z.number().default(-600),
  side: z.enum(['both', 'left', 'right']).default('both'),
  /** Openings narrower than this are closed (fissures, canal, gaps of thin walls). */
  closeMm: z.number().min(0).max(15).default(4),
  /** Centres of the eyes, LPS mm, patient's left and right; null: looked for. */
  leftLps: z.tuple([z.number(), z.number(), z.number()]).nullable().default(null),
  rightLps: z.tuple([z.number(), z.number(), z.number()]).nullable().default(null),
});
export type CavitySettings = z.infer<typeof cavitySettings>;

const cavitySide = z.object({ voxels: z.number(), volumeMm3: z.number(), centreLps: z.tuple([z.number(), z.number(), z.number()]) });
/** Volumes of both sides; null: not asked for, or not found. */
export const cavityReport = z.object({ left: cavitySide.nullable(), right: cavitySide.nullable() });
export type CavityReport = z.infer<typeof cavityReport>;

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
  /** Openings narrower than this are closed (fissures, canal, gaps of thin walls), and the cavity ends where the orbit itself becomes narrower. */
  closeMm: z.number().min(2).max(15).default(6),
  /**
   * Where a wall's face lies: `profile` reads the whole profile across it, so that neither blur nor a thin wall's lost contrast moves it;
   * `bounds` takes the place where the value passes boneHu or airHu, as a plain subtraction does.
   */
  faces: z.enum(['profile', 'bounds']).default('profile'),
  /** Takes the values of a file that does not say so as HU. */
  assumeHu: z.boolean().default(false),
  /** Centres of the eyes, LPS mm, patient's left and right; null: looked for. */
  leftLps: z.tuple([z.number(), z.number(), z.number()]).nullable().default(null),
  rightLps: z.tuple([z.number(), z.number(), z.number()]).nullable().default(null),
});
export type CavitySettings = z.infer<typeof cavitySettings>;

export const cavitySide = z.object({
  voxels: z.number().int().nonnegative(),
  volumeMm3: z.number().nonnegative(),
  centreLps: z.tuple([z.number(), z.number(), z.number()]),
  /** Share of the wall that was seen; the rest was spanned. */
  wallSeen: z.number(),
  /** Spread of the rim's points about the front, mm. */
  rimDeviationMm: z.number(),
});
export type CavitySide = z.infer<typeof cavitySide>;
/** Volumes of both sides; null: not asked for, or not found. */
export const cavityReport = z.object({ left: cavitySide.nullable(), right: cavitySide.nullable() });
export type CavityReport = z.infer<typeof cavityReport>;

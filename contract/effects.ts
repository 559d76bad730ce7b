import { z } from 'zod';
import { editTools } from './edit-tools.ts';

/** A ball of this radius (exact distance, whatever the spacing), or so many rounds with a neighbourhood: exactly one of the two. */
const reach = {
  mm: z.number().positive().max(50).optional(),
  voxels: z.number().int().min(1).max(50).optional(),
  /** Neighbourhood of a round; only with `voxels`. */
  neighbours: z.union([z.literal(6), z.literal(18), z.literal(26)]).default(6),
};
const oneReach = (s: { mm?: number | undefined; voxels?: number | undefined }): boolean =>
  (s.mm === undefined) !== (s.voxels === undefined);
const oneReachWords = { message: 'name either mm or voxels' };
const names = z.union([z.string().transform((name) => [name]), z.array(z.string())]).pipe(z.array(z.string().min(1)).min(1).max(16));
const boxWords = 'a box is xmin,ymin,zmin,xmax,ymax,zmax in mm (LPS), no maximum below its minimum';
const box = z
  .tuple([z.number(), z.number(), z.number(), z.number(), z.number(), z.number()], { error: boxWords })
  .refine((b) => b[3] >= b[0] && b[4] >= b[1] && b[5] >= b[2], { message: boxWords });

/**
 * What one clean does to a segment besides clause 13's parts, holes and field: one effect at a time, in the words of the field's editors.
 * `with` names other segments of the same series (id or name); their masks as they stand are recorded with the act, so that it can be
 * carried out again (M-combine).
 */
export const effectSettings = z.discriminatedUnion('effect', [
  z.strictObject({ effect: z.literal('erode'), ...reach }).refine(oneReach, oneReachWords),
  z.strictObject({ effect: z.literal('dilate'), ...reach }).refine(oneReach, oneReachWords),
  z.strictObject({ effect: z.literal('open'), ...reach }).refine(oneReach, oneReachWords),
  z.strictObject({ effect: z.literal('close'), ...reach }).refine(oneReach, oneReachWords),
  /** Grows (above 0) or shrinks (below 0) by an exact distance. */
  z.strictObject({ effect: z.literal('margin'), mm: z.number().min(-50).max(50) }),
  /** Leaves a shell; the segment as it is becomes its inside, medial or outside surface. */
  z.strictObject({
    effect: z.literal('hollow'),
    shellMm: z.number().positive().max(50),
    surface: z.enum(['inside', 'medial', 'outside']).default('outside'),
  }),
  /**
   * Median: what most of a ball of this radius has; Gaussian: blurred with this standard deviation, cut at a half. Joint: Gaussian, together
   * with the segments in `with`, so that where they meet neither gap nor overlap comes to be; where they overlap, the youngest has the voxel.
   */
  z
    .strictObject({
      effect: z.literal('smooth'),
      filter: z.enum(['median', 'gaussian', 'joint']),
      mm: z.number().positive().max(20),
      with: names.optional(),
    })
    .refine((s) => (s.filter === 'joint') === (s.with !== undefined), { message: 'joint smoothing, and it alone, needs with=SEGMENT' }),
  z.strictObject({ effect: z.literal('combine'), operation: z.enum(['union', 'intersect', 'subtract']), with: names }),
  z.strictObject({ effect: z.literal('invert') }),
  /** Restricts to a box, or takes the box out. LPS mm: xmin, ymin, zmin, xmax, ymax, zmax. */
  z.strictObject({ effect: z.literal('roi'), roiLps: box, keep: z.enum(['inside', 'outside']).default('inside') }),
  /** The segment and those in `with` are seeds that compete for the image; the segment becomes what it wins. */
  z.strictObject({
    effect: z.literal('grow-from-seeds'),
    with: names,
    /** How far from the box around all seeds growth may go. */
    marginMm: z.number().min(0).max(200).default(10),
    /** 0: by image alone; towards 1 near seeds win more. */
    locality: z.number().min(0).max(1).default(0),
  }),
  /** Slices between drawn ones are interpolated; the axis is the one that has gaps. */
  z.strictObject({ effect: z.literal('fill-between-slices'), axis: z.enum(['auto', 'i', 'j', 'k']).default('auto') }),
  /** Each connected part becomes a segment of its own, largest first; the segment stays as it is. */
  z.strictObject({
    effect: z.literal('split'),
    connectivity: z.union([z.literal(6), z.literal(18), z.literal(26)]).default(26),
    most: z.number().int().min(1).max(32).default(8),
    minimumMm3: z.number().min(0).default(0),
    /** Above 0: parts that hang together by a neck narrower than this are taken apart there. */
    neckMm: z.number().min(0).max(50).default(0),
  }),
  ...editTools,
]);
/** What may be asked for: an effect that by its own words does nothing is none. Journals of before may hold one, so `effectSettings` reads it. */
export const askedEffect = effectSettings.refine((s) => s.effect !== 'margin' || s.mm !== 0, {
  path: ['mm'],
  message: '0 mm changes nothing: above 0 grows, below 0 shrinks',
});
export type EffectSettings = z.infer<typeof effectSettings>;
export type EffectName = EffectSettings['effect'];
/** Effects that are drawn by a hand on the image; the others work on a segment as a whole. */
export const drawnEffects = ['scissors', 'flood-fill', 'level-trace', 'contour', 'island'] as const;
export type DrawnEffect = (typeof drawnEffects)[number];
export type WholeEffect = Exclude<EffectName, DrawnEffect>;

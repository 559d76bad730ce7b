import { z } from 'zod';

const point = z.tuple([z.number(), z.number(), z.number()]);

/** Why a place is doubtful: the network was unsure; a thin wall has a hole; a part hangs alone. */
export const doubtKinds = ['uncertainty', 'gap', 'island'] as const;

/** One doubtful place of a segment, worst first. */
export const doubtfulPlace = z.object({
  /** Stays the same while the mask around it does: kind and centre, rounded to 0.1 mm. */
  id: z.string(),
  kind: z.enum(doubtKinds),
  centreLps: point,
  /** Of the ball around it that holds it, mm. */
  radiusMm: z.number(),
  /** Volume of what is doubtful: voxels near the threshold, bone that is missing, the island. */
  volumeMm3: z.number(),
  /** 0..1, for the order. */
  weight: z.number(),
  /** In words, with its numbers. */
  text: z.string(),
  reviewed: z.boolean(),
});
export type DoubtfulPlace = z.infer<typeof doubtfulPlace>;

/** A place that a person has looked at. A place found later counts as reviewed where its centre lies in it and its kind is the same. */
export const reviewedPlace = z.strictObject({ kind: z.enum(doubtKinds), centreLps: point, radiusMm: z.number().min(0).max(500) });
export type ReviewedPlace = z.infer<typeof reviewedPlace>;
export const reviewRequest = z.strictObject({ places: z.array(reviewedPlace).min(1).max(2000), reviewed: z.boolean().default(true) });

export const reviewQueue = z.object({ places: z.array(doubtfulPlace), total: z.number(), reviewed: z.number() });
export type ReviewQueue = z.infer<typeof reviewQueue>;

/** How much of it nobody has looked at, as an export says it; `looked` false: places were not looked for in this very mask. */
export const unreviewed = z.union([
  z.object({ looked: z.literal(true), total: z.number(), unreviewed: z.number() }),
  z.object({ looked: z.literal(false) }),
]);
export type Unreviewed = z.infer<typeof unreviewed>;

/** Who set a voxel last. */
export const authors = ['threshold', 'network', 'hand', 'fill', 'clean', 'file'] as const;
export type Author = (typeof authors)[number];
/** How many voxels of a segment's bone each has, and what a hand has taken away; `map` holds uint8, 0 or 1 + place in `authors`, i fastest. */
export const authorship = z.object({
  voxels: z.record(z.enum(authors), z.number()),
  removedByHand: z.number(),
  total: z.number(),
  map: z.string(),
});
export type Authorship = z.infer<typeof authorship>;

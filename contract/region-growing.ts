import { z } from 'zod';

/**
 * Region growing by local statistics: from the seeds through connected voxels whose value lies within `deviations` standard deviations of
 * the region's mean; mean and deviation are taken anew from the region in every round.
 */
export const regionGrowingSettings = z.strictObject({
  method: z.literal('region-growing'),
  /** Seeds, LPS mm; one or several. */
  seedLps: z.union([
    z.tuple([z.number(), z.number(), z.number()]).transform((one): [number, number, number][] => [one]),
    z
      .array(z.tuple([z.number(), z.number(), z.number()]))
      .min(1)
      .max(1000),
  ]),
  /** The first statistics are those of a ball of this radius around every seed. */
  radiusMm: z.number().positive().max(20).default(2),
  deviations: z.number().positive().max(20).default(2.5),
  rounds: z.number().int().min(1).max(20).default(4),
  connectivity: z.union([z.literal(6), z.literal(18), z.literal(26)]).default(6),
  /** Growth never leaves these, whatever the statistics say. */
  lowHu: z.number().nullable().default(null),
  highHu: z.number().nullable().default(null),
  /** Growth never goes further than this from the nearest seed; null: no limit. */
  reachMm: z.number().positive().nullable().default(null),
});
export type RegionGrowingSettings = z.infer<typeof regionGrowingSettings>;

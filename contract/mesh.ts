import { z } from 'zod';
import { coded } from './errors.ts';

export const meshSettings = z.strictObject({
  /** Rounds of bounded smoothing; 0 leaves the voxel surface. */
  smoothIterations: z.number().int().min(0).max(200).default(16),
  /** No vertex moves further than this; null: the largest bound that the voxel size justifies (see kernels/mesh/smooth.ts). */
  smoothBoundMm: z.number().positive().nullable().default(null),
  /** Largest distance that decimation may add; 0 turns it off. */
  decimateErrorMm: z.number().min(0).default(0),
});
export type MeshSettings = z.infer<typeof meshSettings>;

export const deviation = z.object({ mean: z.number(), p95: z.number(), max: z.number() });

/** What is measured on the very triangles that were written. */
export const meshFigures = z.object({
  triangles: z.number(),
  vertices: z.number(),
  parts: z.number(),
  openEdges: z.number(),
  nonManifoldEdges: z.number(),
  misorientedEdges: z.number(),
  degenerateTriangles: z.number(),
  selfIntersections: z.number().nullable(),
  volumeMm3: z.number(),
  areaMm2: z.number(),
  boundsLps: z.object({ min: z.tuple([z.number(), z.number(), z.number()]), max: z.tuple([z.number(), z.number(), z.number()]) }),
});
export type MeshFigures = z.infer<typeof meshFigures>;

/** As `lamina mesh --json` prints it. `deviationMm` is the distance between the surface of the mask and the finished mesh. */
export const meshReport = meshFigures.extend({ deviationMm: deviation.nullable(), sha256: z.string() });
export type MeshReport = z.infer<typeof meshReport>;

export const meshCheck = meshFigures.extend({
  outcome: z.enum(['accept', 'accept_with_warning', 'reject']),
  reasons: z.array(coded),
  warnings: z.array(coded),
});
export type MeshCheck = z.infer<typeof meshCheck>;

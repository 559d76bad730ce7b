import { z } from 'zod';
import { coded } from './errors.ts';

/** Where thickening may go, seen from the patient; both: half on either side of the wall. */
export const thickenSides = ['both', 'left', 'right', 'anterior', 'posterior', 'superior', 'inferior'] as const;

export const meshSettings = z.strictObject({
  /**
   * grey: every point is moved to the local half-maximum between bone and what lies beside it where the image shows one near the mask;
   * mask: the surface between voxels inside and outside.
   */
  surface: z.enum(['grey', 'mask']).default('grey'),
  /** Rounds of bounded smoothing; 0 leaves the surface as it was found. */
  smoothIterations: z.number().int().min(0).max(200).default(20),
  /** No vertex moves further than this in smoothing; null: 0.1 mm where it comes from grey values, half the voxel's diagonal elsewhere. */
  smoothBoundMm: z.number().positive().nullable().default(null),
  /** Largest distance that decimation may add, on either side; 0: no limit of its own (with decimateTo), or no decimation. */
  decimateErrorMm: z.number().min(0).max(20).default(0),
  /** Part of the triangles that is aimed at; 1: as few as the error allows. */
  decimateTo: z.number().gt(0).max(1).default(1),
  /** Bodies of less volume are left out, with the cavities in them; other cavities stay (fill holes in Clean). 0 keeps all. */
  dropPartsBelowMm3: z.number().min(0).default(0),
  /** Takes self-intersections out by going back towards the surface before smoothing, as little as it needs. */
  mendSelfIntersections: z.boolean().default(true),
  /** Walls thinner than this are thickened to it, and the report says where; 0: none. */
  thickenToMm: z.number().min(0).max(20).default(0),
  thickenSide: z.enum(thickenSides).default('both'),
  /** What the printer can do: its thinnest wall and its build volume. */
  minimumWallMm: z.number().positive().max(20).default(0.5),
  buildMm: z
    .tuple([z.number().positive(), z.number().positive(), z.number().positive()], { error: 'three sides in mm: X,Y,Z' })
    .default([250, 250, 250]),
});
export type MeshSettings = z.infer<typeof meshSettings>;

export const deviation = z.object({ mean: z.number(), p95: z.number(), max: z.number() });

/** What is measured on the very triangles that were written. */
export const meshFigures = z.object({
  triangles: z.number(),
  vertices: z.number(),
  /** Bodies and cavities together. */
  parts: z.number(),
  /** Closed parts that face inward: hollows within bodies. */
  cavities: z.number().nullable().default(null),
  openEdges: z.number(),
  nonManifoldEdges: z.number(),
  misorientedEdges: z.number(),
  degenerateTriangles: z.number(),
  /** Pairs of triangles that cross. */
  selfIntersections: z.number().nullable(),
  /** Vertices - edges + triangles. */
  eulerNumber: z.number().nullable().default(null),
  /** Handles of all parts together; null where the surface is not closed and manifold. */
  genus: z.number().nullable().default(null),
  volumeMm3: z.number(),
  areaMm2: z.number(),
  boundsLps: z.object({ min: z.tuple([z.number(), z.number(), z.number()]), max: z.tuple([z.number(), z.number(), z.number()]) }),
});
export type MeshFigures = z.infer<typeof meshFigures>;

/** One change that a repair made. */
export const meshRepair = z.object({
  kind: z.enum([
    'joined-corners',
    'removed-degenerate',
    'removed-duplicate',
    'turned-triangles',
    'split-vertices',
    'filled-hole',
    'dropped-part',
    'mended-self-intersection',
  ]),
  count: z.number(),
  text: z.string(),
});
export type MeshRepair = z.infer<typeof meshRepair>;

/** Wall thickness over the surface, weighed by area: the largest ball that fits inside at a point, its diameter. mm. */
export const wallFigures = z.object({
  /** The thinnest wall that a patch of surface has: of 0.5 mm² or 0.01 % of the surface, whichever is more. Single sharp folds are no wall. */
  minimumMm: z.number(),
  p05Mm: z.number(),
  medianMm: z.number(),
  /** Surface whose wall is thinner than `limitMm`. */
  belowMm2: z.number(),
  belowPart: z.number(),
  limitMm: z.number(),
  /** In the middle of that patch. */
  thinnestLps: z.tuple([z.number(), z.number(), z.number()]),
});
export type WallFigures = z.infer<typeof wallFigures>;

const moved = z.object({ mean: z.number(), max: z.number() });
/** What was done between the mask and the file, in order, with what it changed. */
export const meshFinish = z.object({
  /** The surface as extracted from the mask. */
  found: z.object({ triangles: z.number(), parts: z.number(), eulerNumber: z.number() }),
  /** Points that grey values placed, and how far they lie from the mask's surface. */
  grey: z.object({ vertices: z.number(), part: z.number(), movedMm: moved }).nullable(),
  /** Tolerances that held, and how far points went: where grey values decided and where only the mask did. */
  smoothing: z.object({
    iterations: z.number(),
    greyToleranceMm: z.number().nullable(),
    maskToleranceMm: z.number(),
    greyMovedMm: moved.nullable(),
    maskMovedMm: moved.nullable(),
  }),
  thickening: z
    .object({
      toMm: z.number(),
      side: z.enum(thickenSides),
      vertices: z.number(),
      largestMm: z.number(),
      addedMm3: z.number(),
      /** Surface whose wall is still thinner. */
      leftMm2: z.number(),
    })
    .nullable(),
  /** `boundMm` is a proven bound of the distance either way, `measured` the distance as sampled on both surfaces. */
  decimation: z
    .object({ before: z.number(), after: z.number(), limitMm: z.number().nullable(), boundMm: z.number(), measuredMm: deviation })
    .nullable(),
  repairs: z.array(meshRepair),
});
export type MeshFinish = z.infer<typeof meshFinish>;

/**
 * As `lamina mesh --json` prints it. `deviationMm` is the distance between the surface of the mask and the finished mesh. What meshes of
 * earlier versions did not measure is null.
 */
export const meshReport = meshFigures.extend({
  deviationMm: deviation.nullable(),
  sha256: z.string(),
  finish: meshFinish.nullable().default(null),
  walls: wallFigures.nullable().default(null),
  /** Things to know that do not keep it from being printed: thin walls, size, self-intersections. */
  warnings: z.array(coded).default([]),
});
export type MeshReport = z.infer<typeof meshReport>;

export const meshCheck = meshFigures.extend({
  format: z.enum(['stl', 'stl-ascii', 'ply', 'obj', '3mf']).nullable(),
  walls: wallFigures.nullable(),
  outcome: z.enum(['accept', 'accept_with_warning', 'reject']),
  reasons: z.array(coded),
  warnings: z.array(coded),
});
export type MeshCheck = z.infer<typeof meshCheck>;

/** Kinds of file that a model is written as. All in mm; what a format cannot say of the patient stands in the report beside it. */
export const meshKinds = ['stl', 'stl-ascii', 'ply', 'obj', '3mf'] as const;
export type MeshKind = (typeof meshKinds)[number];
export const meshExtensions: Record<MeshKind, string> = { stl: '.stl', 'stl-ascii': '.stl', ply: '.ply', obj: '.obj', '3mf': '.3mf' };

/** The kind that a file name asks for by its extension (.stl: binary); null: none that is written. */
export function meshKindOf(path: string): MeshKind | null {
  return meshKinds.find((kind) => path.toLowerCase().endsWith(meshExtensions[kind])) ?? null;
}

/** What a model file says of itself, as far as its kind can; nothing of the patient. */
export interface MeshAbout {
  /** Name of the object. */
  title: string;
  /** At most 80 ASCII letters, not beginning with `solid`: all that an STL can say. */
  header: string;
  /** Names are single words: of the 3MF core (Title, Application), or our own. */
  facts: { name: string; text: string }[];
  /** Its check passed: a 3MF says whether it is a body that can be printed. */
  solid: boolean;
}

/** A value for each vertex of a mesh (as welded from its STL, in order of first use), for colours. */
export const meshMapRequest = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('thickness') }),
  /** Signed distance, above 0 outside of the other: the mask's own surface, or another model of the case (id). */
  z.strictObject({ kind: z.literal('deviation'), against: z.string().default('mask') }),
]);
export type MeshMapRequest = z.infer<typeof meshMapRequest>;
export const meshMap = z.object({
  kind: z.enum(['thickness', 'deviation']),
  /** float32 a vertex, mm; not a number where there is none. */
  values: z.string(),
  vertices: z.number(),
  minMm: z.number(),
  maxMm: z.number(),
  p05Mm: z.number(),
  p95Mm: z.number(),
  /** Area (mm²) in equal bins over [fromMm, toMm]; the last holds what lies beyond. */
  histogram: z.object({ fromMm: z.number(), toMm: z.number(), areaMm2: z.array(z.number()) }),
});
export type MeshMap = z.infer<typeof meshMap>;

export const repairSettings = z.strictObject({
  /** Holes whose rim is at most this long are closed; 0 leaves them. */
  fillHolesUpToMm: z.number().min(0).default(20),
  dropPartsBelowMm3: z.number().min(0).default(0),
  mendSelfIntersections: z.boolean().default(true),
});
export type RepairSettings = z.infer<typeof repairSettings>;
export const repairResult = z.object({
  before: meshCheck,
  after: meshCheck,
  repairs: z.array(meshRepair),
  path: z.string(),
  sha256: z.string(),
});
export type RepairResult = z.infer<typeof repairResult>;

/** Distance between two meshes, or a mesh and a labelmap's surface. Signed figures: above 0 where A lies outside of B. */
export const meshComparison = z.object({
  twoSidedMm: deviation,
  signedMm: z.object({ mean: z.number(), sd: z.number(), p05: z.number(), p95: z.number() }),
  /** A coloured PLY of A, where one was asked for. */
  path: z.string().nullable(),
});
export type MeshComparison = z.infer<typeof meshComparison>;

import { z } from 'zod';

/** Points as triples, or flat as a command line gives them: x,y,z,x,y,z. */
const triples = (value: unknown): unknown =>
  Array.isArray(value) && typeof value[0] === 'number' && value.length % 3 === 0
    ? Array.from({ length: value.length / 3 }, (_, n) => value.slice(3 * n, 3 * n + 3))
    : value;
const point = z.tuple([z.number(), z.number(), z.number()]);
const points = z.preprocess(triples, z.array(point).min(1).max(64));
const loop = z.preprocess(triples, z.array(point).min(3, { message: 'a loop has three points or more' }).max(8192));
const loops = z.preprocess((v) => (Array.isArray(v) && typeof v[0] === 'number' ? [v] : v), z.array(loop).max(4096));
const longEnough = (p: number[]): boolean => Math.hypot(...p) > 1e-6;
const normal = point.refine(longEnough, { message: 'a normal has a length' });
const operation = z.enum(['add', 'erase']).default('add');

/** What a tool may change beside its own rule: everything that painting tools of the field call masking. Names or ids of segments. */
export const masking = z.strictObject({
  /** Only voxels of this segment change. */
  inside: z.string().nullable().default(null),
  /** Voxels of these segments stay as they are; null: of those of the same series that are locked. */
  notOver: z.array(z.string()).max(64).nullable().default(null),
  /** Only voxels in this inclusive range change. */
  gateHu: z.tuple([z.number(), z.number()]).nullable().default(null),
});
export type Masking = z.infer<typeof masking>;

/** Drawing tools that name what they draw in mm, so that a script can say the same and a journal can be carried out again. */
export const editTools = [
  z.strictObject({
    effect: z.literal('scissors'),
    operation: z.enum(['erase', 'fill']).default('erase'),
    region: z.enum(['inside', 'outside']).default('inside'),
    /** A closed loop; all its points lie in one plane. */
    loopLps: loop,
    /** Normal of that plane; of a view in perspective its direction of sight. */
    normalLps: normal,
    /** The slice that the loop lies on, or all that is seen through it. */
    depth: z.enum(['slice', 'through']).default('slice'),
    /** Where the eye is, of a view in perspective; null: parallel to the normal. */
    eyeLps: point.nullable().default(null),
  }),
  z.strictObject({
    effect: z.literal('flood-fill'),
    operation,
    seedsLps: points,
    /** The slice through the seeds alone; null: in all directions. */
    normalLps: normal.nullable().default(null),
    /** Values that are filled, inclusive; both null: as near to a seed's value as `toleranceHu`. */
    lowHu: z.number().nullable().default(null),
    highHu: z.number().nullable().default(null),
    toleranceHu: z.number().min(0).default(100),
    connectivity: z.union([z.literal(6), z.literal(18), z.literal(26)]).default(6),
    /** No further from a seed than this. */
    reachMm: z.number().positive().max(2000).nullable().default(null),
  }),
  /** The closed line of equal value through a point of a slice, filled. */
  z.strictObject({ effect: z.literal('level-trace'), operation, seedLps: point, normalLps: normal }),
  /** Closed contours, each in a plane, filled on the slice that they lie on; where several lie on one slice, inside of an odd number. */
  z.strictObject({
    effect: z.literal('contour'),
    operation,
    contoursLps: loops.default([]),
    normalLps: normal.nullable().default(null),
    /** What the line was drawn with, where it is not a line drawn freely: names the act alone. */
    tool: z.literal('livewire').optional(),
  }),
  /** The connected part at a place: taken away, kept alone, or made a segment of its own. */
  z.strictObject({
    effect: z.literal('island'),
    operation: z.enum(['remove', 'keep', 'take-out']).default('remove'),
    seedLps: point,
    connectivity: z.union([z.literal(6), z.literal(18), z.literal(26)]).default(26),
  }),
] as const;

import { z } from 'zod';

const point = z.tuple([z.number(), z.number(), z.number()]);

/** The twelve annotation types of 9.1, and the angle that a measurement asks for. */
export const markupKinds = [
  'closed-curve',
  'curve',
  'ellipse',
  'freehand',
  'line',
  'point',
  'pointer',
  'polygon',
  'polyline',
  'rectangle',
  'text',
  'text-pointer',
  'angle',
] as const;
export const markupKind = z.enum(markupKinds);
export type MarkupKind = z.infer<typeof markupKind>;

/** What each kind is called: on screen, and in the name that a markup gets when a person gives none. */
export const markupNames: Record<MarkupKind, string> = {
  'closed-curve': 'Closed curve',
  curve: 'Curve',
  ellipse: 'Ellipse',
  freehand: 'Freehand',
  line: 'Line',
  point: 'Point',
  pointer: 'Pointer',
  polygon: 'Polygon',
  polyline: 'Polyline',
  rectangle: 'Rectangle',
  text: 'Text',
  'text-pointer': 'Text pointer',
  angle: 'Angle',
};

/** Kinds that enclose an area. */
export const closedKinds: readonly MarkupKind[] = ['closed-curve', 'ellipse', 'freehand', 'polygon', 'rectangle'];

/** Fewest and most points that a kind is given by; `null`: as many as the limit of a markup. */
export const markupPoints: Record<MarkupKind, { least: number; most: number | null }> = {
  'closed-curve': { least: 3, most: null },
  curve: { least: 2, most: null },
  /** Ends of its first axis, then a point at half the length of the second, as it was drawn. */
  ellipse: { least: 3, most: 3 },
  freehand: { least: 3, most: null },
  line: { least: 2, most: 2 },
  point: { least: 1, most: 1 },
  /** What it points at, then where its tail is. */
  pointer: { least: 2, most: 2 },
  polygon: { least: 3, most: null },
  polyline: { least: 2, most: null },
  /** Four corners in order. */
  rectangle: { least: 4, most: 4 },
  text: { least: 1, most: 1 },
  /** What it points at, then where its text stands. */
  'text-pointer': { least: 2, most: 2 },
  /** First arm, vertex, second arm. */
  angle: { least: 3, most: 3 },
};

const shape = {
  kind: markupKind,
  name: z.string().trim().min(1).max(64),
  /** SeriesInstanceUID of the image that it was drawn on. */
  series: z.string(),
  pointsLps: z.array(point).min(1).max(4096),
  /** Unit normal of the plane that it lies in; null: it lies in none (points through the volume). */
  normalLps: point.nullable().default(null),
  text: z.string().max(2000).default(''),
  /** The segment that it speaks of; null: none. */
  segment: z.string().nullable().default(null),
};
/** What no list of fields can say of a markup. */
const sound = <T extends z.ZodType<{ kind: MarkupKind; pointsLps: unknown[]; text: string }>>(schema: T): T =>
  schema
    .refine(
      ({ kind, pointsLps: { length } }) =>
        length >= markupPoints[kind].least && length <= (markupPoints[kind].most ?? Number.POSITIVE_INFINITY),
      { path: ['pointsLps'], message: 'not the number of points that this kind has' },
    )
    .refine(({ kind, text }) => !kind.startsWith('text') || text.trim() !== '', { path: ['text'], message: 'a text markup needs a text' });
/** What a person has drawn or written beside the masks (9.1): places in the patient, LPS mm. */
export const markupDraft = sound(z.strictObject(shape));
export type MarkupDraft = z.infer<typeof markupDraft>;
/** As it is asked for: without a name the case gives one ('Line 1'). `segment`: id or name. */
export const markupRequest = sound(z.strictObject({ ...shape, name: z.string().trim().max(64).default('') }));
export type MarkupRequest = z.infer<typeof markupRequest>;

/** `id`: 'markup-<sequence of the entry that made it>'; an import's own are numbered 'markup-<sequence>-<n>'. */
export const markup = z.object({ id: z.string(), ...shape });
export type Markup = z.infer<typeof markup>;

/** What is measured of a markup; null: it has none of it. HU stand for the values of the series, in its units. */
export const markupMeasures = z.object({
  lengthMm: z.number().nullable(),
  /** Degrees, 0..180. */
  angleDeg: z.number().nullable(),
  areaMm2: z.number().nullable(),
  /** Values of the voxels whose centres lie inside, on the slice that it was drawn on; of a point: of its voxel. */
  values: z
    .object({ voxels: z.number(), mean: z.number(), sd: z.number(), minimum: z.number(), maximum: z.number(), units: z.string() })
    .nullable(),
});
export type MarkupMeasures = z.infer<typeof markupMeasures>;
/** Which are to be measured, id or name; null: all of the case. */
export const measuresRequest = z.strictObject({ markups: z.array(z.string()).max(65536).nullable().default(null) });

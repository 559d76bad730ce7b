import { z } from 'zod';
import { finding } from './errors.ts';

/** A coded term (PS3.3 8.8): SNOMED CT where there is one. */
export const codedTerm = z.strictObject({
  value: z.string().min(1).max(16),
  scheme: z.string().min(1).max(16),
  meaning: z.string().min(1).max(64),
});
export type CodedTerm = z.infer<typeof codedTerm>;

/** One row of the label table (9.1): what a voxel value stands for. */
export const labelEntry = z.strictObject({
  /** Short name for scripts: 'bone', 'mandible'. */
  key: z.string().regex(/^[a-z0-9-]{1,32}$/),
  name: z.string().min(1).max(64),
  /** The value in a label file; 0 is 'other' and never a row's. */
  value: z.number().int().min(1).max(65535),
  category: codedTerm,
  type: codedTerm,
  /** Side or part, where the type does not say it. */
  modifier: codedTerm.nullable().default(null),
});
export type LabelEntry = z.infer<typeof labelEntry>;

/** A row of a table: a sub-class names the row whose voxels it divides further ('cortical' of 'bone'). */
export const labelRow = labelEntry.extend({
  subclassOf: z
    .string()
    .regex(/^[a-z0-9-]{1,32}$/)
    .nullable()
    .default(null),
});
export type LabelRow = z.infer<typeof labelRow>;

const twice = <T>(list: readonly T[]): T | undefined => list.find((one, n) => list.indexOf(one) !== n);
/** A label table as a file: ours, or a hospital's own in `label-tables/` of the settings folder. */
export const labelTable = z
  .strictObject({
    schema: z.literal('lamina-labels/1'),
    id: z.string().regex(/^[a-z0-9-]{1,32}$/),
    name: z.string().min(1).max(64),
    /** What asks for it, or where its codes come from. */
    clause: z.string().max(200),
    source: z.string().max(400),
    rows: z.array(labelRow).min(1).max(500),
  })
  .superRefine(({ rows }, context) => {
    const refuse = (message: string): void => void context.addIssue({ code: 'custom', path: ['rows'], message });
    const key = twice(rows.map((row) => row.key));
    if (key !== undefined) refuse(`two rows have the key ${key}`);
    const value = twice(rows.map((row) => row.value));
    if (value !== undefined) refuse(`two rows have the value ${value}`);
    const lost = rows.find((row) => row.subclassOf === row.key);
    if (lost) refuse(`${lost.key} is a sub-class of itself`);
  });
export type LabelTable = z.infer<typeof labelTable>;

/** What GET /api/labels answers: every row that a segment can be given, where a hospital's own tables lie, and which cannot be used. */
export const labelList = z.object({
  labels: z.array(labelRow),
  /** Ids of the hospital's tables that were taken. */
  own: z.array(z.string()),
  folder: z.string(),
  faults: z.array(finding),
});
export type LabelList = z.infer<typeof labelList>;

/** 9.1: bone is 1 unless the table is asked for more. assets/label-tables/ holds the rest. */
export const boneLabel: LabelEntry = {
  key: 'bone',
  name: 'Bone',
  value: 1,
  category: { value: '91723000', scheme: 'SCT', meaning: 'Anatomical Structure' },
  type: { value: '272673000', scheme: 'SCT', meaning: 'Bone' },
  modifier: null,
};

/** sRGB of the colour table's eight places (assets/segment-colours.json), for files that carry a colour. */
export const segmentColours: readonly [number, number, number][] = [
  [0x5b, 0xb8, 0xf0],
  [0xf2, 0xa3, 0x3a],
  [0xf2, 0xc4, 0xdc],
  [0x12, 0x8a, 0x64],
  [0xd9, 0x48, 0x2b],
  [0xf4, 0xe0, 0x4d],
  [0x6f, 0x72, 0xe6],
  [0x8d, 0x94, 0x9f],
];

export const reviewStates = ['not started', 'in progress', 'completed', 'flagged'] as const;
export const reviewState = z.enum(reviewStates);
export type ReviewState = z.infer<typeof reviewState>;

/** What a person can change of a segment beside its voxels. */
export const segmentDetails = z.strictObject({
  name: z.string().trim().min(1).max(64),
  /** 1..8: its place in the colour table. */
  colour: z.number().int().min(1).max(8),
  /** Its number in files that hold several segments; unique among the segments of a series. */
  number: z.number().int().min(1).max(65535),
  /** No act changes its voxels, and none draws over them where masking says so. */
  locked: z.boolean(),
  review: reviewState,
  label: labelEntry,
});
export type SegmentDetails = z.infer<typeof segmentDetails>;
/** PATCH of a segment: what is left out stays. `label` may be the key of a row of the label table. */
export const describeRequest = segmentDetails
  .extend({ label: z.union([labelEntry, z.string().min(1).max(32)]) })
  .partial()
  .refine((change) => Object.keys(change).length > 0, { message: 'nothing to change' });
export type DescribeRequest = z.infer<typeof describeRequest>;

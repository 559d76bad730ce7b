import { z } from 'zod';

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

/** 9.1: bone is 1 unless the table is asked for more. assets/label-tables/ holds the rest. */
export const boneLabel: LabelEntry = {
  key: 'bone',
  name: 'Bone',
  value: 1,
  category: { value: '91723000', scheme: 'SCT', meaning: 'Anatomical structure' },
  type: { value: '272673000', scheme: 'SCT', meaning: 'Bone' },
  modifier: null,
};

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

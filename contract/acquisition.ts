import { z } from 'zod';

const nullableNumber = z.number().nullable();
const nullableText = z.string().nullable();

/** What the headers say of how a series was made (7.3.2, 7.3.3). Null: the header does not say. None of it ever decides geometry. */
export const acquisitionFacts = z.object({
  format: z.enum(['DICOM', 'NIfTI-1', 'NRRD', 'MetaImage']),
  modality: z.string(),
  manufacturer: nullableText,
  model: nullableText,
  bodyPart: nullableText,
  /** PatientPosition, e.g. HFS. */
  patientPosition: nullableText,
  tubeVoltageKv: nullableNumber,
  /** XRayTubeCurrent; smallest and largest of the series, since exposure control varies it from slice to slice. */
  tubeCurrentMa: z.tuple([z.number(), z.number()]).nullable(),
  exposureControl: nullableText,
  /** RevolutionTime, else ExposureTime of a full rotation where that is what the vendor writes. */
  rotationTimeS: nullableNumber,
  /** SingleCollimationWidth: what the standard calls the scan slice thickness. */
  collimationMm: nullableNumber,
  /** ReconstructionDiameter: the field of view as stated. */
  fieldOfViewMm: nullableNumber,
  /** SliceThickness as stated. */
  sliceThicknessMm: nullableNumber,
  /** ConvolutionKernel, its values joined by a space. */
  kernel: nullableText,
  imageType: z.array(z.string()),
  /** Header texts that speak of filters, enhancement or iterative and learned reconstruction, as 'Keyword: value'. */
  processing: z.array(z.string()),
  lossy: z.boolean(),
  mr: z
    .object({
      fieldStrengthT: nullableNumber,
      repetitionTimeMs: nullableNumber,
      echoTimeMs: nullableNumber,
      flipAngleDegrees: nullableNumber,
      sequence: nullableText,
      acquisitionType: nullableText,
    })
    .nullable(),
});
export type AcquisitionFacts = z.infer<typeof acquisitionFacts>;

/** What was measured in the voxels of a series (7.3-quality). Null: could not be measured, and `notes` says why. HU fields only for HU. */
export const scanQuality = z.object({
  /** Counts over equal bins from `lowHu` to `highHu` (intensities for MR). */
  histogram: z.object({ low: z.number(), high: z.number(), counts: z.array(z.number()) }),
  /** Standard deviation of small homogeneous regions, median of many. */
  noiseAirHu: nullableNumber,
  noiseSoftHu: nullableNumber,
  /** Most frequent values of air outside or in sinuses, of fat and of soft tissue. */
  airHu: nullableNumber,
  fatHu: nullableNumber,
  softHu: nullableNumber,
  /** Width of the steepest air to tissue edges, full width at half maximum, mm: in the slice and along the normal. */
  edgeWidthMm: nullableNumber,
  edgeWidthAlongMm: nullableNumber,
  /** Share of voxels at or above the value that only metal has, and whether streaks were seen around them. */
  metal: z.object({ share: z.number(), hint: z.boolean() }),
  /** Slices that differ from both neighbours more than the neighbours do from each other. */
  motion: z.object({ slices: z.array(z.number().int()), hint: z.boolean() }),
  /** Centres of both globes, LPS mm, the patient's right one first; null: none found, or not looked for. */
  orbits: z
    .object({ rightLps: z.tuple([z.number(), z.number(), z.number()]), leftLps: z.tuple([z.number(), z.number(), z.number()]) })
    .nullable(),
  notes: z.array(z.string()),
});
export type ScanQuality = z.infer<typeof scanQuality>;

/** meets / usable with warning / not usable / unknown. */
export const judgement = z.enum(['meets', 'warning', 'unusable', 'unknown']);
export type Judgement = z.infer<typeof judgement>;

/** Parameters that a profile can ask about. Table A.1's, and those of MR. */
export const parameterIds = [
  'region',
  'position',
  'matrix',
  'tubeVoltage',
  'tubeCurrent',
  'scanSliceThickness',
  'rotationTime',
  'fieldOfView',
  'sliceThickness',
  'sliceSpacing',
  'kernel',
  'format',
  'fieldStrength',
  'acquisitionType',
  'pixelSpacing',
] as const;

const limits = z
  .strictObject({ min: z.number().optional(), max: z.number().optional(), below: z.number().optional() })
  .superRefine(({ min, max, below }, context) => {
    const wrong = (message: string) => context.addIssue({ code: 'custom', message });
    if (min === undefined && max === undefined && below === undefined) wrong('no limit is given: min, max or below');
    if (min !== undefined && max !== undefined && min > max) wrong(`min ${min} lies above max ${max}`);
    if (min !== undefined && below !== undefined && min >= below) wrong(`nothing lies from ${min} up and below ${below}`);
  });
type Limits = z.infer<typeof limits>;

/** The words that are ever found of a parameter; others would never be met. Empty: whatever the header says. */
const wordParameters: Partial<Record<(typeof parameterIds)[number], readonly string[]>> = {
  region: ['both orbits'],
  position: ['supine', 'prone', 'decubitus'],
  kernel: ['soft', 'standard', 'bone'],
  format: ['DICOM', 'NIfTI-1', 'NRRD', 'MetaImage'],
  acquisitionType: [],
};
const top = ({ max = Infinity, below = Infinity }: Limits): number => Math.min(max, below);

/** What a criterion asks that it could never ask, in plain words; '' where there is nothing wrong with it. */
function criterionFault({
  parameter,
  meets,
  usable,
  oneOf,
}: {
  parameter: string;
  meets?: Limits;
  usable?: Limits;
  oneOf?: string[];
}): string {
  const words = wordParameters[parameter as (typeof parameterIds)[number]];
  if (oneOf && meets) return `${parameter} is asked for words and for limits: give one of them`;
  if (oneOf && !words) return `${parameter} is a number: give limits (meets), not words (oneOf)`;
  if ((meets || usable) && words && parameter !== 'region') return `${parameter} is a word: give words (oneOf), not limits`;
  if (usable && !meets) return `${parameter} says what is usable, but not what meets`;
  const unknown = oneOf?.find(
    (word) => word.trim() !== '' && words?.length && !words.some((one) => one.toLowerCase() === word.trim().toLowerCase()),
  );
  if (unknown !== undefined) return `${parameter} is never '${unknown}': it is ${words?.join(', ')}`;
  if (oneOf?.every((word) => word.trim() === '')) return `${parameter} names no word that meets`;
  if (meets && usable && ((usable.min ?? -Infinity) > (meets.min ?? -Infinity) || top(usable) < top(meets)))
    return `${parameter}: what is usable is narrower than what meets`;
  return '';
}

const criterionFields = z.strictObject({
  parameter: z.enum(parameterIds),
  /** What is asked, in words; shown as it stands. */
  asked: z.string().trim().min(1, 'is empty: say what is asked').max(120),
  /** Numbers: inside these the parameter meets. Of `region` the extent along the body's axis, mm; of `matrix` the shorter side. */
  meets: limits.optional(),
  /** Numbers: outside `meets` but inside these it is usable with warning; outside both it is not usable. Absent: never worse than a warning. */
  usable: limits.optional(),
  /** Words: any of these meets. Of `position` supine, prone, decubitus; of `kernel` its class; of `region` 'both orbits'. */
  oneOf: z.array(z.string().max(40)).max(20).optional(),
  /** What a miss means, in a sentence for the reader. */
  consequence: z.string().max(300).optional(),
});
const criterion = criterionFields.superRefine((one, context) => {
  const fault = criterionFault(one);
  if (fault !== '') context.addIssue({ code: 'custom', message: fault });
});
export type Criterion = z.infer<typeof criterion>;

/** A hospital's conditions for one anatomy and modality: assets/profiles/*.json, and files of the same shape in the user's own folder. */
export const acquisitionProfile = z.strictObject({
  schema: z.literal('lamina-profile/1'),
  id: z.string().regex(/^[a-z0-9-]{1,40}$/),
  name: z.string().min(1).max(40),
  modality: z.enum(['CT', 'MR']),
  source: z.string().max(200),
  /** Walls that matter there, mm: drawn against the thinnest wall that can be trusted. */
  walls: z
    .array(
      z
        .strictObject({ name: z.string().max(40), thinnestMm: z.number().positive(), thickestMm: z.number().positive() })
        .refine((wall) => wall.thinnestMm <= wall.thickestMm, { message: 'thinnestMm lies above thickestMm' }),
    )
    .max(20),
  /** Values between which soft tissue and fat are plausible, HU. */
  criteria: z
    .array(criterion)
    .max(parameterIds.length)
    .superRefine((list, context) => {
      const twice = list.find((one, n) => list.some((other, m) => m < n && other.parameter === one.parameter));
      if (twice) context.addIssue({ code: 'custom', message: `${twice.parameter} is asked twice` });
    }),
});
export type AcquisitionProfile = z.infer<typeof acquisitionProfile>;

export const kernelClass = z.enum(['soft', 'standard', 'bone', 'unknown']);

const kernelPattern = z.strictObject({
  /** Whole names. Upper and lower case are one. */
  names: z.array(z.string().min(1).max(40)).max(200).optional(),
  /** Or: one of these, then a number from `from` to `to`, then anything. */
  prefixes: z.array(z.string().min(1).max(12)).max(50).optional(),
  from: z.number().optional(),
  to: z.number().optional(),
  class: kernelClass.exclude(['unknown']),
  /** Lifts edges above what was there: values at bone's surface are then not those of the tissue. */
  edgeEnhancing: z.boolean(),
});

/** Vendors' names of reconstruction kernels (7.3.3 2)): assets/kernels.json, and a file of the same shape in the user's own folder. */
export const kernelList = z.strictObject({
  schema: z.literal('lamina-kernels/1'),
  vendors: z
    .array(
      z.strictObject({
        vendor: z.string().min(1).max(40),
        /** Parts of Manufacturer by which the vendor is known. */
        manufacturers: z.array(z.string().min(2).max(64)).min(1).max(20),
        source: z.string().max(300),
        kernels: z.array(kernelPattern).max(200),
      }),
    )
    .max(50),
});
export type KernelList = z.infer<typeof kernelList>;

/** The check of one series against one profile (7.3, Annex A): findings all of them; they neither refuse nor warn. */
export const acquisitionCheck = z.object({
  profile: z.object({ id: z.string(), name: z.string(), modality: z.string(), source: z.string() }),
  /** The other profiles of this modality, to switch to. */
  profiles: z.array(z.object({ id: z.string(), name: z.string() })),
  /** Worst judgement but 'unknown', and one sentence. */
  verdict: judgement,
  sentence: z.string(),
  rows: z.array(
    z.object({
      parameter: z.enum(parameterIds),
      name: z.string(),
      asked: z.string(),
      found: z.string(),
      judgement,
      /** What it means for the wall that can be trusted, or why it is unknown; '' where there is nothing to say. */
      note: z.string(),
    }),
  ),
  kernel: z.object({
    name: nullableText,
    class: kernelClass,
    edgeEnhancing: z.boolean(),
    /** Which list named it, e.g. 'Siemens: H60s'; '' for unknown. */
    source: z.string(),
  }),
  /** Flags of 7.3.2 5): the vendor's image enhancement, in words with the header's own text. */
  enhancement: z.array(z.string()),
  /** The thinnest wall that this series can be trusted to show, mm, with how it was reckoned; null where nothing can be said. */
  thinnestWall: z
    .object({
      mm: z.number(),
      /** Full width at half maximum of the whole imaging chain across a wall, mm, and where it came from. */
      blurMm: z.number(),
      basis: z.enum(['measured', 'kernel and spacing']),
      text: z.string(),
    })
    .nullable(),
  walls: z.array(z.object({ name: z.string(), thinnestMm: z.number(), thickestMm: z.number() })),
  quality: scanQuality.nullable(),
  qualityJudgement: judgement,
  /** The same in sentences: what stands in the import report's findings, the journal and exports. */
  findings: z.array(z.string()),
});
export type AcquisitionCheck = z.infer<typeof acquisitionCheck>;

/** One file of the input and what became of it. */
export const fileUse = z.object({
  path: z.string(),
  /** SeriesInstanceUID of the volume that it is part of; null: left out. */
  series: nullableText,
  /** Why it was left out; '' for a file that was used. */
  why: z.string(),
});
export type FileUse = z.infer<typeof fileUse>;

/** POST /api/check: examines one series of files without making a case. */
export const checkRequest = z.strictObject({
  paths: z.array(z.string()).min(1),
  seriesInstanceUid: z.string().nullable().default(null),
  /** Null: the profile that fits the modality. */
  profile: z.string().nullable().default(null),
});

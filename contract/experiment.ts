import { z } from 'zod';
import { cleanSettings, segmentSettings } from './segmentation.ts';

const id = z.string().regex(/^[a-z0-9][a-z0-9-]{0,31}$/, 'an id is lower-case letters, digits and hyphens');
const title = z.string().min(1).max(80);

/** A method as a user would run it: one segmentation, and what cleaning makes of its result. */
const method = z.strictObject({
  id,
  title,
  segment: segmentSettings,
  /** Each starts from the method's own result; the cleans follow each other. */
  variants: z
    .array(z.strictObject({ id, title, clean: z.array(cleanSettings).min(1).max(8) }))
    .max(8)
    .default([]),
});

const unlike = (values: readonly unknown[]): boolean => new Set(values).size === values.length;

/** D.4 as a file: which test heads, which methods with which parameters. */
export const experimentSpec = z
  .strictObject({
    schema: z.literal(1),
    title,
    /** Synthetic heads, drawn from these seeds. */
    seeds: z.array(z.number().int().min(0).max(0xffffffff)).max(1000).default([]),
    size: z.enum(['orbits', 'small', 'full']).default('orbits'),
    /** Heads from NIfTI files: an image in HU and a labelmap on its grid (non-zero is bone; 3 is thin bone where all labels are 0 to 3). */
    pairs: z
      .array(z.strictObject({ name: title, image: z.string(), truth: z.string() }))
      .max(1000)
      .default([]),
    methods: z.array(method).min(1).max(16),
    /** The method that the others are compared with, head by head. */
    reference: id.nullable().default(null),
  })
  .refine((s) => s.seeds.length + s.pairs.length > 0, { message: 'name at least one seed or pair' })
  .refine((s) => unlike(s.seeds) && unlike(s.pairs.map((p) => p.name)), { message: 'a head is named twice' })
  .refine((s) => unlike(methodsOf(s).map((m) => m.id)), { message: 'two methods have one id' })
  .refine((s) => s.reference === null || methodsOf(s).some((m) => m.id === s.reference), { message: 'reference names no method' });
export type ExperimentSpec = z.infer<typeof experimentSpec>;
/** As a file states it: what is left out has a default. */
export type ExperimentWish = z.input<typeof experimentSpec>;

/** Methods and their variants, in the order of the table. */
export function methodsOf(spec: { methods: { id: string; title: string; variants: { id: string; title: string }[] }[] }) {
  return spec.methods.flatMap((m) => [{ id: m.id, title: m.title }, ...m.variants.map((v) => ({ id: v.id, title: v.title }))]);
}

export const experimentRequest = z.strictObject({
  experiment: experimentSpec,
  /** A folder that does not exist yet, or an empty one. */
  out: z.string(),
});
export type ExperimentRequest = z.infer<typeof experimentRequest>;

/** Agreement of one mask with the truth of one head. `missed`: one of the two is empty; `undefined`: both are. */
export interface RegionFigures {
  state: 'ok' | 'missed' | 'undefined';
  voxels: { tp: number; fp: number; tn: number; fn: number };
  sensitivity: number | null;
  specificity: number | null;
  accuracy: number | null;
  dsc: number | null;
  iou: number | null;
  hd95Mm: number | null;
  assdMm: number | null;
}
export type Measure = 'sensitivity' | 'specificity' | 'accuracy' | 'dsc' | 'iou' | 'hd95Mm' | 'assdMm';
export const measures: readonly Measure[] = ['sensitivity', 'specificity', 'accuracy', 'dsc', 'iou', 'hd95Mm', 'assdMm'];
export type Region = 'whole' | 'cortical' | 'thin';
export const regions: readonly Region[] = ['whole', 'cortical', 'thin'];

/** Bounds of the bins of true wall thickness, mm: above the one, up to the next. */
export const thicknessBinsMm = [0.05, 0.15, 0.25, 0.4, 0.6, 1, 1.6] as const;

/** Exactly, or within half a voxel's diagonal. */
export type Walls = 'exact' | 'near';
export interface HeadFigures extends Record<Region, RegionFigures> {
  /** Part of the voxels of true thin walls (label 3) that were found: all, all within half a voxel's diagonal, and by true thickness. */
  thinWalls: Record<Walls, number | null> & { bins: (number | null)[] };
}

/**
 * One figure over the heads that have it. SD and interval (of the mean, by Student's t) are null below two heads. An overlap (DSC and the
 * like) has a value where the method missed the head (DSC 0): it is in `mean`, and not in `meanFound`; both are given with `missed`.
 */
export interface Summary {
  heads: number;
  mean: number | null;
  /** Over the heads that were not missed alone. */
  meanFound: number | null;
  sd: number | null;
  interval95: [number, number] | null;
  least: number | null;
  most: number | null;
  /** Heads where the method found nothing, or found something where there is nothing; distances have no value there. */
  missed: number;
}
export interface MethodSummary extends Record<Region, Record<Measure, Summary>> {
  thinWalls: Record<Walls, Summary> & { bins: Summary[] };
}

/** What methods are compared by, head by head. */
export const compared = ['dsc', 'corticalDsc', 'thinDsc', 'thinWalls', 'hd95Mm', 'assdMm'] as const;
export type Compared = (typeof compared)[number];

export interface ExperimentHead {
  name: string;
  seed: number | null;
  kernel: string | null;
  dimensions: [number, number, number];
  spacingMm: [number, number, number];
  methods: Record<string, HeadFigures>;
}

/** A network as its card tells of it; `training` is null where the card does not say, or is not that of the file that ran. */
export interface ExperimentNetwork {
  id: string;
  sha256: string;
  wording: string;
  training: { steps: number; stepsPlanned: number | null; complete: boolean | null; seed: number | null } | null;
}

/** experiment.json. Two runs of one file on one machine differ in `times` alone. */
export interface ExperimentResult {
  schema: 1;
  clause: 'D.4';
  title: string;
  synthetic: boolean;
  wording: string;
  lamina: string;
  spec: ExperimentSpec;
  specSha256: string;
  definitions: Record<string, string>;
  methods: { id: string; title: string; models: { id: string; sha256: string }[]; provider: string | null; warnings: string[] }[];
  /** Every network that ran: figures of networks that were trained unequally long are not to be compared as methods. */
  networks: ExperimentNetwork[];
  heads: ExperimentHead[];
  summary: Record<string, MethodSummary>;
  /** Method minus reference, head by head, then summed up: pairs that lack a figure on one side are left out. */
  differences: { reference: string; methods: Record<string, Record<Compared, Summary>> } | null;
  times: { startedAt: string; finishedAt: string; seconds: Record<string, Record<string, number>> };
}

/** What the job answers with: the result, and where it lies. */
export interface ExperimentAnswer {
  id: string;
  path: string;
  page: string;
  files: { name: string; sha256: string; bytes: number }[];
  result: ExperimentResult;
}

import { z } from 'zod';

/** What a segment can be exported as beside meshes (9.1-interop, P-export). */
export const objectKinds = ['seg', 'labelmap-seg', 'rtstruct', 'sr', 'aim', 'encapsulated-stl', 'nifti'] as const;
export const objectKind = z.enum(objectKinds);
export type ObjectKind = z.infer<typeof objectKind>;
/** SegmentAlgorithmType (PS3.3 C.8.20.4): by a program alone, by a program and a hand, by a hand alone. */
export const algorithmType = z.enum(['AUTOMATIC', 'SEMIAUTOMATIC', 'MANUAL']);
export type AlgorithmType = z.infer<typeof algorithmType>;

/** Options of PS3.15 table E.1-1, by the names of the columns. The Basic Profile is what is left when none is retained. */
export const deidentifyOptions = z.strictObject({
  /** What the patient's name and id become: printable, carets between the parts of a name; a backslash would part values in DICOM. */
  pseudonym: z
    .string()
    .trim()
    .min(1)
    .max(64)
    .regex(/^[^\\\p{C}\p{Zl}\p{Zp}]+$/u, 'a backslash or a character that cannot be printed')
    .default('ANONYMOUS'),
  retainUids: z.boolean().default(false),
  retainDeviceIdentity: z.boolean().default(false),
  retainInstitutionIdentity: z.boolean().default(false),
  retainPatientCharacteristics: z.boolean().default(false),
  retainLongitudinalFullDates: z.boolean().default(false),
  cleanDescriptors: z.boolean().default(false),
});
export type DeidentifyOptions = z.infer<typeof deidentifyOptions>;

export const objectExportRequest = z.strictObject({
  kind: objectKind,
  path: z.string(),
  /** Ids or names; null: the newest. One file holds all that are named, where the kind can. */
  segments: z.array(z.string()).min(1).max(255).nullable().default(null),
  /** With the markups of the same series, where the kind can (sr, aim, rtstruct). */
  markups: z.boolean().default(true),
  /** Null: as the patient is. */
  deidentify: deidentifyOptions.nullable().default(null),
  /** Of a model: writes one that nobody has signed, or that failed its check. */
  unsigned: z.boolean().default(false),
  failed: z.boolean().default(false),
});
export type ObjectExportRequest = z.infer<typeof objectExportRequest>;
export const objectExportResult = z.object({
  path: z.string(),
  sha256: z.string(),
  kind: objectKind,
  segments: z.array(z.string()),
  markups: z.number(),
  /** Facts for the person: what could not be said in this kind of file, burned-in risk, what nobody reviewed. */
  findings: z.array(z.object({ text: z.string() })),
});
export type ObjectExportResult = z.infer<typeof objectExportResult>;

/** Segments, markups or a model out of a file that another program has written or changed. */
export const objectImportRequest = z.strictObject({
  path: z.string(),
  /** Series whose grid the masks go onto; null: the one that the file refers to, else the only one that fits. */
  series: z.string().nullable().default(null),
  /** The segment whose mask the file's one segment replaces (id or name); null: the one that the file says it came from, else a new one. */
  into: z.string().nullable().default(null),
});
export type ObjectImportRequest = z.infer<typeof objectImportRequest>;
export const objectImportResult = z.object({
  kind: z.string(),
  /** `into`: it replaced this segment's mask as a change of so many voxels; null: a new segment. */
  segments: z.array(
    z.object({ id: z.string(), name: z.string(), into: z.boolean(), voxels: z.number(), changed: z.number(), volumeMm3: z.number() }),
  ),
  markups: z.array(z.string()),
  findings: z.array(z.object({ text: z.string() })),
});
export type ObjectImportResult = z.infer<typeof objectImportResult>;

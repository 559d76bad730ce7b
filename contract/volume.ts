import { z } from 'zod';
import { acquisitionFacts, scanQuality } from './acquisition.ts';
import { coded, finding } from './errors.ts';

const triple = z.tuple([z.number(), z.number(), z.number()]);
const nine = z.tuple([z.number(), z.number(), z.number(), z.number(), z.number(), z.number(), z.number(), z.number(), z.number()]);

/**
 * Where voxels are, in DICOM patient coordinates (LPS, mm, voxel centres):
 * point = originLps + i*sx*d[0..2] + j*sy*d[3..5] + k*sz*d[6..8]. i runs along a row and is fastest in memory.
 */
export const volumeGeometry = z.object({
  dimensions: triple,
  spacingMm: triple,
  originLps: triple,
  directionLps: nine,
});
export type VolumeGeometry = z.infer<typeof volumeGeometry>;

export const voxelFile = z.object({ path: z.string(), dtype: z.enum(['int16', 'float32']), units: z.string() });

/** One imported volume, as `lamina import --json` prints it. */
export const seriesEntry = volumeGeometry.extend({
  seriesInstanceUid: z.string(),
  patientName: z.string(),
  modality: z.string(),
  description: z.string(),
  slicePositionsMm: z.array(z.number()),
  resampled: z.boolean(),
  voxels: voxelFile,
  /** What the headers say of the scan, and what was measured in its voxels; null in cases of earlier versions. */
  acquisition: acquisitionFacts.nullable().default(null),
  quality: scanQuality.nullable().default(null),
});
export type SeriesEntry = z.infer<typeof seriesEntry>;
/** What a reader of volumes makes of a series; where its voxels lie and what they are like comes after. */
export type VolumeEntry = Omit<SeriesEntry, 'voxels' | 'acquisition' | 'quality'>;

export const importReport = z.object({
  outcome: z.enum(['accept', 'accept_with_warning', 'reject']),
  reasons: z.array(coded),
  warnings: z.array(coded),
  findings: z.array(finding),
  series: z.array(seriesEntry),
});
export type ImportReport = z.infer<typeof importReport>;

/** A series as the picker shows it before import. `thumbnail` is 8-bit grey, row by row, base64. */
export const seriesSummary = z.object({
  seriesInstanceUid: z.string(),
  kind: z.enum(['volume', 'localizer', 'single', 'other']),
  modality: z.string(),
  description: z.string(),
  patientName: z.string(),
  studyDate: z.string(),
  dimensions: triple,
  spacingMm: triple.nullable(),
  reasons: z.array(coded),
  warnings: z.array(coded),
  thumbnail: z.object({ width: z.number(), height: z.number(), grey: z.string() }).nullable(),
  /** The files (or archives) that it lies in: check and import read these alone instead of the whole folder. Absent: not listed. */
  paths: z.array(z.string()).optional(),
});
export type SeriesSummary = z.infer<typeof seriesSummary>;

export const scanResult = z.object({ series: z.array(seriesSummary), findings: z.array(finding), reasons: z.array(coded) });
export type ScanResult = z.infer<typeof scanResult>;

/** Consents that import can be given; each names the code that it overrules. */
export const allowCode = z.enum(['GANTRY_TILT', 'VARIABLE_SPACING', 'MISSING_SLICES']);
export type AllowCode = z.infer<typeof allowCode>;

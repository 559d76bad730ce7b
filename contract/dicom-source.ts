import { z } from 'zod';

/** An image that a series was read from, for objects that refer to it. */
export const sourceInstance = z.object({
  sopClassUid: z.string(),
  sopInstanceUid: z.string(),
  /** From 1 where the image is one frame of a file; null: the file is the image. */
  frame: z.number().int().positive().nullable(),
  /** ImagePositionPatient, LPS mm. */
  positionLps: z.tuple([z.number(), z.number(), z.number()]),
});

/**
 * What the headers of a DICOM series say of patient, study and series, kept with the case so that what is written later belongs to the same
 * patient and study. Keywords and values are DICOM's, as in the files (multiple values joined by a backslash).
 */
export const dicomSource = z.object({
  /** Patient, study, series and equipment attributes by keyword; absent where the file has none. */
  attributes: z.record(z.string(), z.string()),
  studyInstanceUid: z.string(),
  seriesInstanceUid: z.string(),
  frameOfReferenceUid: z.string(),
  /** In the order of k. */
  instances: z.array(sourceInstance),
  /** BurnedInAnnotation and RecognizableVisualFeatures as said; empty where not said. */
  burnedIn: z.string(),
  recognizable: z.string(),
});
export type DicomSource = z.infer<typeof dicomSource>;

import { z } from 'zod';

/**
 * The closed list of reason and warning codes. The first block is the list that scripts already rely on; the second holds the codes
 * that a case, a disk or a request needs (docs/decisions/0002-codes.md). A code is added only together with a case that needs it.
 */
export const reasonCodes = [
  'AMBIGUOUS_DUPLICATE_POSITIONS',
  'COLOUR_IMAGE',
  'CORRUPT_FILE',
  'CORRUPT_PIXEL_DATA',
  'DUPLICATE_SLICES',
  'EXCESS_PIXEL_DATA',
  'FRAME_OF_REFERENCE_MISMATCH',
  'GANTRY_TILT',
  'GANTRY_TILT_TAG_IGNORED',
  'HU_NOT_CALIBRATED',
  'HU_OUT_OF_RANGE',
  'IMPLAUSIBLE_DATES',
  'IMPORTED_AS_SEGMENTATION',
  'INCONSISTENT_PIXEL_FORMAT',
  'INCONSISTENT_SLICES',
  'INVALID_GEOMETRY',
  'INVALID_GEOMETRY_NORMALISED',
  'INVALID_MODEL',
  'INVALID_MODEL_OUTPUT',
  'INVALID_RESCALE',
  'INVALID_UID',
  'INVALID_VOXELS',
  'LOSSY_COMPRESSED',
  'LOW_BIT_DEPTH',
  'MESH_INVALID_VERTEX',
  'MESH_NON_MANIFOLD',
  'MESH_NOT_WATERTIGHT',
  'MESH_ORIENTATION',
  'MISSING_FILES',
  'MISSING_GEOMETRY',
  'MISSING_PATIENT_ID',
  'MISSING_REQUIRED_TAG',
  'MISSING_SLICES',
  'MIXED_ORIENTATION_SPLIT',
  'MODEL_SHAPE_MISMATCH',
  'MONOCHROME1',
  'MULTIPLE_VOLUMES_SPLIT',
  'NONSTANDARD_PREAMBLE',
  'NOT_AN_IMAGE',
  'NOT_CT',
  'NOT_CT_NO_HU',
  'NOT_DICOM',
  'NO_PIXEL_DATA',
  'NO_READABLE_IMAGES',
  'OUT_OF_MEMORY',
  'PATH_ESCAPE',
  'PATIENT_MISMATCH',
  'SFORM_QFORM_CONFLICT',
  'SPACING_TAGS_DISAGREE',
  'TOO_FEW_SLICES',
  'TOO_LARGE',
  'TOO_SMALL',
  'TRANSFER_SYNTAX_MISMATCH',
  'TRUNCATED_FILE',
  'TRUNCATED_PIXEL_DATA',
  'UNCALIBRATED_SPACING',
  'UNSUPPORTED_CONTAINER',
  'UNSUPPORTED_DIMENSIONS',
  'UNSUPPORTED_PIXEL_FORMAT',
  'UNSUPPORTED_TRANSFER_SYNTAX',
  'VARIABLE_SPACING',
  // of cases, disks and requests
  'CASE_DAMAGED',
  'CASE_EXISTS',
  'CASE_LOCKED',
  'CASE_READ_ONLY',
  'DISK_FULL',
  'EMPTY_SEGMENT',
  'GRID_MISMATCH',
  'INVALID_OBJECT',
  'MESH_EXCEEDS_BUILD_VOLUME',
  'MESH_SELF_INTERSECTION',
  'MESH_WALL_TOO_THIN',
  'MODEL_OUTDATED',
  'NOT_A_CASE',
  'NOT_FOUND',
  'NOT_SIGNED',
  'OUTPUT_NOT_WRITABLE',
  'PROCESS_DIED',
  'SEGMENT_LOCKED',
  'SERIES_AMBIGUOUS',
  'UNREADABLE_FILE',
] as const;

export const reasonCode = z.enum(reasonCodes);
export type ReasonCode = z.infer<typeof reasonCode>;

/** A refusal or warning as it is printed: the code for scripts, the message for people. */
export const coded = z.object({ code: reasonCode, message: z.string() });
export type Coded = z.infer<typeof coded>;

/** A fact short of a refusal: shown, kept in the journal, carried into exports. */
export const finding = z.object({ text: z.string(), path: z.string().optional(), code: reasonCode.optional() });
export type Finding = z.infer<typeof finding>;

/**
 * The input's fault (never ours): carries a code of the closed list. Doors translate it: shells to exit code 3, HTTP to problem+json.
 * Throw RangeError or TypeError for our own mistakes instead.
 */
export class Refusal extends Error {
  readonly code: ReasonCode;
  readonly reasons: Coded[];
  /** What a refused command still prints (an import report, say). */
  readonly report: unknown;
  constructor(code: ReasonCode, message: string, options: { reasons?: Coded[]; report?: unknown } = {}) {
    super(message);
    this.name = 'Refusal';
    this.code = code;
    this.reasons = options.reasons ?? [{ code, message }];
    this.report = options.report;
  }
}

/** RFC 9457 body of every answer that is not a success. */
export const problem = z.object({
  type: z.string(),
  title: z.string(),
  status: z.number(),
  detail: z.string(),
  code: reasonCode.optional(),
  reasons: z.array(coded).optional(),
  remedy: z.string().optional(),
  clause: z.string().optional(),
  report: z.unknown().optional(),
});
export type Problem = z.infer<typeof problem>;

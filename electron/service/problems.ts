import { type Problem, type ReasonCode, Refusal } from '../../contract/errors.ts';

/**
 * What to do about a refusal, and the clause that asks for it. One place; the codes are the contract's. Only of codes whose remedy is the
 * same whatever led to them: of the others each message brings its own, and a second one would contradict it.
 */
const remedies: Partial<Record<ReasonCode, { remedy: string; clause?: string }>> = {
  GANTRY_TILT: { remedy: 'Allow resampling onto upright slices, or ask for the series without gantry tilt.', clause: '7.2' },
  VARIABLE_SPACING: { remedy: 'Allow resampling onto even slices, or ask for the series as it was reconstructed.', clause: '7.2' },
  MISSING_SLICES: { remedy: 'Send the missing files again, or allow resampling over the gap.', clause: '7.2' },
  AMBIGUOUS_DUPLICATE_POSITIONS: {
    remedy: 'Two different images claim one place. Export the series again from the archive.',
    clause: '7.2',
  },
  MISSING_GEOMETRY: {
    remedy: 'The files do not say where the slices lie. Export the original series, not a screen capture.',
    clause: '7.2',
  },
  TOO_FEW_SLICES: { remedy: 'A model needs a stack of slices. Choose the volume series, not the scout.', clause: '7.2' },
  UNSUPPORTED_TRANSFER_SYNTAX: { remedy: 'Export the series uncompressed or in JPEG 2000 or JPEG-LS lossless.', clause: '7.2' },
  TRUNCATED_PIXEL_DATA: { remedy: 'The transfer broke off. Send the series again.' },
  SFORM_QFORM_CONFLICT: { remedy: 'The file names two different positions. Save it again from the program that made it.' },
  NO_READABLE_IMAGES: { remedy: 'Choose the folder that holds the DICOM files of the series.' },
  CASE_DAMAGED: { remedy: 'Open it read-only up to the last whole entry, or restore the case from a backup.' },
  CASE_READ_ONLY: { remedy: 'Close the case where it is open, then open it here again.' },
  DISK_FULL: { remedy: 'Free some space on the disk; the case is as it was before.' },
  PROCESS_DIED: { remedy: 'Try once more; if it happens again, report the file.' },
  MODEL_OUTDATED: { remedy: 'Make the model again, then review and sign it.' },
  NOT_SIGNED: { remedy: 'Review the model and sign it with your name, or export it unsigned on purpose.' },
  SERIES_AMBIGUOUS: { remedy: 'Name the series with --series UID.' },
};

/** HTTP status of a code: 404 and 409 where HTTP has a word for it, else 422. */
function statusOf(code: ReasonCode): number {
  if (code === 'NOT_FOUND') return 404;
  if (['CASE_EXISTS', 'CASE_LOCKED', 'CASE_READ_ONLY'].includes(code)) return 409;
  if (code === 'DISK_FULL') return 507;
  return 422;
}

/** A request that does not fit the contract (exit 2 on the command line); not a refusal, since no input was looked at. */
export class BadRequest extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'BadRequest';
  }
}

/**
 * Maps anything thrown to problem+json, once for all shells: a Refusal keeps its code and gets its remedy; everything else is our
 * mistake, is logged, and says nothing of the patient.
 */
export function toProblem(error: unknown, log: (line: string) => void): Problem {
  if (error instanceof Refusal) {
    const known = remedies[error.code];
    return {
      type: `urn:lamina:${error.code}`,
      title: error.code,
      status: statusOf(error.code),
      detail: error.message,
      code: error.code,
      reasons: error.reasons,
      remedy: known?.remedy,
      clause: known?.clause,
      report: error.report,
    };
  }
  if (error instanceof BadRequest) return { type: 'about:blank', title: 'Bad request', status: 400, detail: error.message };
  log(`mistake: ${(error as Error)?.stack ?? error}`);
  return {
    type: 'about:blank',
    title: 'Our mistake',
    status: 500,
    detail: 'Something went wrong inside Lamina. The case is as it was before this step.',
  };
}

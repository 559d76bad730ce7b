import type { SeriesSummary } from '../../contract/volume.ts';
import { thumbnail } from './dicom/thumbnail.ts';
import type { NiftiHeader } from './nifti-header.ts';
import { type NiftiValues, readNifti } from './nifti-read.ts';
import { niftiDescription, niftiReasons } from './nifti-volume.ts';

/**
 * A NIfTI file as the picker shows it; reading stops at the middle slice, so that what its values mean is left to the import.
 * @param name the file's name, or its name in an archive
 * @param uid of `niftiUid`
 * @throws Refusal as `readNifti`
 */
export async function niftiSummary(path: string, name: string, uid: string): Promise<SeriesSummary> {
  const got: { header: NiftiHeader | null; middle: NiftiValues | null } = { header: null, middle: null };
  await readNifti(
    path,
    (header) => {
      got.header = header;
    },
    (slice, k) => {
      if (k < (got.header as NiftiHeader).geometry.dimensions[2] >> 1) return true;
      got.middle = slice;
      return false;
    },
  );
  const { geometry, slope, intercept, warnings } = got.header as NiftiHeader;
  const [columns, rows] = geometry.dimensions;
  const inPlaneMm: [number, number] = [geometry.spacingMm[0], geometry.spacingMm[1]];
  return {
    seriesInstanceUid: uid,
    kind: 'volume',
    modality: 'OT',
    description: niftiDescription(name, got.header as NiftiHeader),
    patientName: '',
    studyDate: '',
    dimensions: geometry.dimensions,
    spacingMm: geometry.spacingMm,
    reasons: niftiReasons(got.header as NiftiHeader),
    warnings,
    thumbnail: got.middle ? thumbnail({ stored: got.middle, columns, rows, slope, intercept, inPlaneMm, isHu: false }) : null,
  };
}

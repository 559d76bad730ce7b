import type { DicomSource } from '../../../contract/dicom-source.ts';
import { Refusal } from '../../../contract/errors.ts';
import { code } from '../dicom/attributes.ts';
import type { DataSet } from '../dicom/elements.ts';
import { openDicom } from '../dicom/open.ts';
import type { Candidate } from '../dicom/plan.ts';
import { text } from '../dicom/text.ts';
import { fitsVr } from './dicom-dataset.ts';
import { attributeOf } from './dicom-dictionary.ts';
import { patientAndStudyKeywords } from './object-modules.ts';

/** Beside patient and study: series, equipment and frame of reference. */
const keywords = [
  ...patientAndStudyKeywords,
  'Modality',
  'SeriesNumber',
  'SeriesDescription',
  'SeriesDate',
  'SeriesTime',
  'ProtocolName',
  'BodyPartExamined',
  'Laterality',
  'PatientPosition',
  'Manufacturer',
  'ManufacturerModelName',
  'DeviceSerialNumber',
  'SoftwareVersions',
  'StationName',
  'InstitutionName',
  'InstitutionAddress',
  'OperatorsName',
  'PositionReferenceIndicator',
  'TimezoneOffsetFromUTC',
];
/** Longer than any of these may be; what a header has beyond it is cut. */
const longest = 256;

const decoded = new Set(['LO', 'PN', 'SH']);

function said(set: DataSet, keyword: string): string {
  const { tag, vr } = attributeOf(keyword);
  return (decoded.has(vr) ? text(set, tag) : code(set, tag)).slice(0, longest);
}

const uid = (value: string): string => (fitsVr('UI', value) && value.length <= 64 ? value : '');

/**
 * What the headers of one series say of patient, study, equipment and frame of reference, by its first slice, and which images its slices
 * are, in the order of k. UIDs that DICOM does not allow become empty.
 * @returns null where the header cannot be read any more: what it said decides no geometry
 * Cost: a header read.
 */
export function sourceHeaders(plan: Candidate): DicomSource | null {
  const first = plan.slices[0];
  if (!first) return null;
  let set: DataSet;
  try {
    set = openDicom(first.file.path).dataSet;
  } catch (error) {
    if (error instanceof Refusal) return null;
    throw error;
  }
  const attributes = keywords.map((keyword) => [keyword, said(set, keyword)] as const).filter(([, value]) => value !== '');
  return {
    attributes: Object.fromEntries(attributes),
    studyInstanceUid: uid(first.file.studyInstanceUid),
    seriesInstanceUid: uid(first.file.seriesInstanceUid),
    frameOfReferenceUid: uid(first.file.frameOfReferenceUid),
    instances: plan.slices.map(({ file, frame, position }) => ({
      sopClassUid: uid(file.sopClassUid),
      sopInstanceUid: uid(file.sopInstanceUid),
      frame: file.frames.length > 1 ? frame.index + 1 : null,
      positionLps: position,
    })),
    burnedIn: code(set, 0x00280301).slice(0, 16),
    recognizable: code(set, 0x00280302).slice(0, 16),
  };
}

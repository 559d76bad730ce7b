import type { CodedTerm } from '../../../contract/labels.ts';
import { uidFrom } from '../dicom-write.ts';
import { deidentificationModule } from './deidentification-method.ts';
import { type DicomItem, fitsVr } from './dicom-dataset.ts';
import { attributeOf } from './dicom-dictionary.ts';
import type { ObjectInput } from './object-input.ts';

/** What an object copies from the headers of the image that it is about (PS3.3 C.7.1.1, C.7.2.1, C.7.2.2); type 2 ones are always there. */
const copied = {
  type2: [
    'PatientName',
    'PatientID',
    'PatientBirthDate',
    'PatientSex',
    'StudyDate',
    'StudyTime',
    'ReferringPhysicianName',
    'StudyID',
    'AccessionNumber',
  ],
  type3: [
    'IssuerOfPatientID',
    'TypeOfPatientID',
    'PatientBirthTime',
    'StudyDescription',
    'PatientAge',
    'PatientSize',
    'PatientWeight',
    'PatientIdentityRemoved',
    'DeidentificationMethod',
    'LongitudinalTemporalInformationModified',
  ],
} as const;
/** Every attribute of the source's headers that the modules read, for the import to keep. */
export const patientAndStudyKeywords: readonly string[] = [...copied.type2, ...copied.type3];

const isUid = (text: string | undefined): text is string => text !== undefined && text !== '' && fitsVr('UI', text);

/**
 * The UID of a thing that is new with this file ('series', 'instance', 'contour set'): of the same state of the case, written at the same time with the same
 * contents, it is the same; any other file has another, as PS3.3 asks of instances that differ.
 */
export function objectUid(input: ObjectInput, words: string): string {
  const { uidSeed, kind, of, writtenAt, version, segments, markups, deidentify, mesh } = input;
  const contents = [
    kind,
    of.id,
    of.sequence,
    writtenAt,
    version,
    segments.map((one) => [one.number, one.trackingUid]),
    markups.map((one) => one.id),
    deidentify,
    mesh?.stl,
  ];
  return uidFrom(`${uidSeed} ${JSON.stringify(contents)} ${words}`);
}
/** The study that the object belongs to: the image's, or the case's own where the image was not DICOM. */
export const studyUidOf = ({ source, uidSeed }: ObjectInput): string =>
  isUid(source?.studyInstanceUid) ? source.studyInstanceUid : uidFrom(`${uidSeed} study`);
/** The frame of reference of the grid, as `studyUidOf`. */
export const frameUidOf = ({ source, uidSeed, series }: ObjectInput): string =>
  isUid(source?.frameOfReferenceUid) ? source.frameOfReferenceUid : uidFrom(`${uidSeed} frame of reference ${series.seriesInstanceUid}`);

/** Whether the object may name the source's images: there are some, and all have UIDs that DICOM allows. */
export function canCite({ source }: ObjectInput): boolean {
  if (!source || source.instances.length === 0 || !isUid(source.seriesInstanceUid)) return false;
  return source.instances.every((one) => isUid(one.sopInstanceUid) && isUid(one.sopClassUid));
}

/** DICOM DA and TM of an ISO 8601 time in UTC. */
export function dateAndTime(iso: string): { date: string; time: string } {
  const found = /^(\d{4})-(\d{2})-(\d{2})T(\d{2}):(\d{2}):(\d{2})/.exec(iso);
  if (!found) throw new RangeError(`${iso} is no time`);
  const [, year, month, day, hour, minute, second] = found;
  return { date: `${year}${month}${day}`, time: `${hour}${minute}${second}` };
}

/** A coded term as an item (PS3.3 8.8). */
export const codeItem = ({ value, scheme, meaning }: CodedTerm): DicomItem => ({
  CodeValue: value,
  CodingSchemeDesignator: scheme,
  CodeMeaning: meaning,
});

function fromSource(input: ObjectInput): DicomItem {
  const said: Record<string, string> = { PatientName: input.series.patientName, ...input.source?.attributes };
  const out: DicomItem = {};
  for (const keyword of copied.type2) out[keyword] = said[keyword] ?? '';
  for (const keyword of copied.type3) out[keyword] = said[keyword];
  // What a foreign header has in a form that DICOM does not allow is not handed on.
  for (const [keyword, value] of Object.entries(out))
    if (typeof value === 'string' && !fitsVr(attributeOf(keyword).vr, value)) out[keyword] = keyword in said ? '' : undefined;
  // PS3.3 C.7.1.1: a patient whose identity was removed has the method stated.
  if (out.PatientIdentityRemoved === 'YES' && !out.DeidentificationMethod)
    out.DeidentificationMethod = 'Stated by the source without method';
  return out;
}

/**
 * The modules that every object of ours has: patient, general study, patient study, general series, general and enhanced equipment, SOP
 * common (PS3.3 C.7.1.1, C.7.2.1, C.7.2.2, C.7.3.1, C.7.5.1, C.7.5.2, C.12.1). Without a DICOM source the study is the case's own.
 * @param own what the kind of object is: its class, modality, number and words for its series
 */
export function objectModules(
  input: ObjectInput,
  own: { sopClassUid: string; modality: string; seriesNumber: number; seriesDescription: string },
): DicomItem {
  const { date, time } = dateAndTime(input.writtenAt);
  // PS3.15 table E.1-1: X for dates that may be absent, a dummy for those that must be there.
  const isDated = !input.deidentify || input.deidentify.retainLongitudinalFullDates;
  const whenDated = (value: string) => (isDated ? value : undefined);
  return {
    ...fromSource(input),
    ...deidentificationModule(input),
    SOPClassUID: own.sopClassUid,
    SOPInstanceUID: objectUid(input, 'instance'),
    InstanceCreationDate: whenDated(date),
    InstanceCreationTime: whenDated(time),
    ContentDate: date,
    ContentTime: time,
    StudyInstanceUID: studyUidOf(input),
    SeriesInstanceUID: objectUid(input, 'series'),
    Modality: own.modality,
    SeriesNumber: own.seriesNumber,
    SeriesDate: whenDated(date),
    SeriesTime: whenDated(time),
    SeriesDescription: own.seriesDescription,
    InstanceNumber: 1,
    Manufacturer: 'Lamina',
    ManufacturerModelName: 'Lamina',
    DeviceSerialNumber: '1',
    SoftwareVersions: input.version,
  };
}

/** Frame of reference (C.7.4.1). */
export const frameOfReferenceModule = (input: ObjectInput): DicomItem => ({
  FrameOfReferenceUID: frameUidOf(input),
  PositionReferenceIndicator: input.source?.attributes.PositionReferenceIndicator ?? '',
});

/** Content identification (PS3.3 table 10-12). @param label at most 16 capitals, digits, blanks and underscores */
export const contentIdentification = (label: string, description: string): DicomItem => ({
  ContentLabel: label,
  ContentDescription: description,
  ContentCreatorName: '',
});

/** Common instance reference (C.12.2): every image of the source, each once; nothing where the object may cite none. */
export function commonInstanceReference(input: ObjectInput): DicomItem {
  if (!input.source || !canCite(input)) return {};
  const classes = new Map(input.source.instances.map((one) => [one.sopInstanceUid, one.sopClassUid]));
  const instances = [...classes].map(([uid, sopClass]) => ({ ReferencedSOPClassUID: sopClass, ReferencedSOPInstanceUID: uid }));
  return { ReferencedSeriesSequence: [{ SeriesInstanceUID: input.source.seriesInstanceUid, ReferencedInstanceSequence: instances }] };
}

import type { DicomSource } from '../../../contract/dicom-source.ts';
import type { DeidentifyOptions } from '../../../contract/object-files.ts';
import { uidFrom } from '../dicom-write.ts';
import type { ObjectInput } from './object-input.ts';

/** The option that keeps a value (action K in its column of table E.1-1). */
type Option = 'retainPatientCharacteristics' | 'retainLongitudinalFullDates' | 'retainDeviceIdentity' | 'retainInstitutionIdentity';

/**
 * PS3.15 table E.1-1, column of the Basic Profile, for what an import keeps of the headers: X removed, Z emptied or a dummy (our modules
 * write what is absent and type 2 without a value), D a dummy, `name` the pseudonym in its place, K not in the table and kept. `clean`: C
 * with the Clean Descriptors Option. What is not listed is removed.
 */
const table: Record<string, { basic: 'X' | 'Z' | 'name' | 'K'; keptBy?: Option; clean?: true }> = {
  PatientName: { basic: 'name' },
  PatientID: { basic: 'name' },
  PatientBirthDate: { basic: 'Z' },
  PatientBirthTime: { basic: 'X' },
  PatientSex: { basic: 'Z', keptBy: 'retainPatientCharacteristics' },
  PatientAge: { basic: 'X', keptBy: 'retainPatientCharacteristics' },
  PatientSize: { basic: 'X', keptBy: 'retainPatientCharacteristics' },
  PatientWeight: { basic: 'X', keptBy: 'retainPatientCharacteristics' },
  IssuerOfPatientID: { basic: 'X' },
  StudyDate: { basic: 'Z', keptBy: 'retainLongitudinalFullDates' },
  StudyTime: { basic: 'Z', keptBy: 'retainLongitudinalFullDates' },
  SeriesDate: { basic: 'X', keptBy: 'retainLongitudinalFullDates' },
  SeriesTime: { basic: 'X', keptBy: 'retainLongitudinalFullDates' },
  TimezoneOffsetFromUTC: { basic: 'X', keptBy: 'retainLongitudinalFullDates' },
  StudyID: { basic: 'Z' },
  AccessionNumber: { basic: 'Z' },
  ReferringPhysicianName: { basic: 'Z' },
  OperatorsName: { basic: 'X' },
  StudyDescription: { basic: 'X', clean: true },
  SeriesDescription: { basic: 'X', clean: true },
  ProtocolName: { basic: 'X', clean: true },
  InstitutionName: { basic: 'X', keptBy: 'retainInstitutionIdentity' },
  InstitutionAddress: { basic: 'X', keptBy: 'retainInstitutionIdentity' },
  StationName: { basic: 'X', keptBy: 'retainDeviceIdentity' },
  DeviceSerialNumber: { basic: 'X', keptBy: 'retainDeviceIdentity' },
  Manufacturer: { basic: 'K' },
  ManufacturerModelName: { basic: 'K' },
  SoftwareVersions: { basic: 'K' },
  Modality: { basic: 'K' },
  SeriesNumber: { basic: 'K' },
  BodyPartExamined: { basic: 'K' },
  Laterality: { basic: 'K' },
  PatientPosition: { basic: 'K' },
  PositionReferenceIndicator: { basic: 'K' },
};

/** Dates of the object itself are D: a dummy that is plainly none. */
const dummyTime = '1900-01-01T00:00:00.000Z';

/** Words of the headers that may stand in free text: names, numbers and dates of the patient and his visit. */
function identifyingWords(input: ObjectInput): string[] {
  const said = input.source?.attributes ?? {};
  const keywords = [
    'PatientName',
    'PatientID',
    'PatientBirthDate',
    'AccessionNumber',
    'StudyID',
    'StudyDate',
    'ReferringPhysicianName',
    'OperatorsName',
    'InstitutionName',
    'InstitutionAddress',
    'StationName',
    'DeviceSerialNumber',
  ];
  const texts = [input.series.patientName, input.mesh?.signedBy ?? '', ...keywords.map((keyword) => said[keyword] ?? '')];
  const words = texts.flatMap((text) => [text, ...text.split(/[\s^=,;\\/]+/)]).map((word) => word.trim());
  return [...new Set(words)].filter((word) => word.length > 1).sort((a, b) => b.length - a.length);
}

/** Free text without what the headers say of the patient, and without dates and long numbers. */
function cleaner(input: ObjectInput): (text: string) => string {
  const words = identifyingWords(input).map((word) => word.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  const said = words.length > 0 ? new RegExp(words.join('|'), 'giu') : null;
  return (text) =>
    (said ? text.replace(said, ' ') : text)
      .replace(/\d{1,4}[-./]\d{1,2}[-./]\d{1,4}|\d{6,}/g, ' ')
      .replace(/\s+/g, ' ')
      .trim();
}

function attributesOf(
  attributes: Record<string, string>,
  options: DeidentifyOptions,
  clean: (text: string) => string,
): Record<string, string> {
  const out: Record<string, string> = {};
  for (const [keyword, value] of Object.entries(attributes)) {
    const row = table[keyword];
    if (!row) continue;
    if (row.basic === 'name') out[keyword] = options.pseudonym;
    else if (row.basic === 'K' || (row.keptBy && options[row.keptBy])) out[keyword] = value;
    else if (row.clean && options.cleanDescriptors) out[keyword] = clean(value);
    else if (row.basic === 'Z') out[keyword] = '';
  }
  return { ...out, PatientName: options.pseudonym, PatientID: options.pseudonym };
}

/** What a person should know of what is left: PS3.15 E.3.1 (burned-in annotation) and E.3.2 (recognizable features) leave that to him. */
function risks(input: ObjectInput, options: DeidentifyOptions): string[] {
  const { source, series } = input;
  const findings: string[] = [];
  if (source?.burnedIn === 'YES')
    findings.push(
      'The images are marked as having burned-in text. This file holds none of their pixels; the images themselves may still name the patient.',
    );
  else if (source?.burnedIn !== 'NO')
    findings.push(
      'The images do not say whether text is burned into them. This file holds none of their pixels; look at the images before they are passed on.',
    );
  const part = source?.attributes.BodyPartExamined ?? '';
  if (source?.recognizable !== 'NO' && ['CT', 'MR', 'PT', ''].includes(series.modality))
    findings.push(
      source?.recognizable === 'YES' || /HEAD|FACE|SKULL|ORBIT|BRAIN|JAW|NECK/i.test(part)
        ? 'A person can be recognised by the shape of a head and its bones: this file shows shape, and no option removes it.'
        : 'If the segments show a head, a person can be recognised by its shape: no option removes it.',
    );
  if (options.retainUids) findings.push('UIDs were kept: whoever has the images can tell whose file this is.');
  const kept = [
    options.retainLongitudinalFullDates && 'dates and times',
    options.retainPatientCharacteristics && 'sex, age, size and weight',
    options.retainInstitutionIdentity && 'the institution',
    options.retainDeviceIdentity && 'the device',
  ].filter((one) => one !== false);
  if (kept.length > 0) findings.push(`Kept as asked for: ${kept.join(', ')}.`);
  return findings;
}

function sourceOf(
  source: DicomSource,
  options: DeidentifyOptions,
  uid: (uid: string) => string,
  clean: (text: string) => string,
): DicomSource {
  return {
    ...source,
    attributes: attributesOf(source.attributes, options, clean),
    studyInstanceUid: uid(source.studyInstanceUid),
    seriesInstanceUid: uid(source.seriesInstanceUid),
    frameOfReferenceUid: uid(source.frameOfReferenceUid),
    instances: source.instances.map((one) => ({ ...one, sopInstanceUid: uid(one.sopInstanceUid) })),
  };
}

/**
 * What a writer gets where the patient is not to be named (PS3.15 table E.1-1, Basic Profile with the chosen options): of the headers only
 * what the table leaves, UIDs mapped the same way in every file of the case, free text removed or, with the Clean Descriptors Option, freed
 * of what the headers say of the patient. Without `deidentify` everything is as it was.
 * @returns the input for a writer, and what was changed and what risk is left, in words
 */
export function deidentified(input: ObjectInput): { input: ObjectInput; findings: string[] } {
  const options = input.deidentify;
  if (!options) return { input, findings: [] };
  const uid = (from: string): string => (from === '' || options.retainUids ? from : uidFrom(`${input.uidSeed} ${from}`));
  const clean = cleaner(input);
  const words = (text: string, instead: string): string => (options.cleanDescriptors ? clean(text) || instead : instead);
  const findings = risks(input, options);
  const { series, source, segments, markups, mesh } = input;
  const named = segments.map((one, n) => ({
    ...one,
    name: words(one.name, segments.length > 1 ? `${one.label.name} ${n + 1}` : one.label.name).slice(0, 64),
    algorithmName: words(one.algorithmName, 'Lamina'),
    trackingId: `segment ${n + 1}`,
    trackingUid: uid(one.trackingUid),
  }));
  const marked = markups.map((one, n) => ({
    ...one,
    series: uid(one.series),
    name: words(one.name, `${one.kind} ${n + 1}`).slice(0, 64),
    text: one.text.trim() === '' ? '' : words(one.text, one.kind.startsWith('text') ? 'Removed' : ''),
    trackingUid: uid(one.trackingUid),
  }));
  const changed = [
    ...named.filter((one, n) => one.name !== segments[n]?.name),
    ...marked.filter((one, n) => one.name !== markups[n]?.name || one.text !== markups[n]?.text),
  ].length;
  if (changed > 0)
    findings.push(
      options.cleanDescriptors
        ? `Names and texts of ${changed} segments or markups were freed of what the headers say of the patient, of dates and of long numbers: read what is left.`
        : `Names and texts of ${changed} segments or markups were replaced: a person may have written anything there.`,
    );
  if (mesh?.signedBy) findings.push('The name of the person who signed the model was removed.');
  return {
    input: {
      ...input,
      series: {
        ...series,
        seriesInstanceUid: uid(series.seriesInstanceUid),
        patientName: options.pseudonym,
        description: words(series.description, ''),
      },
      source: source && sourceOf(source, options, uid, clean),
      segments: named,
      markups: marked,
      mesh: mesh && { ...mesh, title: named[0]?.name ?? 'Model', signedBy: null },
      of: { ...input.of, id: uidFrom(`${input.uidSeed} case`), name: options.pseudonym },
      writtenAt: options.retainLongitudinalFullDates ? input.writtenAt : dummyTime,
      uidSeed: uidFrom(`${input.uidSeed} deidentified`),
    },
    findings,
  };
}

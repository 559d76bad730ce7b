import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { boneLabel } from '../../../contract/labels.ts';
import { networkWording } from '../../../contract/model.ts';
import { type DeidentifyOptions, deidentifyOptions, type ObjectKind, objectKinds } from '../../../contract/object-files.ts';
import { boxMesh } from '../../../kernels/mesh/solid-shapes.ts';
import { writeStl } from '../../../kernels/mesh/stl-write.ts';
import { dciodvfy } from '../../fixtures/oracles.fixture.ts';
import { uidFrom } from '../dicom-write.ts';
import { writeAim } from './aim-write.ts';
import { deidentified } from './deidentify.ts';
import type { DicomItem } from './dicom-dataset.ts';
import { itemsOf, readDataset, textOf } from './dicom-dataset-read.ts';
import { attributeOf } from './dicom-dictionary.ts';
import { writeEncapsulatedStl } from './encapsulated-stl-write.ts';
import { writeLabelmapSeg } from './labelmap-seg-write.ts';
import { writeNifti } from './nifti-labels-write.ts';
import { grids, maskWhere, objectInput } from './object-input.fixture.ts';
import type { ObjectInput, ObjectWriter } from './object-input.ts';
import { markupsOn } from './object-markups.fixture.ts';
import { patientAndStudyKeywords } from './object-modules.ts';
import { writeRtstruct } from './rtstruct-write.ts';
import { writeSeg } from './seg-write.ts';
import { writeSr } from './sr-write.ts';

const g = grids.turned!;
const writers: Record<ObjectKind, ObjectWriter> = {
  seg: writeSeg,
  'labelmap-seg': writeLabelmapSeg,
  rtstruct: writeRtstruct,
  sr: writeSr,
  aim: writeAim,
  'encapsulated-stl': writeEncapsulatedStl,
  nifti: writeNifti,
};
/** What else an import keeps, or may keep one day. */
const further = [
  ...['Modality', 'SeriesNumber', 'SeriesDescription', 'SeriesDate', 'SeriesTime', 'ProtocolName', 'BodyPartExamined', 'Laterality'],
  ...['PatientPosition', 'Manufacturer', 'ManufacturerModelName', 'DeviceSerialNumber', 'SoftwareVersions', 'StationName'],
  ...['InstitutionName', 'InstitutionAddress', 'OperatorsName', 'PositionReferenceIndicator', 'TimezoneOffsetFromUTC'],
  ...['EthnicGroup', 'PatientComments', 'OtherPatientIDs', 'PerformingPhysicianName', 'ContentCreatorName', 'ImageComments'],
];
/** Told by enumerated values, for which no text can stand. */
const told = ['PatientIdentityRemoved', 'LongitudinalTemporalInformationModified', 'PatientSex'];
const keywords = [...new Set([...patientAndStudyKeywords, ...further])].filter((one) => !told.includes(one));

/** One value for each attribute of the headers that no other text has. */
function secretOf(keyword: string, n: number): string {
  const two = String(10 + n);
  const shapes: Record<string, string> = {
    DA: `1937${String(1 + (n % 12)).padStart(2, '0')}${String(10 + (n % 18))}`,
    TM: `1${n % 10}2739.8351${two}`,
    AS: `0${two}Y`,
    DS: `1${two}.73519`,
    IS: `73519${two}`,
    PN: `Zzpers${two}^Qqgiven${two}`,
  };
  if (keyword === 'TimezoneOffsetFromUTC') return '+0345';
  return shapes[attributeOf(keyword).vr] ?? `QZSECRET${two}`;
}
const secrets = new Map(keywords.map((keyword, n) => [keyword, secretOf(keyword, n)]));
const secret = (keyword: string): string => secrets.get(keyword) as string;
const caseName = 'Wwcase Vvname';
const signer = 'Dr. Xxsigner';
const patient = secret('PatientName');
/** What free text may hold of a patient, in the ways that people and programs write it. */
const freely = [
  ...[patient, patient.replace('^', ' ').toUpperCase(), `${patient}.dcm`, secret('PatientID'), secret('AccessionNumber')],
  ...[secret('StudyDate'), secret('PatientBirthDate').replace(/(....)(..)(..)/, '$1 $2 $3'), caseName],
].join('; ');
const pieces = [
  ...[...secrets.values()].flatMap((one) => [one, ...one.split('^')]),
  ...[secret('PatientBirthDate').replace(/(....)(..)(..)/, '$1 $2 $3'), ...caseName.split(' '), 'Xxsigner'],
];

let root = '';
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'deidentified-files-'));
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

let files = 0;
/** A case that tells of its patient wherever anything can be told. */
function telling(kind: ObjectKind, deidentify: DeidentifyOptions | null): ObjectInput {
  const stl = join(root, `${++files}.stl`);
  writeFileSync(stl, writeStl(boxMesh([10, 10, 10]), `${secret('PatientID')} ${patient}`));
  const masks = [maskWhere(g, (value) => value > 700), maskWhere(g, (value) => value < 640)];
  const input = objectInput(g, kind === 'encapsulated-stl' ? masks.slice(0, 1) : masks, {
    kind,
    deidentify,
    path: join(root, `${patient}.nii`),
    folder: root,
    markups: markupsOn(g).map((one) => ({ ...one, name: `Mark ${freely}`.slice(0, 64), text: `Seen ${freely}`, segment: 'segment-1' })),
    mesh: kind === 'encapsulated-stl' ? { stl, title: `Model of ${patient} by ${signer}`, passed: true, signedBy: signer } : null,
  });
  const type = { value: '99PAT', scheme: 'QZSECRET', meaning: `Tumour of ${patient}`.slice(0, 64) };
  input.segments = input.segments.map((one, n) => ({
    ...one,
    name: n > 0 ? patient : kind === 'encapsulated-stl' ? `Orbit of ${patient} by ${signer}` : `Orbit ${freely}`.slice(0, 64),
    algorithmName: `Load Orbit of ${patient} from ${patient}.dcm, ${freely}`,
    networkWording: n === 0 ? networkWording : `Trained on ${patient} of ${secret('InstitutionName')}`,
    label: n === 0 ? boneLabel : { ...boneLabel, key: 'loaded', name: type.meaning, type, modifier: { ...type, value: 'm' } },
  }));
  input.series.description = `Head ${freely}`;
  input.series.patientName = patient;
  input.of = { ...input.of, name: caseName };
  input.source = { ...input.source!, attributes: { ...Object.fromEntries(secrets), PatientIdentityRemoved: 'YES', PatientSex: 'F' } };
  return input;
}
async function written(kind: ObjectKind, change: Partial<DeidentifyOptions> | null): Promise<Buffer> {
  const input = telling(kind, change && deidentifyOptions.parse(change));
  const { bytes } = await writers[kind](deidentified(input).input, () => undefined);
  return Buffer.from(bytes);
}
const uidsIn = (bytes: Buffer): string[] => bytes.toString('latin1').match(/2\.25\.\d{20,}/g) ?? [];

const dates = ['StudyDate', 'StudyTime', 'SeriesDate', 'SeriesTime', 'TimezoneOffsetFromUTC'];
const optionSets: [string, Partial<DeidentifyOptions>, string[]][] = [
  ['no option', {}, []],
  ['UIDs', { retainUids: true }, []],
  ['device', { retainDeviceIdentity: true }, ['StationName', 'DeviceSerialNumber']],
  ['institution', { retainInstitutionIdentity: true }, ['InstitutionName', 'InstitutionAddress']],
  ['characteristics', { retainPatientCharacteristics: true }, ['PatientAge', 'PatientSize', 'PatientWeight']],
  ['dates', { retainLongitudinalFullDates: true }, dates],
  ['clean descriptors', { cleanDescriptors: true }, ['StudyDescription', 'SeriesDescription', 'ProtocolName']],
];

describe.each(objectKinds)('a de-identified %s', (kind) => {
  const dicom = kind !== 'aim' && kind !== 'nifti';

  test.each(optionSets)('[9.1-interop] with %s holds nothing in its bytes that is not retained', async (_, change, kept) => {
    const bytes = await written(kind, change);
    const text = `${bytes.toString('latin1')}\n${bytes.toString('utf8')}`.toLowerCase();
    const retained = kept.map(secret);
    for (const one of pieces.filter((piece) => !retained.includes(piece))) expect(text.includes(one.toLowerCase()), one).toBe(false);
    if (!['nifti', 'encapsulated-stl'].includes(kind)) expect(text).toContain(networkWording);
    if (kind !== 'nifti' && change.retainLongitudinalFullDates) expect(text).toContain(secret('StudyDate'));
    if (dicom && change.retainPatientCharacteristics) expect(text).toContain(secret('PatientAge').toLowerCase());
  });

  test('[9.1-interop] without de-identification says whose it is, so that the search above can fail', async () => {
    const text = (await written(kind, null)).toString('utf8');
    if (kind !== 'nifti') for (const one of [patient, secret('PatientID')]) expect(text).toContain(one);
  });

  test('[9.1-interop] shares no UID with the plain file, unless UIDs are retained', async () => {
    const constant = uidFrom('Lamina implementation');
    const own = new Set(uidsIn(await written(kind, null)));
    const source = telling(kind, null).source!;
    const theirs = [source.studyInstanceUid, source.seriesInstanceUid, source.frameOfReferenceUid, source.instances[3]!.sopInstanceUid];
    const hidden = await written(kind, {});
    expect(uidsIn(hidden).filter((one) => one !== constant && own.has(one))).toEqual([]);
    for (const one of theirs) expect(hidden.includes(one)).toBe(false);
    expect(hidden.includes(telling(kind, null).of.id)).toBe(false);
    if (kind === 'nifti') return;
    const kept = await written(kind, { retainUids: true });
    expect(kept.includes(source.studyInstanceUid)).toBe(true);
    expect(kept.includes(source.seriesInstanceUid)).toBe(true);
    if (!dicom) return;
    const instance = (bytes: Buffer) => textOf(readDataset(bytes).item, 'SOPInstanceUID');
    expect(instance(kept)).not.toBe(instance(await written(kind, null)));
  });

  test.runIf(dicom)('[9.1-interop] says how, and stays right for dciodvfy', async () => {
    const all = { retainUids: true, retainDeviceIdentity: true, retainInstitutionIdentity: true, retainPatientCharacteristics: true };
    const codes = ['113105', '113106', '113108', '113109', '113110', '113112'];
    const more = kind === 'sr' ? ['113104'] : [];
    for (const [change, expected, dated] of [
      [{}, ['113100', ...more], false],
      [{ ...all, retainLongitudinalFullDates: true, cleanDescriptors: true }, ['113100', ...more, ...codes], true],
    ] as const) {
      const bytes = await written(kind, change);
      const { item } = readDataset(bytes);
      expect(itemsOf(item, 'DeidentificationMethodCodeSequence').map((one: DicomItem) => textOf(one, 'CodeValue'))).toEqual(expected);
      expect(textOf(item, 'PatientIdentityRemoved')).toBe('YES');
      expect(textOf(item, 'LongitudinalTemporalInformationModified')).toBe(dated ? 'UNMODIFIED' : 'REMOVED');
      // X for what may be absent, a dummy for what must be there.
      for (const keyword of ['InstanceCreationDate', 'InstanceCreationTime', 'SeriesDate', 'SeriesTime'])
        expect(item[keyword] !== undefined, keyword).toBe(dated);
      // It knows no label maps yet.
      if (kind === 'labelmap-seg') continue;
      const path = join(root, `${kind}-${dated}.dcm`);
      writeFileSync(path, bytes);
      expect(dciodvfy(path)).toEqual([]);
    }
  });
});

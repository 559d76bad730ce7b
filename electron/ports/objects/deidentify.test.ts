import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type DeidentifyOptions, deidentifyOptions } from '../../../contract/object-files.ts';
import { dciodvfy } from '../../fixtures/oracles.fixture.ts';
import { deidentified } from './deidentify.ts';
import { itemsOf, readDataset, textOf } from './dicom-dataset-read.ts';
import { grids, maskWhere, objectInput } from './object-input.fixture.ts';
import type { ObjectInput } from './object-input.ts';
import { writeSeg } from './seg-write.ts';

const g = grids.turned!;
const quiet = () => undefined;
const options = (change: Partial<DeidentifyOptions> = {}): DeidentifyOptions => deidentifyOptions.parse(change);

/** An input in which every text, number and UID that could name somebody is one of `secrets`. */
const secrets = ['Grün', 'Ägidia', 'P-7', '19610203', '20240506', 'A-99', 'House', 'Clinic', 'Torwald', '063Y'];
function telling(change: Partial<DeidentifyOptions> = {}): ObjectInput {
  const input = objectInput(g, [maskWhere(g, (value) => value > 700)], { deidentify: options(change) });
  input.segments[0]!.name = 'Orbit of Ägidia Grün 1961-02-03';
  input.segments[0]!.algorithmName = 'Load Torwald from House.nii';
  input.series.description = 'Head P-7';
  input.of.name = 'Grün Ägidia';
  input.mesh = { stl: '', title: 'Model of Grün', passed: true, signedBy: 'Torwald' };
  input.markups = [
    {
      id: 'm',
      kind: 'text',
      name: 'By House',
      series: input.series.seriesInstanceUid,
      pointsLps: [[0, 0, 0]],
      normalLps: null,
      text: 'Ägidia, A-99',
      segment: null,
      trackingUid: '2.25.5',
      measures: { lengthMm: null, angleDeg: null, areaMm2: null, values: null },
    },
  ];
  return input;
}
const uidsOf = (input: ObjectInput) => [
  input.source!.studyInstanceUid,
  input.source!.seriesInstanceUid,
  input.source!.frameOfReferenceUid,
  ...input.source!.instances.map((one) => one.sopInstanceUid),
  ...input.segments.map((one) => one.trackingUid),
  ...input.markups.map((one) => one.trackingUid),
];
/** All that a writer can see, but for numbers of voxels and the option itself. */
const sayable = ({ path: _, segments, deidentify: __, ...rest }: ObjectInput) =>
  JSON.stringify({ ...rest, segments: segments.map(({ bits: ___, ...one }) => one) });

describe('de-identification', () => {
  test('[9.1-interop] Basic Profile: nothing of the patient, the visit, persons or places is left for a writer', () => {
    const before = telling();
    const { input, findings } = deidentified(before);
    const left = sayable(input);
    for (const secret of secrets) expect(left).not.toContain(secret);
    for (const uid of uidsOf(before)) expect(left).not.toContain(uid);
    expect(input.source?.attributes).toMatchObject({ PatientName: 'ANONYMOUS', PatientID: 'ANONYMOUS', PatientSex: '', StudyDate: '' });
    expect(findings.join(' ')).toMatch(/burned/);
    expect(findings.join(' ')).toMatch(/recognised/);
    expect(findings.join(' ')).toMatch(/replaced/);
    expect(sayable(before)).toBe(sayable(telling()));
  });

  test('[9.1-interop] UIDs are mapped the same way in every file of a case, and another way in another', () => {
    const [a, b, other] = [deidentified(telling()), deidentified(telling()), deidentified({ ...telling(), uidSeed: 'another' })];
    expect(uidsOf(a.input)).toEqual(uidsOf(b.input));
    expect(new Set([...uidsOf(a.input), ...uidsOf(telling()), ...uidsOf(other.input)]).size).toBe(3 * new Set(uidsOf(telling())).size);
    for (const uid of uidsOf(a.input)) expect(uid).toMatch(/^2\.25\.[1-9]\d{0,38}$/);
    expect(uidsOf(deidentified(telling({ retainUids: true })).input)).toEqual(uidsOf(telling()));
  });

  test('[9.1-interop] each option keeps its own and nothing else', () => {
    const kept: [Partial<DeidentifyOptions>, string[]][] = [
      [{ retainPatientCharacteristics: true }, ['063Y']],
      [{ retainLongitudinalFullDates: true }, ['20240506']],
      [{ retainInstitutionIdentity: true }, ['Clinic']],
    ];
    for (const [change, wanted] of kept) {
      const left = sayable(deidentified(telling(change)).input);
      for (const secret of secrets) expect(left.includes(secret), `${JSON.stringify(change)} ${secret}`).toBe(wanted.includes(secret));
    }
    expect(deidentified(telling({ retainLongitudinalFullDates: true })).input.writtenAt).toBe(telling().writtenAt);
    expect(deidentified(telling()).input.writtenAt.startsWith('1900')).toBe(true);
  });

  test('[9.1-interop] cleaned texts keep their words and lose the patient, whatever stands around', () => {
    const { input } = deidentified(telling({ cleanDescriptors: true }));
    expect(input.segments[0]?.name).toBe('Orbit of');
    expect(input.series.description).toBe('Head');
    for (const secret of secrets) expect(sayable(input)).not.toContain(secret);
    fc.assert(
      fc.property(
        fc.string({ maxLength: 30 }),
        fc.constantFrom(...secrets.slice(0, 3)),
        fc.string({ maxLength: 30 }),
        (before, secret, after) => {
          const one = telling({ cleanDescriptors: true });
          one.segments[0]!.name = `${before}${secret.toUpperCase()}${after}`;
          expect(deidentified(one).input.segments[0]!.name.toUpperCase()).not.toContain(secret.toUpperCase());
        },
      ),
    );
  });

  test('[9.1-interop] what is written says how, holds nothing of the patient, and is right for dciodvfy', async () => {
    const { input } = deidentified(telling({ retainPatientCharacteristics: true, pseudonym: 'CASE 12' }));
    const { bytes } = await writeSeg(input, quiet);
    const text = Buffer.from(bytes).toString('utf8');
    for (const secret of secrets.filter((one) => one !== '063Y')) expect(text).not.toContain(secret);
    const { item } = readDataset(bytes);
    expect(textOf(item, 'PatientName')).toBe('CASE 12');
    expect(textOf(item, 'PatientIdentityRemoved')).toBe('YES');
    expect(itemsOf(item, 'DeidentificationMethodCodeSequence').map((one) => textOf(one, 'CodeValue'))).toEqual(['113100', '113108']);
    expect(textOf(item, 'LongitudinalTemporalInformationModified')).toBe('REMOVED');
    const path = join(mkdtempSync(join(tmpdir(), 'deidentified-')), 'a.dcm');
    writeFileSync(path, bytes);
    expect(dciodvfy(path)).toEqual([]);
  });

  test('[9.1-interop] without the wish everything stays, without DICOM headers there is still nothing left', () => {
    const plain = { ...telling(), deidentify: null };
    expect(deidentified(plain)).toEqual({ input: plain, findings: [] });
    const { input } = deidentified({ ...telling(), source: null });
    expect(sayable(input)).not.toContain('Grün');
  });
});

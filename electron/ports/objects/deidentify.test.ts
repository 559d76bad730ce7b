import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { boneLabel } from '../../../contract/labels.ts';
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

  test('[9.1-interop] cleaned texts lose a name in any spelling and part, and a date in any form', () => {
    const cleaned = (name: string, signedBy: string | null = null): string => {
      const one = telling({ cleanDescriptors: true });
      one.source!.attributes.PatientName = 'Grün-Müller^Ägidia';
      one.mesh = { stl: '', title: 'Model', passed: true, signedBy };
      one.segments[0]!.name = name;
      return deidentified(one).input.segments[0]!.name;
    };
    expect(cleaned('Orbit MÜLLER')).toBe('Orbit');
    expect(cleaned('Orbit Mu\u0308ller')).toBe('Orbit');
    expect(cleaned('Orbit Muller')).toBe('Orbit');
    expect(cleaned('Orbit gruen, 12 mm')).toBe('Orbit gruen, 12 mm');
    expect(cleaned('Orbit by dr holm', 'Dr. E. Holm')).toBe('Orbit by');
    for (const date of ['1961-02-03', '3.2.61', '3 2 1961', '03 Feb 1961', '3. Februar 1961', 'Feb 3, 1961', '19610203', '1961_02_03'])
      expect(cleaned(`Left orbit ${date} upper`)).toBe('Left orbit upper');
    expect(cleaned('Threshold 200 HU and above')).toBe('Threshold 200 HU and above');
  });

  test('[9.1-interop] a label of a foreign file is of bone, or cleaned; one of our table stays', () => {
    const labelled = (change: Partial<DeidentifyOptions>, meaning: string) => {
      const one = telling(change);
      one.segments[0]!.label = { ...boneLabel, key: 'loaded', name: meaning, value: 7, type: { value: '4596009', scheme: 'SCT', meaning } };
      return deidentified(one);
    };
    const plain = labelled({}, 'Larynx of Grün');
    expect(plain.input.segments[0]).toMatchObject({ name: 'Bone', label: { ...boneLabel, value: 7 } });
    expect(plain.findings.join(' ')).toMatch(/calls them bone/);
    const cleaned = labelled({ cleanDescriptors: true }, 'Larynx of Grün').input.segments[0]!.label;
    expect(cleaned).toMatchObject({ name: 'Larynx of', type: { value: '4596009', scheme: 'SCT', meaning: 'Larynx of' } });
    expect(labelled({ cleanDescriptors: true }, 'Grün').input.segments[0]!.label.type).toEqual(boneLabel.type);
    const ours = telling();
    ours.segments[0]!.label = { ...boneLabel, name: 'Skull of Grün' };
    expect(deidentified(ours).input.segments[0]!.label).toEqual(boneLabel);
    expect(deidentified(telling()).findings.join(' ')).not.toMatch(/calls them bone/);
  });

  test('[9.1-interop] dates that were changed before are not called whole', async () => {
    for (const [said, expected] of [
      [undefined, 'UNMODIFIED'],
      ['MODIFIED', 'MODIFIED'],
      ['REMOVED', 'REMOVED'],
      ['Grün', 'UNMODIFIED'],
    ] as const) {
      const one = telling({ retainLongitudinalFullDates: true });
      if (said) one.source!.attributes.LongitudinalTemporalInformationModified = said;
      const { bytes } = await writeSeg(deidentified(one).input, quiet);
      expect(textOf(readDataset(bytes).item, 'LongitudinalTemporalInformationModified')).toBe(expected);
    }
  });

  test('[9.1-interop] a markup stays on its segment; a study of the case has its UID where UIDs are retained', () => {
    const one = telling();
    one.markups = one.markups.map((markup) => ({ ...markup, segment: one.segments[0]!.trackingId }));
    const { input } = deidentified(one);
    expect(input.markups.map(({ segment }) => segment)).toEqual([input.segments[0]!.trackingId]);
    expect(input.segments[0]!.trackingId).not.toBe(one.segments[0]!.trackingId);
    expect(deidentified({ ...telling(), source: null }).input.uidSeed).not.toBe(one.uidSeed);
    expect(deidentified({ ...telling({ retainUids: true }), source: null }).input.uidSeed).toBe(one.uidSeed);
  });
});

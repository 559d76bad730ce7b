import { beforeAll, describe, expect, test } from 'vitest';
import type { AcquisitionFacts, AcquisitionProfile, KernelList, ScanQuality } from '../../../contract/acquisition.ts';
import { acquisitionCheck as checkSchema } from '../../../contract/acquisition.ts';
import { createProfiles } from '../../ports/profiles.ts';
import type { CheckSubject } from '../protocol.ts';
import { acquisitionCheck, profileFor } from './check.ts';
import { judge, worst } from './judge.ts';
import { kernelClassOf } from './kernel-class.ts';

let profiles: AcquisitionProfile[];
let kernels: KernelList[];
beforeAll(async () => {
  const shelf = createProfiles({ own: '/nowhere' });
  profiles = (await shelf.list()).profiles;
  kernels = (await shelf.kernels()).lists;
});

const facts: AcquisitionFacts = {
  format: 'DICOM',
  modality: 'CT',
  manufacturer: 'SIEMENS',
  model: 'X',
  bodyPart: 'HEAD',
  patientPosition: 'HFS',
  tubeVoltageKv: 100,
  tubeCurrentMa: [260, 390],
  exposureControl: 'XYZ_EC',
  rotationTimeS: 1,
  collimationMm: 0.6,
  fieldOfViewMm: 150,
  sliceThicknessMm: 0.75,
  kernel: 'H40s',
  imageType: ['ORIGINAL', 'PRIMARY', 'AXIAL'],
  processing: [],
  lossy: false,
  mr: null,
};
const quality: ScanQuality = {
  histogram: { low: -1100, high: 3100, counts: [1] },
  noiseAirHu: 8,
  noiseSoftHu: 11,
  airHu: -1000,
  fatHu: -100,
  softHu: 40,
  edgeWidthMm: 0.9,
  edgeWidthAlongMm: 1.1,
  metal: { share: 0, hint: false },
  motion: { slices: [], hint: false },
  orbits: { rightLps: [-32, -60, 5], leftLps: [32, -60, 5] },
  notes: [],
};
const subject = (own: Partial<AcquisitionFacts> = {}, of: Partial<CheckSubject> = {}): CheckSubject => ({
  modality: 'CT',
  units: 'HU',
  geometry: {
    dimensions: [512, 512, 200],
    spacingMm: [0.293, 0.293, 0.5],
    originLps: [-75, -100, -50],
    directionLps: [1, 0, 0, 0, 1, 0, 0, 0, 1],
  },
  slicePositionsMm: Array.from({ length: 200 }, (_, k) => k * 0.5),
  grid: 'exact',
  acquisition: { ...facts, ...own },
  quality,
  derived: null,
  ...of,
});
const orbitCheck = (of: CheckSubject) => acquisitionCheck(of, profileFor('CT', null, profiles), profiles, kernels);
const row = (of: CheckSubject, parameter: string) => orbitCheck(of).rows.find((one) => one.parameter === parameter)!;

describe('Table A.1, parameter by parameter', () => {
  test('[7.3-acquisition] a scan made by the table meets all of it, and the answer is as the contract says', () => {
    const check = checkSchema.parse(orbitCheck(subject()));
    expect(check.rows.map((one) => [one.parameter, one.judgement])).toEqual(profiles[0]!.criteria.map((one) => [one.parameter, 'meets']));
    expect([check.verdict, check.qualityJudgement, check.profile.id]).toEqual(['meets', 'meets', 'orbit']);
    expect(check.profiles.map((one) => one.id)).toEqual(['orbit', 'skull', 'mandible', 'joint']);
    expect(check.findings).toHaveLength(1);
  });

  test.each([
    ['tubeVoltage', { tubeVoltageKv: 80 }, 'meets', '80 kV'],
    ['tubeVoltage', { tubeVoltageKv: 140 }, 'warning', '140 kV'],
    ['tubeCurrent', { tubeCurrentMa: [190, 190] }, 'warning', '190 mA, XYZ_EC'],
    ['tubeCurrent', { tubeCurrentMa: [240, 300], exposureControl: 'NONE' }, 'warning', '240 to 300 mA'],
    ['scanSliceThickness', { collimationMm: 1 }, 'warning', '1.00 mm'],
    ['scanSliceThickness', { collimationMm: 0.999 }, 'meets', '1.00 mm'],
    ['rotationTime', { rotationTimeS: 0.5 }, 'meets', '0.5 s'],
    ['rotationTime', { rotationTimeS: 2 }, 'warning', '2 s'],
    ['fieldOfView', { fieldOfViewMm: 245 }, 'warning', '245 mm'],
    ['fieldOfView', { fieldOfViewMm: null }, 'meets', '150 mm, matrix × pixel'],
    ['sliceThickness', { sliceThicknessMm: 1.25 }, 'warning', '1.25 mm'],
    ['sliceThickness', { sliceThicknessMm: 5 }, 'unusable', '5.00 mm'],
    ['position', { patientPosition: 'HFP' }, 'warning', 'HFP, prone'],
    ['position', { patientPosition: 'FFS' }, 'meets', 'FFS, supine'],
    ['position', { patientPosition: 'STANDING' }, 'unknown', 'STANDING'],
    ['format', { format: 'NRRD' }, 'warning', 'NRRD'],
    ['kernel', { kernel: 'B20f' }, 'warning', 'B20f, soft class'],
    ['kernel', { kernel: 'H60s' }, 'meets', 'H60s, bone class'],
    ['kernel', { kernel: 'B75f' }, 'warning', 'B75f, bone class'],
    ['kernel', { kernel: 'Q99' }, 'unknown', 'Q99'],
  ] as [string, Partial<AcquisitionFacts>, string, string][])(
    '[7.3-acquisition] %s of %o is judged %s',
    (parameter, own, judgement, found) => {
      expect(row(subject(own), parameter)).toMatchObject({ judgement, found });
    },
  );

  test('[7.3-acquisition] what the header does not say is unknown, never a miss, and one finding names it all', () => {
    const bare = {
      tubeVoltageKv: null,
      tubeCurrentMa: null,
      rotationTimeS: null,
      collimationMm: null,
      sliceThicknessMm: null,
      kernel: null,
    };
    const check = orbitCheck(subject({ ...bare, patientPosition: null }));
    const unknown = check.rows.filter((one) => one.judgement === 'unknown');
    expect(unknown).toHaveLength(7);
    expect(unknown.every((one) => one.found === 'not in the header')).toBe(true);
    expect(check.verdict).toBe('meets');
    expect(check.findings.filter((text) => /could not be judged/.test(text))).toHaveLength(1);
  });

  test('[7.3-acquisition] spacing is that of the positions, never of a header; the largest gap counts', () => {
    const gap = subject({}, { slicePositionsMm: [0, 0.5, 1, 2.4, 2.9] });
    expect(row(gap, 'sliceSpacing')).toMatchObject({ found: '1.40 mm', judgement: 'warning' });
  });

  test('[7.3-acquisition] a bone kernel for a standard one is better, and said to be so', () => {
    expect(row(subject({ kernel: 'H60s' }), 'kernel').note).toMatch(/better for thin walls/i);
  });

  test('[7.3-acquisition] both orbits inside, cut off, or not found', () => {
    expect(row(subject(), 'region').found).toBe('both orbits inside');
    const high = {
      ...quality,
      orbits: { rightLps: [-32, -60, 40] as [number, number, number], leftLps: [32, -60, 40] as [number, number, number] },
    };
    expect(row(subject({}, { quality: high }), 'region')).toMatchObject({ found: 'both orbits, cut off', judgement: 'warning' });
    expect(row(subject({}, { quality: { ...quality, orbits: null } }), 'region').judgement).toBe('unknown');
  });

  test('[7.3-acquisition] data as the standard’s own experiment used them (D.4) are usable, not refused', () => {
    const own = { manufacturer: 'GE MEDICAL SYSTEMS', kernel: 'BONE', sliceThicknessMm: 1, fieldOfViewMm: 250, collimationMm: 0.625 };
    const geometry = { ...subject().geometry, spacingMm: [0.49, 0.49, 1] as [number, number, number] };
    expect(orbitCheck(subject(own, { geometry, slicePositionsMm: [0, 1, 2, 3] })).verdict).toBe('warning');
  });
});

describe('the thinnest wall to trust', () => {
  test('[7.3-acquisition] measured edges come before kernel and spacing; the worst direction counts', () => {
    const measured = orbitCheck(subject()).thinnestWall!;
    expect(measured.basis).toBe('measured');
    expect(measured.blurMm).toBeCloseTo(Math.hypot(1.1, (2.354820045 * 0.5) / Math.sqrt(12)), 2);
    const thick = orbitCheck(subject({}, { quality: { ...quality, edgeWidthAlongMm: 2 } })).thinnestWall!;
    expect(thick.mm).toBeGreaterThan(measured.mm);
    const reckoned = orbitCheck(subject({}, { quality: { ...quality, edgeWidthMm: null, edgeWidthAlongMm: null } })).thinnestWall!;
    expect(reckoned.basis).toBe('kernel and spacing');
    expect(orbitCheck(subject({ kernel: 'B20f' }, { quality: null })).thinnestWall!.mm).toBeGreaterThan(
      orbitCheck(subject({ kernel: 'H60s' }, { quality: null })).thinnestWall!.mm,
    );
  });

  test('[7.3-acquisition] more noise makes it thicker, and noise above all bone leaves nothing to trust', () => {
    const noisy = (noiseSoftHu: number) => orbitCheck(subject({}, { quality: { ...quality, noiseSoftHu } })).thinnestWall;
    expect(noisy(100)!.mm).toBeGreaterThan(noisy(10)!.mm);
    expect(noisy(600)).toBeNull();
  });

  test('[7.3-acquisition] the sentence says geometry and wall; of values that are not HU no wall', () => {
    const check = orbitCheck(subject());
    expect(check.sentence).toBe(`Geometry is exact. ${check.thinnestWall!.text}`);
    expect(check.sentence).toMatch(/^Geometry is exact\. Walls thinner than \d\.\d mm cannot be trusted/);
    expect(orbitCheck(subject({}, { units: 'stored' })).thinnestWall).toBeNull();
    expect(orbitCheck(subject({}, { grid: 'resampled' })).sentence).toMatch(/with consent/);
  });

  test.each(['NIfTI-1', 'NRRD', 'MetaImage'] as const)(
    '[7.3-acquisition] of a %s file tilt and gaps cannot be told: its geometry is not called exact',
    (format) => {
      expect(orbitCheck(subject({ format })).sentence).toMatch(/^Geometry as the file states it\. /);
    },
  );
});

describe('a series that preprocessing made', () => {
  type Derived = NonNullable<CheckSubject['derived']>;
  const blurred: ScanQuality = { ...quality, noiseSoftHu: 4, edgeWidthMm: 7.1, edgeWidthAlongMm: 7.2, orbits: null };
  const made = (own: Partial<Derived> = {}, of: Partial<CheckSubject> = {}) =>
    orbitCheck(
      subject(
        {},
        {
          ...of,
          derived: { steps: ['denoise'], edgeKeeping: null, units: 'HU', spacingMm: [0.293, 0.293, 0.5], quality: blurred, ...own },
        },
      ),
    );

  test('[7.3-acquisition] walls that a blur took away are not trusted: its own edges count', () => {
    const check = checkSchema.parse(made());
    expect(check.thinnestWall!.basis).toBe('measured');
    expect(check.thinnestWall!.blurMm).toBeGreaterThan(7);
    expect(check.thinnestWall!.mm).toBeGreaterThan(3 * orbitCheck(subject()).thinnestWall!.mm);
    expect(check.sentence).toBe(
      `Preprocessed (denoise): the conditions are those of the scan; the thinnest wall is that of its own voxels. ${check.thinnestWall!.text}`,
    );
    expect(check.quality).toEqual(blurred);
  });

  test.each([
    ['no quality', { quality: null }, /voxels were not measured/],
    ['no edges within the slices', { quality: { ...blurred, edgeWidthMm: null } }, /too few edges/],
    ['no edges along the normal', { quality: { ...blurred, edgeWidthAlongMm: null } }, /too few edges/],
    ['values that are not HU', { units: 'normalized', quality: null }, /not HU/],
    ['noise above all bone', { quality: { ...blurred, noiseSoftHu: 600 } }, /noise hides/],
  ] as [string, Partial<Derived>, RegExp][])(
    '[7.3-acquisition] %s: no wall is named, with the reason, and kernel and spacing are no way out',
    (_, own, why) => {
      const check = made(own);
      expect(check.thinnestWall).toBeNull();
      expect(check.sentence).toMatch(why);
      expect(check.findings).toContain(check.sentence);
    },
  );

  test('[7.3-acquisition] conditions are those of the scan: thick slices stay thick, and finer voxels show no finer walls', () => {
    const slicePositionsMm = [0, 5, 10, 15, 20];
    const thick = { geometry: { ...subject().geometry, dimensions: [512, 512, 5] as [number, number, number] }, slicePositionsMm };
    const check = made(
      { steps: ['interpolate'], spacingMm: [0.4, 0.4, 0.4], quality: { ...quality, edgeWidthMm: 0.2, edgeWidthAlongMm: 0.3 } },
      thick,
    );
    const spacing = check.rows.find((one) => one.parameter === 'sliceSpacing');
    expect(spacing).toMatchObject({ found: '5.00 mm', judgement: 'unusable' });
    // Sampled every 5 mm, and no sharper than the scan's own edges along the normal.
    expect(check.thinnestWall!.blurMm).toBeCloseTo(Math.hypot(1.1, (2.354820045 * 5) / Math.sqrt(12)), 2);
    const region = made({ steps: ['region'] }).rows.find((one) => one.parameter === 'region')!;
    expect(region).toMatchObject({ found: 'both orbits inside', judgement: 'meets', note: expect.stringMatching(/cropped since/) });
  });

  test('[7.3-acquisition] new slices of an interpolation are no consent; those of the scan are named as such', () => {
    expect(made({ steps: ['interpolate'] }).sentence).not.toMatch(/consent|exact/);
    expect(made({}, { grid: 'resampled' }).sentence).toMatch(/of the scan, whose slices were put onto an even grid with consent;/);
  });

  test('[7.3-acquisition] a filter that keeps edges is named where its edges are measured', () => {
    expect(made({ edgeKeeping: 'median' }).thinnestWall!.text).toMatch(/median filter keeps edges/);
    expect(made().thinnestWall!.text).not.toMatch(/filter/);
  });
});

describe('profiles', () => {
  test('[7.3-acquisition] MR has conditions of its own, other modalities have none', () => {
    const mr = { fieldStrengthT: 3, repetitionTimeMs: 8, echoTimeMs: 3, flipAngleDegrees: 8, sequence: 'GR', acquisitionType: '2D' };
    const of = subject({ modality: 'MR', mr }, { modality: 'MR', units: 'intensity', quality: null });
    const check = acquisitionCheck(of, profileFor('MR', null, profiles), profiles, kernels);
    expect(check.profile.id).toBe('mr-head');
    expect(check.rows.find((one) => one.parameter === 'acquisitionType')).toMatchObject({ found: '2D', judgement: 'warning' });
    expect(check.rows.some((one) => one.parameter === 'tubeVoltage')).toBe(false);
    const pet = acquisitionCheck(subject({}, { modality: 'PT', units: 'intensity' }), profileFor('PT', null, profiles), profiles, kernels);
    expect([pet.rows, pet.verdict]).toEqual([[], 'unknown']);
    expect(pet.sentence).toMatch(/no conditions for PT/);
  });

  test('[7.3-acquisition] the named profile is taken: the same field is wide for an orbit and right for a skull', () => {
    const of = subject({ fieldOfViewMm: 220 });
    const field = (id: string) =>
      acquisitionCheck(of, profileFor('CT', id, profiles), profiles, kernels).rows.find((one) => one.parameter === 'fieldOfView')!
        .judgement;
    expect([field('orbit'), field('skull')]).toEqual(['warning', 'meets']);
    expect(profileFor('CT', 'nobody', profiles)).toBeNull();
  });

  test('a series of an earlier version without facts is unknown, not refused', () => {
    const check = orbitCheck({ ...subject(), acquisition: null, quality: null });
    expect(check.rows.find((one) => one.parameter === 'format')!.judgement).toBe('unknown');
    expect(check.rows.find((one) => one.parameter === 'sliceSpacing')!.judgement).toBe('meets');
  });

  test('limits: every number must lie inside; a hair of rounding is inside; unknown never hides what is known', () => {
    const limit = (meets: object, usable?: object) => ({
      parameter: 'tubeCurrent' as const,
      asked: '',
      meets,
      ...(usable ? { usable } : {}),
    });
    expect(judge(limit({ max: 1 }), { text: '', numbers: [1 + 1e-9] })).toBe('meets');
    expect(judge(limit({ below: 1 }), { text: '', numbers: [1] })).toBe('warning');
    expect(judge(limit({ max: 1 }, { max: 2 }), { text: '', numbers: [0.5, 3] })).toBe('unusable');
    expect(worst(['unknown', 'meets'])).toBe('meets');
    expect(worst(['meets', 'unusable', 'warning'])).toBe('unusable');
    expect(worst(['unknown'])).toBe('unknown');
  });
});

describe('kernels and enhancement', () => {
  test.each([
    ['SIEMENS', 'B30f', 'soft', false],
    ['Siemens Healthineers', 'Br38f 3', 'standard', false],
    ['SIEMENS', 'H60s', 'bone', false],
    ['SIEMENS', 'U90u', 'bone', true],
    ['GE MEDICAL SYSTEMS', 'STANDARD', 'standard', false],
    ['GE MEDICAL SYSTEMS', 'STD+', 'standard', true],
    ['GE MEDICAL SYSTEMS', 'bone', 'bone', false],
    ['GE MEDICAL SYSTEMS', 'LUNG', 'bone', true],
    ['Philips', 'YA', 'bone', false],
    ['Philips', 'UB', 'standard', false],
    ['TOSHIBA', 'FC08', 'standard', false],
    ['CANON_MEC', 'FC30', 'bone', false],
    ['TOSHIBA', 'FC81', 'bone', true],
    ['NEUSOFT', 'F20', 'unknown', false],
    ['Philips', 'H60s', 'unknown', false],
    ['SIEMENS', 'Bone', 'unknown', false],
    ['', 'B30f', 'unknown', false],
  ])('[7.3-enhancement] %s %s is %s', (maker, name, kind, edges) => {
    expect(kernelClassOf(name, maker, kernels)).toMatchObject({ class: kind, edgeEnhancing: edges });
  });

  test('[7.3-enhancement] the list that named it is said; a hospital’s list comes first', () => {
    expect(kernelClassOf('H60s', 'SIEMENS', kernels).source).toBe('Siemens: H60s');
    const own: KernelList = {
      schema: 'lamina-kernels/1',
      vendors: [
        { vendor: 'House', manufacturers: ['siemens'], source: '', kernels: [{ names: ['h60S'], class: 'soft', edgeEnhancing: false }] },
      ],
    };
    expect(kernelClassOf('H60s', 'SIEMENS', [own, ...kernels])).toMatchObject({ class: 'soft', source: 'House: H60s' });
  });

  test('[7.3-enhancement] enhancement is flagged with the header’s own words; a plain scan has none', () => {
    const flags = (own: Partial<AcquisitionFacts>) => orbitCheck(subject(own)).enhancement;
    expect(flags({})).toEqual([]);
    expect(flags({ processing: ['ImageFilter: EDGE ENHANCEMENT 2'] })[0]).toContain('EDGE ENHANCEMENT 2');
    expect(flags({ processing: ['AcquisitionDeviceProcessingDescription: ASIR-V 40%'] })[0]).toMatch(/iterative or learned.*ASIR-V/i);
    expect(flags({ processing: ['SeriesDescription: HEAD O-MAR'] })[0]).toMatch(/metal/i);
    expect(flags({ kernel: 'B75f' })[0]).toContain('B75f');
    expect(flags({ imageType: ['DERIVED', 'SECONDARY', 'MPR'] })[0]).toMatch(/already averaged/);
    expect(flags({ lossy: true })[0]).toMatch(/loss/);
    expect(flags({ kernel: 'Br44f 3' })[0]).toMatch(/strength 3/);
  });
});

describe('quality', () => {
  test('[7.3-quality] implausible air, noise, metal and motion are findings and a warning of quality', () => {
    const of = (own: Partial<ScanQuality>) => orbitCheck(subject({}, { quality: { ...quality, ...own } }));
    expect(of({ airHu: -870 })).toMatchObject({ qualityJudgement: 'warning', verdict: 'meets' });
    expect(of({ airHu: -870 }).findings.some((text) => /Air reads -870 HU/.test(text))).toBe(true);
    expect(of({ noiseSoftHu: 80 }).qualityJudgement).toBe('warning');
    expect(of({ metal: { share: 0.01, hint: true } }).qualityJudgement).toBe('warning');
    expect(of({ motion: { slices: [4, 9], hint: true } }).findings.some((text) => /Slices 5, 10 differ/.test(text))).toBe(true);
    expect(of({ airHu: null, softHu: null, fatHu: null }).qualityJudgement).toBe('unknown');
    expect(orbitCheck(subject({}, { quality: null })).qualityJudgement).toBe('unknown');
  });
});

import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { readAcquisition } from './acquisition.ts';
import { dicomFile, type ElementSpec, sequence } from './fixtures.ts';
import { sharedSets, unpackedSeries } from './shared-series.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lamina-facts-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

let count = 0;
function file(elements: ElementSpec[]): string {
  const path = join(folder, `${count++}.dcm`);
  writeFileSync(path, dicomFile([[0x00080016, 'UI', '1.2.840.10008.5.1.4.1.1.2'], [0x00080060, 'CS', 'CT'], ...elements]));
  return path;
}
const float = (value: number): Uint8Array => new Uint8Array(new Float64Array([value]).buffer);

describe('what headers say of the acquisition', () => {
  test('[7.3-acquisition] a classic CT: every attribute of Table A.1, current from the smallest to the largest', () => {
    const common: ElementSpec[] = [
      [0x00080008, 'CS', 'ORIGINAL\\PRIMARY\\AXIAL'],
      [0x00080070, 'LO', 'SIEMENS'],
      [0x00081090, 'LO', 'Sensation 64'],
      [0x00180015, 'CS', 'HEAD'],
      [0x00180050, 'DS', '0.75'],
      [0x00180060, 'DS', '120'],
      [0x00181100, 'DS', '150'],
      [0x00181150, 'IS', '1000'],
      [0x00181210, 'SH', 'H60s'],
      [0x00185100, 'CS', 'HFS'],
      [0x00189306, 'FD', float(0.6)],
    ];
    const facts = readAcquisition(['190', '250', '210'].map((mA) => file([...common, [0x00181151, 'IS', mA]])))!;
    expect(facts).toMatchObject({
      format: 'DICOM',
      modality: 'CT',
      manufacturer: 'SIEMENS',
      model: 'Sensation 64',
      bodyPart: 'HEAD',
      patientPosition: 'HFS',
      tubeVoltageKv: 120,
      tubeCurrentMa: [190, 250],
      rotationTimeS: 1,
      collimationMm: 0.6,
      fieldOfViewMm: 150,
      sliceThicknessMm: 0.75,
      kernel: 'H60s',
      imageType: ['ORIGINAL', 'PRIMARY', 'AXIAL'],
      processing: [],
      lossy: false,
      mr: null,
    });
  });

  test('[7.3-acquisition] an enhanced CT: from the shared groups, and the current of every frame', () => {
    const frame = (mA: number): ElementSpec[] => [[0x00189321, 'SQ', sequence([[[0x00189330, 'FD', float(mA)]]])]];
    const path = file([
      [
        0x52009229,
        'SQ',
        sequence([
          [
            [0x00189325, 'SQ', sequence([[[0x00180060, 'DS', '100']]])],
            [
              0x00189314,
              'SQ',
              sequence([
                [
                  [0x00181210, 'SH', 'Br60'],
                  [0x00181100, 'DS', '140'],
                  [0x00189315, 'CS', 'ITERATIVE'],
                ],
              ]),
            ],
            [
              0x00189304,
              'SQ',
              sequence([
                [
                  [0x00189305, 'FD', float(0.5)],
                  [0x00189306, 'FD', float(0.4)],
                ],
              ]),
            ],
            [0x00289110, 'SQ', sequence([[[0x00180050, 'DS', '0.6']]])],
          ],
        ]),
      ],
      [0x52009230, 'SQ', sequence([frame(280), frame(330), frame(300)])],
    ]);
    expect(readAcquisition([path])).toMatchObject({
      tubeVoltageKv: 100,
      tubeCurrentMa: [280, 330],
      rotationTimeS: 0.5,
      collimationMm: 0.4,
      fieldOfViewMm: 140,
      sliceThicknessMm: 0.6,
      kernel: 'Br60',
      processing: ['ReconstructionAlgorithm: ITERATIVE'],
    });
  });

  test('[7.3-acquisition] MR has its own; nothing stated is null, never 0', () => {
    const path = file([
      [0x00080060, 'CS', 'MR'],
      [0x00180023, 'CS', '3D'],
      [0x00180020, 'CS', 'GR'],
      [0x00180080, 'DS', '8.1'],
      [0x00180081, 'DS', '3.7'],
      [0x00180087, 'DS', '3'],
      [0x00181314, 'DS', '8'],
    ]);
    const mr = { fieldStrengthT: 3, repetitionTimeMs: 8.1, echoTimeMs: 3.7, flipAngleDegrees: 8, sequence: 'GR', acquisitionType: '3D' };
    expect(readAcquisition([path])!.mr).toEqual(mr);
    const bare = readAcquisition([
      file([
        [0x00180060, 'DS', '0'],
        [0x00181151, 'IS', 'many'],
        [0x00181150, 'IS', '40000'],
      ]),
    ])!;
    expect([bare.tubeVoltageKv, bare.tubeCurrentMa, bare.rotationTimeS, bare.kernel, bare.mr]).toEqual([null, null, null, null, null]);
  });

  test('[7.3-enhancement] slices of different kernels are said, and only texts of processing are kept', () => {
    const facts = readAcquisition([
      file([
        [0x00181210, 'SH', 'B30f'],
        [0x0008103e, 'LO', 'Smith left eye'],
      ]),
      file([
        [0x00181210, 'SH', 'B70f'],
        [0x00081400, 'LO', 'x'],
        [0x00181400, 'LO', 'ASIR-V 40%'],
      ]),
    ])!;
    expect(facts.kernel).toBe('B30f');
    expect(facts.processing).toEqual([
      'AcquisitionDeviceProcessingDescription: ASIR-V 40%',
      'ConvolutionKernel differs between slices: B30f, B70f',
    ]);
  });

  test('hostile text is cut, and control and direction characters are taken out; a file that has gone is left out', () => {
    const path = file([[0x00080070, 'LO', `A\u0001B\u001b[31m${'x'.repeat(5000)}`]]);
    const facts = readAcquisition([join(folder, 'gone.dcm'), path])!;
    expect(facts.manufacturer!.length).toBeLessThan(170);
    expect([...facts.manufacturer!].every((letter) => letter.codePointAt(0)! >= 32)).toBe(true);
    expect(readAcquisition([join(folder, 'gone.dcm')])).toBeNull();
    expect(readAcquisition([])).toBeNull();
  });
});

describe.skipIf(!sharedSets)('real series', () => {
  const files = (...names: string[]): string[] => {
    const root = join(unpackedSeries(), ...names);
    return readdirSync(root, { recursive: true, encoding: 'utf8' })
      .map((name) => join(root, name))
      .filter((path) => statSync(path).isFile());
  };
  test('[7.3-acquisition] Philips bone 1 mm and GE with tilt', () => {
    expect(readAcquisition(files('skull-phantom-philips', 'bone-1mm'))).toMatchObject({
      manufacturer: 'Philips',
      kernel: 'YA',
      tubeCurrentMa: [54, 119],
      collimationMm: 0.625,
      rotationTimeS: 0.5,
      fieldOfViewMm: 231,
      sliceThicknessMm: 1,
    });
    expect(readAcquisition(files('head-ge-tilt-variable'))).toMatchObject({ kernel: 'STD+', tubeCurrentMa: [160, 180], rotationTimeS: 2 });
  });
});

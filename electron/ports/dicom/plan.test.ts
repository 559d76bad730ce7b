import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Triple } from '../../../kernels/volume/geometry.ts';
import { type ElementSpec, linearField, type SliceSpec, sliceFile, turnedAxes, writeFolder } from './fixtures.ts';
import { type ImageFile, isImage, readImage } from './image.ts';
import { type Candidate, planVolumes } from './plan.ts';
import { rangeWarnings } from './warnings.ts';

let root = '';
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'lamina-plan-'));
});
afterEach(() => {
  rmSync(root, { recursive: true, force: true });
});

const { row, column, normal } = turnedAxes(0.3, -0.4, 1.2);
const at = (mm: number, aside = 0): Triple => [0, 1, 2].map((n) => mm * (normal[n] as number) + aside * (row[n] as number) + 5) as Triple;
const slice = (mm: number, more: Partial<SliceSpec> = {}): SliceSpec => ({
  position: at(mm),
  row,
  column,
  pixelSpacing: [0.8, 0.8],
  rows: 4,
  columns: 5,
  value: linearField,
  instance: Math.round(mm * 100) + 1,
  ...more,
});
const stack = (count: number, each: (n: number) => Partial<SliceSpec> = () => ({}), stepMm = 2, fromMm = 0): SliceSpec[] =>
  Array.from({ length: count }, (_, n) => slice(fromMm + n * stepMm, each(n)));
const tagged = (...extra: ElementSpec[]): Partial<SliceSpec> => ({ extra });

function planned(specs: SliceSpec[]): Candidate[] {
  const folder = writeFolder(join(root, 'in'), specs.map(sliceFile));
  const files = readdirSync(folder)
    .sort()
    .map((name) => readImage(join(folder, name)));
  return planVolumes(files.filter(isImage) as ImageFile[]);
}
/** Per candidate: slices, then reasons, then warnings. */
const told = (specs: SliceSpec[]) =>
  planned(specs).map((item) => [item.slices.length, item.reasons.map(({ code }) => code), item.warnings.map(({ code }) => code)]);

describe('what becomes one volume', () => {
  const kinds: [string, ElementSpec, ElementSpec][] = [
    ['reconstruction kernel', [0x00181210, 'SH', 'H30s'], [0x00181210, 'SH', 'H70s']],
    ['temporal position', [0x00200100, 'IS', '1'], [0x00200100, 'IS', '2']],
    ['tube voltage', [0x00180060, 'DS', '80'], [0x00180060, 'DS', '140']],
    ['acquisition number', [0x00200012, 'IS', '1'], [0x00200012, 'IS', '2']],
    ['b-value', [0x00189087, 'FD', new Uint8Array(8)], [0x00189087, 'FD', new Uint8Array(new Float64Array([1000]).buffer)]],
  ];
  for (const [what, one, other] of kinds) {
    test(`[7.2-dicom] two scans that interleave at half steps and differ in ${what} are two volumes, not one of half the spacing`, () => {
      const both = [...stack(6, () => tagged(one)), ...stack(6, () => tagged(other), 2, 1)];
      expect(told(both)).toEqual([
        [6, [], ['MULTIPLE_VOLUMES_SPLIT']],
        [6, [], ['MULTIPLE_VOLUMES_SPLIT']],
      ]);
    });
  }

  test('acquisition numbers that count on along the stack are one scan, as is a value for each slice', () => {
    expect(told(stack(9, (n) => tagged([0x00200012, 'IS', String(1 + Math.floor(n / 3))])))).toEqual([[9, [], []]]);
    expect(told(stack(9, (n) => tagged([0x00200100, 'IS', String(n)])))).toEqual([[9, [], []]]);
    expect(told(stack(9, (n) => (n < 5 ? tagged([0x00181210, 'SH', 'H30s']) : {})))).toEqual([[9, [], []]]);
  });

  test('one slice of another kernel is refused', () => {
    const [only] = told(stack(9, (n) => tagged([0x00181210, 'SH', n === 4 ? 'H70s' : 'H30s'])));
    expect(only?.[1]).toEqual(['INCONSISTENT_SLICES']);
  });

  test('a second acquisition that lacks a slice is taken apart and judged by itself', () => {
    const second = stack(9, (n) => ({ ...tagged([0x00200012, 'IS', '2']), instance: 500 + n, value: () => n }));
    const both = [...stack(9, () => tagged([0x00200012, 'IS', '1'])), ...second.filter((_, n) => n !== 4)];
    expect(told(both)).toEqual([
      [9, [], ['MULTIPLE_VOLUMES_SPLIT']],
      [8, ['MISSING_SLICES'], ['MULTIPLE_VOLUMES_SPLIT']],
    ]);
  });

  test('the same pixels at another place of the same plane are no duplicate', () => {
    const air = () => ({ value: () => -1000 });
    expect(told([...stack(6, air), slice(4, { ...air(), position: at(4, 40), instance: 900 })])[0]?.[1]).toEqual(['INCONSISTENT_SLICES']);
    expect(told([...stack(6, air), slice(4, { ...air(), instance: 900 })])).toEqual([[6, [], ['DUPLICATE_SLICES']]]);
  });

  test('a copy with the same values in other bits is a duplicate', () => {
    const copy = slice(4, { intercept: -1024, signed: false, instance: 900 });
    expect(told([...stack(6), copy])).toEqual([[6, [], ['DUPLICATE_SLICES']]]);
    expect(told([...stack(6), { ...copy, value: (point: Triple) => linearField(point) + 1 }])[0]?.[1]).toEqual([
      'AMBIGUOUS_DUPLICATE_POSITIONS',
    ]);
  });

  const rotated = (radians: number): Partial<SliceSpec> => {
    const turn = (a: Triple, b: Triple, sign: number) =>
      a.map((value, n) => value * Math.cos(radians) + sign * (b[n] as number) * Math.sin(radians)) as Triple;
    return { row: turn(row, column, 1), column: turn(column, row, -1) };
  };
  test('slices that alternate between two directions are refused, not two volumes of twice the spacing', () => {
    expect(told(stack(12, (n) => (n % 2 ? rotated(0.004) : {})))[0]?.[1]).toEqual(['INCONSISTENT_SLICES']);
  });
  test('cosines that differ by rounding are one volume, with a warning', () => {
    const size = { rows: 40, columns: 50 };
    expect(told(stack(12, (n) => ({ ...size, ...(n % 2 ? rotated(0.0005) : {}) })))).toEqual([[12, [], ['INVALID_GEOMETRY_NORMALISED']]]);
  });

  test('several modalities in one series are refused; a storage class of another modality is no CT', () => {
    expect(told(stack(6, (n) => tagged([0x00080016, 'UI', '1.2.3'], [0x00080060, 'CS', n > 2 ? 'PT' : 'CT'])))[0]?.[1]).toEqual([
      'INCONSISTENT_SLICES',
    ]);
    expect(told(stack(6, () => tagged([0x00080016, 'UI', '1.2.840.10008.5.1.4.1.1.4'])))).toEqual([[6, [], ['NOT_CT_NO_HU']]]);
    expect(told(stack(6, () => ({ without: [0x00080060] })))).toEqual([[6, [], ['MISSING_REQUIRED_TAG']]]);
  });

  test('[7.2-dicom] a dose report or a screen capture among the slices is left out, the stack comes in', () => {
    const capture = (...extra: ElementSpec[]) =>
      slice(0, {
        instance: 900,
        without: [0x00200032, 0x00200037, 0x00280030],
        extra: [[0x00080016, 'UI', '1.2.840.10008.5.1.4.1.1.7'], ...extra],
      });
    const colour = capture([0x00280002, 'US', 3], [0x00280004, 'CS', 'RGB']);
    const screen = capture([0x00080008, 'CS', 'DERIVED\\SECONDARY\\SCREEN SAVE']);
    screen.extra = screen.extra?.filter(([tag]) => tag !== 0x00080016);
    for (const stray of [colour, capture(), screen]) {
      expect(told([...stack(6), stray]).sort((a, b) => Number(b[0]) - Number(a[0]))[0]).toEqual([6, [], []]);
    }
    expect(told([colour])[0]?.[1]).toEqual(['COLOUR_IMAGE']);
  });
});

describe('whom the images are of', () => {
  const name = (n: number, value: string): Partial<SliceSpec> => (n === 3 ? tagged([0x00100010, 'PN', value]) : {});
  test('delimiters, spaces and case of a name make no other patient', () => {
    for (const value of ['Test^Phantom^^', 'TEST^phantom ', 'Test^Phantom=X'])
      expect(told(stack(6, (n) => name(n, value)))).toEqual([[6, [], []]]);
    expect(told(stack(6, (n) => name(n, 'Test^Phantoms')))[0]?.[1]).toEqual(['PATIENT_MISMATCH']);
  });
  test('another birth date is another patient; a missing identifier is said', () => {
    const born = (n: number) => tagged([0x00100030, 'DA', n === 2 ? '19800101' : '19700101']);
    expect(told(stack(6, born))[0]?.[1]).toEqual(['PATIENT_MISMATCH']);
    expect(told(stack(6, (n) => (n === 2 ? { without: [0x00100020] } : {})))).toEqual([[6, [], ['MISSING_PATIENT_ID']]]);
  });
  test('identifiers that are none, or that two images share', () => {
    for (const tag of [0x00080018, 0x0020000d, 0x0020000e, 0x00200052])
      expect(told(stack(6, () => tagged([tag, 'UI', '1.2.03'])))[0]?.[2]).toEqual(['INVALID_UID']);
    expect(told(stack(6, () => ({ instance: 7 })))).toEqual([[6, [], ['INVALID_UID']]]);
    expect(told(stack(6, (n) => tagged([0x0020000d, 'UI', n > 2 ? '2.25.2' : '2.25.8'])))).toEqual([[6, [], ['INVALID_UID']]]);
  });
});

describe('attributes that cannot be', () => {
  const impossible: [string, ElementSpec, string][] = [
    ['a position of four values', [0x00200032, 'DS', '1\\2\\3\\4'], 'INVALID_GEOMETRY'],
    ['a position with a comma', [0x00200032, 'DS', '1,5\\2\\3'], 'INVALID_GEOMETRY'],
    ['a position beyond all rooms', [0x00200032, 'DS', '1e30\\2\\3'], 'INVALID_GEOMETRY'],
    ['an empty position', [0x00200032, 'DS', ''], 'MISSING_GEOMETRY'],
    ['cosines that are no numbers', [0x00200037, 'DS', 'NaN\\0\\0\\0\\1\\0'], 'INVALID_GEOMETRY'],
    ['one pixel spacing', [0x00280030, 'DS', '0.8'], 'INVALID_GEOMETRY'],
    ['a pixel spacing of an atom', [0x00280030, 'DS', '1e-9\\1e-9'], 'INVALID_GEOMETRY'],
    ['a slope beyond float32', [0x00281053, 'DS', '1e37'], 'INVALID_RESCALE'],
    ['a slope of next to nothing', [0x00281053, 'DS', '1e-300'], 'INVALID_RESCALE'],
    ['a pixel representation of 7', [0x00280103, 'US', 7], 'UNSUPPORTED_PIXEL_FORMAT'],
  ];
  for (const [what, element, code] of impossible) {
    test(`[7.2-dicom] ${what} is ${code}`, () => {
      expect(told(stack(6, (n) => (n === 2 ? tagged(element) : {})))[0]?.[1]).toEqual([code]);
    });
  }
  test('a sign or a width that is not stated is never guessed', () => {
    for (const tag of [0x00280100, 0x00280101, 0x00280103])
      expect(told(stack(6, () => ({ without: [tag] })))[0]?.[1]).toEqual(['MISSING_REQUIRED_TAG']);
  });
});

describe('tags beside the positions', () => {
  const warned: [string, ElementSpec[], string[]][] = [
    ['slices thinner than their distance', [[0x00180050, 'DS', '1']], ['SPACING_TAGS_DISAGREE']],
    ['slices far thicker than their distance', [[0x00180050, 'DS', '10']], ['SPACING_TAGS_DISAGREE']],
    ['slices that overlap by half', [[0x00180050, 'DS', '4']], []],
    [
      'a planned gap',
      [
        [0x00180050, 'DS', '1.6'],
        [0x00180088, 'DS', '2'],
      ],
      [],
    ],
    ['a spacing of the other sign', [[0x00180088, 'DS', '-2']], []],
    ['changed HU', [[0x00281054, 'LO', 'HU_MOD']], ['HU_NOT_CALIBRATED']],
    ['a compression ratio without the mark', [[0x00282112, 'DS', '8.5']], ['LOSSY_COMPRESSED']],
  ];
  for (const [what, extra, codes] of warned) {
    test(`[7.2-dicom] ${what}: ${codes.join() || 'nothing to say'}`, () => {
      expect(told(stack(6, (n) => (n === 5 ? tagged(...extra) : {})))).toEqual([[6, [], codes]]);
    });
  }
  test('a tilt tag that the slant of the positions contradicts is said', () => {
    const slanted = (tilt: string) => stack(8, (n) => ({ position: at(n * 2, n * 0.6), ...tagged([0x00181120, 'DS', tilt]) }));
    expect(told(slanted('-16.7'))).toEqual([[8, ['GANTRY_TILT'], []]]);
    expect(told(slanted('9'))).toEqual([[8, ['GANTRY_TILT'], ['GANTRY_TILT_TAG_IGNORED']]]);
  });
});

describe('values that are no HU', () => {
  test('[7.2-hu] beyond 16 bits, or nowhere near a body', () => {
    const codes = (values: Int16Array | Float32Array) => rangeWarnings(values).map(({ code }) => code);
    expect(codes(Int16Array.of(-32768, -1000, 15000))).toEqual([]);
    expect(codes(Float32Array.of(-1000, 40, 32767.5))).toEqual(['HU_OUT_OF_RANGE']);
    expect(codes(Int16Array.of(-11000, -9000))).toEqual(['HU_OUT_OF_RANGE']);
    expect(codes(Int16Array.of(-1024, -1024))).toEqual([]);
  });
});

import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { deflateSync, gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Refusal } from '../../contract/errors.ts';
import { importSeries } from '../processes/tasks/import.ts';
import { scan } from '../processes/tasks/scan.ts';
import { metaImageFile, metaImageHeader, niftiFile, nrrdFile, nrrdHeader, phantom, type Stored, voxelsOf } from './asymmetric.fixture.ts';
import { readNiftiMask } from './nifti-read.ts';
import { openVolumeFile, volumeFormatOf } from './volume-file-open.ts';
import { readVolumeFile } from './volume-file-volume.ts';

let root = '';
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'lamina-volume-file-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));
const quiet = () => undefined;
const context = { progress: quiet, throwIfCancelled: quiet };
const bytesOf = (values: ArrayBufferView): Buffer => Buffer.from(values.buffer, values.byteOffset, values.byteLength);

function put(name: string, bytes: Uint8Array | string): string {
  const path = join(root, name);
  writeFileSync(path, bytes);
  return path;
}

/** A small straight grid for what is not about places. */
const plain: Stored = {
  sides: [5, 4, 6],
  steps: [
    [0.5, 0, 0],
    [0, 0.75, 0],
    [0, 0, 1.25],
  ],
  origin: [10, 20, 30],
};
const wanted = Array.from({ length: 120 }, (_, n) => (n % 50) - 20);
const stored = Int16Array.from(wanted);

async function outcome(path: string, allow: string[] = []): Promise<string> {
  try {
    const { warnings } = await readVolumeFile(path, allow, quiet, { uid: '2.25.1' });
    return ['accepted', ...warnings.map((item) => item.code).filter((code) => code !== 'HU_NOT_CALIBRATED')].join(' ');
  } catch (error) {
    if (error instanceof Refusal) return error.code;
    throw error;
  }
}

const valuesOf = async (path: string) => Array.from((await readVolumeFile(path, [], quiet)).values);

/** Number types: the names, the values as little-endian bytes, bytes of one. */
const types: [nrrd: string, metaImage: string, values: ArrayBufferView, width: number][] = [
  ['signed char', 'MET_CHAR', Int8Array.from(wanted), 1],
  ['short', 'MET_SHORT', stored, 2],
  ['signed int', 'MET_INT', Int32Array.from(wanted), 4],
  ['int', 'MET_LONG', Int32Array.from(wanted), 4],
  ['long long int', 'MET_LONG_LONG', BigInt64Array.from(wanted, BigInt), 8],
  ['float', 'MET_FLOAT', Float32Array.from(wanted), 4],
  ['double', 'MET_DOUBLE', Float64Array.from(wanted), 8],
];
const positive = wanted.map((value) => value + 20);
const unsigned: typeof types = [
  ['uint8_t', 'MET_UCHAR', Uint8Array.from(positive), 1],
  ['unsigned short int', 'MET_USHORT', Uint16Array.from(positive), 2],
  ['uint', 'MET_UINT', Uint32Array.from(positive), 4],
  ['uint64', 'MET_ULONG_LONG', BigUint64Array.from(positive, BigInt), 8],
];

function bigEndian(values: ArrayBufferView, width: number): Buffer {
  const out = Buffer.from(bytesOf(values));
  if (width === 2) out.swap16();
  else if (width === 4) out.swap32();
  else if (width === 8) out.swap64();
  return out;
}

describe('numbers', () => {
  for (const [nrrd, metaImage, values, width] of [...types, ...unsigned]) {
    const expected = unsigned.some(([name]) => name === nrrd) ? positive : wanted;
    test(`${nrrd} and ${metaImage}, both byte orders`, async () => {
      const big = bigEndian(values, width);
      expect(await valuesOf(put('a', nrrdFile(plain, undefined, { type: nrrd }, bytesOf(values))))).toEqual(expected);
      expect(await valuesOf(put('b', nrrdFile(plain, undefined, { type: nrrd, endian: 'big' }, big)))).toEqual(expected);
      expect(await valuesOf(put('c', metaImageFile(plain, { ElementType: metaImage }, bytesOf(values))))).toEqual(expected);
      expect(await valuesOf(put('d', metaImageFile(plain, { ElementType: metaImage, BinaryDataByteOrderMSB: 'True' }, big)))).toEqual(
        expected,
      );
      const other = { ElementType: metaImage, BinaryDataByteOrderMSB: '', ElementByteOrderMSB: 'True' };
      expect(await valuesOf(put('e', metaImageFile(plain, other, big)))).toEqual(expected);
    });
  }

  test('64-bit integers beyond what a double keeps are INVALID_VOXELS', async () => {
    const values = BigInt64Array.from(wanted, BigInt);
    values[7] = 2n ** 53n + 1n;
    expect(await outcome(put('a', nrrdFile(plain, undefined, { type: 'int64' }, bytesOf(values))))).toBe('INVALID_VOXELS');
    expect(await outcome(put('b', metaImageFile(plain, { ElementType: 'MET_LONG_LONG' }, bytesOf(values))))).toBe('INVALID_VOXELS');
  });

  test('NaN is INVALID_VOXELS, as bytes and as text', async () => {
    const values = Float32Array.from(wanted);
    values[3] = Number.NaN;
    expect(await outcome(put('a', nrrdFile(plain, undefined, { type: 'float' }, bytesOf(values))))).toBe('INVALID_VOXELS');
    const text = Buffer.from([...values].join(' '));
    expect(await outcome(put('b', nrrdFile(plain, undefined, { type: 'float', encoding: 'txt' }, text)))).toBe('INVALID_VOXELS');
  });

  test('[7.2-hu] values that look like HU count as CT in HU, fractions make float32', async () => {
    const hu = Float32Array.from({ length: 120 }, (_, n) => (n < 40 ? -1000 : n < 80 ? 40.5 : 900));
    const ct = await readVolumeFile(
      put('a.nrrd', nrrdFile(plain, undefined, { type: 'float', content: 'my\u0007 head' }, bytesOf(hu))),
      [],
      quiet,
    );
    expect([ct.units, ct.entry.modality, ct.warnings, ct.entry.description]).toEqual(['HU', 'CT', [], 'a.nrrd (my head)']);
    expect(ct.values).toEqual(hu);
  });
});

describe('encodings and places', () => {
  const hex = bytesOf(stored)
    .toString('hex')
    .replace(/(.{40})/g, '$1\n')
    .toUpperCase();
  const text = wanted.map((value, n) => `${value}${n % 7 === 6 ? '\r\n' : '  '}`).join('');
  const skipped = Buffer.concat([Buffer.from('one\ntwo\n'), Buffer.from('xyz'), bytesOf(stored)]);
  const good: [string, () => string][] = [
    ['gz', () => put('a', nrrdFile(plain, undefined, { encoding: 'gz' }, gzipSync(bytesOf(stored))))],
    ['hex', () => put('a', nrrdFile(plain, undefined, { encoding: 'hex' }, Buffer.from(hex)))],
    ['ascii', () => put('a', nrrdFile(plain, undefined, { encoding: 'ascii' }, Buffer.from(text)))],
    ['64-bit text', () => put('a', nrrdFile(plain, undefined, { encoding: 'text', type: 'int64' }, Buffer.from(text)))],
    ['MetaImage as text', () => put('a', metaImageFile(plain, { BinaryData: 'False' }, Buffer.from(text)))],
    ['lines and bytes skipped', () => put('a', nrrdFile(plain, undefined, { 'line skip': '2', 'byte skip': '3' }, skipped))],
    [
      'lines skipped before unpacking, bytes after it',
      () => {
        const packed = gzipSync(Buffer.concat([Buffer.from('xyz'), bytesOf(stored)]));
        return put(
          'a',
          nrrdFile(plain, undefined, { encoding: 'gzip', lineskip: '1', byteskip: '3' }, Buffer.concat([Buffer.from('one\n'), packed])),
        );
      },
    ],
    ['the last bytes of the file', () => put('a', nrrdFile(plain, undefined, { 'byte skip': '-1' }, skipped))],
    ['the last bytes of the file, MetaImage', () => put('a', metaImageFile(plain, { HeaderSize: '-1' }, skipped))],
    [
      'a HeaderSize in a file of its own',
      () => {
        put('v.raw', skipped);
        return put('a.mhd', metaImageHeader(plain, { HeaderSize: '11', ElementDataFile: 'v.raw' }));
      },
    ],
    ['zlib', () => put('a', metaImageFile(plain, { CompressedData: 'True' }, deflateSync(bytesOf(stored))))],
    [
      'slices in a list of files',
      () => {
        for (let k = 0; k < 6; k++) put(`s${k}.raw`, bytesOf(stored.subarray(k * 20, k * 20 + 20)));
        return put(
          'a.nhdr',
          `${nrrdHeader(plain, undefined, { 'data file': 'LIST' })}\n${[0, 1, 2, 3, 4, 5].map((k) => `s${k}.raw\n`).join('')}`,
        );
      },
    ],
    [
      'packed pairs of slices in numbered files',
      () => {
        for (let k = 0; k < 3; k++) put(`p ${k + 1}.gz`.replace(' ', ''), gzipSync(bytesOf(stored.subarray(k * 40, k * 40 + 40))));
        return put('a.nhdr', nrrdHeader(plain, undefined, { encoding: 'gzip', 'data file': 'p%d.gz 1 3 1 3' }));
      },
    ],
    [
      'MetaImage list',
      () => {
        for (let k = 0; k < 6; k++) put(`m${k}.raw`, bytesOf(stored.subarray(k * 20, k * 20 + 20)));
        return put(
          'a.mhd',
          `${metaImageHeader(plain, { ElementDataFile: 'LIST' })}${[0, 1, 2, 3, 4, 5].map((k) => `m${k}.raw\n`).join('')}`,
        );
      },
    ],
    [
      'MetaImage pattern',
      () => {
        for (let k = 0; k < 6; k++) put(`n${String(k * 2).padStart(3, '0')}.raw`, bytesOf(stored.subarray(k * 20, k * 20 + 20)));
        return put('a.mhd', metaImageHeader(plain, { ElementDataFile: 'n%03d.raw 0 10 2' }));
      },
    ],
    [
      'lines that end as on Windows',
      () => put('a', Buffer.concat([Buffer.from(`${nrrdHeader(plain)}\n\n`.replaceAll('\n', '\r\n')), bytesOf(stored)])),
    ],
    [
      'MetaImage lines that end as on Windows',
      () => put('a', Buffer.concat([Buffer.from(metaImageHeader(plain).replaceAll('\n', '\r\n')), bytesOf(stored)])),
    ],
    [
      'keys and words of a user',
      () =>
        put(
          'a',
          nrrdFile(plain, undefined, { 'Custom key:': '= some: text', 'measurement frame': '(1,0,0) (0,1,0) (0,0,1)' }, bytesOf(stored)),
        ),
    ],
    [
      'an axis of one sample that is no space',
      () =>
        put(
          'a',
          nrrdFile(
            plain,
            undefined,
            {
              dimension: '4',
              sizes: '1 5 4 6',
              kinds: 'list space space space',
              'space directions': 'none (0.5,0,0) (0,0.75,0) (0,0,1.25)',
            },
            bytesOf(stored),
          ),
        ),
    ],
    [
      'MetaImage of four axes, the last of one',
      () =>
        put(
          'a',
          metaImageFile(
            plain,
            {
              NDims: '4',
              DimSize: '5 4 6 1',
              Offset: '10 20 30 0',
              ElementSpacing: '0.5 0.75 1.25 1',
              TransformMatrix: '1 0 0 0 0 1 0 0 0 0 1 0 0 0 0 1',
            },
            bytesOf(stored),
          ),
        ),
    ],
    [
      'micrometres',
      () =>
        put(
          'a',
          nrrdFile(
            plain,
            undefined,
            {
              'space units': '"um" "um" "um"',
              'space directions': '(500,0,0) (0,750,0) (0,0,1250)',
              'space origin': '(10000,20000,30000)',
            },
            bytesOf(stored),
          ),
        ),
    ],
  ];
  for (const [what, make] of good)
    test(`[7.2-dicom] ${what}`, async () => {
      const { values, entry } = await readVolumeFile(make(), [], quiet);
      expect(Array.from(values)).toEqual(wanted);
      expect(entry.dimensions).toEqual([5, 4, 6]);
      entry.spacingMm.forEach((mm, n) => {
        expect(mm).toBeCloseTo([0.5, 0.75, 1.25][n] as number, 9);
      });
      entry.originLps.forEach((mm, n) => {
        expect(mm).toBeCloseTo([10, 20, 30][n] as number, 9);
      });
    });

  test('plain voxels with something behind them say so: the header may be another one', async () => {
    const more = Buffer.concat([bytesOf(stored), Buffer.alloc(10)]);
    expect(await outcome(put('a', nrrdFile(plain, undefined, {}, more)))).toBe('accepted EXCESS_PIXEL_DATA');
    expect(await outcome(put('b', metaImageFile(plain, {}, more)))).toBe('accepted EXCESS_PIXEL_DATA');
  });
});

describe('what is refused', () => {
  const nrrd = (more: Record<string, string>, voxels: Uint8Array = bytesOf(stored)) => nrrdFile(plain, undefined, more, voxels);
  const meta = (more: Record<string, string>, voxels: Uint8Array = bytesOf(stored)) => metaImageFile(plain, more, voxels);
  const noise = Buffer.from(Uint8Array.from({ length: 240 }, (_, n) => Math.abs(Math.sin(n * n) * 1e6) & 255));
  const cases: [string, Uint8Array, string][] = [
    ['NRRD without a space', nrrd({ space: '' }), 'MISSING_GEOMETRY'],
    [
      'NRRD with spacings alone',
      nrrd({ space: '', 'space directions': '', 'space origin': '', spacings: '0.5 0.75 1.25' }),
      'MISSING_GEOMETRY',
    ],
    ['NRRD with a space that is no patient', nrrd({ space: 'scanner-xyz' }), 'MISSING_GEOMETRY'],
    ['NRRD with a space dimension alone', nrrd({ space: '', 'space dimension': '3' }), 'MISSING_GEOMETRY'],
    ['NRRD without directions', nrrd({ 'space directions': '' }), 'MISSING_GEOMETRY'],
    ['NRRD in space and time', nrrd({ space: 'left-posterior-superior-time' }), 'UNSUPPORTED_DIMENSIONS'],
    ['NRRD of an unknown unit', nrrd({ 'space units': '"pc" "pc" "pc"' }), 'INVALID_GEOMETRY'],
    ['NRRD with a zero step', nrrd({ 'space directions': '(0,0,0) (0,0.75,0) (0,0,1.25)' }), 'INVALID_GEOMETRY'],
    ['NRRD with a step that is no number', nrrd({ 'space directions': '(nan,0,0) (0,0.75,0) (0,0,1.25)' }), 'INVALID_GEOMETRY'],
    ['NRRD with rows askew', nrrd({ 'space directions': '(0.5,0.2,0) (0,0.75,0) (0,0,1.25)' }), 'INVALID_GEOMETRY'],
    ['NRRD with slanted slices', nrrd({ 'space directions': '(0.5,0,0) (0,0.75,0) (0,0.4,1.25)' }), 'GANTRY_TILT'],
    [
      'NRRD in colour',
      nrrd({ dimension: '4', sizes: '3 5 4 2', kinds: 'RGB-color space space space', 'space directions': 'none (1,0,0) (0,1,0) (0,0,1)' }),
      'COLOUR_IMAGE',
    ],
    [
      'NRRD of vectors',
      nrrd({ dimension: '4', sizes: '2 5 4 3', kinds: 'vector space space space', 'space directions': 'none (1,0,0) (0,1,0) (0,0,1)' }),
      'UNSUPPORTED_DIMENSIONS',
    ],
    ['NRRD of four axes', nrrd({ dimension: '4', sizes: '5 4 3 2', kinds: '', 'space directions': '' }), 'UNSUPPORTED_DIMENSIONS'],
    [
      'NRRD of two axes',
      nrrd({ dimension: '2', sizes: '5 24', kinds: 'space space', 'space directions': '(1,0,0) (0,1,0)' }),
      'TOO_FEW_SLICES',
    ],
    ['NRRD of one slice', nrrd({ sizes: '20 6 1' }), 'TOO_FEW_SLICES'],
    ['NRRD of a negative side', nrrd({ sizes: '5 -4 6' }), 'UNSUPPORTED_DIMENSIONS'],
    ['NRRD of blocks', nrrd({ type: 'block' }), 'UNSUPPORTED_PIXEL_FORMAT'],
    ['NRRD in bzip2', nrrd({ encoding: 'bzip2' }), 'UNSUPPORTED_CONTAINER'],
    ['NRRD without a byte order', nrrd({ endian: '' }), 'MISSING_REQUIRED_TAG'],
    ['NRRD without sizes', nrrd({ sizes: '' }), 'MISSING_REQUIRED_TAG'],
    ['NRRD of a later version', Buffer.from('NRRD0009\ntype: short\n\n'), 'UNSUPPORTED_CONTAINER'],
    ['NRRD without an end', Buffer.concat([Buffer.from(nrrdHeader(plain)), Buffer.alloc(70000, 'x')]), 'CORRUPT_FILE'],
    ['NRRD with a field twice', Buffer.from(`${nrrdHeader(plain)}\nsizes: 5 4 5\n\n`), 'CORRUPT_FILE'],
    ['NRRD with fewer voxels than stated', nrrd({}, bytesOf(stored).subarray(0, 200)), 'TRUNCATED_PIXEL_DATA'],
    ['NRRD of a million a side in a small file', nrrd({ sizes: '1000 1000 1000' }), 'TRUNCATED_PIXEL_DATA'],
    ['NRRD of a billion a side', nrrd({ sizes: '1000000000 1000000000 1000000000' }), 'TOO_LARGE'],
    ['NRRD packed, cut short', nrrd({ encoding: 'gzip' }, gzipSync(noise).subarray(0, 200)), 'TRUNCATED_FILE'],
    ['NRRD packed, with fewer voxels', nrrd({ encoding: 'gzip' }, gzipSync(noise.subarray(0, 200))), 'TRUNCATED_PIXEL_DATA'],
    ['NRRD packed, damaged', nrrd({ encoding: 'gzip' }, noise), 'CORRUPT_FILE'],
    ['NRRD with a word among its numbers', nrrd({ encoding: 'ascii' }, Buffer.from(`${wanted.slice(1).join(' ')} ten`)), 'CORRUPT_FILE'],
    ['NRRD with a number beyond its type', nrrd({ encoding: 'ascii' }, Buffer.from(`${wanted.slice(1).join(' ')} 40000`)), 'CORRUPT_FILE'],
    [
      'NRRD with fewer numbers than stated',
      nrrd({ encoding: 'ascii' }, Buffer.from(`${wanted.slice(1).join('     ')}`)),
      'TRUNCATED_PIXEL_DATA',
    ],
    ['NRRD with a letter among its digits', nrrd({ encoding: 'hex' }, Buffer.from(`${noise.toString('hex').slice(1)}g`)), 'CORRUPT_FILE'],
    ['MetaImage without spacing', meta({ ElementSpacing: '' }), 'MISSING_GEOMETRY'],
    ['MetaImage with a zero spacing', meta({ ElementSpacing: '0.5 0 1' }), 'INVALID_GEOMETRY'],
    ['MetaImage with axes that are no unit vectors', meta({ TransformMatrix: '2 0 0 0 1 0 0 0 1' }), 'INVALID_GEOMETRY'],
    ['MetaImage with two axes in one direction', meta({ TransformMatrix: '1 0 0 1 0 0 0 0 1' }), 'INVALID_GEOMETRY'],
    ['MetaImage with slanted slices', meta({ TransformMatrix: '1 0 0 0 1 0 0 0.6 0.8' }), 'GANTRY_TILT'],
    ['MetaImage with two places', meta({ Position: '1 2 3' }), 'INVALID_GEOMETRY'],
    ['MetaImage with two byte orders', meta({ ElementByteOrderMSB: 'True' }), 'CORRUPT_FILE'],
    ['MetaImage in centimetres', meta({ DistanceUnits: 'cm' }), 'INVALID_GEOMETRY'],
    ['MetaImage with a scaling of its own', meta({ ElementToIntensityFunctionSlope: '2' }), 'INVALID_RESCALE'],
    ['MetaImage in colour', meta({ ElementType: 'MET_UCHAR', ElementNumberOfChannels: '3' }), 'COLOUR_IMAGE'],
    ['MetaImage of two components', meta({ ElementNumberOfChannels: '2' }), 'UNSUPPORTED_DIMENSIONS'],
    ['MetaImage of two volumes', meta({ NDims: '4', DimSize: '5 4 3 2' }), 'UNSUPPORTED_DIMENSIONS'],
    ['MetaImage of two axes', meta({ NDims: '2', DimSize: '5 24' }), 'TOO_FEW_SLICES'],
    ['MetaImage of another type', meta({ ElementType: 'MET_STRING' }), 'UNSUPPORTED_PIXEL_FORMAT'],
    ['MetaImage without a type', meta({ ElementType: '' }), 'MISSING_REQUIRED_TAG'],
    ['MetaImage that is a tube', meta({ ObjectType: 'Tube' }), 'NOT_AN_IMAGE'],
    ['MetaImage without voxels', Buffer.from('ObjectType = Image\nNDims = 3\nDimSize = 5 4 6\n'), 'MISSING_REQUIRED_TAG'],
    ['MetaImage with fewer voxels than stated', meta({}, bytesOf(stored).subarray(0, 200)), 'TRUNCATED_PIXEL_DATA'],
    ['MetaImage of a billion a side', meta({ DimSize: '1000000000 1000000000 1000000000' }), 'TOO_LARGE'],
    ['MetaImage packed, damaged', meta({ CompressedData: 'True' }, noise), 'CORRUPT_FILE'],
  ];
  for (const [what, bytes, code] of cases)
    test(`[7.2-dicom] ${what} is ${code}`, async () => expect(await outcome(put('a', bytes))).toBe(code));

  test('[7.2-dicom] what a format leaves to a default comes in with a warning that says which', async () => {
    expect(await outcome(put('a', nrrd({ 'space origin': '' })))).toBe('accepted MISSING_GEOMETRY');
    expect(await outcome(put('b', meta({ TransformMatrix: '' })))).toBe('accepted MISSING_GEOMETRY');
    expect(await outcome(put('c', meta({ Offset: '' })))).toBe('accepted MISSING_GEOMETRY');
    expect(await outcome(put('d', meta({ ElementSize: '1 1 1' })))).toBe('accepted SPACING_TAGS_DISAGREE');
  });

  test('[8.3-spacing] slanted slices are straightened with consent', async () => {
    const path = put('a', nrrd({ 'space directions': '(0.5,0,0) (0,0.75,0) (0,0.4,1.25)' }));
    expect(await outcome(path, ['GANTRY_TILT'])).toBe('accepted GANTRY_TILT');
  });

  test('80 MiB packed into 80 KiB is TOO_LARGE as an image, before they are unpacked, and no fault of a labelmap', async () => {
    const sides: [number, number, number] = [512, 512, 320];
    const path = put(
      'a',
      nrrdFile({ ...plain, sides }, undefined, { type: 'uchar', encoding: 'gzip' }, gzipSync(Buffer.alloc(512 * 512 * 320), { level: 1 })),
    );
    expect(await outcome(path)).toBe('TOO_LARGE');
    expect((await openVolumeFile(path)).header.geometry.dimensions).toEqual(sides);
  });

  test('voxels outside the header’s folder are PATH_ESCAPE, whatever the way out', async () => {
    mkdirSync(join(root, 'in'));
    put('out.raw', bytesOf(stored));
    symlinkSync(join(root, 'out.raw'), join(root, 'in', 'link.raw'));
    for (const name of ['../out.raw', join(root, 'out.raw'), '..\\out.raw', 'C:\\out.raw', 'link.raw', 'a/../../out.raw']) {
      expect(await outcome(put('in/a.nhdr', nrrdHeader(plain, undefined, { 'data file': name })))).toBe('PATH_ESCAPE');
      expect(await outcome(put('in/a.mhd', metaImageHeader(plain, { ElementDataFile: name })))).toBe('PATH_ESCAPE');
    }
    for (const list of ['LIST', 'LIST 2'])
      expect(await outcome(put('in/b.nhdr', `${nrrdHeader(plain, undefined, { 'data file': list })}\n../out.raw\n`))).toBe('PATH_ESCAPE');
  });

  test('voxels that are not there, or are no file, are MISSING_FILES', async () => {
    mkdirSync(join(root, 'folder.raw'));
    execFileSync('mkfifo', [join(root, 'pipe.raw')]);
    for (const name of ['gone.raw', 'folder.raw', 'pipe.raw', 'n%d.raw 1 6 1'])
      expect(await outcome(put('a.nhdr', nrrdHeader(plain, undefined, { 'data file': name })))).toBe('MISSING_FILES');
  });
});

describe('lists', () => {
  test('[7.2-dicom] a format is told by content, not by name', () => {
    const files: [string, Uint8Array, string | null][] = [
      ['a.dcm', nrrdFile(plain), 'NRRD'],
      ['b.nrrd', metaImageFile(plain), 'MetaImage'],
      ['c.mha', niftiFile(phantom, { sform: true }), 'NIfTI'],
      ['d', gzipSync(niftiFile(phantom, { sform: true })), 'NIfTI'],
      ['e.mha', Buffer.from('something = else\n'), null],
      ['f.gz', gzipSync(Buffer.alloc(1024 * 1024)), null],
      ['g', Buffer.alloc(0), null],
    ];
    for (const [name, bytes, format] of files) expect(volumeFormatOf(put(name, bytes))).toBe(format);
  });

  test('[7.2-dicom] the picker shows them with a picture, the report says what became of every file', async () => {
    mkdirSync(join(root, 'in'));
    put('in/one.nrrd', nrrdFile(plain, undefined, { content: 'Head' }, bytesOf(stored)));
    put('in/two.mhd', metaImageHeader(phantom, { ElementDataFile: 'two.raw' }));
    put('in/two.raw', bytesOf(voxelsOf(phantom)));
    put('in/copy.nrrd', nrrdFile(plain, undefined, { content: 'Head' }, bytesOf(stored)));
    put('in/false.nrrd', 'no volume at all');
    put('in/readme.txt', 'Sizes: 3');
    const listed = await scan({ paths: [join(root, 'in')] }, context);
    expect(listed.series.map((item) => item.description)).toEqual(['copy.nrrd (Head)', 'two.mhd']);
    for (const item of listed.series) expect(item.thumbnail?.grey.length).toBeGreaterThan(20);
    const told = (findings: typeof listed.findings) => findings.map((item) => [item.path?.split('/').pop(), item.code]).sort();
    const expected = [
      ['false.nrrd', 'CORRUPT_FILE'],
      ['one.nrrd', undefined],
      ['readme.txt', 'NOT_DICOM'],
    ];
    expect(told(listed.findings)).toEqual(expected);
    const into = join(root, 'into');
    mkdirSync(into);
    const { report } = await importSeries({ paths: [join(root, 'in')], seriesInstanceUid: null, allow: [], into }, context);
    expect(report.series.map((item) => item.seriesInstanceUid)).toEqual(listed.series.map((item) => item.seriesInstanceUid));
    expect(told(report.findings)).toEqual(expected);
  });

  test('a labelmap is read in any of the formats', async () => {
    const mask = Uint8Array.from({ length: 120 }, (_, n) => (n % 3 === 0 ? 1 : 0));
    for (const path of [
      put('a.nrrd', nrrdFile(plain, 'RAS', { type: 'uchar', encoding: 'gzip' }, gzipSync(mask))),
      put('a.mha', metaImageFile(plain, { ElementType: 'MET_UCHAR' }, mask)),
    ]) {
      const read = await readNiftiMask(path, quiet);
      expect(read.values).toEqual(mask);
      expect(read.header.geometry.originLps).toEqual([10, 20, 30]);
    }
  });

  test('the UID of a detached volume is of its voxels too', async () => {
    const header = metaImageHeader(plain, { ElementDataFile: 'v.raw' });
    put('v.raw', bytesOf(stored));
    const path = put('a.mhd', header);
    const first = (await readVolumeFile(path, [], quiet)).entry.seriesInstanceUid;
    put('v.raw', bytesOf(stored.map((value) => value + 1)));
    const second = (await readVolumeFile(path, [], quiet)).entry.seriesInstanceUid;
    expect(second).not.toBe(first);
    expect(first).toMatch(/^2\.25\./);
  });
});

import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Refusal } from '../../contract/errors.ts';
import { indexToLps, type Nine, type Triple, type VolumeGeometry, voxelCount } from '../../kernels/volume/geometry.ts';
import { importSeries } from '../processes/tasks/import.ts';
import { scan } from '../processes/tasks/scan.ts';
import { linearField, turnedAxes } from './dicom/fixtures.ts';
import { readNifti, readNiftiMask } from './nifti-read.ts';
import { writeNifti } from './nifti-write.ts';
import { readVolumeFile } from './volume-file-volume.ts';

let root = '';
let files = 0;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'lamina-nifti-'));
});
afterEach(() => {
  rmSync(root, { recursive: true, force: true });
});
const next = () => join(root, `volume-${++files}.nii.gz`);
const quiet = () => undefined;

function filled(geometry: VolumeGeometry, scale = 1): Int16Array {
  const values = new Int16Array(voxelCount(geometry.dimensions));
  const [nx, ny, nz] = geometry.dimensions;
  for (let k = 0, n = 0; k < nz; k++)
    for (let j = 0; j < ny; j++)
      for (let i = 0; i < nx; i++, n++) values[n] = Math.round(scale * linearField(indexToLps(geometry, i, j, k)));
  return values;
}

function worst(
  geometry: VolumeGeometry,
  values: ArrayLike<number>,
  inside: (i: number, j: number, k: number) => boolean = () => true,
): number {
  const [nx, ny, nz] = geometry.dimensions;
  let most = 0;
  for (let k = 0, n = 0; k < nz; k++)
    for (let j = 0; j < ny; j++)
      for (let i = 0; i < nx; i++, n++) {
        if (inside(i, j, k)) most = Math.max(most, Math.abs((values[n] as number) - linearField(indexToLps(geometry, i, j, k))));
      }
  return most;
}

/** Every order and sign of the axes, then turned. */
const grid = fc
  .record({
    order: fc.constantFrom([0, 1, 2], [1, 2, 0], [2, 0, 1], [1, 0, 2], [0, 2, 1], [2, 1, 0]),
    signs: fc.tuple(fc.constantFrom(1, -1), fc.constantFrom(1, -1), fc.constantFrom(1, -1)),
    turn: fc.tuple(...[0, 1, 2].map(() => fc.constantFrom(0, 0, 0.4, -1.1, 3.1))),
    spacing: fc.tuple(...[0, 1, 2].map(() => fc.double({ min: 0.3, max: 3, noNaN: true }))),
    origin: fc.tuple(...[0, 1, 2].map(() => fc.integer({ min: -300, max: 300 }))),
  })
  .map(({ order, signs, turn, spacing, origin }): VolumeGeometry => {
    const { row, column, normal } = turnedAxes(turn[0] as number, turn[1] as number, turn[2] as number);
    const axes = [row, column, normal];
    const directionLps = order.flatMap((axis, n) => (axes[axis] as Triple).map((value) => value * (signs[n] as number))) as Nine;
    return { dimensions: [5, 4, 6], spacingMm: spacing as Triple, originLps: origin as Triple, directionLps };
  });

/** A header by hand, for what our own writer never writes. */
function rawNifti(change: (view: DataView) => void, values: ArrayBufferView = new Int16Array(5 * 4 * 6)): Uint8Array {
  const bytes = new Uint8Array(352 + values.byteLength);
  const view = new DataView(bytes.buffer);
  view.setInt32(0, 348, true);
  [3, 5, 4, 6, 1, 1, 1, 1].forEach((side, n) => {
    view.setInt16(40 + n * 2, side, true);
  });
  view.setInt16(70, 4, true);
  view.setInt16(72, 16, true);
  [1, 1, 1, 1].forEach((value, n) => {
    view.setFloat32(76 + n * 4, value, true);
  });
  view.setFloat32(108, 352, true);
  view.setUint8(123, 2);
  view.setInt16(254, 1, true);
  for (const row of [0, 1, 2]) view.setFloat32(280 + row * 20, 1, true);
  bytes.set([0x6e, 0x2b, 0x31], 344);
  bytes.set(new Uint8Array(values.buffer, values.byteOffset, values.byteLength), 352);
  change(view);
  return bytes;
}

async function refusal(bytes: Uint8Array, name = 'x.nii'): Promise<string> {
  const path = join(root, name);
  writeFileSync(path, bytes);
  try {
    await readVolumeFile(path, [], quiet);
    return 'accepted';
  } catch (error) {
    if (error instanceof Refusal) return error.code;
    throw error;
  }
}

describe('writing and reading', () => {
  test('[7.2-dicom] any axis order, handedness and turn comes back with every voxel at its point', async () => {
    await fc.assert(
      fc.asyncProperty(grid, async (geometry) => {
        const path = next();
        const values = filled(geometry);
        await writeNifti(path, { geometry, values });
        const volume = await readVolumeFile(path, [], quiet);
        expect(volume.values).toEqual(values);
        expect(volume.entry.dimensions).toEqual(geometry.dimensions);
        volume.entry.directionLps.forEach((value, n) => {
          expect(value).toBeCloseTo(geometry.directionLps[n] as number, 5);
        });
        expect(worst(volume.entry, volume.values)).toBeLessThan(0.51);
      }),
      { numRuns: 60 },
    );
  });

  test('sform and qform written for a straight grid agree', async () => {
    await fc.assert(
      fc.asyncProperty(grid, async (geometry) => {
        const path = next();
        await writeNifti(path, { geometry, values: filled(geometry) });
        const bytes = gunzipSync(readFileSync(path));
        const alone = (at: 252 | 254) => {
          const copy = Buffer.from(bytes);
          copy.writeInt16LE(0, at);
          const one = next();
          writeFileSync(one, gzipSync(copy));
          return readVolumeFile(one, [], quiet);
        };
        const [s, q] = [await alone(252), await alone(254)];
        s.entry.directionLps.forEach((value, n) => {
          // Single precision states a turn near a half turn no better than this.
          expect(Math.abs(value - (q.entry.directionLps[n] as number))).toBeLessThan(7e-4);
        });
        expect(s.entry.originLps).toEqual(q.entry.originLps);
      }),
      { numRuns: 40 },
    );
  });

  test('a half turn of a large grid is no conflict', async () => {
    await fc.assert(
      fc.asyncProperty(fc.double({ min: 3.13, max: 3.153, noNaN: true }), fc.constantFrom(0, 1, 2), async (turn, axis) => {
        const { row, column, normal } = turnedAxes(axis === 0 ? turn : 0, axis === 1 ? turn : 0, axis === 2 ? turn : 0);
        const geometry: VolumeGeometry = {
          dimensions: [4, 4, 4],
          spacingMm: [80, 80, 80],
          originLps: [5, 6, 7],
          directionLps: [...row, ...column, ...normal],
        };
        const path = next();
        await writeNifti(path, { geometry, values: new Int16Array(64) });
        await expect(readVolumeFile(path, [], quiet)).resolves.toMatchObject({ entry: { dimensions: [4, 4, 4] } });
      }),
      { numRuns: 60 },
    );
  });

  test('a slanted grid is written with its slant and asks for consent when it comes back', async () => {
    const slanted: VolumeGeometry = {
      dimensions: [9, 8, 7],
      spacingMm: [0.8, 0.7, 1.5],
      originLps: [3, -4, 5],
      directionLps: [1, 0, 0, 0, 1, 0, 0, Math.sin(0.3), Math.cos(0.3)],
    };
    const path = next();
    await writeNifti(path, { geometry: slanted, values: filled(slanted) });
    await expect(readVolumeFile(path, [], quiet)).rejects.toMatchObject({ code: 'GANTRY_TILT' });
    const volume = await readVolumeFile(path, ['GANTRY_TILT'], quiet);
    expect(volume.entry.resampled).toBe(true);
    expect(volume.warnings.find((item) => item.code === 'GANTRY_TILT')?.message).toContain('straightened with consent');
    const covered = (i: number, j: number, k: number) => {
      const [x, y, z] = indexToLps(volume.entry, i, j, k);
      const slid = (y + 4 - ((z - 5) * Math.sin(0.3)) / Math.cos(0.3)) / 0.7;
      return x >= 3 && slid >= 0 && slid <= 7;
    };
    expect(worst(volume.entry, volume.values, covered)).toBeLessThan(1.01);
    const mask = await readNiftiMask(path, quiet);
    mask.header.geometry.directionLps.forEach((value, n) => {
      expect(value).toBeCloseTo(slanted.directionLps[n] as number, 5);
    });
  });

  test('float32 and masks keep their values; the same input gives the same bytes', async () => {
    const geometry: VolumeGeometry = {
      dimensions: [3, 4, 5],
      spacingMm: [1, 1, 1],
      originLps: [0, 0, 0],
      directionLps: [1, 0, 0, 0, 1, 0, 0, 0, 1],
    };
    const halves = Float32Array.from({ length: 60 }, (_, n) => n / 2);
    const path = next();
    const written = await writeNifti(path, { geometry, values: halves });
    expect((await readVolumeFile(path, [], quiet)).values).toEqual(halves);
    expect((await writeNifti(next(), { geometry, values: halves })).sha256).toBe(written.sha256);
    const mask = Uint8Array.from({ length: 60 }, (_, n) => n % 3);
    const other = next();
    await writeNifti(other, { geometry, values: mask });
    const back = await readNiftiMask(other, quiet);
    expect(back.values).toEqual(mask.map((value) => (value ? 1 : 0)));
    expect(back.voxels).toBe(40);
    await expect(readNiftiMask(path, quiet)).rejects.toMatchObject({ code: 'INVALID_VOXELS' });
  });

  test('a file that is there is never overwritten, and a failed write leaves nothing', async () => {
    const geometry: VolumeGeometry = {
      dimensions: [3, 4, 5],
      spacingMm: [1, 1, 1],
      originLps: [0, 0, 0],
      directionLps: [1, 0, 0, 0, 1, 0, 0, 0, 1],
    };
    const path = next();
    writeFileSync(path, 'mine');
    await expect(writeNifti(path, { geometry, values: new Uint8Array(60) })).rejects.toMatchObject({ code: 'EEXIST' });
    expect(readFileSync(path, 'utf8')).toBe('mine');
    await expect(writeNifti(next(), { geometry, values: new Uint8Array(59) })).rejects.toThrow(RangeError);
    expect(readdirSync(root)).toHaveLength(1);
  });
});

describe('what stands for a file', () => {
  test('the UID is of the bytes: two patients of one file name differ, a copy of another name does not', async () => {
    const voxels = (at: number) => Int16Array.from({ length: 120 }, (_, n) => (n === 119 ? at : -1000));
    for (const folder of ['a', 'b', 'c']) mkdirSync(join(root, folder));
    const put = (name: string, last: number) => {
      writeFileSync(
        join(root, name),
        rawNifti(() => undefined, voxels(last)),
      );
      return readVolumeFile(join(root, name), [], quiet).then((volume) => volume.entry);
    };
    const first = await put('a/ct.nii', 900);
    const second = await put('b/ct.nii', 901);
    const copy = await put('c/other.nii', 900);
    expect(first.seriesInstanceUid).toMatch(/^2\.25\.[1-9]\d{0,38}$/);
    expect(second.seriesInstanceUid).not.toBe(first.seriesInstanceUid);
    expect(copy.seriesInstanceUid).toBe(first.seriesInstanceUid);
    expect([first.description, copy.description]).toEqual(['ct.nii', 'other.nii']);
  });

  test('files of one name are listed and imported apart, one by its UID, and a copy is left out with a finding', async () => {
    const hu = (last: number) => Int16Array.from({ length: 120 }, (_, n) => (n < 40 ? -1000 : n < 119 ? 900 : last));
    for (const [folder, last] of [
      ['a', 1],
      ['b', 2],
      ['c', 1],
    ] as const) {
      mkdirSync(join(root, 'in', folder), { recursive: true });
      writeFileSync(
        join(root, 'in', folder, 'ct.nii'),
        rawNifti(() => undefined, hu(last)),
      );
    }
    const context = { progress: quiet, throwIfCancelled: quiet };
    const listed = await scan({ paths: [join(root, 'in')] }, context);
    const uids = listed.series.map((item) => item.seriesInstanceUid);
    expect(new Set(uids).size).toBe(2);
    expect(listed.findings.filter((item) => item.text.includes('same bytes'))).toHaveLength(1);
    const asked = { paths: [join(root, 'in')], allow: [], into: root };
    const all = await importSeries({ ...asked, seriesInstanceUid: null }, context);
    expect(all.report.series.map((item) => item.seriesInstanceUid)).toEqual(uids);
    const one = await importSeries({ ...asked, seriesInstanceUid: uids[1] as string }, context);
    expect(one.report.series.map((item) => item.seriesInstanceUid)).toEqual([uids[1]]);
  });
});

describe('what comes in', () => {
  test('[7.2-hu] values that look like HU count as CT in HU, others are said not to', async () => {
    const hu = Int16Array.from({ length: 120 }, (_, n) => (n < 40 ? -1000 : n < 80 ? 40 : 900));
    const path = join(root, 'ct.nii');
    writeFileSync(
      path,
      rawNifti(() => undefined, hu),
    );
    const ct = await readVolumeFile(path, [], quiet);
    expect([ct.units, ct.entry.modality, ct.warnings, ct.entry.description]).toEqual(['HU', 'CT', [], 'ct.nii']);
    writeFileSync(
      path,
      rawNifti(
        () => undefined,
        hu.map((value) => value + 1024),
      ),
    );
    const shifted = await readVolumeFile(path, [], quiet);
    expect([shifted.units, shifted.entry.modality, shifted.warnings[0]?.code]).toEqual(['intensity', 'OT', 'HU_NOT_CALIBRATED']);
  });

  test('all number types, both byte orders and the scaling give the same values', async () => {
    const wanted = Array.from({ length: 120 }, (_, n) => (n % 50) - 20);
    const types: [number, ArrayBufferView, number][] = [
      [256, Int8Array.from(wanted), 1],
      [4, Int16Array.from(wanted), 2],
      [8, Int32Array.from(wanted), 4],
      [16, Float32Array.from(wanted), 4],
      [64, Float64Array.from(wanted), 8],
      [1024, BigInt64Array.from(wanted, BigInt), 8],
    ];
    for (const [type, values, size] of types) {
      const little = rawNifti((view) => view.setInt16(70, type, true), values);
      const big = swapped(little, size);
      for (const bytes of [little, big]) {
        const path = join(root, 'typed.nii');
        writeFileSync(path, bytes);
        expect(Array.from((await readVolumeFile(path, [], quiet)).values)).toEqual(wanted);
      }
    }
    const scaled = rawNifti((view) => {
      view.setFloat32(112, 2, true);
      view.setFloat32(116, -7, true);
    }, Int16Array.from(wanted));
    writeFileSync(join(root, 'scaled.nii'), scaled);
    expect(Array.from((await readVolumeFile(join(root, 'scaled.nii'), [], quiet)).values)).toEqual(wanted.map((value) => value * 2 - 7));
  });

  test('micrometres and metres are lengths too', async () => {
    writeFileSync(
      join(root, 'um.nii'),
      rawNifti((view) => view.setUint8(123, 3)),
    );
    const volume = await readVolumeFile(join(root, 'um.nii'), [], quiet);
    expect(volume.entry.spacingMm[0]).toBeCloseTo(0.001, 12);
  });

  const refused: [string, Uint8Array, string][] = [
    ['no sform and no qform', rawNifti((view) => view.setInt16(254, 0, true)), 'MISSING_GEOMETRY'],
    ['a zero axis', rawNifti((view) => view.setFloat32(280, 0, true)), 'INVALID_GEOMETRY'],
    ['an axis that is not a number', rawNifti((view) => view.setFloat32(280, Number.NaN, true)), 'INVALID_GEOMETRY'],
    ['a skew in plane', rawNifti((view) => view.setFloat32(284, 0.2, true)), 'INVALID_GEOMETRY'],
    [
      'qform elsewhere',
      rawNifti((view) => {
        view.setInt16(252, 1, true);
        view.setFloat32(268, 3, true);
      }),
      'SFORM_QFORM_CONFLICT',
    ],
    ['colour', rawNifti((view) => view.setInt16(70, 128, true)), 'COLOUR_IMAGE'],
    ['complex numbers', rawNifti((view) => view.setInt16(70, 32, true)), 'UNSUPPORTED_PIXEL_FORMAT'],
    [
      'two volumes',
      rawNifti((view) => {
        view.setInt16(40, 4, true);
        view.setInt16(48, 2, true);
      }),
      'UNSUPPORTED_DIMENSIONS',
    ],
    ['a negative side', rawNifti((view) => view.setInt16(44, -4, true)), 'UNSUPPORTED_DIMENSIONS'],
    ['one slice', rawNifti((view) => view.setInt16(46, 1, true)), 'TOO_FEW_SLICES'],
    ['fewer voxels than stated', rawNifti(() => undefined).subarray(0, 500), 'TRUNCATED_PIXEL_DATA'],
    ['a side of 30000 in a small file', rawNifti((view) => view.setInt16(42, 30000, true)), 'TRUNCATED_PIXEL_DATA'],
    ['NIfTI-2', rawNifti((view) => view.setInt32(0, 540, true)), 'UNSUPPORTED_CONTAINER'],
    ['a pair of files', rawNifti((view) => view.setUint8(345, 0x69)), 'UNSUPPORTED_CONTAINER'],
    ['something else', new Uint8Array(400), 'CORRUPT_FILE'],
    ['nothing', new Uint8Array(0), 'TRUNCATED_FILE'],
  ];
  for (const [what, bytes, code] of refused) {
    test(`[7.2-dicom] ${what} is ${code}`, async () => expect(await refusal(bytes)).toBe(code));
  }

  test('a packed file that is cut or damaged is refused', async () => {
    const noise = Int16Array.from({ length: 120 }, (_, n) => Math.sin(n * n) * 30000);
    const packed = gzipSync(rawNifti(() => undefined, noise));
    expect(await refusal(packed.subarray(0, packed.length - 20), 'a.nii.gz')).toBe('TRUNCATED_FILE');
    const broken = Uint8Array.from(packed);
    broken[broken.length - 6] = (broken[broken.length - 6] as number) ^ 0x55;
    expect(await refusal(broken, 'b.nii.gz')).toBe('CORRUPT_FILE');
    const bomb = gzipSync(Buffer.concat([rawNifti(() => undefined, noise), Buffer.alloc(80 * 1024 * 1024)]));
    expect(await refusal(bomb, 'c.nii.gz')).toBe('TOO_LARGE');
  });

  test('reading can stop early', async () => {
    writeFileSync(
      join(root, 'x.nii'),
      rawNifti(() => undefined),
    );
    const seen: number[] = [];
    await readNifti(join(root, 'x.nii'), quiet, (_, k) => {
      seen.push(k);
      return k < 2;
    });
    expect(seen).toEqual([0, 1, 2]);
  });
});

/** The same file in the other byte order. */
function swapped(bytes: Uint8Array, size: number): Uint8Array {
  const out = Buffer.from(bytes);
  const swap = (at: number, count: number, width: 2 | 4) => {
    const part = out.subarray(at, at + count * width);
    if (width === 2) part.swap16();
    else part.swap32();
  };
  swap(0, 1, 4);
  swap(40, 8, 2);
  swap(70, 2, 2);
  swap(76, 8, 4);
  swap(108, 3, 4);
  swap(252, 2, 2);
  swap(256, 18, 4);
  const values = out.subarray(352);
  if (size === 2) values.swap16();
  else if (size === 4) values.swap32();
  else if (size === 8) values.swap64();
  return new Uint8Array(out);
}

import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { decode } from 'fast-png';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type PatchSettings, patchSettings } from '../../../contract/patches.ts';
import { toEightBit } from '../../../kernels/intensity/eight-bit.ts';
import { createRandom } from '../../../kernels/phantoms/random.ts';
import { lpsToIndex, type VolumeGeometry } from '../../../kernels/volume/geometry.ts';
import { decodeNative, encodeJpeg } from '../../ports/dicom/native-codecs.ts';
import { patches } from './patches.ts';

let root = '';
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'lamina-patches-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));
const quiet = { progress: () => undefined, throwIfCancelled: () => undefined };

// Runs from left to right backwards, and from head to foot.
const geometry: VolumeGeometry = {
  dimensions: [50, 41, 6],
  spacingMm: [0.5, 0.6, 1.25],
  originLps: [12, -20, 30],
  directionLps: [-1, 0, 0, 0, 1, 0, 0, 0, -1],
};
const [nx, ny, nz] = geometry.dimensions;

/** Smooth HU with some noise, and a mask of two plates that leaves whole windows empty. */
function sample() {
  const random = createRandom(11);
  const hu = new Int16Array(nx * ny * nz);
  const mask = new Uint8Array(hu.length);
  for (let k = 0, n = 0; k < nz; k++)
    for (let j = 0; j < ny; j++)
      for (let i = 0; i < nx; i++, n++) {
        hu[n] = Math.round(200 * Math.sin(i / 7) + 250 * Math.cos(j / 5 + k) + 15 * random.normal());
        mask[n] = (i > 18 && i < 21) || (j === 40 && k !== 2) ? 1 : 0;
      }
  writeFileSync(join(root, 'hu.raw'), hu);
  writeFileSync(join(root, 'mask.raw'), mask);
  return { hu, mask };
}

const write = (settings: Partial<PatchSettings>, out = join(root, 'out'), context = quiet) =>
  patches(
    {
      volume: { ...geometry, path: join(root, 'hu.raw'), dtype: 'int16' },
      mask: { base: join(root, 'mask.raw'), deltas: [] },
      settings: patchSettings.parse(settings),
      source: { seriesInstanceUidSha256: 'abc' },
      staging: `${out}.tmp`,
      out,
    },
    context,
  );

interface Manifest {
  settings: PatchSettings;
  geometry: { columnStepLps: number[]; rowStepLps: number[] };
  counts: Record<string, number>;
  maskSha256: string;
  patches: {
    name: string;
    originLps: number[];
    inside: { rows: number; columns: number };
    bonePixels: number;
    image: { sha256: string; bytes: number };
    mask: { sha256: string };
  }[];
}
const manifest = (out = join(root, 'out')) => JSON.parse(readFileSync(join(out, 'patches.json'), 'utf8')) as Manifest;
const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

/** Visits every pixel inside the picture with the voxel that patches.json says lies under it. */
function visit(m: Manifest, patch: Manifest['patches'][number], each: (pixel: number, voxel: number) => void): void {
  for (let r = 0; r < patch.inside.rows; r++)
    for (let c = 0; c < patch.inside.columns; c++) {
      const p = patch.originLps.map((v, a) => v + r * m.geometry.rowStepLps[a]! + c * m.geometry.columnStepLps[a]!);
      const [i, j, k] = lpsToIndex(geometry, p[0]!, p[1]!, p[2]!).map(Math.round);
      each(r * m.settings.size + c, i! + nx * (j! + ny * k!));
    }
}

describe('[10.2-patch] patches of a case', () => {
  for (const plane of ['axial', 'coronal', 'sagittal'] as const)
    test(`${plane}: mask patches laid back by their geometry give the mask to the voxel, image patches formula (1)`, async () => {
      const { hu, mask } = sample();
      const result = await write({ size: 16, stride: 11, plane, quality: 100 });
      const m = manifest();
      const wanted = toEightBit(hu, -200, 300);
      const back = new Uint8Array(mask.length);
      let largest = 0;
      for (const patch of m.patches) {
        const png = decode(readFileSync(join(root, 'out', 'masks', `${patch.name}.png`)));
        expect([png.width, png.height, png.channels, png.depth]).toEqual([16, 16, 1, 8]);
        expect([...new Set(png.data)].every((v) => v === 0 || v === 255)).toBe(true);
        const bytes = readFileSync(join(root, 'out', 'images', `${patch.name}.jpg`));
        // JFIF, then a baseline frame.
        expect(bytes.subarray(0, 11).toString('latin1')).toMatch(/^\xff\xd8\xff\xe0..JFIF\0$/s);
        expect(bytes.includes(Buffer.from([0xff, 0xc0, 0, 11, 8]))).toBe(true);
        const jpeg = decodeNative('DecodeJpeg', bytes, { rows: 16, columns: 16, bitsAllocated: 8, bitsStored: 8, signed: false });
        visit(m, patch, (pixel, voxel) => {
          if (png.data[pixel]) back[voxel] = 1;
          largest = Math.max(largest, Math.abs(jpeg.bytes[pixel]! - wanted[voxel]!));
        });
        expect(sha256(bytes)).toBe(patch.image.sha256);
        expect(sha256(readFileSync(join(root, 'out', 'masks', `${patch.name}.png`)))).toBe(patch.mask.sha256);
      }
      expect(back).toEqual(mask);
      // At quality 100 each of 64 coefficients is off by half at most, so a pixel by four, and half more by rounding.
      expect(largest).toBeLessThanOrEqual(5);
      expect(largest).toBeGreaterThan(0);
      expect(result).toMatchObject({ patches: m.patches.length, maskVoxels: m.counts.maskVoxels, maskVoxelsCovered: m.counts.maskVoxels });
      expect(result.skippedEmpty).toBeGreaterThan(0);
      expect(m.maskSha256).toBe(sha256(mask));
      expect(result.sha256).toBe(sha256(readFileSync(join(root, 'out', 'patches.json'))));
      expect(readdirSync(join(root, 'out', 'images')).length).toBe(result.patches);
      expect(readdirSync(root).sort()).toEqual(['hu.raw', 'mask.raw', 'out']);
    });

  test('nothing is left out when asked, label values are 0 and 1, gaps are counted', async () => {
    const { mask } = sample();
    const all = await write({ size: 32, stride: 32, skipEmpty: false, maskValues: 'label' });
    expect([all.patches, all.skippedEmpty]).toEqual([6 * 2 * 2, 0]);
    const m = manifest();
    let bone = 0;
    for (const patch of m.patches) for (const v of decode(readFileSync(join(root, 'out', 'masks', `${patch.name}.png`))).data) bone += v;
    expect(bone).toBeGreaterThan(mask.reduce((a, b) => a + b, 0));
    expect(m.patches.reduce((sum, p) => sum + p.bonePixels, 0)).toBe(mask.reduce((a, b) => a + b, 0));
    const gaps = await write({ size: 16, stride: 30 }, join(root, 'gaps'));
    expect(gaps.maskVoxelsCovered).toBeLessThan(gaps.maskVoxels);
  });

  test('a folder that holds something is refused and stays as it was; an empty one is taken', async () => {
    sample();
    mkdirSync(join(root, 'full'));
    writeFileSync(join(root, 'full', 'mine.txt'), 'mine');
    await expect(write({}, join(root, 'full'))).rejects.toMatchObject({
      code: 'OUTPUT_NOT_WRITABLE',
      message: expect.stringMatching(/not empty/),
    });
    expect(readdirSync(join(root, 'full'))).toEqual(['mine.txt']);
    await expect(write({}, join(root, 'hu.raw'))).rejects.toMatchObject({ code: 'OUTPUT_NOT_WRITABLE' });
    await expect(write({}, join(root, 'no', 'such', 'place'))).rejects.toMatchObject({ code: 'OUTPUT_NOT_WRITABLE' });
    mkdirSync(join(root, 'empty'));
    expect((await write({ size: 64 }, join(root, 'empty'))).patches).toBe(6);
  });

  test('cancelled half-way, or too many, or empty: nothing is left', async () => {
    sample();
    let asked = 0;
    const throwIfCancelled = () => {
      if (++asked > 3) throw new Error('cancelled');
      return undefined;
    };
    await expect(write({}, join(root, 'out'), { ...quiet, throwIfCancelled })).rejects.toThrow('cancelled');
    await expect(write({ stride: 1, size: 16, plane: 'sagittal' }, join(root, 'out'))).resolves.toBeTruthy();
    writeFileSync(join(root, 'mask.raw'), new Uint8Array(nx * ny * nz));
    await expect(write({}, join(root, 'none'))).rejects.toMatchObject({ code: 'EMPTY_SEGMENT' });
    expect(existsSync(join(root, 'none'))).toBe(false);
    expect(readdirSync(root).sort()).toEqual(['hu.raw', 'mask.raw', 'out']);
  });

  test('more patches than a folder can hold are refused before anything is read', async () => {
    const volume = {
      ...geometry,
      dimensions: [512, 512, 400] as [number, number, number],
      path: join(root, 'absent'),
      dtype: 'int16' as const,
    };
    const input = { mask: { base: null, deltas: [] }, source: {}, staging: join(root, 'x.tmp'), out: join(root, 'x') };
    await expect(patches({ ...input, volume, settings: patchSettings.parse({ stride: 16 }) }, quiet)).rejects.toMatchObject({
      code: 'TOO_LARGE',
      message: expect.stringMatching(/larger stride/),
    });
  });
});

test('the same picture gives the same bytes after hundreds of others, and a wrong size is our mistake', () => {
  const picture = Uint8Array.from({ length: 128 * 128 }, (_, n) => (n * 7) % 251);
  const first = encodeJpeg(picture, { rows: 128, columns: 128 }, 95);
  for (let n = 0; n < 300; n++) encodeJpeg(picture, { rows: 128, columns: 128 }, 95);
  expect(encodeJpeg(picture, { rows: 128, columns: 128 }, 95)).toEqual(first);
  expect(() => encodeJpeg(picture, { rows: 128, columns: 127 }, 95)).toThrow(RangeError);
});

import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { VolumeGeometry } from '../../../kernels/volume/geometry.ts';
import { linearField, sliceFile } from '../../ports/dicom/fixtures.ts';
import { decode } from './decode.ts';
import { readLabelmap } from './read-labelmap.ts';
import { writeNiftiFile } from './write-nifti.ts';

let root = '';
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'lamina-labelmap-'));
});
afterEach(() => {
  rmSync(root, { recursive: true, force: true });
});
const quiet = { progress: () => undefined, throwIfCancelled: () => undefined };
const geometry: VolumeGeometry = {
  dimensions: [4, 3, 5],
  spacingMm: [0.5, 0.75, 2],
  originLps: [10, -20, 30],
  directionLps: [0, 1, 0, 0, 0, -1, -1, 0, 0],
};

test('a mask written as NIfTI comes back as the same mask on the same grid', async () => {
  const mask = Uint8Array.from({ length: 60 }, (_, n) => ((n * 7) % 3) & 1);
  writeFileSync(join(root, 'base'), mask);
  const path = join(root, 'mask.nii.gz');
  const written = await writeNiftiFile({ mask: { base: join(root, 'base'), deltas: [] }, geometry, path }, quiet);
  expect(written.bytes).toBe(readFileSync(path).length);
  const back = await readLabelmap({ path, into: root }, quiet);
  expect(back.voxels).toBe(mask.reduce((sum, value) => sum + value, 0));
  expect(new Uint8Array(readFileSync(back.mask.path))).toEqual(mask);
  expect(back.geometry).toEqual(geometry);
});

test.each([
  [1, 2],
  [10, 2],
  [255, 2],
  [256, 512],
  [65535, 512],
])('[9.1-values] bone is written as its label’s value %i, other as 0, in the NIfTI type %i that holds it', async (value, datatype) => {
  const mask = Uint8Array.from({ length: 60 }, (_, n) => ((n * 7) % 3) & 1);
  writeFileSync(join(root, 'base'), mask);
  const path = join(root, 'mask.nii.gz');
  await writeNiftiFile({ mask: { base: join(root, 'base'), deltas: [] }, geometry, value, path }, quiet);
  const file = gunzipSync(readFileSync(path));
  expect(file.readInt16LE(70)).toBe(datatype);
  const stored = Array.from({ length: 60 }, (_, n) => (datatype === 2 ? file.readUInt8(352 + n) : file.readUInt16LE(352 + 2 * n)));
  expect(stored).toEqual([...mask].map((one) => one * value));
  expect((await readLabelmap({ path, into: root }, quiet)).voxels).toBe(mask.reduce((sum, one) => sum + one, 0));
});

test.each([0, 65536, 1.5])('[9.1-values] %d is no label', async (value) => {
  const path = join(root, 'mask.nii.gz');
  await expect(writeNiftiFile({ mask: { base: null, deltas: [] }, geometry, value, path }, quiet)).rejects.toThrow(RangeError);
  expect(existsSync(path)).toBe(false);
});

test('cancelled before writing, nothing is written', async () => {
  const path = join(root, 'mask.nii.gz');
  const throwIfCancelled = () => {
    throw new TypeError('cancelled');
  };
  await expect(writeNiftiFile({ mask: { base: null, deltas: [] }, geometry, path }, { ...quiet, throwIfCancelled })).rejects.toThrow(
    'cancelled',
  );
  expect(existsSync(path)).toBe(false);
  expect(readdirSync(root)).toEqual([]);
});

test('decode gives the figures of one slice after rescale', async () => {
  const path = join(root, 'slice');
  const spec = { position: [0, 0, 0], row: [1, 0, 0], column: [0, 1, 0], pixelSpacing: [1, 1], rows: 2, columns: 3 } as const;
  const value = linearField;
  writeFileSync(path, sliceFile({ ...(spec as unknown as Parameters<typeof sliceFile>[0]), value, slope: 2, intercept: -1 }));
  // 11, 14, 17 and 6, 9, 12, each stored in steps of two from -1.
  expect(await decode({ path }, quiet)).toMatchObject({ rows: 2, columns: 3, min: 7, max: 17, mean: (11 + 15 + 17 + 7 + 9 + 13) / 6 });
  writeFileSync(path, 'not DICOM');
  await expect(decode({ path }, quiet)).rejects.toMatchObject({ code: 'NOT_DICOM' });
});

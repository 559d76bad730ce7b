import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import dicomParser from 'dicom-parser';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { phantom } from './phantom.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lamina-phantom-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function make(name: string, seed: number) {
  const fractions: number[] = [];
  const into = join(folder, name);
  const result = await phantom({ seed, into, size: 'small' }, { progress: (fraction) => fractions.push(fraction), throwIfCancelled() {} });
  return { into, result, fractions };
}

async function hashes(into: string): Promise<string[]> {
  const files = (await readdir(into, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile());
  const lines = files.map(async (file) => {
    const path = join(file.parentPath, file.name);
    return `${path.slice(into.length)} ${createHash('sha256')
      .update(await readFile(path))
      .digest('hex')}`;
  });
  return (await Promise.all(lines)).sort();
}

test('writes a series, its labels and its truth, the same bytes for the same seed', async () => {
  const { into, result, fractions } = await make('a', 5);
  expect(result).toMatchObject({ files: 66, dimensions: [96, 96, 64] });
  expect(fractions).toEqual([...fractions].sort((a, b) => a - b));
  expect(fractions.at(-1)).toBe(1);
  const truth = JSON.parse(await readFile(join(into, 'truth.json'), 'utf8'));
  expect(truth.words).toContain('no patient');
  expect(truth.markers.length).toBe(4);

  const names = (await readdir(join(into, 'dicom'))).sort();
  expect(names.length).toBe(64);
  const whole = createHash('sha256');
  for (const [k, name] of names.entries()) {
    const bytes = await readFile(join(into, 'dicom', name));
    const set = dicomParser.parseDicom(bytes);
    const { dataOffset, length } = set.elements.x7fe00010!;
    whole.update(bytes.subarray(dataOffset, dataOffset + length));
    const z = Number(set.string('x00200032')!.split('\\')[2]);
    expect(z).toBeCloseTo(truth.geometry.originLps[2] + k * truth.geometry.spacingMm[2], 6);
  }
  expect(whole.digest('hex')).toBe(truth.sha256Int16);
  const labels = gunzipSync(await readFile(join(into, 'truth-labels.nii.gz'))).subarray(352);
  expect(labels.length).toBe(96 * 96 * 64);
  expect([...new Set(labels)].sort()).toEqual([0, 1, 2, 3]);

  expect(await hashes((await make('b', 5)).into)).toEqual(await hashes(into));
});

test('never overwrites: a folder that holds a phantom is refused in words', async () => {
  await mkdir(join(folder, 'd', 'dicom'), { recursive: true });
  await writeFile(join(folder, 'd', 'dicom', 'other.dcm'), 'x');
  await expect(make('d', 1)).rejects.toMatchObject({
    code: 'OUTPUT_NOT_WRITABLE',
    message: expect.stringMatching(/already a phantom in .*choose an empty folder/),
  });
  expect(await readdir(join(folder, 'd'), { recursive: true })).toEqual(['dicom', join('dicom', 'other.dcm')]);
});

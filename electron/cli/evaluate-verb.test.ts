import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { evaluation } from '../../contract/evaluation.ts';
import type { VolumeGeometry } from '../../kernels/volume/geometry.ts';
import { writeNifti } from '../ports/nifti-write.ts';

const entry = path.join(import.meta.dirname, '..', 'cli.ts');
let folder = '';
const at = (...names: string[]) => path.join(folder, ...names);

function lamina(...args: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  return new Promise((resolve) => {
    execFile(process.execPath, ['--disable-warning=ExperimentalWarning', entry, ...args], (error, stdout, stderr) => {
      resolve({ code: error ? Number((error as { code?: unknown }).code ?? 1) : 0, stdout, stderr });
    });
  });
}

const geometry: VolumeGeometry = {
  dimensions: [16, 16, 8],
  spacingMm: [1, 1, 2],
  originLps: [0, 0, 0],
  directionLps: [1, 0, 0, 0, 1, 0, 0, 0, 1],
};
const slab = (from: number, to: number) => Uint8Array.from({ length: 2048 }, (_, n) => (n % 16 >= from && n % 16 < to ? 1 : 0));

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'lamina-cli-evaluate-'));
  await writeNifti(at('truth.nii.gz'), { geometry, values: slab(2, 8) });
  await writeNifti(at('found.nii.gz'), { geometry, values: slab(3, 8) });
  await writeNifti(at('other.nii.gz'), { geometry: { ...geometry, spacingMm: [1, 1, 1] }, values: slab(3, 8) });
});
afterAll(() => rm(folder, { recursive: true, force: true }));

test('[11.2-metrics] lamina evaluate prints one object; another grid is exit 3 with its code, a missing option exit 2', async () => {
  const done = await lamina('evaluate', '--truth', at('truth.nii.gz'), '--result', at('found.nii.gz'), '--json');
  expect(done.code, done.stderr).toBe(0);
  const figures = evaluation.parse(JSON.parse(done.stdout));
  expect(figures).toMatchObject({ state: 'ok', voxels: { tp: 5 * 128, fp: 0, fn: 128, tn: 10 * 128 }, dsc: 10 / 11, hd95Mm: 1 });
  const people = await lamina('evaluate', '--truth', at('truth.nii.gz'), '--result', at('found.nii.gz'), '--tolerance', '1');
  expect(people.stdout).toContain('DSC          90.91 %');
  expect(people.stdout).toContain('100.00 %   within 1 mm');
  const refused = await lamina('evaluate', '--truth', at('truth.nii.gz'), '--result', at('other.nii.gz'), '--json');
  expect(refused.code).toBe(3);
  expect(JSON.parse(refused.stdout).reasons).toMatchObject([{ code: 'GRID_MISMATCH' }]);
  for (const args of [
    ['--truth', at('truth.nii.gz')],
    ['--truth', 'a', '--result', 'b', '--tolerance', 'wide'],
    ['a', 'b'],
  ])
    expect((await lamina('evaluate', ...args, '--json')).code).toBe(2);
  const unit = await lamina('evaluate', '--truth', 'a', '--result', 'b', '--tolerance', '1mm');
  expect(unit.code).toBe(2);
  expect(unit.stderr).toContain("--tolerance takes a number of mm from 0 to 20, without its unit; not '1mm'");
});

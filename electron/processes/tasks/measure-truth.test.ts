import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { VolumeGeometry } from '../../../kernels/volume/geometry.ts';
import { writeNifti } from '../../ports/nifti-write.ts';
import { measureTruth } from './measure-truth.ts';

const quiet = { progress: () => undefined, throwIfCancelled: () => undefined };
const geometry: VolumeGeometry = {
  dimensions: [24, 20, 10],
  spacingMm: [0.5, 0.5, 1],
  originLps: [5, 6, 7],
  directionLps: [1, 0, 0, 0, 1, 0, 0, 0, 1],
};
const voxels = 24 * 20 * 10;
let root = '';
let thin = 0;

/** A solid of 1000 HU (label 1) in columns 2 to 7, and two walls of one column: column 12 of 0.3 mm at 250 HU, column 18 of 0.5 mm at 100 HU. */
beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), 'lamina-measure-'));
  const hu = new Int16Array(voxels).fill(-1000);
  const labels = new Uint8Array(voxels);
  const thickness = new Uint8Array(voxels);
  const found = new Uint8Array(voxels);
  for (let n = 0; n < voxels; n++) {
    const i = n % 24;
    const [solid, first, second] = [i >= 2 && i <= 7, i === 12, i === 18];
    labels[n] = solid ? 1 : first || second ? 3 : 0;
    hu[n] = solid ? 1000 : first ? 250 : second ? 100 : -1000;
    thickness[n] = first ? 30 : second ? 50 : 0;
    // Solid whole, first wall in every second slice, second wall not at all, and one column of air.
    found[n] = solid || (first && Math.floor(n / 480) % 2 === 0) || i === 22 ? 1 : 0;
    if (first || second) thin++;
  }
  writeFileSync(join(root, 'hu.raw'), hu);
  writeFileSync(join(root, 'found.raw'), found);
  await writeNifti(join(root, 'labels.nii.gz'), { geometry, values: labels });
  await writeNifti(join(root, 'organs.nii.gz'), { geometry, values: labels.map((label) => (label === 1 ? 7 : label)) });
  await writeNifti(join(root, 'nan.nii.gz'), { geometry, values: new Float32Array(voxels).fill(Number.NaN) });
  await writeNifti(join(root, 'thickness.nii.gz'), { geometry, values: thickness });
  await writeNifti(join(root, 'moved.nii.gz'), { geometry: { ...geometry, originLps: [5, 6, 8] }, values: labels });
  await writeNifti(join(root, 'fractions.nii.gz'), { geometry, values: new Float32Array(voxels).fill(0.5) });
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

const measure = (truth = 'labels.nii.gz', thickness: string | null = 'thickness.nii.gz', base: string | null = 'found.raw') =>
  measureTruth(
    {
      volume: { ...geometry, path: join(root, 'hu.raw'), dtype: 'int16' },
      mask: { base: base && join(root, base), deltas: [] },
      truth: join(root, truth),
      thickness: thickness && join(root, thickness),
    },
    quiet,
  );

describe('[D.4-experiment] a mask against the truth of a head', () => {
  test('whole, cortical (above 200 HU) and thin (below 300 HU) bone are counted by hand', async () => {
    const column = 200;
    const { whole, cortical, thin: low } = await measure();
    expect(whole.voxels).toEqual({ tp: 6.5 * column, fp: column, fn: 1.5 * column, tn: 15 * column });
    expect(whole.dsc).toBeCloseTo(13 / 15.5, 12);
    // The wall of 250 HU is in both parts, the one of 100 HU and the column of air in the thin part alone.
    expect(cortical.voxels).toEqual({ tp: 6.5 * column, fp: 0, fn: 0.5 * column, tn: 17 * column });
    expect(low.voxels).toEqual({ tp: 0.5 * column, fp: column, fn: 1.5 * column, tn: 21 * column });
    expect([whole.state, cortical.state, low.state]).toEqual(['ok', 'ok', 'ok']);
    expect(cortical.assdMm!).toBeGreaterThan(0);
  });

  test('thin walls are found by their true thickness: half of one, none of the other, no bin without walls', async () => {
    const { thinWalls } = await measure();
    expect(thin).toBe(400);
    expect(thinWalls.exact).toBeCloseTo(0.25, 12);
    // Every voxel of the first wall lies beside a slice that was found.
    expect(thinWalls.near).toBeCloseTo(0.5, 12);
    expect(thinWalls.bins).toEqual([null, null, 0.5, 0, null, null]);
    expect((await measure('labels.nii.gz', null)).thinWalls).toMatchObject({ exact: 0.25, bins: [null, null, null, null, null, null] });
  });

  test('an empty mask is missed: DSC 0, no distance', async () => {
    const { whole, thinWalls } = await measure('labels.nii.gz', null, null);
    expect(whole).toMatchObject({ state: 'missed', dsc: 0, sensitivity: 0, specificity: 1, hd95Mm: null, assdMm: null });
    expect(thinWalls.exact).toBe(0);
  });

  test('label 3 is a thin wall only where the labels are 0 to 3, as in evaluate', async () => {
    const { thinWalls, whole } = await measure('organs.nii.gz');
    expect(thinWalls).toEqual({ exact: null, near: null, bins: [null, null, null, null, null, null] });
    expect(whole.voxels).toEqual((await measure()).whole.voxels);
  });

  test('a truth on another grid or with fractions is refused', async () => {
    await expect(measure('moved.nii.gz')).rejects.toMatchObject({ code: 'GRID_MISMATCH' });
    await expect(measure('fractions.nii.gz')).rejects.toMatchObject({ code: 'INVALID_VOXELS' });
    await expect(measure('nan.nii.gz')).rejects.toThrow(/no number \(NaN/);
    await expect(measure('absent.nii.gz')).rejects.toMatchObject({ code: 'MISSING_FILES' });
  });
});

import { writeFileSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { evaluateRequest, evaluation } from '../../../contract/evaluation.ts';
import { encodeRuns, runsToText } from '../../../kernels/labels/runs.ts';
import { type AxisOrder, axisOrders, reorderGeometry } from '../../../kernels/volume/axis-order.ts';
import type { VolumeGeometry } from '../../../kernels/volume/geometry.ts';
import { writeNifti } from '../../ports/nifti-write.ts';
import type { EvaluationSide } from '../protocol.ts';
import { evaluate } from './evaluate.ts';

const geometry: VolumeGeometry = {
  dimensions: [40, 30, 20],
  spacingMm: [0.5, 0.5, 1.25],
  originLps: [-20.5, 33.25, -410],
  directionLps: [0.6, 0.8, 0, -0.8, 0.6, 0, 0, 0, 1],
};
const voxels = 40 * 30 * 20;
/** The values as a file holds them whose axes are stored in another order. */
function stored(values: Uint8Array, { axes, flips }: AxisOrder): Uint8Array {
  const [nx, ny, nz] = geometry.dimensions;
  const [a, b] = axes.map((axis) => geometry.dimensions[axis]) as [number, number, number];
  const out = new Uint8Array(values.length);
  for (let n = 0; n < nx * ny * nz; n++) {
    const at = [n % nx, Math.floor(n / nx) % ny, Math.floor(n / (nx * ny))];
    const [i, j, k] = axes.map((axis, m) => (flips[m] ? geometry.dimensions[axis]! - 1 - at[axis]! : at[axis]!)) as [
      number,
      number,
      number,
    ];
    out[i + a * (j + b * k)] = values[n]!;
  }
  return out;
}
let folder = '';
const at = (name: string) => join(folder, name);
const context = { progress: () => {}, throwIfCancelled: () => {} };
const run = (truth: EvaluationSide, result: EvaluationSide, roi: string | null = null, toleranceMm = 0.5) =>
  evaluate({ truth, result, roi, toleranceMm }, context);
const file = (name: string) => ({ path: at(name) });

/** A slab of labels: cortical, trabecular, thin and nothing, by i. */
const labels = Uint8Array.from({ length: voxels }, (_, n) => {
  const [i, j] = [n % 40, Math.floor(n / 40) % 30];
  if (j < 5 || j >= 25) return 0;
  return i < 4 ? 1 : i < 10 ? 2 : i === 20 ? 3 : 0;
});
const found = labels.map((label) => (label === 1 || label === 2 ? 1 : 0));

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lamina-evaluate-'));
  const write = (name: string, values: Uint8Array | Float32Array | Int16Array, g = geometry) =>
    writeNifti(at(name), { geometry: g, values });
  await write('truth.nii.gz', labels);
  await write('found.nii.gz', found);
  await write('found-float.nii.gz', Float32Array.from(found));
  await write(
    'found-int16.nii.gz',
    Int16Array.from(found, (v) => v * 300),
  );
  await write(
    'organs.nii.gz',
    labels.map((label) => (label === 1 ? 7 : label)),
  );
  await write('empty.nii.gz', new Uint8Array(voxels));
  await write(
    'fractions.nii.gz',
    Float32Array.from(found, (v) => v / 2),
  );
  await write('moved.nii.gz', found, { ...geometry, originLps: [-20, 33.25, -410] });
  await write('hardly-moved.nii.gz', found, { ...geometry, originLps: [-20.49, 33.25, -410] });
  await write('coarser.nii.gz', found, { ...geometry, spacingMm: [0.5, 0.5, 1.5] });
  await write('smaller.nii.gz', found.subarray(0, 40 * 30 * 19), { ...geometry, dimensions: [40, 30, 19] });
  await write(
    'roi.nii.gz',
    Uint8Array.from({ length: voxels }, (_, n) => (n % 40 < 15 ? 9 : 0)),
  );
  const plain = gunzipSync(await readFile(at('found.nii.gz')));
  writeFileSync(at('found.nii'), plain);
  writeFileSync(at('cut.nii'), plain.subarray(0, 9000));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

test('[11.2-metrics] says the region, the counts, the figures and what each one means', async () => {
  const e = await run(file('truth.nii.gz'), file('found.nii.gz'));
  expect(evaluation.parse(e)).toEqual(e);
  const thin = 20 * 20;
  const bone = 20 * 20 * 10;
  expect(e.voxels).toEqual({ tp: bone, fp: 0, fn: thin, tn: voxels - bone - thin });
  expect(e.sensitivity).toBeCloseTo(10 / 11, 12);
  expect(e.dsc).toBeCloseTo(20 / 21, 12);
  expect(e.state).toBe('ok');
  // The wall is 10 voxels of 0.5 mm from the rest: a surface that is not there.
  expect(e.directedHd95Mm).toEqual([expect.closeTo(5.5, 6), 0]);
  expect(e.hd95Mm).toBeCloseTo(5.5, 6);
  expect(e.volumeErrorMl).toBeCloseTo((-thin * 0.3125) / 1000, 6);
  expect(e.roi).toEqual({ text: 'The whole grid: 40 x 30 x 20 = 24000 voxels, 7.5 ml', file: null, voxels });
  expect(e.thinWallRecall).toBe(0);
  expect(e.thinWall).toMatchObject({ voxels: thin, near: 0 });
  expect(e.truth.sha256).toMatch(/^[0-9a-f]{64}$/);
  expect(Object.keys(e.definitions)).toContain('hd95Mm');
  expect(e.definitions.surfaceDice).toContain('0.5 mm');
});

test('[11.2-metrics] packed or not, bytes, int16 or float: the same figures', async () => {
  const { result: _, ...expected } = await run(file('truth.nii.gz'), file('found.nii.gz'));
  for (const name of ['found.nii', 'found-float.nii.gz', 'found-int16.nii.gz', 'hardly-moved.nii.gz']) {
    const { result, ...figures } = await run(file('truth.nii.gz'), file(name));
    expect(figures, name).toEqual(expected);
    expect(result.name).toBe(name);
  }
});

test('[11.2-metrics] counts in the region of a file, and says so', async () => {
  const e = await run(file('truth.nii.gz'), file('found.nii.gz'), at('roi.nii.gz'));
  expect(e.voxels).toEqual({ tp: 4000, fp: 0, fn: 0, tn: 15 * 30 * 20 - 4000 });
  expect(e.roi).toEqual({ text: 'roi.nii.gz: 9000 of the 40 x 30 x 20 voxels, 2.8 ml', file: 'roi.nii.gz', voxels: 9000 });
  expect(e).toMatchObject({ dsc: 1, hd95Mm: 0, thinWallRecall: null, thinWall: { voxels: 0, near: null } });
});

test('[11.2-metrics] label 3 is a thin wall only among labels 0 to 3', async () => {
  expect(await run(file('organs.nii.gz'), file('found.nii.gz'))).toMatchObject({
    thinWallRecall: null,
    thinWall: null,
    voxels: { tp: 4000 },
  });
  expect(await run(file('found.nii.gz'), file('truth.nii.gz'))).toMatchObject({ thinWallRecall: null, thinWall: null });
});

test('[11.2-metrics] nothing in one of them is missed, nothing in both is undefined', async () => {
  expect(await run(file('truth.nii.gz'), file('empty.nii.gz'))).toMatchObject({ state: 'missed', dsc: 0, hd95Mm: null, thinWallRecall: 0 });
  expect(await run(file('empty.nii.gz'), file('empty.nii.gz'))).toMatchObject({ state: 'undefined', dsc: null, hd95Mm: null });
});

test('[11.3-observers] a segment of a case, strokes included, against another one', async () => {
  writeFileSync(at('base.u8'), found);
  const wall = [...labels.keys()].filter((n) => labels[n] === 3);
  const drawn = { base: at('base.u8'), deltas: [{ value: 1 as const, runs: runsToText(encodeRuns(wall)) }] };
  const mask = (m: typeof drawn | { base: null; deltas: never[] }, name: string) => ({ name, mask: m, geometry });
  const e = await run(file('truth.nii.gz'), mask(drawn, 'Bone'));
  expect(e).toMatchObject({ dsc: 1, thinWallRecall: 1, result: { name: 'Bone', sha256: null } });
  expect(await run(mask(drawn, 'Anna'), mask({ base: null, deltas: [] }, 'Ben'))).toMatchObject({ state: 'missed' });
});

test('[11.2-metrics] refuses another grid, fractions, a file cut short and a file that is not there', async () => {
  for (const [name, code] of [
    ['moved.nii.gz', 'GRID_MISMATCH'],
    ['coarser.nii.gz', 'GRID_MISMATCH'],
    ['smaller.nii.gz', 'GRID_MISMATCH'],
    ['fractions.nii.gz', 'INVALID_VOXELS'],
    ['cut.nii', 'TRUNCATED_PIXEL_DATA'],
    ['nothing.nii', 'MISSING_FILES'],
  ] as const) {
    await expect(run(file('truth.nii.gz'), file(name)), name).rejects.toMatchObject({ code });
    await expect(run(file(name), file('truth.nii.gz')), name).rejects.toMatchObject({ code });
    await expect(run(file('truth.nii.gz'), file('found.nii.gz'), at(name)), name).rejects.toMatchObject({ code });
  }
});

test('[11.2-metrics] truth, result and region stored in other orders of their axes give the same figures', async () => {
  const expected = await run(file('truth.nii.gz'), file('found.nii.gz'), at('roi.nii.gz'));
  const thin = await run(file('truth.nii.gz'), file('found.nii.gz'));
  const numbers = (e: typeof expected) => [e.hd95Mm, e.assdMm, e.surfaceDice, e.volumeErrorMl, e.truthMl, e.resultMl].map((v) => v!);
  const region = Uint8Array.from({ length: voxels }, (_, n) => (n % 40 < 15 ? 9 : 0));
  for (const n of [3, 5, 7, 8, 17, 26, 36, 45]) {
    const order = axisOrders[n]!;
    for (const [name, values] of [
      ['truth', labels],
      ['found', found],
      ['roi', region],
    ] as const)
      await writeNifti(at(`${name}-${n}.nii.gz`), { geometry: reorderGeometry(geometry, order), values: stored(values, order) });
    const [truth, result, roi] = ['truth', 'found', 'roi'].map((name) => `${name}-${n}.nii.gz`);
    for (const e of [
      await run(file(truth!), file('found.nii.gz'), at('roi.nii.gz')),
      await run(file('truth.nii.gz'), file(result!), at('roi.nii.gz')),
      await run(file('truth.nii.gz'), file('found.nii.gz'), at(roi!)),
    ]) {
      expect(e, `order ${n}`).toMatchObject({ voxels: expected.voxels, dsc: expected.dsc, state: 'ok' });
      numbers(e).forEach((v, m) => {
        expect(v).toBeCloseTo(numbers(expected)[m]!, 4);
      });
    }
    // A segment of a case is the result, or the truth: thin walls are told by the file.
    const mask = { name: 'Bone', mask: { base: at('found.u8'), deltas: [] }, geometry };
    writeFileSync(at('found.u8'), found);
    expect(await run(file(truth!), mask)).toMatchObject({ voxels: thin.voxels, thinWall: thin.thinWall, thinWallRecall: 0 });
    expect(await run(mask, file(result!))).toMatchObject({ dsc: 1, hd95Mm: 0 });
  }
});

test('[11.2-metrics] a refusal names the file, how far the grids lie apart, and what to do about it', async () => {
  const said = async (...args: Parameters<typeof run>) => ((await run(...args).catch((cause: unknown) => cause)) as Error).message;
  const [truth, result] = [file('truth.nii.gz'), file('found.nii.gz')];
  expect(await said(file('no.nii'), result)).toBe('The truth no.nii is not there. Check its name and folder.');
  expect(await said(truth, file('no.nii'))).toMatch(/^The result no.nii is not there/);
  expect(await said(truth, result, at('no.nii'))).toMatch(/^The region no.nii is not there/);
  expect(await said(truth, { path: folder })).toMatch(/^The result lamina-evaluate-\S+ may not be read/);
  expect(await said(truth, file('moved.nii.gz'))).toContain("Resample one onto the other's grid; they lie up to 0.50 mm apart.");
  expect(await said(truth, file('smaller.nii.gz'))).toContain('40 x 30 x 20 voxels and smaller.nii.gz 40 x 30 x 19');
  await writeNifti(at('nan.nii'), { geometry, values: Float32Array.from(found, (v, n) => (n === 4711 ? Number.NaN : v)) });
  await expect(run(truth, file('nan.nii'))).rejects.toMatchObject({ code: 'INVALID_VOXELS' });
  expect(await said(truth, file('nan.nii'))).toMatch(/^The result nan.nii: .*no number \(NaN or infinite\)/);
});

test('stops between slices when it is cancelled', async () => {
  let calls = 0;
  const stop = () => {
    if (++calls > 45) throw new TypeError('stopped');
  };
  await expect(
    evaluate(
      { truth: file('truth.nii.gz'), result: file('found.nii.gz'), roi: null, toleranceMm: 0.5 },
      { ...context, throwIfCancelled: stop },
    ),
  ).rejects.toThrow('stopped');
});

test('the request refuses a tolerance that is none', () => {
  expect(evaluateRequest.safeParse({ truth: 'a', result: 'b' }).data).toMatchObject({ roi: null, toleranceMm: 0.5 });
  for (const toleranceMm of [-1, Number.NaN, Infinity])
    expect(evaluateRequest.safeParse({ truth: 'a', result: 'b', toleranceMm }).success).toBe(false);
});

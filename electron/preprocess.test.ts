import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { CaseSeries, CaseState, JournalLine, Segment } from '../contract/case.ts';
import type { Job } from '../contract/job.ts';
import type { PreprocessPreview, ReplayResult } from '../contract/preprocessing.ts';
import type { VolumeGeometry } from '../contract/volume.ts';
import { createHost, type Host } from './host.ts';
import { writeNifti } from './ports/nifti-write.ts';

/** Clause 8 over the real disk and the real compute process; expected values are worked out here, not by the kernels. */
let folder = '';
let host: Host;
let state: CaseState;
const at = (name: string) => path.join(folder, name);

async function ask<T>(method: string, route: string, body?: unknown): Promise<T> {
  const init = { method, body: body === undefined ? undefined : JSON.stringify(body) };
  return (await (await host.service.fetch(new Request(`http://lamina${route}`, init))).json()) as T;
}
async function job<T>(route: string, body: unknown): Promise<Job & { result: T }> {
  const { id } = await ask<Job>('POST', route, body);
  for (;;) {
    const now = await ask<Job & { result: T }>('GET', `/api/jobs/${id}`);
    if (['done', 'refused', 'failed', 'cancelled'].includes(now.state)) return now;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
interface Made {
  series: CaseSeries;
  segments: Segment[];
  made: boolean;
  case: CaseState;
}
const preprocess = (settings: Record<string, unknown>, more: Record<string, unknown> = {}) =>
  job<Made>(`/api/cases/${state.id}/preprocess`, { settings, series: main().seriesInstanceUid, ...more });
const undo = () => ask<CaseState>('POST', `/api/cases/${state.id}/undo`);
const main = () => state.series.find((s) => s.description.startsWith('head'))!;

async function voxels(series: CaseSeries): Promise<Int16Array | Float32Array> {
  const { buffer } = Uint8Array.from(await readFile(series.voxels.path));
  return series.voxels.dtype === 'int16' ? new Int16Array(buffer) : new Float32Array(buffer);
}

const grid: VolumeGeometry = {
  dimensions: [24, 20, 12],
  spacingMm: [0.8, 0.8, 1.5],
  originLps: [-9, -8, 20],
  directionLps: [1, 0, 0, 0, 1, 0, 0, 0, 1],
};
/** Air, a soft head with a bright block that no mirror brings onto itself, so that each voxel tells where it is. */
function hu(x: number, y: number, z: number): number {
  const inside = ((x - 0.4) / 8) ** 2 + (y / 7) ** 2 + ((z - 28) / 8) ** 2 < 1;
  if (x > 1 && x < 5 && y > -4.1 && y < 1.5 && z > 24 && z < 31) return 900 + Math.round(20 * x);
  if (x < -2 && y > 0.5 && inside) return -90;
  return inside ? 40 + Math.round(3 * z) : -1000;
}
function filled(g: VolumeGeometry, value: (x: number, y: number, z: number) => number): Int16Array {
  const [nx, ny, nz] = g.dimensions;
  const out = new Int16Array(nx * ny * nz);
  for (let k = 0; k < nz; k++)
    for (let j = 0; j < ny; j++)
      for (let i = 0; i < nx; i++)
        out[(k * ny + j) * nx + i] = value(
          g.originLps[0] + i * g.spacingMm[0],
          g.originLps[1] + j * g.spacingMm[1],
          g.originLps[2] + k * g.spacingMm[2],
        );
  return out;
}

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'lamina-preprocess-'));
  process.env.LAMINA_CASES = at('cases');
  process.env.XDG_CONFIG_HOME = at('config');
  host = await createHost({ shell: 'browser', log: () => {} });
  await writeNifti(at('head.nii.gz'), { geometry: grid, values: filled(grid, hu) });
  const moved: VolumeGeometry = { ...grid, spacingMm: [1, 1, 1.5], dimensions: [22, 18, 12] };
  // The same head, 1.6 mm to the left and 1 mm up.
  await writeNifti(at('moved.nii.gz'), { geometry: moved, values: filled(moved, (x, y, z) => hu(x - 1.6, y, z - 1)) });
  const imported = await job<{ case: CaseState }>('/api/import', {
    paths: [at('head.nii.gz'), at('moved.nii.gz')],
    folder: at('one.lamina'),
  });
  expect(imported.state, imported.problem?.detail).toBe('done');
  state = imported.result.case;
});
afterAll(async () => {
  await host.close();
  await rm(folder, { recursive: true, force: true });
});

describe('a chain of steps', () => {
  test('[8.1-sequence][8.2-intensity][A-roi] region, window and formula (1): every voxel as worked out by hand, in the journal, undone and redone', async () => {
    const made = await preprocess({
      normalize: { method: 'range', min: -200, max: 300, round: true },
      window: { lowHu: -150, highHu: 250 },
      region: { by: 'box', boxLps: [-5, -4, 23, 4, 5, 33] },
    });
    expect(made.state, made.problem?.detail).toBe('done');
    const { series } = made.result;
    expect(series.derivation?.steps.map((s) => s.step)).toEqual(['region', 'window', 'normalize']);
    expect(series.voxels).toMatchObject({ units: 'normalized', dtype: 'int16' });
    const [nx, ny] = series.dimensions;
    const values = await voxels(series);
    expect(values).toHaveLength(series.dimensions.reduce((a, b) => a * b));
    for (const [n, value] of values.entries()) {
      const i = n % nx;
      const j = Math.floor(n / nx) % ny;
      const k = Math.floor(n / nx / ny);
      const source = hu(
        series.originLps[0] + i * series.spacingMm[0],
        series.originLps[1] + j * series.spacingMm[1],
        series.originLps[2] + k * series.spacingMm[2],
      );
      const windowed = Math.min(250, Math.max(-150, source));
      expect(value).toBe(Math.floor(((windowed + 200) * 255) / 500 + 0.5));
    }
    // Voxel centres of the box, and none of those outside of it.
    for (const [a, [low, high]] of [
      [-5, 4],
      [-4, 5],
      [23, 33],
    ].entries()) {
      const first = series.originLps[a]!;
      const last = first + (series.dimensions[a]! - 1) * series.spacingMm[a]!;
      expect(first).toBeGreaterThan(low! - series.spacingMm[a]!);
      expect(last).toBeLessThan(high! + series.spacingMm[a]!);
    }
    const lines = await ask<JournalLine[]>('GET', `/api/cases/${state.id}/journal`);
    expect(lines.at(-1)).toMatchObject({ act: 'preprocess', clause: '8.1', state: 'done' });
    expect((await undo()).series).toHaveLength(2);
    const again = await ask<CaseState>('POST', `/api/cases/${state.id}/redo`);
    expect(again.series.at(-1)).toEqual(series);
    const twice = await preprocess(series.derivation!.settings);
    expect(twice.result).toMatchObject({ made: false, series: { seriesInstanceUid: series.seriesInstanceUid } });
    expect(twice.result.case.sequence).toBe(again.sequence);
    const network = await job(`/api/cases/${state.id}/segments`, {
      series: series.seriesInstanceUid,
      settings: { method: 'default', assumeHu: true },
    });
    expect(network.problem?.code).toBe('HU_NOT_CALIBRATED');
    await undo();
  });

  test('[8.3-spacing] the smallest, the largest and a given spacing, in the slice alone and in all directions', async () => {
    const spacingOf = async (interpolate: Record<string, unknown>) => {
      const made = await preprocess({ interpolate });
      expect(made.state, made.problem?.detail).toBe('done');
      await undo();
      return made.result.series;
    };
    expect((await spacingOf({ spacing: 'largest' })).spacingMm).toEqual([1, 1, 1.5]);
    expect((await spacingOf({ spacing: 'given', spacingMm: 0.4 })).spacingMm).toEqual([0.4, 0.4, 1.5]);
    const cube = await spacingOf({ spacing: 'given', spacingMm: 0.75, plane: '3d' });
    expect(cube.spacingMm).toEqual([0.75, 0.75, 0.75]);
    expect(cube.resampled).toBe(true);
    expect(cube.slicePositionsMm).toHaveLength(cube.dimensions[2]);
    // The same piece of the patient: voxel edges stay where they were, within a voxel.
    for (const a of [0, 1, 2] as const)
      expect(Math.abs(cube.dimensions[a] * cube.spacingMm[a] - grid.dimensions[a] * grid.spacingMm[a])).toBeLessThan(0.75);
  });

  test('[8.1-sequence] registration finds the motion between two scans and puts one onto the grid of the other', async () => {
    const moving = state.series.find((s) => s.description.startsWith('moved'))!;
    const made = await preprocess(
      { register: { onto: main().seriesInstanceUid, metric: 'correlation' } },
      { series: moving.seriesInstanceUid },
    );
    expect(made.state, made.problem?.detail).toBe('done');
    const { series } = made.result;
    expect(series.dimensions).toEqual(grid.dimensions);
    const found = series.derivation!.steps[0]!.registration!;
    const applied = found.rotation.map((r, n) => r * [0, 0, 28][n % 3]!);
    const shift = [0, 1, 2].map((a) => applied.slice(a * 3, a * 3 + 3).reduce((x, y) => x + y) + found.translationMm[a]! - [0, 0, 28][a]!);
    for (const [a, expected] of [1.6, 0, 1].entries()) expect(shift[a]).toBeCloseTo(expected, 0);
    const values = await voxels(series);
    const fixed = filled(grid, hu);
    // Of a volume this small half the voxels lie on an edge, which interpolation softens.
    const off = (other: ArrayLike<number>) => fixed.reduce((sum, value, n) => sum + Math.abs(value - other[n]!), 0);
    expect(off(values)).toBeLessThan(0.6 * off(filled(grid, (x, y, z) => hu(x - 1.6, y, z - 1))));
    await undo();
  });

  test('[8.3-spacing] a segment carried along keeps its volume, knows where it came from, and can be undone', async () => {
    const bone = await job<{ segment: Segment }>(`/api/cases/${state.id}/segments`, {
      series: main().seriesInstanceUid,
      name: 'Bone',
      settings: { method: 'threshold', lowHu: 300 },
    });
    const made = await preprocess({ interpolate: { spacing: 'given', spacingMm: 0.4, plane: '3d' } }, { segments: ['Bone'] });
    expect(made.state, made.problem?.detail).toBe('done');
    const [carried] = made.result.segments;
    expect(carried).toMatchObject({ name: 'Bone, preprocessed', series: made.result.series.seriesInstanceUid });
    expect(carried!.volumeMm3 / bone.result.segment.volumeMm3).toBeCloseTo(1, 1);
    expect(carried!.technique[0]).toMatchObject({
      name: 'Carry Bone onto the preprocessed grid',
      parameters: { labels: 'majority', fromMm3: bone.result.segment.volumeMm3 },
    });
    // Onto a series that is there already, a segment is carried without making it again.
    const later = await preprocess(made.result.series.derivation!.settings, { segments: ['Bone'] });
    expect(later.result).toMatchObject({ made: false, segments: [{ voxels: carried!.voxels }] });
    await undo();
    const replayed = await job<ReplayResult>(`/api/cases/${state.id}/replay`, {});
    expect(replayed.state, replayed.problem?.detail).toBe('done');
    expect(replayed.result.different).toBe(0);
    const verdicts = new Map(replayed.result.entries.map((e) => [e.name, e.verdict]));
    for (const name of ['Preprocess: interpolate', 'Carry Bone onto the preprocessed grid', 'Threshold 300 HU and above'])
      expect(verdicts.get(name)).toBe('same');
    await undo();
    await undo();
    expect((await undo()).segments).toHaveLength(0);
  });

  test('what cannot be is refused by code, and nothing is journalled', async () => {
    const before = (await ask<CaseState>('GET', `/api/cases/${state.id}`)).sequence;
    const code = async (settings: Record<string, unknown>, more?: Record<string, unknown>) =>
      (await preprocess(settings, more)).problem?.code;
    expect(await code({ region: { by: 'box', boxLps: [500, 500, 500, 600, 600, 600] } })).toBe('NOT_FOUND');
    expect(await code({ register: { onto: main().seriesInstanceUid } })).toBe('GRID_MISMATCH');
    expect(await code({ window: {} }, { segments: ['none'] })).toBe('NOT_FOUND');
    expect(await code({ window: {} }, { series: '1.2.3' })).toBe('NOT_FOUND');
    expect(await code({ region: { by: 'box', boxLps: [-5, -4, 23, 4, 5, 24] } })).toBe('TOO_SMALL');
    expect(
      await code({
        region: {
          by: 'landmarks',
          supraorbitalLps: [
            [0, 0, 900],
            [1, 0, 900],
          ],
          infraorbitalLps: [
            [0, 0, 25],
            [1, 0, 25],
          ],
        },
      }),
    ).toBe('NOT_FOUND');
    expect(
      await code({
        region: {
          by: 'landmarks',
          supraorbitalLps: [
            [0, 0, 25],
            [1, 0, 25],
          ],
          infraorbitalLps: [
            [0, 0, 30],
            [1, 0, 30],
          ],
        },
      }),
    ).toBe('INVALID_GEOMETRY');
    expect(await code({ pad: { size: [4000, 4000, 4000] } })).toBe('TOO_LARGE');
    // A segment that has nothing on the new grid: the series that was made for it is not kept either.
    const bone = await job<{ segment: Segment }>(`/api/cases/${state.id}/segments`, {
      series: main().seriesInstanceUid,
      name: 'Bone',
      settings: { method: 'threshold', lowHu: 300 },
    });
    expect(bone.state).toBe('done');
    expect(await code({ region: { by: 'box', boxLps: [-9, -8, 20, -5, 4, 34] } }, { segments: ['Bone'] })).toBe('EMPTY_SEGMENT');
    await undo();
    const undone = 2;
    expect((await ask<{ status: number }>('POST', `/api/cases/${state.id}/preprocess`, { settings: {} })).status).toBe(400);
    expect((await ask<CaseState>('GET', `/api/cases/${state.id}`)).sequence).toBe(before + undone);
  });
});

describe('values by the units of the series', () => {
  test('[8.1-sequence] a border is air in HU and the bottom of the new range after formula (1)', async () => {
    const cornerOf = async (settings: Record<string, unknown>) => {
      const made = await preprocess({ ...settings, pad: { multiple: [32, 32, 16] } });
      expect(made.state, made.problem?.detail).toBe('done');
      await undo();
      expect(made.result.series.dimensions).toEqual([32, 32, 16]);
      return (await voxels(made.result.series))[0];
    };
    expect(await cornerOf({})).toBe(-1024);
    expect(await cornerOf({ window: { lowHu: -150, highHu: 250 } })).toBe(-150);
    expect(await cornerOf({ normalize: { method: 'range', newMin: 10, newMax: 20 } })).toBe(10);
  });

  test('[8.2-intensity][A-roi] what lies outside of a drawn outline does not count in the statistics', async () => {
    const outlineLps = [
      [1.3, -3.9, 0],
      [4.9, -3.9, 0],
      [4.9, 1.4, 0],
      [1.3, 1.4, 0],
    ];
    const region = { by: 'drawing', plane: 'axial', outlineLps };
    const made = await preprocess({ region, normalize: { method: 'percentile', low: 0, high: 100 } });
    expect(made.state, made.problem?.detail).toBe('done');
    const inside: number[] = [];
    const values = filled(grid, hu);
    for (const [n, value] of values.entries()) {
      const x = grid.originLps[0] + (n % 24) * 0.8;
      const y = grid.originLps[1] + (Math.floor(n / 24) % 20) * 0.8;
      if (x > 1.3 && x < 4.9 && y > -3.9 && y < 1.4) inside.push(value);
    }
    expect(made.result.series.derivation?.steps[1]?.text).toContain(`${Math.min(...inside)} to ${Math.max(...inside)} (0 to 100 %)`);
    await undo();
  });

  test('[8.2-intensity][10.2-patch] bounds in HU are not used for values that are not HU, nor are patches normalized twice', async () => {
    const first = await preprocess({ normalize: { method: 'z-score' } });
    const series = first.result.series.seriesInstanceUid;
    for (const settings of [{ window: {} }, { normalize: { method: 'range' } }, { normalize: { method: 'range', min: 0 } }])
      expect((await preprocess(settings, { series })).problem?.code).toBe('HU_NOT_CALIBRATED');
    const second = await preprocess({ window: { lowHu: -1, highHu: 1 } }, { series });
    expect(second.state, second.problem?.detail).toBe('done');
    const on = second.result.series.seriesInstanceUid;
    await job(`/api/cases/${state.id}/segments`, { series: on, name: 'Above', settings: { method: 'threshold', lowHu: 0.5 } });
    const patches = await job(`/api/cases/${state.id}/patches`, { segment: 'Above', out: at('patches') });
    expect(patches.problem?.code).toBe('HU_NOT_CALIBRATED');
    // The report tells the whole way from the import, not its last step alone.
    await job(`/api/cases/${state.id}/nifti`, { segment: 'Above', path: at('above.nii.gz') });
    const report = JSON.parse(await readFile(at('above.report.json'), 'utf8'));
    expect(report.preprocessing.map((one: { steps: { step: string }[] }) => one.steps[0]?.step)).toEqual(['normalize', 'window']);
    await undo();
    await undo();
    await undo();
  });

  test('[7.3-quality] a blur is measured in the voxels that it made', async () => {
    const made = await preprocess({ denoise: { method: 'gaussian', sigmaMm: 0.8 } });
    expect(made.result.series.quality?.airHu).toBeCloseTo(-1000, -1);
    expect(made.result.series.quality).not.toEqual(main().quality);
    await undo();
  });
});

test('[8.1-sequence] the preview shows the slice before and after as the series then has it, and leaves no trace', async () => {
  const settings = { denoise: { method: 'gaussian', sigmaMm: 0.7 }, normalize: { method: 'range' } };
  const before = (await ask<CaseState>('GET', `/api/cases/${state.id}`)).sequence;
  const { result, problem } = await job<PreprocessPreview>(`/api/cases/${state.id}/preprocess/preview`, {
    series: main().seriesInstanceUid,
    settings,
    atLps: [0, 0, 29],
  });
  expect(problem?.detail).toBe(undefined);
  expect((await ask<CaseState>('GET', `/api/cases/${state.id}`)).sequence).toBe(before);
  const floats = (text: string) => new Float32Array(Uint8Array.from(Buffer.from(text, 'base64')).buffer);
  const slice = 24 * 20;
  expect([...floats(result.before.values)]).toEqual([...filled(grid, hu).subarray(6 * slice, 7 * slice)]);
  const made = await preprocess(settings);
  const whole = await voxels(made.result.series);
  for (const [n, value] of floats(result.after.values).entries()) expect(value).toBeCloseTo(whole[6 * slice + n]!, 3);
  expect(result.after).toMatchObject({ width: 24, height: 20, units: 'normalized' });
  await undo();
});

test('[8.1-sequence] `run` preprocesses where its recipe says so, and its result names the steps', async () => {
  const done = await job<{ preprocess: { series: string; steps: { step: string }[] }; segment: { series: string } }>('/api/run', {
    paths: [at('head.nii.gz')],
    out: at('out.stl'),
    recipe: { preprocess: { denoise: { method: 'median' } }, segment: { method: 'threshold', lowHu: 300 } },
  });
  expect(done.state, done.problem?.detail).toBe('done');
  expect(done.result.preprocess.steps.map((s) => s.step)).toEqual(['denoise']);
  expect(done.result.segment.series).toBe(done.result.preprocess.series);
  const report = JSON.parse(await readFile(at('out.report.json'), 'utf8'));
  expect(report.preprocessing[0].settings.denoise).toMatchObject({ method: 'median', radius: 1 });
});

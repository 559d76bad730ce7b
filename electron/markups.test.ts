import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { CaseState, JournalLine, Segment } from '../contract/case.ts';
import type { Job } from '../contract/job.ts';
import type { Markup, MarkupMeasures } from '../contract/markups.ts';
import type { MaskDelta } from '../contract/segmentation.ts';
import type { VolumeGeometry } from '../contract/volume.ts';
import { applyRuns, runsFromText } from '../kernels/labels/runs.ts';
import { type Client, createClient, JobFailed, Usage } from './cli/client.ts';
import { markupVerbs } from './cli/markup-verbs.ts';
import { createHost, type Host } from './host.ts';
import { writeNifti } from './ports/nifti-write.ts';

/** Markups over the real disk and the real compute process. */
let folder = '';
let host: Host;
let client: Client;
let id = '';
let series = '';
const at = (name: string) => path.join(folder, name);

/** LPS: columns run to the left by 0.5 mm, rows to the back by 0.75 mm, slices up by 2 mm. */
const grid: VolumeGeometry = {
  dimensions: [40, 24, 12],
  spacingMm: [0.5, 0.75, 2],
  originLps: [-10, -6, 20],
  directionLps: [1, 0, 0, 0, 1, 0, 0, 0, 1],
};
/** Linear in space: the mean of a region is the value in the middle of its voxels. */
const hu = (i: number, j: number, k: number) => 10 * i - 7 * j + 100 * k;

interface Told extends Markup {
  measures: MarkupMeasures;
}
const draw = async (...args: string[]): Promise<Told> =>
  (await markupVerbs.markup!.run(client, ['--case', at('one.lamina'), ...args])).json as Told;
const list = async (): Promise<Told[]> =>
  ((await markupVerbs.markups!.run(client, ['--case', at('one.lamina')])).json as { markups: Told[] }).markups;
const state = () => client.get<CaseState>(`/api/cases/${id}`);
const act = (name: 'undo' | 'redo') => client.send<CaseState>('POST', `/api/cases/${id}/${name}`, {});
const lines = async () => (await client.get<JournalLine[]>(`/api/cases/${id}/journal`)).filter((one) => one.act === 'markup');
async function refused(work: Promise<unknown>): Promise<{ status: number; code: string | undefined; detail: string }> {
  const error = await work.then(
    () => new RangeError('not refused'),
    (e: unknown) => e,
  );
  if (!(error instanceof JobFailed)) throw error;
  const { status, code, detail } = error.problem;
  return { status, code, detail };
}
const post = (body: unknown) => client.send<CaseState>('POST', `/api/cases/${id}/markups`, body);

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'lamina-markups-'));
  process.env.LAMINA_CASES = at('cases');
  process.env.XDG_CONFIG_HOME = at('config');
  host = await createHost({ shell: 'cli', log: () => {} });
  client = createClient(host.service.fetch);
  const [nx, ny, nz] = grid.dimensions;
  const values = Int16Array.from({ length: nx * ny * nz }, (_, n) => hu(n % nx, Math.floor(n / nx) % ny, Math.floor(n / nx / ny)));
  await writeNifti(at('head.nii.gz'), { geometry: grid, values });
  const made = await client.job<{ case: CaseState }>('/api/import', { paths: [at('head.nii.gz')], folder: at('one.lamina') });
  id = made.case.id;
  series = made.case.series[0]!.seriesInstanceUid;
});
afterAll(async () => {
  await client.closeCases();
  await host.close();
  await rm(folder, { recursive: true, force: true });
});

describe('markups in a case', () => {
  test('[9.1-types] each of the kinds is drawn by the command line, named by the case, measured in mm, mm², degrees and values', async () => {
    expect((await draw('--kind', 'line', '--points', '0,0,30,3,4,42')).measures.lengthMm).toBe(13);
    expect((await draw('--kind', 'angle', '--points', '1,0,30,0,0,30,0,5,30')).measures.angleDeg).toBeCloseTo(90, 9);
    // Voxels 24..27 x 9..11 of slice 5: the edges run between centres.
    const rectangle = await draw('--kind', 'rectangle', '--points', '1.75,0.4,30,3.75,0.4,30,3.75,2.6,30,1.75,2.6,30', '--normal', '0,0,2');
    expect(rectangle.normalLps).toEqual([0, 0, 1]);
    expect(rectangle.measures.areaMm2).toBeCloseTo(4.4, 9);
    expect(rectangle.measures.values).toMatchObject({ voxels: 12, minimum: hu(24, 11, 5), maximum: hu(27, 9, 5) });
    expect(rectangle.measures.values!.mean).toBeCloseTo(hu(25.5, 10, 5), 9);
    const ellipse = await draw('--kind', 'ellipse', '--points', '-4,0,30,4,0,30,0,3,30');
    expect(ellipse.measures.areaMm2).toBeCloseTo(12 * Math.PI, 9);
    const point = await draw('--kind', 'point', '--points', '2.1,0.1,30.4', '--name', 'Fovea');
    expect(point).toMatchObject({ name: 'Fovea', measures: { values: { voxels: 1, mean: hu(24, 8, 5) } } });
    for (const kind of ['closed-curve', 'freehand', 'polygon']) {
      const { measures } = await draw('--kind', kind, '--points', '-4,-3,30,4,-3,30,4,3,30,-4,3,30');
      expect(measures.areaMm2).toBeGreaterThan(47);
      expect(measures.values!.voxels).toBeGreaterThan(100);
    }
    for (const kind of ['curve', 'polyline'])
      expect((await draw('--kind', kind, '--points', '0,0,20,0,0,25,0,0,40')).measures.lengthMm).toBeCloseTo(20, 9);
    await draw('--kind', 'pointer', '--points', '0,0,30,5,5,30');
    await draw('--kind', 'text', '--points', '0,0,30', '--text', 'gap in the floor');
    await draw('--kind', 'text-pointer', '--points', '0,0,30,5,5,30', '--text', 'here', '--name', 'Note');
    const all = await list();
    expect(all.map((one) => one.name)).toEqual([
      'Line 1',
      'Angle 1',
      'Rectangle 1',
      'Ellipse 1',
      'Fovea',
      'Closed curve 1',
      'Freehand 1',
      'Polygon 1',
      'Curve 1',
      'Polyline 1',
      'Pointer 1',
      'Text 1',
      'Note',
    ]);
    expect(new Set(all.map((one) => one.kind)).size).toBe(13);
    expect(all.every((one) => one.series === series)).toBe(true);
    expect((await draw('--kind', 'line', '--points', '0,0,30,1,0,30')).name).toBe('Line 2');
    expect((await lines()).every((one) => one.clause === '9.1')).toBe(true);
  });

  test('[9.1-types] moved, renamed and rewritten by name; undone, redone and removed; what changes nothing is no act', async () => {
    const before = (await state()).markups.find((one) => one.name === 'Line 1')!;
    const { id: key, ...draft } = before;
    const put = (change: Partial<Markup>) => client.send<CaseState>('PUT', `/api/cases/${id}/markups/${key}`, { ...draft, ...change });
    const moved = await put({
      pointsLps: [
        [0, 0, 30],
        [0, 0, 40],
      ],
    });
    expect(moved.undo).toBe('Move Line 1');
    expect(moved.markups.find((one) => one.id === key)?.pointsLps).toEqual([
      [0, 0, 30],
      [0, 0, 40],
    ]);
    const back = await act('undo');
    expect([back.redo, back.markups.find((one) => one.id === key)]).toEqual(['Move Line 1', before]);
    expect((await act('redo')).markups.find((one) => one.id === key)?.pointsLps[1]).toEqual([0, 0, 40]);
    await act('undo');
    const { sequence } = await state();
    expect((await put({ name: '' })).sequence).toBe(sequence);
    expect((await put({ name: 'Width' })).undo).toBe('Rename Line 1 to Width');
    await act('undo');
    const gone = (await markupVerbs.markup!.run(client, ['--case', at('one.lamina'), '--remove', 'Text 1'])).json as { removed: Markup };
    expect(gone.removed).toMatchObject({ name: 'Text 1', text: 'gap in the floor' });
    expect((await state()).undo).toBe('Remove Text 1');
    expect((await act('undo')).markups.find((one) => one.name === 'Text 1')?.id).toBe(gone.removed.id);
  });

  test('[9.1-types] one is measured by its own route, as all are together', async () => {
    const one = (await list()).find((m) => m.kind === 'rectangle')!;
    const job = await client.get<Job>(`/api/cases/${id}/markups/${one.id}/measures`);
    for (let n = 0; n < 200; n++) {
      const now = await client.get<Job>(`/api/jobs/${job.id}`);
      if (now.state === 'done') return expect(now.result).toEqual(one.measures);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    throw new RangeError('the job did not end');
  });

  test('[9.1-types] what cannot be is refused in words, and nothing is journalled', async () => {
    const { sequence } = await state();
    const line = {
      kind: 'line',
      series,
      pointsLps: [
        [0, 0, 30],
        [1, 0, 30],
      ],
    };
    expect(await refused(post({ ...line, series: '1.2.3' }))).toMatchObject({
      code: 'NOT_FOUND',
      detail: expect.stringContaining('1.2.3'),
    });
    expect(await refused(post({ ...line, segment: 'Nowhere' }))).toMatchObject({ code: 'NOT_FOUND' });
    expect(await refused(post({ ...line, pointsLps: [[0, 0, 30]] }))).toMatchObject({
      status: 400,
      detail: expect.stringContaining('number of points'),
    });
    expect(
      await refused(
        post({
          ...line,
          pointsLps: [
            [0, 0, 30],
            [0, null, 1],
          ],
        }),
      ),
    ).toMatchObject({ status: 400 });
    expect(
      await refused(
        post({
          ...line,
          pointsLps: [
            [0, 0, 30],
            [0, 1e300, 1],
          ],
        }),
      ),
    ).toMatchObject({ status: 400, detail: expect.stringContaining('10 m') });
    expect(await refused(post({ ...line, kind: 'text', pointsLps: [[0, 0, 30]], text: ' ' }))).toMatchObject({
      status: 400,
      detail: expect.stringContaining('text'),
    });
    expect(await refused(post({ ...line, normalLps: [0, 0, 3] }))).toMatchObject({
      status: 400,
      detail: expect.stringContaining('normal'),
    });
    const bent = {
      ...line,
      kind: 'polygon',
      normalLps: [0, 0, 1],
      pointsLps: [
        [0, 0, 30],
        [1, 0, 30],
        [1, 1, 34],
      ],
    };
    expect(await refused(post(bent))).toMatchObject({ status: 400, detail: expect.stringContaining('one plane') });
    expect(await refused(draw('--remove', 'Nobody'))).toMatchObject({ code: 'NOT_FOUND' });
    await expect(draw('--kind', 'line', '--points', '0,0')).rejects.toThrow(Usage);
    await expect(draw('--kind', 'line', '--points', '0,0,x')).rejects.toThrow(Usage);
    await expect(draw('--kind', 'line', '--points', '0,0,0,1,1,1', '--normal', '0,0,0')).rejects.toThrow(Usage);
    expect(await refused(draw('--kind', 'star', '--points', '0,0,0'))).toMatchObject({ status: 400 });
    expect((await state()).sequence).toBe(sequence);
  });

  test('[9.1-types] markups survive that the case is closed and opened again', async () => {
    const before = (await state()).markups;
    await client.send('DELETE', `/api/cases/${id}`);
    id = (await client.send<CaseState>('POST', '/api/open', { folder: at('one.lamina') })).id;
    expect((await state()).markups).toEqual(before);
  });

  test('[9.1-types] contour to mask: an ellipse is filled whole on its slice, and the window can draw what was turned', async () => {
    const { segment } = await client.job<{ segment: Segment }>(`/api/cases/${id}/segments`, {
      series,
      name: 'Bone',
      settings: { method: 'threshold', lowHu: 1190 },
    });
    await draw('--kind', 'ellipse', '--name', 'Orbit', '--points', '-6.1,0.2,30,5.9,0.2,30,-0.1,5.3,30', '--normal', '0,0,1');
    const path = `/api/cases/${id}/segments/${segment.id}`;
    const settings = { effect: 'contour', operation: 'add' };
    const done = await client.job<{ case: CaseState; changed: boolean }>(`${path}/effect`, { settings, markups: ['Orbit'] });
    const mask = new Uint8Array(await (await host.service.fetch(new Request(`http://lamina${path}/mask`))).arrayBuffer());
    const [nx, ny] = grid.dimensions;
    const was: number[] = [];
    const unlike: string[] = [];
    for (let n = 0; n < mask.length; n++) {
      const [i, j, k] = [n % nx, Math.floor(n / nx) % ny, Math.floor(n / nx / ny)];
      const apart = ((-10 + 0.5 * i + 0.1) / 6) ** 2 + ((-6 + 0.75 * j - 0.2) / 5.1) ** 2;
      was.push(Number(hu(i, j, k) >= 1190));
      // The outline has 96 corners: it lies within 0.06 % of the ellipse.
      if (k === 5 && Math.abs(apart - 1) < 0.002) continue;
      const expected = was[n] === 1 || (k === 5 && apart < 1) ? 1 : 0;
      if (mask[n] !== expected) unlike.push(`${i},${j},${k}`);
    }
    expect(unlike).toEqual([]);
    const delta = await client.get<MaskDelta>(`/api/cases/${id}/strokes/${done.case.sequence}`);
    const back = Uint8Array.from(mask);
    applyRuns(back, runsFromText(delta.runs), delta.value);
    expect([...back]).toEqual(was);
    expect(delta.value).toBe('flip');
    expect((await refused(client.get(`/api/cases/${id}/strokes/0`))).code).toBe('NOT_FOUND');
    const open = await refused(client.job(`${path}/effect`, { settings, markups: ['Width'] }));
    expect(open).toMatchObject({ code: 'NOT_FOUND', detail: expect.stringContaining('Width') });
    const line = await refused(client.job(`${path}/effect`, { settings, markups: ['Line 2'] }));
    expect(line.detail).toContain('encloses nothing');
  });
});

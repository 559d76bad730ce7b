import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { CaseState, JournalLine } from '../contract/case.ts';
import type { VolumeGeometry } from '../contract/volume.ts';
import { encodeRuns, runsToText } from '../kernels/labels/runs.ts';
import { type Client, createClient, JobFailed } from './cli/client.ts';
import { createHost, type Host } from './host.ts';
import { writeNifti } from './ports/nifti-write.ts';

/** Strokes over the real disk: what the journal keeps of a brush, what is refused, and how its lines are asked for since a sequence. */
let folder = '';
let host: Host;
let client: Client;
let id = '';
const grid: VolumeGeometry = {
  dimensions: [12, 10, 8],
  spacingMm: [1, 1, 1],
  originLps: [0, 0, 0],
  directionLps: [1, 0, 0, 0, 1, 0, 0, 0, 1],
};

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'lamina-strokes-'));
  process.env.LAMINA_CASES = path.join(folder, 'cases');
  host = await createHost({ shell: 'cli', log: () => {} });
  client = createClient(host.service.fetch);
  const file = path.join(folder, 'head.nii.gz');
  await writeNifti(file, { geometry: grid, values: Int16Array.from({ length: 960 }, (_, n) => (n % 12 > 5 ? 1000 : -1000)) });
  const { case: made } = await client.job<{ case: CaseState }>('/api/import', { paths: [file], folder: path.join(folder, 'one.lamina') });
  id = made.id;
  for (const name of ['Bone', 'Wall'])
    await client.job(`/api/cases/${id}/segments`, { name, settings: { method: 'threshold', lowHu: 200, highHu: null } });
});
afterAll(async () => {
  await client.closeCases();
  await host.close();
  await rm(folder, { recursive: true, force: true });
});

const state = () => client.get<CaseState>(`/api/cases/${id}`);
const segmentId = async (name: string) => (await state()).segments.find((one) => one.name === name)!.id;
const stroke = async (name: string, voxels: number[], more: object = {}) =>
  client.send<CaseState>('POST', `/api/cases/${id}/strokes`, {
    segment: await segmentId(name),
    tool: 'brush',
    shape: 'circle',
    diameterMm: 2.5,
    gateHu: null,
    plane: 'axial',
    pathLps: [[0, 0, 0]],
    voxels: voxels.length,
    delta: { value: 1, runs: runsToText(encodeRuns(voxels)) },
    ...more,
  });
const problem = (work: Promise<unknown>) =>
  work.then(
    () => null,
    (cause: unknown) => (cause instanceof JobFailed ? cause.problem : cause),
  );
const journal = (since?: number) => client.get<JournalLine[]>(`/api/cases/${id}/journal${since === undefined ? '' : `?since=${since}`}`);

describe('a stroke', () => {
  test('[9.1-types] a stroke on a locked segment is refused in words, and the journal stays as it was', async () => {
    const before = (await state()).sequence;
    await client.send('PATCH', `/api/cases/${id}/segments/${await segmentId('Wall')}`, { locked: true });
    expect(await problem(stroke('Wall', [0, 1]))).toMatchObject({
      code: 'SEGMENT_LOCKED',
      detail: expect.stringMatching(/Wall is locked.*Unlock it/),
    });
    expect((await state()).sequence).toBe(before + 1);
    // Undoing the lock opens it again.
    await client.send('POST', `/api/cases/${id}/undo`, {});
    expect((await stroke('Wall', [0, 1])).segments.find((one) => one.name === 'Wall')?.mask.strokes).toHaveLength(1);
  });

  test('[9.1-types] edge, normal and masking are kept as they were; masking by a segment that is not there is refused', async () => {
    const wall = await segmentId('Wall');
    const oblique = { normalLps: [0.6, 0, 0.8], edgeHu: 150, inside: wall, notOver: [wall] };
    const { sequence } = await stroke('Bone', [2, 3], oblique);
    const bytes = await host.service.fetch(new Request(`http://lamina/api/cases/${id}/strokes/${sequence}`));
    expect(await bytes.json()).toEqual({ value: 1, runs: runsToText(encodeRuns([2, 3])) });
    expect(await problem(stroke('Bone', [5], { notOver: ['segment-99'] }))).toMatchObject({
      status: 400,
      detail: expect.stringMatching(/segment-99/),
    });
    expect(await problem(stroke('Bone', [5], { inside: 'segment-99' }))).toMatchObject({ status: 400 });
  });

  test('[9.1-types] the lines since a sequence, with those that undo and redo changed, make up the whole journal', async () => {
    await stroke('Bone', [4]);
    const known = await journal();
    const last = known.at(-1)!.sequence;
    expect(await journal(last)).toEqual([]);
    await client.send('POST', `/api/cases/${id}/undo`, {});
    await client.send('POST', `/api/cases/${id}/undo`, {});
    await client.send('POST', `/api/cases/${id}/redo`, {});
    await stroke('Bone', [4, 5]);
    const news = await journal(last);
    const changed = new Map(news.map((line) => [line.sequence, line]));
    const joined = [...known.map((line) => changed.get(line.sequence) ?? line), ...news.filter((line) => line.sequence > last)];
    expect(joined).toEqual(await journal());
    expect(joined.filter((line) => line.state === 'undone').length).toBeGreaterThan(0);
    expect(news.length).toBeLessThan(joined.length);
    expect(await problem(client.get(`/api/cases/${id}/journal?since=x`))).toMatchObject({ status: 400 });
  });
});

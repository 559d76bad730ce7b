import { readFileSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { CaseState, JournalLine, Segment } from '../contract/case.ts';
import { boneLabel, type LabelList } from '../contract/labels.ts';
import type { VolumeGeometry } from '../contract/volume.ts';
import { encodeRuns, runsToText } from '../kernels/labels/runs.ts';
import { caseVerbs } from './cli/case-verbs.ts';
import { type Client, createClient, JobFailed } from './cli/client.ts';
import { segmentVerbs } from './cli/segment-verbs.ts';
import { createHost, type Host } from './host.ts';
import { writeNifti } from './ports/nifti-write.ts';

/** The table of segments over the real disk: labels, colours, numbers, review states, and what a lock keeps out. */
let folder = '';
let host: Host;
let client: Client;
let id = '';
const at = (name: string) => path.join(folder, name);
const dir = () => at('one.lamina');

const grid: VolumeGeometry = {
  dimensions: [12, 10, 8],
  spacingMm: [1, 1, 1],
  originLps: [0, 0, 0],
  directionLps: [1, 0, 0, 0, 1, 0, 0, 0, 1],
};
const hu = Int16Array.from({ length: 960 }, (_, n) => (n % 12 > 2 && n % 12 < 9 && Math.floor(n / 120) > 2 ? 1000 : -1000));
const inBone = hu.reduce((sum, value) => sum + Number(value > 0), 0);

const state = () => client.get<CaseState>(`/api/cases/${id}`);
const named = async (name: string): Promise<Segment> => (await state()).segments.find((one) => one.name === name)!;
const act = (name: 'undo' | 'redo') => client.send<CaseState>('POST', `/api/cases/${id}/${name}`, {});
const run = (verb: string, ...args: string[]) =>
  ({ ...caseVerbs, ...segmentVerbs })[verb]!.run(client, args).then(({ json }) => json as Record<string, unknown>);
const describeBy = (segment: string, ...set: string[]) => run('describe', '--case', dir(), '--segment', segment, '--set', ...set, '--json');
const patch = async (name: string, change: object) =>
  client.send<CaseState>('PATCH', `/api/cases/${id}/segments/${(await named(name)).id}`, change);
const threshold = (name: string, ...more: string[]) =>
  run('segment', '--case', dir(), '--method', 'threshold', '--set', 'lowHu=200', '--name', name, ...more, '--json');
const stroke = async (name: string, value: 0 | 1 = 1) =>
  client.send('POST', `/api/cases/${id}/strokes`, {
    segment: (await named(name)).id,
    tool: value === 1 ? 'brush' : 'eraser',
    shape: 'circle',
    diameterMm: 2,
    gateHu: null,
    plane: 'axial',
    pathLps: [[0, 0, 0]],
    voxels: 2,
    delta: { value, runs: runsToText(encodeRuns([0, 1])) },
  });
async function refusal(work: Promise<unknown>): Promise<{ code: string | undefined; detail: string; status: number }> {
  const error = await work.then(
    () => null,
    (cause: unknown) => cause,
  );
  if (!(error instanceof JobFailed)) throw error ?? new RangeError('not refused');
  const { code, detail, status } = error.problem;
  return { code, detail, status };
}
const values = (file: string): number[] => [...gunzipSync(readFileSync(file)).subarray(352)];

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'lamina-segments-'));
  process.env.LAMINA_CASES = at('cases');
  process.env.LAMINA_CONFIG = at('config');
  await mkdir(at('config/label-tables'), { recursive: true });
  await writeFile(
    at('config/label-tables/house.json'),
    JSON.stringify({
      schema: 'lamina-labels/1',
      id: 'house',
      name: 'House',
      clause: '',
      source: 'ours',
      rows: [{ ...boneLabel, key: 'implant', name: 'Implant', value: 300 }],
    }),
  );
  host = await createHost({ shell: 'cli', log: () => {} });
  client = createClient(host.service.fetch);
  await writeNifti(at('head.nii.gz'), { geometry: grid, values: hu });
  id = (await client.job<{ case: CaseState }>('/api/import', { paths: [at('head.nii.gz')], folder: dir() })).case.id;
});
afterAll(async () => {
  await client.closeCases();
  await host.close();
  delete process.env.LAMINA_CONFIG;
  await rm(folder, { recursive: true, force: true });
});

describe('what a segment stands for', () => {
  test('[9.1-values] a segment is bone, 1, unless a label is asked for; a file of it holds 1 and 0', async () => {
    const made = await threshold('Plain', '--out', at('plain.nii.gz'));
    expect(made.label).toEqual(boneLabel);
    expect(values(at('plain.nii.gz'))).toEqual([...hu].map((value) => Number(value > 0)));
  });

  test('[9.1-values] a sub-class is written only where it was asked for: 2 for cortical, and other stays 0', async () => {
    const made = await threshold('Cortex', '--label', 'cortical', '--out', at('cortex.nii.gz'));
    expect(made.label).toMatchObject({ key: 'cortical', value: 2, type: { value: '272673000' } });
    expect(values(at('cortex.nii.gz'))).toEqual([...hu].map((value) => 2 * Number(value > 0)));
    expect((await named('Plain')).label).toEqual(boneLabel);
  });

  test('[9.1-values] labels are listed with the hospital’s own, which a segment can be given; an unknown one is refused with the list', async () => {
    const { labels, own, faults } = (await run('labels', '--json')) as unknown as LabelList;
    expect([labels[0]!.key, labels.at(-1)!.key, own, faults]).toEqual(['bone', 'implant', ['house'], []]);
    expect(await describeBy('Cortex', 'label=implant')).toMatchObject({ label: { key: 'implant', value: 300 } });
    expect((await act('undo')).segments.find((one) => one.name === 'Cortex')?.label.key).toBe('cortical');
    const refused = await refusal(describeBy('Cortex', 'label=femur'));
    expect(refused).toMatchObject({ code: 'NOT_FOUND', detail: expect.stringMatching(/no row femur.*bone, cortical.*implant/) });
    expect(await refusal(threshold('Femur', '--label', 'femur'))).toMatchObject({ code: 'NOT_FOUND' });
    expect(await named('Femur')).toBeUndefined();
  });

  test('[9.1-values] a run into a segment keeps that one’s label: another is not taken by the way', async () => {
    const body = { settings: { method: 'threshold', lowHu: 1 }, into: 'Cortex', label: 'mandible' };
    expect(await refusal(client.job(`/api/cases/${id}/segments`, body))).toMatchObject({
      status: 400,
      detail: expect.stringMatching(/new segment/),
    });
  });
});

describe('what a person says of a segment', () => {
  test('[9.1-values] name, colour, number, label, review state in one step, named in the journal, undone whole, there again after opening', async () => {
    const set = ['name=Jaw, left', 'colour=3', 'number=12', 'review=flagged', 'label=mandible'];
    const after = { name: 'Jaw, left', colour: 3, number: 12, review: 'flagged', locked: false };
    expect(await describeBy('Cortex', ...set)).toMatchObject(after);
    const journal = await client.get<JournalLine[]>(`/api/cases/${id}/journal`);
    expect(journal.at(-1)!.name).toBe('Cortex: name Jaw, left, colour 3, number 12, review flagged, label Mandible');
    expect((await act('undo')).segments.map((one) => one.name)).not.toContain('Jaw, left');
    expect((await act('redo')).segments.map((one) => one.name)).toContain('Jaw, left');
    await client.send('DELETE', `/api/cases/${id}`);
    id = await client.openCase(dir());
    const { segments } = (await run('segments', '--case', dir(), '--json')) as { segments: Segment[] };
    expect(segments.find((one) => one.name === 'Jaw, left')).toMatchObject({ ...after, label: { key: 'mandible' }, voxels: inBone });
  });

  test('[9.1-values] a number that another segment has is refused; what stays as it is makes no entry', async () => {
    const before = (await state()).sequence;
    expect(await refusal(describeBy('Plain', 'number=12'))).toMatchObject({ detail: expect.stringMatching(/Jaw, left has the number 12/) });
    await describeBy('Plain', 'name=Plain', 'locked=false');
    expect((await state()).sequence).toBe(before);
    expect(await refusal(describeBy('Plain', 'colour=9'))).toMatchObject({ status: 400 });
    expect(await refusal(describeBy('Plain', 'review=done'))).toMatchObject({ status: 400 });
  });
});

describe('a lock', () => {
  const kept = async () => {
    const { mask, voxels } = await named('Locked');
    return { mask, voxels };
  };
  test('[9.1-values] keeps out strokes, clean, effects and removal, each with its code; undo of the lock lets them again', async () => {
    await threshold('Locked');
    const before = await kept();
    await patch('Locked', { locked: true });
    const one = (await named('Locked')).id;
    const acts: [string, () => Promise<unknown>][] = [
      ['stroke', () => stroke('Locked')],
      ['clean', () => run('clean', '--case', dir(), '--segment', 'Locked', '--set', 'keep=largest')],
      ['effect', () => run('clean', '--case', dir(), '--segment', 'Locked', '--set', 'effect=erode', 'voxels=1')],
      ['remove', () => client.send('DELETE', `/api/cases/${id}/segments/${one}`)],
    ];
    const { sequence } = await state();
    for (const [what, work] of acts)
      expect(await refusal(work()), what).toMatchObject({
        code: 'SEGMENT_LOCKED',
        detail: expect.stringMatching(/Locked is locked.*Unlock it/),
      });
    expect([(await state()).sequence, await kept()]).toEqual([sequence, before]);
    const unlocked = await act('undo');
    expect(unlocked.segments.find((s) => s.id === one)?.locked).toBe(false);
    expect(unlocked.redo).toBe('Locked: locked');
    await stroke('Locked');
    expect((await kept()).voxels).toBe(before.voxels + 2);
  });

  test('[9.1-values] leaves the name, the review state and the lock itself to the hand, and outlives closing', async () => {
    await patch('Locked', { locked: true });
    await patch('Locked', { name: 'Still locked', review: 'completed' });
    await client.send('DELETE', `/api/cases/${id}`);
    id = await client.openCase(dir());
    expect(await named('Still locked')).toMatchObject({ locked: true, review: 'completed' });
    expect(await refusal(stroke('Still locked'))).toMatchObject({ code: 'SEGMENT_LOCKED' });
    await patch('Still locked', { locked: false });
    await client.send('DELETE', `/api/cases/${id}/segments/${(await named('Still locked')).id}`);
    expect(await named('Still locked')).toBeUndefined();
    expect((await act('undo')).segments.map((s) => s.name)).toContain('Still locked');
  });
});

describe('a segment by hand', () => {
  test('[9.1-types] begins empty, is drawn in, keeps what was drawn over a reopening, and goes by undo', async () => {
    const made = await run('segment', '--case', dir(), '--method', 'manual', '--name', 'By hand', '--json');
    expect(made).toMatchObject({ segment: 'By hand', voxels: 0, volumeMm3: 0 });
    await stroke('By hand');
    expect((await named('By hand')).voxels).toBe(2);
    const { path: mask } = await client.get<{ path: string }>(`/api/cases/${id}/segments/${(await named('By hand')).id}/labelmap`);
    expect([...readFileSync(mask)].map((v, at) => (v ? at : -1)).filter((at) => at >= 0)).toEqual([0, 1]);
    expect((await act('undo')).segments.find((one) => one.name === 'By hand')?.voxels).toBe(0);
    expect((await act('undo')).undo).not.toBe('New segment, by hand');
    expect((await state()).segments.some((one) => one.name === 'By hand')).toBe(false);
  });

  test('[9.1-types] a tool stays off the voxels of a locked segment unless it is told otherwise', async () => {
    await threshold('Kept');
    await run('segment', '--case', dir(), '--method', 'manual', '--name', 'Over', '--json');
    await stroke('Over');
    await describeBy('Kept', 'locked=true');
    await run('clean', '--case', dir(), '--segment', 'Over', '--set', 'effect=invert');
    expect((await named('Over')).voxels).toBe(960 - 2 - inBone);
    await act('undo');
    await client.job(`/api/cases/${id}/segments/${(await named('Over')).id}/effect`, {
      settings: { effect: 'invert' },
      masking: { notOver: [] },
    });
    expect((await named('Over')).voxels).toBe(958);
  });

  test('[9.1-interop] a label file is plain or gzipped as its name says, and --set belongs to --deidentify', async () => {
    await run('export', '--case', dir(), '--as', 'nifti', '--segment', 'Kept', '--out', at('plain.nii'));
    await run('export', '--case', dir(), '--as', 'nifti', '--segment', 'Kept', '--out', at('packed.nii.gz'));
    const plain = readFileSync(at('plain.nii'));
    expect(plain.subarray(344, 347).toString('latin1')).toBe('n+1');
    expect(gunzipSync(readFileSync(at('packed.nii.gz'))).equals(plain)).toBe(true);
    const named = ['--case', dir(), '--as', 'seg', '--out', at('named.dcm')];
    await expect(run('export', ...named, '--set', 'pseudonym=ANON')).rejects.toThrow('--deidentify');
    await expect(run('export', '--case', dir(), '--as', 'ply', '--out', at('a.ply'), '--deidentify')).rejects.toThrow('names no patient');
  });
});

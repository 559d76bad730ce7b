import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { CaseState, JournalLine, Segment } from '../contract/case.ts';
import type { ReplayResult } from '../contract/preprocessing.ts';
import type { MaskDelta } from '../contract/segmentation.ts';
import type { VolumeGeometry } from '../contract/volume.ts';
import { decodeRuns, runsFromText } from '../kernels/labels/runs.ts';
import { caseVerbs } from './cli/case-verbs.ts';
import { type Client, createClient, JobFailed } from './cli/client.ts';
import { contourVerbs } from './cli/contour-verbs.ts';
import { createHost, type Host } from './host.ts';
import { writeNifti } from './ports/nifti-write.ts';

/** Drawing tools over the real disk and the real compute process, by the command line's words; expected masks are worked out voxel by voxel. */
let folder = '';
let host: Host;
let client: Client;
let id = '';
const at = (name: string) => path.join(folder, name);

const grid: VolumeGeometry = {
  dimensions: [40, 24, 12],
  spacingMm: [0.5, 0.5, 1],
  originLps: [-10, -6, 20],
  directionLps: [1, 0, 0, 0, 1, 0, 0, 0, 1],
};
type Test = (i: number, j: number, k: number) => boolean;
const block =
  (i0: number, i1: number, j0: number, j1: number, k0: number, k1: number): Test =>
  (i, j, k) =>
    i >= i0 && i < i1 && j >= j0 && j < j1 && k >= k0 && k < k1;
const left = block(4, 12, 4, 16, 2, 8);
const right = block(20, 26, 4, 16, 2, 8);
const bone: Test = (i, j, k) => left(i, j, k) || right(i, j, k);
const soft = block(26, 34, 4, 16, 2, 8);

function voxels<T>(of: (i: number, j: number, k: number) => T): T[] {
  const [nx, ny, nz] = grid.dimensions;
  return Array.from({ length: nx * ny * nz }, (_, n) => of(n % nx, Math.floor(n / nx) % ny, Math.floor(n / nx / ny)));
}
const count = (inside: Test): number => voxels(inside).filter(Boolean).length;
/** LPS of a voxel's place, as the command line takes it. */
const lps = (i: number, j: number, k: number): string => [-10 + i / 2, -6 + j / 2, 20 + k].join(',');
/** A rectangle on slice k that encloses the voxels from (i0, j0) to, and without, (i1, j1). */
const rectangle = (i0: number, i1: number, j0: number, j1: number, k: number): string =>
  [
    [i0, j0],
    [i1, j0],
    [i1, j1],
    [i0, j1],
  ]
    .map(([i, j]) => lps(i! - 0.5, j! - 0.5, k))
    .join(',');

const state = () => client.get<CaseState>(`/api/cases/${id}`);
async function named(name: string): Promise<Segment> {
  return (await state()).segments.findLast((one) => one.name === name)!;
}
async function maskOf(name: string): Promise<number[]> {
  const response = await host.service.fetch(new Request(`http://lamina/api/cases/${id}/segments/${(await named(name)).id}/mask`));
  expect(response.status).toBe(200);
  return [...new Uint8Array(await response.arrayBuffer())];
}
const expectMask = async (name: string, inside: Test) => expect(await maskOf(name)).toEqual(voxels(inside).map(Number));
const edit = async (segment: string, ...set: string[]) =>
  (await caseVerbs.clean!.run(client, ['--case', at('one.lamina'), '--segment', segment, '--set', ...set, '--json'])).json as {
    voxels: number;
    changed: boolean;
    segments: { segment: string; voxels: number }[];
  };
async function refusal(work: Promise<unknown>): Promise<{ code: string | undefined; detail: string; status: number }> {
  const error = await work.then(
    () => null,
    (e: unknown) => e,
  );
  if (!(error instanceof JobFailed)) throw error ?? new RangeError('not refused');
  return error.problem as never;
}
const act = (name: 'undo' | 'redo') => client.send<CaseState>('POST', `/api/cases/${id}/${name}`, {});
const undo = async (times = 1) => {
  for (let n = 0; n < times; n++) await act('undo');
};
const lines = () => client.get<JournalLine[]>(`/api/cases/${id}/journal`);

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'lamina-edit-tools-'));
  process.env.LAMINA_CASES = at('cases');
  process.env.XDG_CONFIG_HOME = at('config');
  host = await createHost({ shell: 'cli', log: () => {} });
  client = createClient(host.service.fetch);
  const hu = Int16Array.from(voxels((i, j, k) => (bone(i, j, k) ? 1000 + k : soft(i, j, k) ? 500 : -1000)));
  await writeNifti(at('head.nii.gz'), { geometry: grid, values: hu });
  const imported = await client.job<{ case: CaseState }>('/api/import', { paths: [at('head.nii.gz')], folder: at('one.lamina') });
  id = imported.case.id;
  for (const [name, lowHu, highHu] of [
    ['Soft', 400, 700],
    ['Bone', 800, null],
  ])
    await client.job(`/api/cases/${id}/segments`, { name, settings: { method: 'threshold', lowHu, highHu } });
});
afterAll(async () => {
  await client.closeCases();
  await host.close();
  await rm(folder, { recursive: true, force: true });
});

describe('scissors', () => {
  test('[9.1-types] erase or fill, inside or outside, on a slice or through; undone and done again by name', async () => {
    const cut = `loopLps=${rectangle(6, 22, 6, 10, 5)}`;
    const inLoop: Test = (i, j) => i >= 6 && i < 22 && j >= 6 && j < 10;
    const cases: [string[], Test][] = [
      [[], (i, j, k) => bone(i, j, k) && !(k === 5 && inLoop(i, j, k))],
      [['depth=through'], (i, j, k) => bone(i, j, k) && !inLoop(i, j, k)],
      [['region=outside'], (i, j, k) => bone(i, j, k) && (k !== 5 || inLoop(i, j, k))],
      [['region=outside', 'depth=through'], (i, j, k) => bone(i, j, k) && inLoop(i, j, k)],
      [['operation=fill'], (i, j, k) => bone(i, j, k) || (k === 5 && inLoop(i, j, k))],
      [['operation=fill', 'depth=through'], (i, j, k) => bone(i, j, k) || inLoop(i, j, k)],
    ];
    for (const [set, wanted] of cases) {
      await edit('Bone', 'effect=scissors', cut, 'normalLps=0,0,1', ...set);
      await expectMask('Bone', wanted);
      await undo();
    }
    await expectMask('Bone', bone);
    const redone = await act('redo');
    expect(redone.undo).toBe('Scissors: fill inside, through the volume');
    await expectMask('Bone', cases[5]![1]);
    await undo();
    expect((await lines()).find((l) => l.name.startsWith('Scissors'))).toMatchObject({ act: 'effect', clause: '9.1' });
  });

  test('[9.1-types] masking: only inside of a segment, not over another, only in a range of values', async () => {
    const all = ['effect=scissors', `loopLps=${rectangle(0, 40, 0, 24, 5)}`, 'normalLps=0,0,1', 'operation=fill', 'depth=through'];
    await edit('Bone', ...all, 'inside=Soft');
    await expectMask('Bone', (i, j, k) => bone(i, j, k) || soft(i, j, k));
    await undo();
    await edit('Bone', ...all, 'notOver=Soft,Bone');
    await expectMask('Bone', (i, j, k) => !soft(i, j, k));
    await undo();
    await edit('Bone', ...all, 'gateHu=400,700', 'notOver=Soft');
    await expectMask('Bone', bone);
    await edit('Soft', 'effect=scissors', `loopLps=${rectangle(24, 30, 0, 24, 5)}`, 'normalLps=0,0,1', 'operation=fill', 'gateHu=900,1005');
    await expectMask('Soft', (i, j, k) => soft(i, j, k) || (right(i, j, k) && k === 5 && i >= 24));
    await undo();
  });
});

describe('tools that read the image', () => {
  test('[9.1-types] flood fill by range and by tolerance, on a slice, within a reach', async () => {
    await edit('Bone', 'effect=flood-fill', `seedsLps=${lps(28, 8, 4)}`, 'lowHu=400', 'highHu=2000');
    await expectMask('Bone', (i, j, k) => bone(i, j, k) || soft(i, j, k));
    await undo();
    await edit('Bone', 'effect=flood-fill', `seedsLps=${lps(28, 8, 4)}`, 'normalLps=0,1,0', 'toleranceHu=10', 'reachMm=1.5');
    const near: Test = (i, j, k) => soft(i, j, k) && j === 8 && ((i - 28) / 2) ** 2 + (k - 4) ** 2 <= 2.25;
    await expectMask('Bone', (i, j, k) => bone(i, j, k) || near(i, j, k));
    await undo();
    await edit('Bone', 'effect=flood-fill', `seedsLps=${lps(5, 5, 4)}`, 'toleranceHu=1', 'operation=erase');
    await expectMask('Bone', (i, j, k) => bone(i, j, k) && !(left(i, j, k) && k >= 3 && k <= 5));
    await undo();
  });

  test('[9.1-types] level tracing takes what the line of equal value through the point encloses on its slice', async () => {
    await edit('Soft', 'effect=level-trace', `seedLps=${lps(19.5, 8, 4)}`, 'normalLps=0,0,1');
    await expectMask('Soft', (i, j, k) => soft(i, j, k) || (k === 4 && (soft(i, j, k) || right(i, j, k))));
    await undo();
  });
});

describe('contours', () => {
  test('[9.1-types] mask to contour and back: every slice, then one; holes stay; from the other sides too', async () => {
    await edit('Bone', 'effect=scissors', `loopLps=${rectangle(6, 8, 6, 9, 5)}`, 'normalLps=0,0,1');
    const holed = await maskOf('Bone');
    const drawn = await contourVerbs.contours!.run(client, ['--case', at('one.lamina'), '--segment', 'Bone', '--json']);
    const { markups } = drawn.json as { markups: { id: string; name: string; kind: string; pointsLps: number[][] }[] };
    expect(markups.length).toBe(6 * 2 + 1);
    expect(markups.every((one) => one.kind === 'polygon')).toBe(true);
    expect((await lines()).at(-1)).toMatchObject({ act: 'markup', name: 'Contours of Bone, 6 slices' });
    const names = markups.map((one) => one.id).join(',');
    await edit('Soft', 'effect=contour', `markups=${names}`);
    expect(await maskOf('Soft')).toEqual(voxels(soft).map((v, n) => (v || holed[n] === 1 ? 1 : 0)));
    await edit('Soft', 'effect=contour', `markups=${names}`, 'operation=erase');
    await expectMask('Soft', soft);
    await undo(3);
    expect((await state()).markups).toEqual([]);
    const one = await contourVerbs.contours!.run(client, [
      '--case',
      at('one.lamina'),
      '--segment',
      'Bone',
      '--at',
      lps(8, 7, 5),
      '--normal',
      '1,0,0',
    ]);
    expect((one.json as { markups: { pointsLps: unknown }[] }).markups.map((m) => m.pointsLps)).toEqual([
      [
        [-6, -4.25, 21.5],
        [-6, 1.75, 21.5],
        [-6, 1.75, 27.5],
        [-6, -4.25, 27.5],
      ],
    ]);
    await undo(2);
    await edit('Soft', 'effect=contour', `contoursLps=${rectangle(2, 4, 2, 4, 9)}`, 'operation=add');
    await expectMask('Soft', (i, j, k) => soft(i, j, k) || (k === 9 && i >= 2 && i < 4 && j >= 2 && j < 4));
    await undo();
  });

  test('[9.1-types] slices that are none, places outside and an empty slice are refused in words', async () => {
    const contours = (...more: string[]) => contourVerbs.contours!.run(client, ['--case', at('one.lamina'), '--segment', 'Bone', ...more]);
    expect(await refusal(contours('--normal', '1,1,0'))).toMatchObject({
      code: 'GRID_MISMATCH',
      detail: expect.stringContaining('aslant'),
    });
    expect(await refusal(contours('--at', '0,0,90'))).toMatchObject({ code: 'NOT_FOUND', detail: expect.stringContaining('outside') });
    expect(await refusal(contours('--at', lps(5, 5, 11)))).toMatchObject({
      code: 'EMPTY_SEGMENT',
      detail: expect.stringContaining('slice'),
    });
  });
});

describe('islands', () => {
  test('[9.1-types][M-combine] removed, kept alone, or a segment of its own that the first one loses', async () => {
    const seed = `seedLps=${lps(22, 8, 4)}`;
    await edit('Bone', 'effect=island', seed);
    await expectMask('Bone', left);
    await undo();
    await edit('Bone', 'effect=island', seed, 'operation=keep');
    await expectMask('Bone', right);
    await undo();
    const { sequence: before } = await state();
    const taken = await edit('Bone', 'effect=island', seed, 'operation=take-out');
    expect(taken.segments.map((one) => [one.segment, one.voxels])).toEqual([
      ['Bone island 1', count(right)],
      ['Bone', count(left)],
    ]);
    await expectMask('Bone island 1', right);
    await expectMask('Bone', left);
    const { sequence, undo: next, segments } = await state();
    expect([next, sequence]).toEqual(['Island to a segment of its own', before + 1]);
    // The segment keeps what it lost as runs, as with every tool.
    expect(segments.find((one) => one.name === 'Bone')?.mask.strokes.at(-1)).toBe(sequence);
    const turned = await client.get<MaskDelta>(`/api/cases/${id}/strokes/${sequence}?segment=${(await named('Bone')).id}`);
    expect([turned.value, decodeRuns(runsFromText(turned.runs), () => {})]).toEqual(['flip', count(right)]);
    expect(await refusal(client.get(`/api/cases/${id}/strokes/${sequence}`))).toMatchObject({ code: 'NOT_FOUND' });
    await undo();
    await expectMask('Bone', bone);
    expect((await state()).segments.map((one) => one.name)).toEqual(['Soft', 'Bone']);
    await client.send('POST', `/api/cases/${id}/redo`, {});
    await expectMask('Bone island 1', right);
    await expectMask('Bone', left);
    await undo();
    // What masking keeps in the segment is not in the new one.
    await edit('Bone', 'effect=island', seed, 'operation=take-out', 'gateHu=1004,2000');
    await expectMask('Bone island 1', (i, j, k) => right(i, j, k) && k >= 4);
    await expectMask('Bone', (i, j, k) => bone(i, j, k) && !(right(i, j, k) && k >= 4));
    await undo();
  });
});

test('[9.1-types] what cannot be is refused in words, and nothing is journalled', async () => {
  const before = (await state()).sequence;
  const refused: [string[], string, string][] = [
    [['effect=flood-fill', 'seedsLps=90,0,25'], 'NOT_FOUND', 'outside of the image'],
    [['effect=flood-fill', `seedsLps=${lps(1, 1, 1)}`, 'lowHu=200'], 'NOT_FOUND', 'widen the range'],
    [['effect=flood-fill', `seedsLps=${lps(1, 1, 1)}`, 'lowHu=200', 'highHu=100'], 'NOT_FOUND', 'lower one first'],
    [['effect=level-trace', 'seedLps=90,0,25', 'normalLps=0,0,1'], 'NOT_FOUND', 'no value'],
    [['effect=level-trace', `seedLps=${lps(0, 1, 11)}`, 'normalLps=0,0,1'], 'NOT_FOUND', 'does not close'],
    [['effect=island', `seedLps=${lps(1, 1, 1)}`], 'NOT_FOUND', 'no voxel'],
    [['effect=island', 'seedLps=90,0,25'], 'NOT_FOUND', 'outside of the image'],
    [['effect=scissors', 'loopLps=0,0,20,5,0,20,5,5,22,0,5,20', 'normalLps=0,0,1'], 'INVALID_OBJECT', 'one plane'],
    [['effect=scissors', `loopLps=${rectangle(0, 40, 0, 24, 5)}`, 'normalLps=0,0,1', 'eyeLps=0,0,25'], 'INVALID_OBJECT', 'eye'],
    [['effect=scissors', `loopLps=${rectangle(0, 40, 0, 24, 5)}`, 'normalLps=0,0,1', 'depth=through'], 'EMPTY_SEGMENT', 'Cut less'],
    [['effect=contour', 'contoursLps=0,0,20,5,0,20,5,5,22,0,5,21'], 'INVALID_OBJECT', 'one plane'],
    [['effect=contour'], 'EMPTY_SEGMENT', 'no contour'],
    [['effect=contour', 'markups=Nobody'], 'NOT_FOUND', 'no markup'],
  ];
  for (const [set, code, words] of refused)
    expect({ set, ...(await refusal(edit('Bone', ...set))) }).toMatchObject({ set, code, detail: expect.stringContaining(words) });
  await client.send('PATCH', `/api/cases/${id}/segments/${(await named('Bone')).id}`, { locked: true });
  const seed = `seedLps=${lps(22, 8, 4)}`;
  for (const operation of ['remove', 'take-out'])
    expect(await refusal(edit('Bone', 'effect=island', seed, `operation=${operation}`))).toMatchObject({ code: 'SEGMENT_LOCKED' });
  expect(await refusal(edit('Soft', 'effect=smooth', 'filter=joint', 'mm=0.7', 'with=Bone'))).toMatchObject({ code: 'SEGMENT_LOCKED' });
  expect((await state()).sequence).toBe(before + 1);
  // A split leaves the segment as it is.
  expect((await edit('Bone', 'effect=split')).segments.map((one) => one.segment)).toEqual(['Bone part 1', 'Bone part 2']);
  await expectMask('Bone', bone);
  // The split, and the lock.
  await undo(2);
});

/** Bytes of all files of a folder. */
async function bytesIn(place: string): Promise<number> {
  const entries = await readdir(place, { recursive: true, withFileTypes: true });
  const sizes = await Promise.all(
    entries.filter((one) => one.isFile()).map(async (one) => (await stat(path.join(one.parentPath, one.name))).size),
  );
  return sizes.reduce((sum, size) => sum + size, 0);
}

test('[9.1-types] a step is kept as what it changed: at most 2 bytes a voxel and 4 kB', async () => {
  // The first act on a mask and the places that it makes are not a step's.
  await edit('Bone', 'effect=scissors', `loopLps=${rectangle(6, 7, 6, 7, 5)}`, 'normalLps=0,0,1');
  const before = await bytesIn(at('one.lamina'));
  const voxelsBefore = (await named('Bone')).voxels;
  const steps = 4;
  for (let n = 0; n < steps; n++)
    await edit(
      'Bone',
      'effect=scissors',
      `loopLps=${rectangle(4, 26, 4 + 2 * n, 6 + 2 * n, 4)}`,
      'normalLps=0,0,1',
      'depth=through',
      'gateHu=1001,1007',
    );
  const freehand = Array.from({ length: 120 }, (_, n) => lps(22 + 1.6 * Math.sin(n / 19.1), 10 + 5 * Math.cos(n / 19.1), 4)).join(',');
  await edit('Bone', 'effect=scissors', `loopLps=${freehand}`, 'normalLps=0,0,1');
  const changed = voxelsBefore - (await named('Bone')).voxels;
  expect(changed).toBeGreaterThan(200);
  const spent = (await bytesIn(at('one.lamina'))) - before;
  expect(spent).toBeLessThanOrEqual(2 * changed + 4096 * (steps + 1));
  await undo(steps + 2);
  await expectMask('Bone', bone);
});

test('[9.1-types] everything drawn, carried out again, gives the same bytes: also with masking, of what was undone, and of masks as they stood', async () => {
  const again = await client.job<ReplayResult>(`/api/cases/${id}/replay`, {});
  expect(again.different).toBe(0);
  expect(again.same).toBe((await lines()).filter((l) => l.act === 'effect' || l.act === 'segment').length);
  expect(again.entries.map((one) => one.name)).toEqual(
    expect.arrayContaining([
      'Scissors: fill inside, through the volume',
      'Flood fill: add, one slice',
      'Level tracing: add',
      '13 contours: add',
      'Island to a segment of its own',
      'Split Bone into 2 parts',
    ]),
  );
});

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { CaseState, JournalLine, Segment } from '../contract/case.ts';
import type { ReplayResult } from '../contract/preprocessing.ts';
import { type MaskPreview, recipe } from '../contract/routes.ts';
import type { VolumeGeometry } from '../contract/volume.ts';
import { encodeRuns, runsToText } from '../kernels/labels/runs.ts';
import { caseVerbs } from './cli/case-verbs.ts';
import { type Client, createClient, JobFailed } from './cli/client.ts';
import { createHost, type Host } from './host.ts';
import { writeNifti } from './ports/nifti-write.ts';

/** Effects over the real disk and the real compute process; expected masks are worked out here, voxel by voxel. */
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
const bone: Test = (i, j, k) => i >= 6 && i < 18 && j >= 5 && j < 19 && k >= 3 && k < 9;
/** Meets the bone in a wall. */
const soft: Test = (i, j, k) => i >= 18 && i < 30 && j >= 5 && j < 19 && k >= 3 && k < 9;

function voxels<T>(of: (i: number, j: number, k: number) => T): T[] {
  const [nx, ny, nz] = grid.dimensions;
  return Array.from({ length: nx * ny * nz }, (_, n) => of(n % nx, Math.floor(n / nx) % ny, Math.floor(n / nx / ny)));
}
const count = (inside: Test): number => voxels(inside).filter(Boolean).length;

const state = () => client.get<CaseState>(`/api/cases/${id}`);
async function named(name: string): Promise<Segment> {
  return (await state()).segments.findLast((one) => one.name === name)!;
}
async function bytes(url: string): Promise<Uint8Array> {
  const response = await host.service.fetch(new Request(`http://lamina${url}`));
  expect(response.status).toBe(200);
  return new Uint8Array(await response.arrayBuffer());
}
const maskOf = async (name: string) => bytes(`/api/cases/${id}/segments/${(await named(name)).id}/mask`);
const expectMask = async (name: string, inside: Test) => expect([...(await maskOf(name))]).toEqual(voxels(inside).map(Number));

interface Cleaned {
  segment: string;
  voxelsBefore: number;
  voxels: number;
  volumeMm3: number;
  segments: { id: string; segment: string; voxels: number }[];
}
/** `lamina clean --set ... --json`, in this process. */
async function clean(segment: string, ...set: string[]): Promise<Cleaned> {
  const { json } = await caseVerbs.clean!.run(client, ['--case', at('one.lamina'), '--segment', segment, '--set', ...set, '--json']);
  return json as Cleaned;
}
async function refusal(
  work: Promise<unknown>,
): Promise<{ code: string | undefined; detail: string; status: number; remedy: string | undefined }> {
  const error = await work.then(
    () => null,
    (e: unknown) => e,
  );
  if (!(error instanceof JobFailed)) throw error ?? new RangeError('not refused');
  const { code, detail, status, remedy } = error.problem;
  return { code, detail, status, remedy };
}
const act = (name: 'undo' | 'redo') => client.send<CaseState>('POST', `/api/cases/${id}/${name}`, {});
const undoTo = async (sequenceOf: number) => {
  // A case goes back act by act; what was undone stays in the journal.
  for (let n = 0; n < sequenceOf; n++) await act('undo');
};
const lines = () => client.get<JournalLine[]>(`/api/cases/${id}/journal`);
const replay = () => client.job<ReplayResult>(`/api/cases/${id}/replay`, {});

async function paint(segment: string, value: 0 | 1, first: number, length: number) {
  const indices = Array.from({ length }, (_, n) => first + n);
  await client.send('POST', `/api/cases/${id}/strokes`, {
    segment: (await named(segment)).id,
    tool: value === 1 ? 'brush' : 'eraser',
    shape: 'circle',
    diameterMm: 2,
    gateHu: null,
    plane: 'axial',
    pathLps: [[0, 0, 25]],
    voxels: length,
    delta: { value, runs: runsToText(encodeRuns(indices)) },
  });
}

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'lamina-effects-'));
  process.env.LAMINA_CASES = at('cases');
  process.env.XDG_CONFIG_HOME = at('config');
  host = await createHost({ shell: 'cli', log: () => {} });
  client = createClient(host.service.fetch);
  const hu = Int16Array.from(voxels((i, j, k) => (bone(i, j, k) ? 1000 : soft(i, j, k) ? 500 : -1000)));
  await writeNifti(at('head.nii.gz'), { geometry: grid, values: hu });
  await writeNifti(at('other.nii.gz'), { geometry: { ...grid, originLps: [-9, -6, 20] }, values: hu });
  const imported = await client.job<{ case: CaseState }>('/api/import', {
    paths: [at('head.nii.gz'), at('other.nii.gz')],
    folder: at('one.lamina'),
  });
  id = imported.case.id;
  const series = (description: string) => imported.case.series.find((s) => s.description.startsWith(description))!.seriesInstanceUid;
  const segment = (name: string, on: string, lowHu: number, highHu: number | null) =>
    client.job(`/api/cases/${id}/segments`, { series: on, name, settings: { method: 'threshold', lowHu, highHu } });
  await segment('Bone', series('head'), 800, null);
  await segment('Soft', series('head'), 400, 700);
  await segment('Elsewhere', series('other'), 400, null);
});
afterAll(async () => {
  await client.closeCases();
  await host.close();
  await rm(folder, { recursive: true, force: true });
});

describe('effects on one segment', () => {
  test('[M-combine] margin by exact mm, erode by rounds, invert, each voxel as worked out by hand; undone, redone, in the journal', async () => {
    const near = (mm: number, inside: Test): Test => {
      const set = voxels((i, j, k) => (inside(i, j, k) ? [i, j, k] : null)).filter((v) => v !== null);
      // Only the surface decides, and every third voxel of a block's face is enough to be slow.
      return (i, j, k) => set.some(([a, b, c]) => ((i - a!) / 2) ** 2 + ((j - b!) / 2) ** 2 + (k - c!) ** 2 <= mm * mm + 1e-9);
    };
    const grown = await clean('Bone', 'effect=margin', 'mm=1');
    expect(grown).toMatchObject({ segment: 'Bone', voxelsBefore: count(bone) });
    await expectMask('Bone', near(1, bone));
    expect(grown.voxels).toBe((await named('Bone')).voxels);
    expect(grown.volumeMm3).toBeCloseTo(grown.voxels * 0.25, 9);
    expect((await act('undo')).segments.find((s) => s.name === 'Bone')?.voxels).toBe(count(bone));
    await expectMask('Bone', bone);
    expect((await act('redo')).segments.find((s) => s.name === 'Bone')?.voxels).toBe(grown.voxels);
    expect((await lines()).find((l) => l.act === 'effect')).toMatchObject({ name: 'Grow by 1 mm', clause: '13', state: 'done' });
    expect((await named('Bone')).technique.at(-1)).toMatchObject({ name: 'Grow by 1 mm', parameters: { effect: 'margin', mm: 1 } });
    await act('undo');
    await clean('Bone', 'effect=erode', 'voxels=1', 'neighbours=26');
    await expectMask('Bone', (i, j, k) => i > 6 && i < 17 && j > 5 && j < 18 && k > 3 && k < 8);
    await act('undo');
    await clean('Bone', 'effect=invert');
    await expectMask('Bone', (i, j, k) => !bone(i, j, k));
    await undoTo(1);
  });

  test('[M-combine] open takes a speck off, close fills a pit, smoothing both; a box keeps or takes away the voxels whose centres lie in it', async () => {
    const nx = 40;
    const speck = (5 * 24 + 2) * nx + 2;
    const pit = (5 * 24 + 10) * nx + 10;
    await paint('Bone', 1, speck, 1);
    await clean('Bone', 'effect=open', 'mm=0.6');
    await expectMask('Bone', (i, j, k) => {
      // The ball rounds the edges that run along k; faces and the speck's place are plain.
      const corner = (i === 6 || i === 17) && (j === 5 || j === 18);
      return bone(i, j, k) && !corner;
    });
    await undoTo(2);
    await paint('Bone', 0, pit, 1);
    await clean('Bone', 'effect=close', 'mm=1');
    await expectMask('Bone', bone);
    await undoTo(1);
    await clean('Bone', 'effect=smooth', 'filter=median', 'mm=1');
    expect((await maskOf('Bone'))[pit]).toBe(1);
    await undoTo(2);
    // x from -10 in steps of 0.5: 8.5 and 11 lie at i = 3 ... the box ends on centres.
    await clean('Bone', 'effect=roi', 'roiLps=-7,-6,20,-5,6,25');
    await expectMask('Bone', (i, j, k) => bone(i, j, k) && i <= 10 && k <= 5);
    await undoTo(1);
    await clean('Bone', 'effect=roi', 'roiLps=-7,-6,20,-5,6,25', 'keep=outside');
    await expectMask('Bone', (i, j, k) => bone(i, j, k) && !(i <= 10 && k <= 5));
    await undoTo(1);
    expect((await lines()).filter((l) => l.act === 'effect').map((l) => l.clause)).toContain('5.2');
  });
});

describe('effects with other segments', () => {
  test('[M-combine] joined, intersected, subtracted; the others as they stood when it is carried out again', async () => {
    await clean('Bone', 'effect=combine', 'operation=union', 'with=Soft');
    await expectMask('Bone', (i, j, k) => bone(i, j, k) || soft(i, j, k));
    expect((await lines()).at(-1)).toMatchObject({ name: 'Join with Soft', clause: '5.2' });
    await clean('Bone', 'effect=combine', 'operation=subtract', 'with=Soft');
    await expectMask('Bone', bone);
    const stroke = (5 * 24 + 10) * 40 + 12;
    await paint('Soft', 1, stroke, 3);
    await clean('Bone', 'effect=combine', 'operation=intersect', 'with=Soft');
    await expectMask('Bone', (i, j, k) => k === 5 && j === 10 && i >= 12 && i < 15);
    // The other one changes after: the acts are carried out again on what it was (the last test).
    await paint('Soft', 0, stroke, 3);
    await clean('Soft', 'effect=dilate', 'voxels=2', 'neighbours=6');
    await undoTo(6);
    await expectMask('Bone', bone);
    await expectMask('Soft', soft);
  });

  test('[M-combine] smoothed together they keep their wall: one act for both, neither gap nor overlap, the same from either side', async () => {
    const done = await clean('Soft', 'effect=smooth', 'filter=joint', 'mm=0.7', 'with=Bone');
    expect(done.segments.map((one) => one.segment)).toEqual(['Bone', 'Soft']);
    const [a, b] = [await maskOf('Bone'), await maskOf('Soft')];
    for (const [n, [i, j, k]] of voxels((i, j, k) => [i, j, k]).entries()) {
      expect(a[n]! + b[n]!).toBeLessThanOrEqual(1);
      // Along the wall each keeps its side, up to the rim that both round off.
      if ((i === 17 || i === 18) && j! > 6 && j! < 17 && k! > 4 && k! < 7) expect([a[n], b[n]]).toEqual(i === 17 ? [1, 0] : [0, 1]);
    }
    expect((await lines()).filter((l) => l.state === 'done').slice(-1)).toMatchObject([{ name: 'Smooth, joint 0.7 mm with Bone' }]);
    await undoTo(1);
    await expectMask('Bone', bone);
    await expectMask('Soft', soft);
    await clean('Bone', 'effect=smooth', 'filter=joint', 'mm=0.7', 'with=Soft');
    expect(await maskOf('Bone')).toEqual(a);
    expect(await maskOf('Soft')).toEqual(b);
    await act('undo');
    await act('redo');
    expect([await maskOf('Bone'), await maskOf('Soft')]).toEqual([a, b]);
    await undoTo(1);
  });

  test('[M-combine] what cannot be is refused in words, and nothing changes', async () => {
    const before = await state();
    expect(await refusal(clean('Bone', 'effect=combine', 'operation=union', 'with=Nobody'))).toMatchObject({ code: 'NOT_FOUND' });
    const itself = await refusal(clean('Bone', 'effect=combine', 'operation=union', 'with=Bone'));
    expect(itself).toMatchObject({ status: 400, detail: expect.stringContaining('cannot be combined with itself') });
    for (const roiLps of ['50,-250,50,-50,-150,100', '0,0,0,1,1'])
      expect(await refusal(clean('Bone', 'effect=roi', `roiLps=${roiLps}`))).toMatchObject({
        status: 400,
        detail: expect.stringContaining('xmin,ymin,zmin,xmax,ymax,zmax'),
      });
    expect(await refusal(clean('Bone', 'effect=margin', 'mm=0'))).toMatchObject({
      status: 400,
      detail: expect.stringContaining('0 mm changes nothing'),
    });
    const elsewhere = await refusal(clean('Bone', 'effect=combine', 'operation=union', 'with=Elsewhere'));
    expect(elsewhere).toMatchObject({ code: 'GRID_MISMATCH', detail: expect.stringContaining('another series') });
    const eaten = await refusal(clean('Bone', 'effect=erode', 'mm=20'));
    expect(eaten).toMatchObject({ code: 'EMPTY_SEGMENT', detail: expect.stringContaining('Erode by less'), remedy: undefined });
    expect(await refusal(clean('Bone', 'effect=combine', 'operation=intersect', 'with=Soft'))).toMatchObject({ code: 'EMPTY_SEGMENT' });
    for (const set of [['effect=erode'], ['effect=erode', 'mm=1', 'voxels=1'], ['effect=smooth', 'filter=joint', 'mm=1'], ['effect=melt']])
      expect(await refusal(clean('Bone', ...set))).toMatchObject({ status: 400 });
    expect((await state()).sequence).toBe(before.sequence);
  });
});

test('[M-combine] an effect that changes no voxel is no act: nothing is journalled, and words say why', async () => {
  const before = await state();
  const told = async (...set: string[]) =>
    caseVerbs.clean!.run(client, ['--case', at('one.lamina'), '--segment', 'Bone', '--set', ...set, '--json']);
  const small = await told('effect=open', 'mm=0.3');
  expect(small.json).toMatchObject({ changed: false, voxelsBefore: count(bone), voxels: count(bone), segments: [] });
  expect(small.text).toBe('Nothing changed: 0.3 mm is less than a voxel (0.5 mm).');
  expect((await told('effect=close', 'voxels=1')).text).toBe('Nothing changed: Bone is already as this leaves it.');
  expect((await state()).sequence).toBe(before.sequence);
  await expectMask('Bone', bone);
  expect(await clean('Bone', 'effect=erode', 'voxels=1')).toMatchObject({ changed: true });
  await undoTo(1);
});

describe('looking before', () => {
  test('[M-combine][13-ccl] a preview counts and shows what would be, and is in no journal', async () => {
    const before = await state();
    const route = `/api/cases/${id}/segments/${(await named('Bone')).id}`;
    const effect = await client.job<MaskPreview>(`${route}/effect/preview`, {
      settings: { effect: 'combine', operation: 'union', with: 'Soft' },
    });
    const both: Test = (i, j, k) => bone(i, j, k) || soft(i, j, k);
    expect(effect).toMatchObject({ voxelsBefore: count(bone), voxels: count(both), volumeMm3: count(both) / 4, partsAfter: 1 });
    expect([...(await bytes(effect.mask))]).toEqual(voxels(both).map(Number));
    const cleaned = await client.job<MaskPreview>(`${route}/clean/preview`, { settings: { keep: 'largest' } });
    expect(cleaned).toMatchObject({ voxelsBefore: count(bone), voxels: count(bone), partsAfter: 1 });
    expect([...(await bytes(cleaned.mask))]).toEqual(voxels(bone).map(Number));
    expect((await state()).sequence).toBe(before.sequence);
  });
});

test('[M-combine] the whole chain carried out again gives the same bytes, also of what was undone, on the masks as they stood', async () => {
  const again = await replay();
  expect(again.different).toBe(0);
  const same = again.entries.filter((one) => one.verdict === 'same').map((one) => one.name);
  expect(same.length).toBe((await lines()).filter((l) => l.act === 'effect' || l.act === 'segment').length);
  expect(same).toEqual(expect.arrayContaining(['Join with Soft', 'Intersect with Soft', 'Smooth, joint 0.7 mm with Bone', 'Open 0.6 mm']));
});

test('[M-combine] a recipe takes effects one after the other and refuses those that name other segments', async () => {
  const [one] = (await state()).series.filter((s) => s.description.startsWith('head'));
  const made = await client.job<{ segment: Segment; case: CaseState }>(`/api/cases/${id}/auto`, {
    series: one!.seriesInstanceUid,
    recipe: {
      segment: { method: 'threshold', lowHu: 800 },
      clean: null,
      effects: [
        { effect: 'roi', roiLps: [-10, -6, 20, 10, 6, 26] },
        { effect: 'erode', voxels: 1, neighbours: 26 },
      ],
    },
  });
  const kept: Test = (i, j, k) => i > 6 && i < 17 && j > 5 && j < 18 && k > 3 && k < 6;
  expect(made.case.segments.at(-1)).toMatchObject({ voxels: count(kept) });
  expect(
    made.case.segments
      .at(-1)!
      .technique.map((t) => t.name)
      .slice(1),
  ).toEqual(['Keep inside of a box', 'Erode 1 voxel (26)']);
  const settings = { effect: 'margin', mm: 1 };
  expect(recipe.parse({ effects: [settings] }).effects).toEqual([settings]);
  expect(recipe.parse({}).effects).toEqual([]);
  const words = (effects: unknown[]) => recipe.safeParse({ effects }).error?.issues[0]?.message;
  expect(words([{ effect: 'combine', operation: 'union', with: 'Soft' }])).toContain('one segment');
  expect(words([{ effect: 'split' }])).toContain('one segment');
});

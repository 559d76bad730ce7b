import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { CaseState, JournalLine } from '../contract/case.ts';
import type { ReplayResult } from '../contract/preprocessing.ts';
import { caseVerbs } from './cli/case-verbs.ts';
import { type Client, createClient, JobFailed } from './cli/client.ts';
import { createHost, type Host } from './host.ts';
import { writeNifti } from './ports/nifti-write.ts';

/** Region growing over the real disk and the real compute process, by the command line. */
let folder = '';
let host: Host;
let client: Client;
let id = '';
const at = (name: string) => path.join(folder, name);
const [nx, ny, nz] = [30, 24, 16];
type Test = (i: number, j: number, k: number) => boolean;
const left: Test = (i, j, k) => i >= 3 && i < 12 && j >= 4 && j < 20 && k >= 3 && k < 13;
const right: Test = (i, j, k) => i >= 16 && i < 27 && j >= 4 && j < 20 && k >= 3 && k < 13;
const voxels = <T>(of: (i: number, j: number, k: number) => T): T[] =>
  Array.from({ length: nx * ny * nz }, (_, n) => of(n % nx, Math.floor(n / nx) % ny, Math.floor(n / nx / ny)));

interface Made {
  segment: string;
  id: string;
  voxels: number;
  volumeMm3: number;
}
async function grow(name: string, ...set: string[]): Promise<Made> {
  const argv = ['--case', at('one.lamina'), '--method', 'region-growing', '--name', name, '--set', ...set, '--json'];
  return (await caseVerbs.segment!.run(client, argv)).json as Made;
}
async function refusal(work: Promise<unknown>) {
  const error = await work.then(
    () => null,
    (e: unknown) => e,
  );
  if (!(error instanceof JobFailed)) throw error ?? new RangeError('not refused');
  return error.problem;
}
async function expectMask(made: Made, inside: Test) {
  const response = await host.service.fetch(new Request(`http://lamina/api/cases/${id}/segments/${made.id}/mask`));
  expect([...new Uint8Array(await response.arrayBuffer())]).toEqual(voxels(inside).map(Number));
}
const state = () => client.get<CaseState>(`/api/cases/${id}`);

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'lamina-growing-'));
  process.env.LAMINA_CASES = at('cases');
  process.env.XDG_CONFIG_HOME = at('config');
  host = await createHost({ shell: 'cli', log: () => {} });
  client = createClient(host.service.fetch);
  const unrest: (i: number, j: number, k: number) => number = (i, j, k) => ((i * 7 + j * 13 + k * 29) % 23) - 11;
  await writeNifti(at('head.nii.gz'), {
    // Turned about z, so that a seed in LPS is not a seed in indices.
    geometry: { dimensions: [nx, ny, nz], spacingMm: [0.5, 0.5, 1], originLps: [7, 6, 20], directionLps: [-1, 0, 0, 0, -1, 0, 0, 0, 1] },
    values: Int16Array.from(voxels((i, j, k) => (left(i, j, k) || right(i, j, k) ? 800 : -400) + unrest(i, j, k))),
  });
  const imported = await client.job<{ case: CaseState }>('/api/import', { paths: [at('head.nii.gz')], folder: at('one.lamina') });
  id = imported.case.id;
});
afterAll(async () => {
  await client.closeCases();
  await host.close();
  await rm(folder, { recursive: true, force: true });
});

// Voxel 6, 10, 8 lies at 7 - 3, 6 - 5, 28.
const inLeft = 'seedLps=4,1,28';

test('[M-hysteresis] a seed in one body takes that body and not its equal beside it; undone, redone; in the journal with its settings', async () => {
  const made = await grow('Left', inLeft, 'deviations=3', 'radiusMm=1.5');
  await expectMask(made, left);
  expect(made.voxels).toBe(voxels(left).filter(Boolean).length);
  expect(made.volumeMm3).toBeCloseTo(made.voxels * 0.25, 9);
  const line = (await client.get<JournalLine[]>(`/api/cases/${id}/journal`)).at(-1);
  expect(line).toMatchObject({ act: 'segment', name: 'Region growing within 3 deviations' });
  const technique = (await state()).segments.find((one) => one.name === 'Left')?.technique.at(-1);
  expect(technique?.parameters).toMatchObject({ method: 'region-growing', seedLps: [[4, 1, 28]], deviations: 3, radiusMm: 1.5, rounds: 4 });
  const turn = (name: 'undo' | 'redo') => client.send<CaseState>('POST', `/api/cases/${id}/${name}`, {});
  expect((await turn('undo')).segments).toEqual([]);
  expect((await turn('redo')).segments.map((one) => one.name)).toEqual(['Left']);
  const near = await grow('Near', inLeft, 'reachMm=1');
  await expectMask(near, (i, j, k) => ((i - 6) / 2) ** 2 + ((j - 10) / 2) ** 2 + (k - 8) ** 2 <= 1);
});

test('[M-hysteresis] a seed outside, bounds that no seed meets and a region that runs out are refused with what to do; nothing changes', async () => {
  const before = await state();
  expect(await refusal(grow('No', 'seedLps=40,1,28'))).toMatchObject({ code: 'NOT_FOUND', detail: expect.stringContaining('outside') });
  const bound = await refusal(grow('No', inLeft, 'lowHu=2000'));
  expect(bound).toMatchObject({ code: 'EMPTY_SEGMENT', detail: expect.stringContaining('wider bounds') });
  const leak = await refusal(grow('No', inLeft, 'deviations=20', 'radiusMm=20'));
  expect(leak).toMatchObject({ code: 'NOT_FOUND', detail: expect.stringMatching(/100 %.*Lower deviations.*reachMm/) });
  expect(await refusal(grow('No', inLeft, 'deviations=-1'))).toMatchObject({ status: 400 });
  expect((await state()).sequence).toBe(before.sequence);
});

test('[M-hysteresis] carried out again it gives the same bytes', async () => {
  const again = await client.job<ReplayResult>(`/api/cases/${id}/replay`, {});
  expect(again.different).toBe(0);
  expect(again.entries.filter((one) => one.verdict === 'same')).toHaveLength(2);
});

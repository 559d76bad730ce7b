import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { CaseState } from '../contract/case.ts';
import { type Authorship, authors } from '../contract/review.ts';
import type { VolumeGeometry } from '../contract/volume.ts';
import { encodeRuns, runsToText } from '../kernels/labels/runs.ts';
import { type Client, createClient } from './cli/client.ts';
import { reviewVerbs } from './cli/review-verbs.ts';
import { createHost, type Host } from './host.ts';
import { writeNifti } from './ports/nifti-write.ts';

/** Who drew what over the real disk and the real compute process; the voxels are counted by hand. */
let folder = '';
let host: Host;
let client: Client;
let id = '';
const grid: VolumeGeometry = {
  dimensions: [20, 10, 6],
  spacingMm: [1, 1, 1],
  originLps: [0, 0, 0],
  directionLps: [1, 0, 0, 0, 1, 0, 0, 0, 1],
};
/** A bar of 10 x 4 x 2 voxels, and a crumb of one. */
const inBar = (i: number, j: number, k: number) => i >= 4 && i < 14 && j >= 3 && j < 7 && k >= 2 && k < 4;
const at = (i: number, j: number, k: number) => i + 20 * (j + 10 * k);
const url = (rest: string) => `/api/cases/${id}${rest}`;
const segment = async () => (await client.get<CaseState>(url(''))).segments[0]!;

async function paint(value: 0 | 1, indices: number[]) {
  await client.send('POST', url('/strokes'), {
    segment: (await segment()).id,
    tool: value === 1 ? 'brush' : 'eraser',
    shape: 'circle',
    diameterMm: 1,
    gateHu: null,
    plane: 'axial',
    pathLps: [[0, 0, 0]],
    voxels: indices.length,
    delta: { value, runs: runsToText(encodeRuns(indices.toSorted((a, b) => a - b))) },
  });
}
const effect = async (settings: object) => client.job(url(`/segments/${(await segment()).id}/effect`), { settings });
const clean = async (settings: object) => client.job(url(`/segments/${(await segment()).id}/clean`), { settings });
async function told(name?: string): Promise<Authorship & { counts: number[] }> {
  const one = name ?? (await segment()).id;
  const answer = await client.job<Authorship>(url(`/segments/${encodeURIComponent(one)}/authorship`), undefined, 'GET');
  return { ...answer, counts: authors.map((author) => answer.voxels[author]) };
}
async function bytes(where: string): Promise<Uint8Array> {
  const response = await host.service.fetch(new Request(`http://lamina${where}`));
  expect(response.status).toBe(200);
  return new Uint8Array(await response.arrayBuffer());
}

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'lamina-authors-'));
  process.env.LAMINA_CASES = path.join(folder, 'cases');
  process.env.XDG_CONFIG_HOME = path.join(folder, 'config');
  host = await createHost({ shell: 'cli', log: () => {} });
  client = createClient(host.service.fetch);
  const hu = Int16Array.from({ length: 1200 }, (_, n) => (inBar(n % 20, Math.floor(n / 20) % 10, Math.floor(n / 200)) ? 800 : -500));
  hu[at(18, 8, 5)] = 800;
  await writeNifti(path.join(folder, 'bar.nii.gz'), { geometry: grid, values: hu });
  const imported = await client.job<{ case: CaseState }>('/api/import', {
    paths: [path.join(folder, 'bar.nii.gz')],
    folder: path.join(folder, 'one.lamina'),
  });
  id = imported.case.id;
  await client.job(url('/segments'), { series: null, name: 'Bar', settings: { method: 'threshold', lowHu: 300 } });
});
afterAll(async () => {
  await client.closeCases();
  await host.close();
  await rm(folder, { recursive: true, force: true });
});

describe('who drew it', () => {
  test('[9.1-types] threshold, then strokes, an effect and a clean: each voxel belongs to who set it last, in the map and in the counts', async () => {
    expect(await told()).toMatchObject({ counts: [81, 0, 0, 0, 0, 0], removedByHand: 0, total: 81 });
    await paint(1, [at(3, 3, 2), at(2, 3, 2)]);
    await paint(0, [at(13, 3, 2), at(13, 4, 2), at(13, 5, 2)]);
    expect(await told()).toMatchObject({ counts: [78, 0, 2, 0, 0, 0], removedByHand: 3, total: 80 });
    // The crumb goes, by a clean: it is nobody's and no hand took it.
    await clean({ keep: 'largest' });
    expect(await told()).toMatchObject({ counts: [77, 0, 2, 0, 0, 0], removedByHand: 3, total: 79 });
    await effect({ effect: 'dilate', voxels: 1, neighbours: 6 });
    const wide = await told();
    const [threshold, , hand, , cleaned] = wide.counts;
    // What the dilation set again where a hand had erased is the effect's, no longer the hand's loss.
    expect([threshold, hand]).toEqual([77, 2]);
    expect(cleaned).toBe((await segment()).voxels - 79);
    expect(wide.removedByHand).toBe(0);
    const map = await bytes(wide.map);
    const mask = await bytes(url(`/segments/${(await segment()).id}/mask`));
    expect([...map].map((v) => Number(v > 0))).toEqual([...mask]);
    for (const [n, author] of authors.entries()) expect(map.filter((v) => v === n + 1)).toHaveLength(wide.voxels[author]);
    expect(map[at(2, 3, 2)]).toBe(1 + authors.indexOf('hand'));
    expect(map[at(13, 3, 2)]).toBe(1 + authors.indexOf('clean'));
    await client.send('POST', url('/undo'), {});
    expect(await told()).toMatchObject({ counts: [77, 0, 2, 0, 0, 0], removedByHand: 3, total: 79 });
  });
  test('[9.1-types] a segment that was split off keeps its authors; flood fill is filling and scissors are a hand', async () => {
    await paint(1, [at(17, 1, 1), at(18, 1, 1)]);
    await effect({ effect: 'split', most: 2 });
    const parts = await client.get<CaseState>(url(''));
    expect(parts.segments.map((one) => one.name)).toEqual(['Bar', 'Bar part 1', 'Bar part 2']);
    expect(await told('Bar part 2')).toMatchObject({ counts: [0, 0, 2, 0, 0, 0], total: 2, removedByHand: 0 });
    expect(await told('Bar part 1')).toMatchObject({ counts: [77, 0, 2, 0, 0, 0], total: 79, removedByHand: 0 });
    await effect({ effect: 'flood-fill', seedsLps: [[18, 8, 5]], lowHu: 300, highHu: 3000 });
    expect((await told()).counts).toEqual([77, 0, 4, 1, 0, 0]);
    const loopLps = [
      [3.5, 2.5, 2],
      [5.5, 2.5, 2],
      [5.5, 7.5, 2],
      [3.5, 7.5, 2],
    ];
    await effect({ effect: 'scissors', loopLps, normalLps: [0, 0, 1], depth: 'slice' });
    expect(await told()).toMatchObject({ counts: [69, 0, 4, 1, 0, 0], removedByHand: 11 });
  });
  test('[9.1-types] the command says it in voxels and percent, also after the case was closed and opened again', async () => {
    await client.closeCases();
    const ran = await reviewVerbs.authorship!.run(client, ['--case', path.join(folder, 'one.lamina'), '--segment', 'Bar', '--json']);
    expect(ran.json).toMatchObject({
      segment: 'Bar',
      total: 74,
      removedByHand: 11,
      percent: { threshold: 93.2, hand: 5.4, fill: 1.4, clean: 0 },
    });
    expect(ran.text).toContain('hand: 4 voxels, 5.4 %');
  });
});

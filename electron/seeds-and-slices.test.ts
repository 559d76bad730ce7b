import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { CaseState, JournalLine, Segment } from '../contract/case.ts';
import type { ReplayResult } from '../contract/preprocessing.ts';
import type { VolumeGeometry } from '../contract/volume.ts';
import { encodeRuns, runsToText } from '../kernels/labels/runs.ts';
import { caseVerbs } from './cli/case-verbs.ts';
import { type Client, createClient, JobFailed } from './cli/client.ts';
import { createHost, type Host } from './host.ts';
import { writeNifti } from './ports/nifti-write.ts';

/** Grow from seeds, fill between slices and split, over the real disk and the real compute process. */
let folder = '';
let host: Host;
let client: Client;
let id = '';
const at = (name: string) => path.join(folder, name);

const grid: VolumeGeometry = {
  dimensions: [44, 40, 30],
  spacingMm: [1, 1, 1.25],
  originLps: [-22, -20, 0],
  directionLps: [1, 0, 0, 0, 1, 0, 0, 0, 1],
};
type Test = (i: number, j: number, k: number) => boolean;
/** A head in blocks: a skull above, a mandible below with two rami beside it, a joint space of one voxel between; soft tissue around. */
const skull: Test = (i, j, k) => i >= 4 && i < 40 && j >= 4 && j < 36 && k >= 16 && k < 28;
const ramus: Test = (i, j, k) => ((i >= 4 && i < 9) || (i >= 35 && i < 40)) && j >= 22 && j < 30 && k >= 3 && k < 15;
const mandible: Test = (i, j, k) => ramus(i, j, k) || (i >= 4 && i < 40 && j >= 4 && j < 30 && k >= 3 && k < 8);
const softTissue: Test = (i, j, k) => i >= 2 && i < 42 && j >= 2 && j < 38 && k >= 1 && k < 29;
const [nx, ny, nz] = grid.dimensions;
function voxels<T>(of: (i: number, j: number, k: number) => T): T[] {
  return Array.from({ length: nx * ny * nz }, (_, n) => of(n % nx, Math.floor(n / nx) % ny, Math.floor(n / nx / ny)));
}
const state = () => client.get<CaseState>(`/api/cases/${id}`);
const named = async (name: string): Promise<Segment> => (await state()).segments.findLast((one) => one.name === name)!;
async function maskOf(name: string): Promise<number[]> {
  const response = await host.service.fetch(new Request(`http://lamina/api/cases/${id}/segments/${(await named(name)).id}/mask`));
  expect(response.status).toBe(200);
  return [...new Uint8Array(await response.arrayBuffer())];
}
async function clean(segment: string, ...set: string[]) {
  const { json } = await caseVerbs.clean!.run(client, ['--case', at('one.lamina'), '--segment', segment, '--set', ...set, '--json']);
  return json as { voxels: number; segments: { id: string; segment: string; voxels: number }[] };
}
const act = (name: 'undo' | 'redo') => client.send<CaseState>('POST', `/api/cases/${id}/${name}`, {});
const lines = () => client.get<JournalLine[]>(`/api/cases/${id}/journal`);

/** A segment with nothing in it but what is drawn. */
async function drawn(name: string, inside: Test): Promise<void> {
  const { series } = await state();
  await client.job(`/api/cases/${id}/segments`, {
    series: series[0]!.seriesInstanceUid,
    name,
    settings: { method: 'threshold', lowHu: 4000 },
  });
  const bits = voxels(inside);
  const indices = bits.flatMap((one, n) => (one ? [n] : []));
  const segment = (await named(name)).id;
  const stroke = (value: 0 | 1, which: number[]) =>
    client.send('POST', `/api/cases/${id}/strokes`, {
      segment,
      tool: value === 1 ? 'brush' : 'eraser',
      shape: 'circle',
      diameterMm: 2,
      gateHu: null,
      plane: 'axial',
      pathLps: [[0, 0, 5]],
      voxels: which.length,
      delta: { value, runs: runsToText(encodeRuns(which)) },
    });
  await stroke(0, [0]);
  await stroke(1, indices);
}

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'lamina-seeds-'));
  process.env.LAMINA_CASES = at('cases');
  process.env.XDG_CONFIG_HOME = at('config');
  host = await createHost({ shell: 'cli', log: () => {} });
  client = createClient(host.service.fetch);
  // A little unrest that no threshold is free of; one voxel in a corner makes segments that are empty but for it.
  const hu = Int16Array.from(
    voxels((i, j, k) => {
      if (i + j + k === 0) return 4000;
      const unrest = ((i * 7 + j * 13 + k * 29) % 23) - 11;
      return (skull(i, j, k) || mandible(i, j, k) ? 1100 : softTissue(i, j, k) ? 60 : -1000) + unrest;
    }),
  );
  await writeNifti(at('head.nii.gz'), { geometry: grid, values: hu });
  const imported = await client.job<{ case: CaseState }>('/api/import', { paths: [at('head.nii.gz')], folder: at('one.lamina') });
  id = imported.case.id;
});
afterAll(async () => {
  await client.closeCases();
  await host.close();
  await rm(folder, { recursive: true, force: true });
});

describe('seeds, slices and parts', () => {
  test('[M-combine] a mandible is parted from the skull by growing from a stroke in each and one around them; undone and redone', async () => {
    await drawn('Mandible', (i, j, k) => j === 10 && k === 5 && i >= 8 && i < 36);
    await drawn('Skull', (i, j, k) => j === 20 && k === 22 && i >= 8 && i < 36);
    await drawn('Around', (i, j, k) => (k === 29 || k === 0 || j === 0) && i > 3 && i < 40 && j < 38);
    const seeds = await maskOf('Mandible');
    const grown = await clean('Mandible', 'effect=grow-from-seeds', 'with=Skull,Around', 'marginMm=20');
    const mask = await maskOf('Mandible');
    // Bone is whole and nothing of the skull is in it.
    for (const [n, [m, s]] of voxels((i, j, k) => [mandible(i, j, k), skull(i, j, k)]).entries()) {
      if (m) expect(mask[n]).toBe(1);
      if (s) expect(mask[n]).toBe(0);
    }
    expect(grown.voxels).toBe(mask.reduce((a, b) => a + b, 0));
    expect((await lines()).at(-1)).toMatchObject({ act: 'effect', name: 'Grow from seeds against Skull, Around' });
    await act('undo');
    expect(await maskOf('Mandible')).toEqual(seeds);
    await act('redo');
    expect(await maskOf('Mandible')).toEqual(mask);
  });

  test('[M-combine] slices drawn with gaps are filled, and the drawn ones stay; undone and redone', async () => {
    const block: Test = (i, j, k) => i >= 10 && i < 20 && j >= 10 && j < 25 && k >= 4 && k <= 20;
    const sparse: Test = (i, j, k) => block(i, j, k) && k % 4 === 0;
    await drawn('Sparse', sparse);
    await clean('Sparse', 'effect=fill-between-slices');
    expect(await maskOf('Sparse')).toEqual(voxels(block).map(Number));
    await act('undo');
    expect(await maskOf('Sparse')).toEqual(voxels(sparse).map(Number));
    await act('redo');
    expect(await maskOf('Sparse')).toEqual(voxels(block).map(Number));
    expect((await lines()).findLast((l) => l.act === 'effect')).toMatchObject({ name: 'Fill between slices' });
  });

  test('[13-ccl] bone falls into its two parts, each a segment of its own, and the segment stays; too large a minimum is refused', async () => {
    const { series } = await state();
    await client.job(`/api/cases/${id}/segments`, {
      series: series[0]!.seriesInstanceUid,
      name: 'Bone',
      settings: { method: 'threshold', lowHu: 600, highHu: 2000 },
    });
    const whole = await maskOf('Bone');
    const { segments } = await clean('Bone', 'effect=split');
    expect(segments.map((one) => one.segment)).toEqual(['Bone part 1', 'Bone part 2']);
    expect(await maskOf('Bone part 1')).toEqual(voxels(skull).map(Number));
    expect(await maskOf('Bone part 2')).toEqual(voxels(mandible).map(Number));
    expect(await maskOf('Bone')).toEqual(whole);
    const names = (all: CaseState) => all.segments.map((one) => one.name).filter((name) => name.startsWith('Bone'));
    const taken = await act('undo');
    expect([taken.redo, names(taken)]).toEqual(['Split Bone into 2 parts', ['Bone']]);
    expect(names(await act('redo'))).toEqual(['Bone', 'Bone part 1', 'Bone part 2']);
    const error = await clean('Bone', 'effect=split', 'minimumMm3=1000000').catch((e: unknown) => e);
    expect(error).toBeInstanceOf(JobFailed);
    expect((error as JobFailed).problem).toMatchObject({ code: 'EMPTY_SEGMENT', detail: expect.stringContaining('smaller minimum') });
  });

  test('[M-combine] all of it carried out again gives the same bytes', async () => {
    const again = await client.job<ReplayResult>(`/api/cases/${id}/replay`, {});
    expect(again.different).toBe(0);
    const same = again.entries.filter((one) => one.verdict === 'same').map((one) => one.name);
    expect(same).toEqual(
      expect.arrayContaining(['Grow from seeds against Skull, Around', 'Fill between slices', 'Split Bone into 2 parts']),
    );
  });
});

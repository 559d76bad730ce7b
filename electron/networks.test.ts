import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { CaseState, Segment } from '../contract/case.ts';
import type { Job } from '../contract/job.ts';
import { networkWording } from '../contract/model.ts';
import { encodeRuns, runsToText } from '../kernels/labels/runs.ts';
import { makeHead } from '../kernels/phantoms/head.ts';
import { resampleTurned as resample } from '../kernels/spacing/resample-turned.ts';
import { indexToLps, type Triple, type VolumeGeometry, voxelCount } from '../kernels/volume/geometry.ts';
import { createHost, type Host } from './host.ts';
import { writeNifti } from './ports/nifti-write.ts';

/** Methods by network, asked of the service as the window asks it, over the real processes and the packages that are shipped. */
let folder = '';
let host: Host;
let state: CaseState;
const at = (name: string) => path.join(folder, name);

async function ask<T>(method: string, route: string, body?: unknown): Promise<T> {
  const init = { method, body: body === undefined ? undefined : JSON.stringify(body) };
  const response = await host.service.fetch(new Request(`http://lamina${route}`, init));
  return (await response.json()) as T;
}
async function bytes(route: string): Promise<Uint8Array> {
  const response = await host.service.fetch(new Request(`http://lamina${route}`));
  expect(response.status).toBe(200);
  return new Uint8Array(await response.arrayBuffer());
}
type Ended = Job & { result: { segment: Segment; case: CaseState } };
async function follow(id: string): Promise<Ended> {
  for (;;) {
    const now = await ask<Ended>('GET', `/api/jobs/${id}`);
    if (['done', 'refused', 'failed', 'cancelled'].includes(now.state)) return now;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
const job = async (route: string, body: unknown) => follow((await ask<Job>('POST', route, body)).id);
const segment = (settings: Record<string, unknown>, more: Record<string, unknown> = {}) =>
  job(`/api/cases/${state.id}/segments`, { settings, ...more });
const mask = (id: string) => bytes(`/api/cases/${state.id}/segments/${id}/mask`);

/** A piece of a synthetic face at 0.5 x 0.5 x 0.8 mm around its thin walls: small enough to be run a dozen times. */
async function writeFace(file: string, offsetHu = 0): Promise<void> {
  const head = makeHead(5, 'small');
  const [nx, ny] = head.geometry.dimensions;
  const centre: Triple = [0, 0, 0];
  let thin = 0;
  for (let n = 0; n < head.labels.length; n++) {
    if (head.labels[n] !== 3) continue;
    const p = indexToLps(head.geometry, n % nx, Math.floor(n / nx) % ny, Math.floor(n / nx / ny));
    for (let a = 0; a < 3; a++) centre[a]! += p[a]!;
    thin++;
  }
  const dimensions: Triple = [96, 80, 8];
  const spacingMm: Triple = [0.5, 0.5, 0.8];
  const originLps = centre.map((sum, a) => sum / thin - (dimensions[a]! * spacingMm[a]!) / 2) as Triple;
  const geometry: VolumeGeometry = { dimensions, spacingMm, originLps, directionLps: [1, 0, 0, 0, 1, 0, 0, 0, 1] };
  const values = Int16Array.from(resample(head.hu, head.geometry, geometry, -1000), (v) => Math.round(v) + offsetHu);
  await writeNifti(file, { geometry, values });
}

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'lamina-networks-test-'));
  process.env.LAMINA_CASES = at('cases');
  process.env.XDG_CONFIG_HOME = at('config');
  host = await createHost({ shell: 'browser', log: () => {} });
  await writeFace(at('face.nii'));
  const imported = await job('/api/import', { paths: [at('face.nii')], folder: at('face.lamina') });
  expect(imported.problem).toBeUndefined();
  state = imported.result.case;
});
afterAll(async () => {
  await host.close();
  await rm(folder, { recursive: true, force: true });
});

describe('segments by network', () => {
  test.each([
    ['[M-unet] Method B:', 'unet', ['unet-b']],
    ['[M-multi-unet] Method C:', 'multi-unet', ['unet-c-cortical', 'unet-c-thin']],
    ['Ours:', 'default', ['orbit']],
  ])('[%s] %s runs, says what ran where, and keeps its probabilities on the grid of the series', async (_, method, models) => {
    const done = await segment({ method });
    expect(done.problem).toBeUndefined();
    const { segment: made } = done.result;
    expect(made.network).toMatchObject({ roi: 'whole', wording: networkWording, box: { dimensions: [96, 80, 8] } });
    expect(made.network!.models.map((m) => m.id)).toEqual(models);
    expect(made.network!.provider).not.toBe('');
    expect(made.network!.warnings.map((w) => w.code)).toContain('TOO_SMALL');
    const voxels = await mask(made.id);
    expect(voxels.reduce((a, b) => a + b, 0)).toBe(made.voxels);
    const share = made.voxels / voxels.length;
    expect(share).toBeGreaterThan(0.01);
    expect(share).toBeLessThan(0.6);
    const integrated = await bytes(`/api/cases/${state.id}/segments/${made.id}/probability`);
    const differs = (a: Uint8Array, b: Uint8Array) => a.reduce((sum, v, n) => sum + (v === b[n] ? 0 : 1), 0);
    const byThreshold = integrated.map((p) => (p >= 128 ? 1 : 0));
    if (method !== 'default') {
      expect(differs(voxels, byThreshold)).toBe(0);
      return;
    }
    // Ours ends with the field of 13-crf and drops the smallest parts; without both it is the threshold alone.
    const bare = await segment({ method, crf: false, minimumMm3: 0 });
    expect(differs(await mask(bare.result.segment.id), byThreshold)).toBe(0);
    expect(differs(voxels, byThreshold)).toBeGreaterThan(0);
  });

  test('[M-unet] the region given is the only place where bone is found, and one that lies outside is refused in words', async () => {
    const [x, y, z] = state.series[0]!.originLps;
    const roiLps = [x + 10, y + 10, z, x + 30, y + 30, z + 4];
    const done = await segment({ method: 'unet', roiLps });
    expect(done.problem).toBeUndefined();
    const { box } = done.result.segment.network!;
    expect(box).toEqual({ offsetIjk: [20, 20, 0], dimensions: [41, 41, 6] });
    const voxels = await mask(done.result.segment.id);
    for (let n = 0; n < voxels.length; n++) {
      if (voxels[n] === 0) continue;
      const [i, j, k] = [n % 96, Math.floor(n / 96) % 80, Math.floor(n / 96 / 80)];
      expect(i >= 20 && i < 61 && j >= 20 && j < 61 && k < 6).toBe(true);
    }
    const away = await segment({ method: 'unet', roiLps: [x + 500, y, z, x + 600, y + 9, z + 9] });
    expect(away).toMatchObject({ state: 'refused', problem: { code: 'NOT_FOUND' } });
    const flat = await segment({ method: 'unet', roiLps: [x, y, z, x, y + 9, z + 9] });
    expect(flat).toMatchObject({ state: 'refused', problem: { code: 'TOO_SMALL' } });
  });

  test('the threshold moves afterwards without a run: lower holds more; undo brings the first mask back; the hand stays unless told', async () => {
    const made = (await segment({ method: 'unet' })).result.segment;
    const first = await mask(made.id);
    const adjusted = await job(`/api/cases/${state.id}/segments/${made.id}/adjust`, { settings: { probability: 0.2 } });
    expect(adjusted.problem).toBeUndefined();
    const lower = await mask(made.id);
    expect(adjusted.result.segment.voxels).toBeGreaterThan(made.voxels);
    expect(first.every((v, n) => v <= lower[n]!)).toBe(true);
    expect(adjusted.result.segment.network!.settings).toMatchObject({ method: 'unet', probability: 0.2 });
    await ask('POST', `/api/cases/${state.id}/undo`);
    expect(await mask(made.id)).toEqual(first);

    const off = first.indexOf(1);
    const on = lower.indexOf(0);
    for (const [index, value] of [
      [off, 0],
      [on, 1],
    ] as const) {
      const runs = runsToText(encodeRuns(Uint32Array.of(index)));
      const drawn = {
        tool: value ? 'brush' : 'eraser',
        shape: 'sphere',
        diameterMm: 1,
        gateHu: null,
        plane: 'axial',
        pathLps: [[0, 0, 0]],
      };
      const answer = await ask<CaseState>('POST', `/api/cases/${state.id}/strokes`, {
        segment: made.id,
        ...drawn,
        voxels: 1,
        delta: { value, runs },
      });
      expect(answer.undo).toMatch(/brush|eraser/i);
    }
    const kept = await job(`/api/cases/${state.id}/segments/${made.id}/adjust`, { settings: { probability: 0.3 } });
    expect(kept.result.segment.technique.at(-1)!.parameters.keptByHand).toBe(2);
    const after = await mask(made.id);
    expect([after[off], after[on]]).toEqual([0, 1]);

    const again = await segment({ method: 'unet' }, { into: made.id });
    expect(again.problem).toBeUndefined();
    expect(again.result.segment.id).toBe(made.id);
    const rerun = await mask(made.id);
    expect([rerun[off], rerun[on]]).toEqual([0, 1]);
    rerun[off] = 1;
    rerun[on] = 0;
    expect(rerun).toEqual(first);
    await segment({ method: 'unet' }, { into: made.id, overwriteHand: true });
    expect(await mask(made.id)).toEqual(first);
  });

  test("[M-multi-unet] the integration is re-weighed afterwards: the standard's weight is the union of both masks", async () => {
    const made = (await segment({ method: 'multi-unet' })).result.segment;
    const of = (model: string) => bytes(`/api/cases/${state.id}/segments/${made.id}/probability?model=${model}`);
    const [cortical, thin, union] = [await of('unet-c-cortical'), await of('unet-c-thin'), await mask(made.id)];
    expect(union.every((v, n) => v === (cortical[n]! >= 128 || thin[n]! >= 128 ? 1 : 0))).toBe(true);
    const adjust = (settings: Record<string, unknown>) => job(`/api/cases/${state.id}/segments/${made.id}/adjust`, { settings });
    const wide = await adjust({ probability: 0.5, corticalWeight: 1, overlapHu: [-2000, 4000] });
    expect(wide.problem).toBeUndefined();
    expect((await mask(made.id)).every((v, n) => v === (cortical[n]! >= 128 ? 1 : 0))).toBe(true);
    const unet = (await segment({ method: 'unet' })).result.segment;
    const wrong = await job(`/api/cases/${state.id}/segments/${unet.id}/adjust`, { settings: { probability: 0.5, corticalWeight: 1 } });
    expect(wrong).toMatchObject({ state: 'refused', problem: { code: 'NOT_FOUND' } });
  });

  test('mirror images give the spread; without them there is none, and the service says so', async () => {
    const made = (await segment({ method: 'unet', mirror: true })).result.segment;
    const spread = await bytes(`/api/cases/${state.id}/segments/${made.id}/spread`);
    expect(spread.length).toBe(96 * 80 * 8);
    expect(spread.some((v) => v > 0)).toBe(true);
    const plain = (await segment({ method: 'unet' })).result.segment;
    expect(await ask('GET', `/api/cases/${state.id}/segments/${plain.id}/spread`)).toMatchObject({ code: 'NOT_FOUND' });
  });

  test('the run is the same twice, byte for byte', async () => {
    const [a, b] = [(await segment({ method: 'default' })).result.segment, (await segment({ method: 'default' })).result.segment];
    expect(a.network!.probabilities).toEqual(b.network!.probabilities);
    expect(a.mask).toEqual(b.mask);
  });

  test('values that are not known to be HU are refused before anything runs, unless the user says that they are', async () => {
    await writeFace(at('raised.nii'), 250);
    const raised = await job('/api/import', { paths: [at('raised.nii')], folder: at('raised.lamina') });
    const other = raised.result.case;
    const refused = await job(`/api/cases/${other.id}/segments`, { settings: { method: 'unet' } });
    expect(refused).toMatchObject({ state: 'refused', problem: { code: 'HU_NOT_CALIBRATED' } });
    expect(refused.problem!.detail).toContain('assumeHu');
    const said = await job(`/api/cases/${other.id}/segments`, { settings: { method: 'unet', assumeHu: true } });
    expect(said.problem).toBeUndefined();
  });

  test('a run that is cancelled leaves nothing', async () => {
    const before = await ask<CaseState>('GET', `/api/cases/${state.id}`);
    const files = await readdir(path.join(state.folder, 'blobs'));
    const started = await ask<Job>('POST', `/api/cases/${state.id}/segments`, { settings: { method: 'multi-unet', mirror: true } });
    await new Promise((resolve) => setTimeout(resolve, 150));
    await ask('DELETE', `/api/jobs/${started.id}`).catch(() => null);
    expect((await follow(started.id)).state).toBe('cancelled');
    expect((await ask<CaseState>('GET', `/api/cases/${state.id}`)).sequence).toBe(before.sequence);
    expect(await readdir(path.join(state.folder, 'blobs'))).toEqual(files);
    const staged = await readdir(path.join(state.folder, 'staging')).catch(() => []);
    expect(staged).toEqual([]);
  });

  test('[M-unet] the journal names model, hash, provider and wording, so that a result can be traced', async () => {
    const journal = (await readFile(path.join(state.folder, 'journal.ndjson'), 'utf8')).trim().split('\n');
    const runs = journal.map((line) => JSON.parse(line)).filter((e) => e.act === 'segment' && e.parameters.network);
    expect(runs.length).toBeGreaterThan(3);
    for (const { clause, parameters, outputs } of runs) {
      expect(clause).toBe('12');
      for (const model of parameters.network.models) expect(model.sha256).toMatch(/^[0-9a-f]{64}$/);
      for (const p of parameters.network.probabilities) expect(outputs).toContain(p.sha256);
      expect(parameters.network.wording).toMatch(/not validated on patients/);
    }
    expect(voxelCount(state.series[0]!.dimensions)).toBe(96 * 80 * 8);
  });
});

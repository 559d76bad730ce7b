import { cp, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { CaseState } from '../contract/case.ts';
import type { Job } from '../contract/job.ts';
import { encodeRuns, runsToText } from '../kernels/labels/runs.ts';
import { createHost, type Host } from './host.ts';

/** The service over the real disk and the real compute process, asked as the window asks it. */
let folder = '';
let host: Host;
let dicom = '';
const at = (name: string) => path.join(folder, name);

async function ask<T>(method: string, route: string, body?: unknown): Promise<{ status: number; json: T }> {
  const response = await host.service.fetch(
    new Request(`http://lamina${route}`, { method, body: body === undefined ? undefined : JSON.stringify(body) }),
  );
  const text = await response.text();
  return { status: response.status, json: (text ? JSON.parse(text) : null) as T };
}

async function job<T>(route: string, body: unknown): Promise<Job & { result: T }> {
  const { json } = await ask<Job>('POST', route, body);
  for (;;) {
    const { json: now } = await ask<Job & { result: T }>('GET', `/api/jobs/${json.id}`);
    if (['done', 'refused', 'failed', 'cancelled'].includes(now.state)) return now;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

const open = async (name: string) => (await ask<CaseState>('POST', '/api/open', { folder: at(name) })).json;
async function imported(name: string): Promise<CaseState> {
  const done = await job<{ case: CaseState }>('/api/import', { paths: [dicom], folder: at(name) });
  return done.result.case;
}
const threshold = (id: string, lowHu = 200) =>
  job<{ case: CaseState }>(`/api/cases/${id}/segments`, { settings: { method: 'threshold', lowHu } });
const stroke = (segment: string) => ({
  segment,
  tool: 'brush',
  shape: 'sphere',
  diameterMm: 4,
  gateHu: null,
  plane: 'axial',
  pathLps: [[0, 0, 0]],
  voxels: 3,
  delta: { value: 1, runs: runsToText(encodeRuns(new Uint32Array([0, 1, 2]))) },
});

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'lamina-host-test-'));
  process.env.LAMINA_CASES = at('cases');
  process.env.XDG_CONFIG_HOME = at('config');
  host = await createHost({ shell: 'browser', log: () => {} });
  await job('/api/phantom', { seed: 4, into: at('phantom'), size: 'small' });
  dicom = path.join(at('phantom'), 'dicom');
});
afterAll(async () => {
  await host.close();
  await rm(folder, { recursive: true, force: true });
});

describe('service over the real disk', () => {
  test('a copied case is another case: a stroke goes into the folder that is shown', async () => {
    const first = await imported('one.lamina');
    await threshold(first.id);
    await ask('DELETE', `/api/cases/${first.id}`);
    await cp(at('one.lamina'), at('two.lamina'), { recursive: true });
    const [one, two] = [await open('one.lamina'), await open('two.lamina')];
    expect(two.id).not.toBe(one.id);
    const segment = two.segments[0]?.id as string;
    expect((await ask('POST', `/api/cases/${two.id}/strokes`, stroke(segment))).status).toBe(200);
    const lines = async (name: string) => (await readFile(path.join(at(name), 'journal.ndjson'), 'utf8')).trim().split('\n').length;
    expect([await lines('one.lamina'), await lines('two.lamina')]).toEqual([one.sequence + 1, two.sequence + 2]);
    for (const { id } of [one, two]) await ask('DELETE', `/api/cases/${id}`);
  });

  test('one folder asked for twice at once, and by a link, is one opening', async () => {
    const made = await imported('three.lamina');
    await ask('DELETE', `/api/cases/${made.id}`);
    await symlink(at('three.lamina'), at('link.lamina'));
    const states = await Promise.all([open('three.lamina'), open('three.lamina'), open('link.lamina')]);
    expect(new Set(states.map((s) => s.id)).size).toBe(1);
    expect(states.map((s) => s.readOnly)).toEqual([false, false, false]);
    await ask('DELETE', `/api/cases/${states[0]?.id}`);
  });

  test('a setting that does not exist is named, and nothing runs', async () => {
    const { id } = await imported('four.lamina');
    const misspelt = await ask<{ detail: string }>('POST', `/api/cases/${id}/segments`, {
      settings: { method: 'threshold', lowHu: 200, hihgHu: 300 },
    });
    expect(misspelt.status).toBe(400);
    expect(misspelt.json.detail).toContain('hihgHu');
    const reversed = await ask<{ detail: string }>('POST', `/api/cases/${id}/segments`, {
      settings: { method: 'threshold', lowHu: 200, highHu: 100 },
    });
    expect(reversed.status).toBe(400);
    await ask('DELETE', `/api/cases/${id}`);
  });

  test('[I-verify] a model of a mask that has changed is neither signed nor written', async () => {
    const { id } = await imported('five.lamina');
    const segmented = await threshold(id);
    const segment = segmented.result.case.segments[0]?.id as string;
    const made = await job<{ mesh: { id: string } }>(`/api/cases/${id}/segments/${segment}/mesh`, { settings: {} });
    await job(`/api/cases/${id}/segments/${segment}/clean`, { settings: { keep: 'largest' } });
    const mesh = made.result.mesh.id;
    expect((await ask<{ code: string }>('POST', `/api/cases/${id}/sign`, { mesh, name: 'R. Reviewer' })).json.code).toBe('MODEL_OUTDATED');
    const refused = await job(`/api/cases/${id}/export`, { mesh, path: at('old.stl'), unsigned: true });
    expect(refused.problem?.code).toBe('MODEL_OUTDATED');
    expect(await readdir(folder)).not.toContain('old.stl');
    await ask('DELETE', `/api/cases/${id}`);
  });

  test('closing a case ends its jobs and leaves nothing in the staging folder', async () => {
    const { id } = await imported('six.lamina');
    await threshold(id);
    const running = await ask<Job>('POST', `/api/cases/${id}/segments/newest/mesh`, { settings: {} });
    const segments = await ask<CaseState>('GET', `/api/cases/${id}`);
    const mesh = await ask<Job>('POST', `/api/cases/${id}/segments/${segments.json.segments[0]?.id}/mesh`, { settings: {} });
    expect((await ask('DELETE', `/api/cases/${id}`)).status).toBe(204);
    for (const { json } of [running, mesh])
      expect(['cancelled', 'refused', 'done']).toContain((await ask<Job>('GET', `/api/jobs/${json.id}`)).json.state);
    expect(await readdir(path.join(at('six.lamina'), 'staging'))).toEqual([]);
  });

  test('bytes that changed in the cache are not served after the next opening', async () => {
    const { id } = await imported('seven.lamina');
    const segment = (await threshold(id)).result.case.segments[0]?.id as string;
    const { json: state } = await ask<CaseState>('POST', `/api/cases/${id}/strokes`, stroke(segment));
    const sum = async (session: string) => {
      const response = await host.service.fetch(new Request(`http://lamina/api/cases/${session}/segments/${segment}/mask`));
      return new Uint8Array(await response.arrayBuffer()).reduce((a, b) => a + b, 0);
    };
    expect(await sum(id)).toBe(state.segments[0]?.voxels);
    await ask('DELETE', `/api/cases/${id}`);
    const cache = path.join(at('seven.lamina'), 'cache');
    const [name = ''] = (await readdir(cache)).filter((n) => n.startsWith('mask-'));
    await writeFile(path.join(cache, name), new Uint8Array(96 * 96 * 64).fill(1));
    const again = await open('seven.lamina');
    expect(await sum(again.id)).toBe(again.segments[0]?.voxels);
    await ask('DELETE', `/api/cases/${again.id}`);
  });

  test('a case is not made inside the folder that is read', async () => {
    const refused = await job('/api/import', { paths: [dicom], folder: path.join(dicom, 'case.lamina') });
    expect(refused.problem?.code).toBe('OUTPUT_NOT_WRITABLE');
    expect((await readdir(dicom)).some((n) => n.endsWith('.lamina'))).toBe(false);
  });

  test('an answer whose body nobody reads holds no file open', async () => {
    const state = await imported('eight.lamina');
    const uid = state.series[0]?.seriesInstanceUid as string;
    const descriptors = async () => (await readdir('/proc/self/fd')).length;
    if (process.platform === 'linux') {
      const before = await descriptors();
      for (let n = 0; n < 20; n++)
        await host.service.fetch(new Request(`http://lamina/api/cases/${state.id}/series/${encodeURIComponent(uid)}/voxels`));
      expect(await descriptors()).toBeLessThan(before + 5);
    }
    await ask('DELETE', `/api/cases/${state.id}`);
  });
});

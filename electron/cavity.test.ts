import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { CaseState, Segment } from '../contract/case.ts';
import { type CavityReport, cavityReport } from '../contract/cavity.ts';
import type { Job } from '../contract/job.ts';
import type { ReplayResult } from '../contract/preprocessing.ts';
import { createHost, type Host } from './host.ts';

/** The orbit cavity of a case over the real disk and the real compute process. */
let folder = '';
let host: Host;
let id = '';
const at = (name: string) => path.join(folder, name);

async function ask<T>(method: string, route: string, body?: unknown): Promise<T> {
  const response = await host.service.fetch(
    new Request(`http://lamina${route}`, { method, body: body === undefined ? undefined : JSON.stringify(body) }),
  );
  return (await response.json()) as T;
}
async function job<T>(route: string, body: unknown): Promise<Job & { result: T }> {
  const { id: started } = await ask<Job>('POST', route, body);
  for (;;) {
    const now = await ask<Job & { result: T }>('GET', `/api/jobs/${started}`);
    if (['done', 'refused', 'failed', 'cancelled'].includes(now.state)) return now;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
const cavity = (settings: object = {}) =>
  job<{ segment: Segment; case: CaseState }>(`/api/cases/${id}/segments`, { settings: { method: 'cavity', ...settings } });
const reportOf = (segment: Segment): CavityReport => cavityReport.parse(segment.technique.at(-1)?.parameters.cavity);

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'lamina-cavity-'));
  process.env.LAMINA_CASES = at('cases');
  process.env.XDG_CONFIG_HOME = at('config');
  host = await createHost({ shell: 'browser', log: () => {} });
  await job('/api/phantom', { seed: 3, into: at('phantom'), size: 'small' });
  const imported = await job<{ case: CaseState }>('/api/import', { paths: [path.join(at('phantom'), 'dicom')], folder: at('one.lamina') });
  id = imported.result.case.id;
});
afterAll(async () => {
  await host.close();
  await rm(folder, { recursive: true, force: true });
});

test('[M-cavity] both orbits in one segment, their volumes in the act; undone, done again, and the same bytes when replayed', async () => {
  const made = await cavity();
  expect(made.state, made.problem?.detail).toBe('done');
  const { segment } = made.result;
  expect(segment.name).toBe('Orbit cavity');
  expect(segment.technique.at(-1)?.name).toBe('Orbit cavity, bone 400 HU, air -600 HU');
  const { left, right } = reportOf(segment);
  expect(segment.voxels).toBe(left!.voxels + right!.voxels);
  expect(segment.volumeMm3).toBeCloseTo(left!.volumeMm3 + right!.volumeMm3, 6);
  // LPS: the patient's left is +x.
  expect(left!.centreLps[0]).toBeGreaterThan(right!.centreLps[0] + 30);
  expect((await ask<CaseState>('POST', `/api/cases/${id}/undo`, {})).segments).toEqual([]);
  const again = await ask<CaseState>('POST', `/api/cases/${id}/redo`, {});
  expect(again.segments[0]?.mask.base).toBe(segment.mask.base);
  const replayed = await job<ReplayResult>(`/api/cases/${id}/replay`, {});
  expect(replayed.result.entries.find((e) => e.sequence === segment.technique[0]!.sequence)?.verdict).toBe('same');
  const second = (await cavity()).result.segment;
  expect(second.mask.base).toBe(segment.mask.base);
  expect(second.name).toBe('Orbit cavity 2');
});

test('[M-cavity] one side alone is that side of both, and says nothing of the other', async () => {
  const both = reportOf((await cavity()).result.segment);
  const { segment } = (await cavity({ side: 'right' })).result;
  expect(reportOf(segment)).toEqual({ left: null, right: both.right });
  expect(segment.voxels).toBe(both.right!.voxels);
});

test('[M-cavity] refusals name the side and what to do', async () => {
  const nowhere = await cavity({ leftLps: [900, 900, 900], side: 'left' });
  expect(nowhere.state).toBe('refused');
  expect(nowhere.problem?.detail).toMatch(/left orbit.*(leftLps|Import the whole series)/s);
  const { segments, sequence } = await ask<CaseState>('GET', `/api/cases/${id}`);
  await cavity({ boneHu: 3000, side: 'right' }).then((made) => expect(made.state).toBe('refused'));
  const after = await ask<CaseState>('GET', `/api/cases/${id}`);
  expect([after.segments.length, after.sequence]).toEqual([segments.length, sequence]);
});

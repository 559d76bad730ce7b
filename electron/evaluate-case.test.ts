import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { CaseState, JournalLine } from '../contract/case.ts';
import type { Evaluation } from '../contract/evaluation.ts';
import type { Job } from '../contract/job.ts';
import { type AxisOrder, reorderGeometry } from '../kernels/volume/axis-order.ts';
import { createHost, type Host } from './host.ts';
import { readNiftiMask } from './ports/nifti-read.ts';
import { writeNifti } from './ports/nifti-write.ts';

/** Evaluation of an open case over the real disk and the real compute process. */
let folder = '';
let host: Host;
let id = '';
const at = (name: string) => path.join(folder, name);

async function ask<T>(method: string, route: string, body?: unknown): Promise<{ status: number; json: T }> {
  const response = await host.service.fetch(
    new Request(`http://lamina${route}`, { method, body: body === undefined ? undefined : JSON.stringify(body) }),
  );
  return { status: response.status, json: (await response.json()) as T };
}
async function job<T>(route: string, body: unknown): Promise<Job & { result: T }> {
  const { json } = await ask<Job>('POST', route, body);
  for (;;) {
    const { json: now } = await ask<Job & { result: T }>('GET', `/api/jobs/${json.id}`);
    if (['done', 'refused', 'failed', 'cancelled'].includes(now.state)) return now;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
const evaluate = (body: unknown) => job<Evaluation & { case: CaseState }>(`/api/cases/${id}/evaluate`, body);

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'lamina-evaluate-case-'));
  process.env.LAMINA_CASES = at('cases');
  process.env.XDG_CONFIG_HOME = at('config');
  host = await createHost({ shell: 'browser', log: () => {} });
  await job('/api/phantom', { seed: 4, into: at('phantom'), size: 'small' });
  const imported = await job<{ case: CaseState }>('/api/import', { paths: [path.join(at('phantom'), 'dicom')], folder: at('one.lamina') });
  id = imported.result.case.id;
  for (const [name, lowHu] of [
    ['Anna', 200],
    ['Ben', 300],
  ])
    await job(`/api/cases/${id}/segments`, { name, settings: { method: 'threshold', lowHu } });
});
afterAll(async () => {
  await host.close();
  await rm(folder, { recursive: true, force: true });
});

test('[11.3-observers] one segment against another: figures and an entry in the journal that undo does not take back', async () => {
  const before = (await ask<CaseState>('GET', `/api/cases/${id}`)).json;
  const done = await evaluate({ segment: 'Ben', truth: { segment: 'Anna' } });
  expect(done.state, done.problem?.detail).toBe('done');
  const [anna, ben] = ['Anna', 'Ben'].map((name) => before.segments.find((s) => s.name === name)!);
  // Every voxel at 300 HU is one at 200 HU.
  expect(done.result.voxels).toMatchObject({ tp: ben!.voxels, fp: 0, fn: anna!.voxels - ben!.voxels });
  expect(done.result).toMatchObject({ state: 'ok', truth: { name: 'Anna' }, result: { name: 'Ben' } });
  const { case: state } = done.result;
  expect(state.evaluations).toMatchObject([{ segment: ben!.id, segmentName: 'Ben', current: true, figures: { dsc: done.result.dsc } }]);
  expect(state.undo).toBe(before.undo);
  const lines = (await ask<JournalLine[]>('GET', `/api/cases/${id}/journal`)).json;
  expect(lines.at(-1)).toMatchObject({ act: 'evaluate', clause: '11.3', state: 'done' });
  expect(lines.at(-1)?.name).toMatch(/^Evaluate Ben against Anna: DSC \d+\.\d %$/);
});

test('[11.3-procedure] a segment against a file of truth; what it says of a segment that has changed is kept and marked', async () => {
  await job(`/api/cases/${id}/nifti`, { segment: 'Anna', path: at('truth.nii.gz') });
  const done = await evaluate({ segment: 'Ben', truth: { file: at('truth.nii.gz') }, toleranceMm: 20 });
  const [byFile, bySegment] = [done.result, done.result.case.evaluations[0]!.figures];
  expect(byFile.truth).toEqual({ name: 'truth.nii.gz', networkWording: null, sha256: expect.stringMatching(/^[0-9a-f]{64}$/) });
  // Single precision in the file's header is all that differs.
  expect(byFile.hd95Mm).toBeCloseTo(bySegment.hd95Mm!, 5);
  expect(byFile.voxels).toEqual(bySegment.voxels);
  expect(byFile.surfaceDice).toBeGreaterThan(bySegment.surfaceDice!);
  const cleaned = await job<{ case: CaseState }>(`/api/cases/${id}/segments/Ben/clean`, { settings: { keep: 'largest' } });
  expect(cleaned.result.case.evaluations.map((e) => e.current)).toEqual([false, false]);
  // Cases move: an entry names the file of truth, never the folder it lay in.
  const journal = await readFile(path.join(at('one.lamina'), 'journal.ndjson'), 'utf8');
  const entries = journal.split('\n').filter((line) => line.includes('"act":"evaluate"'));
  expect(entries).toHaveLength(2);
  expect(entries.some((line) => line.includes(folder))).toBe(false);
});

test('[11.3-procedure] a file of truth stored from left to right and front to back (RAS) gives the figures of the file in the order of the case', async () => {
  await job(`/api/cases/${id}/nifti`, { segment: 'Anna', path: at('lps.nii.gz') });
  const { header, values } = await readNiftiMask(at('lps.nii.gz'), () => {});
  const [nx, ny, nz] = header.geometry.dimensions;
  // Both axes within a slice run backwards: each slice from its last voxel.
  for (let k = 0; k < nz; k++) values.subarray(k * nx * ny, (k + 1) * nx * ny).reverse();
  const order: AxisOrder = { axes: [0, 1, 2], flips: [true, true, false] };
  await writeNifti(at('ras.nii.gz'), { geometry: reorderGeometry(header.geometry, order), values });
  const [lps, ras] = [
    (await evaluate({ segment: 'Ben', truth: { file: at('lps.nii.gz') } })).result,
    await evaluate({ segment: 'Ben', truth: { file: at('ras.nii.gz') } }),
  ];
  expect(ras.state, ras.problem?.detail).toBe('done');
  expect(ras.result).toMatchObject({ voxels: lps.voxels, dsc: lps.dsc, state: 'ok' });
  expect(ras.result.hd95Mm).toBeCloseTo(lps.hd95Mm!, 4);
  expect(ras.result.assdMm).toBeCloseTo(lps.assdMm!, 4);
});

test('[11.3-procedure] refuses a segment against itself, an unknown one, and a file of another grid; journals nothing', async () => {
  const before = (await ask<CaseState>('GET', `/api/cases/${id}`)).json.sequence;
  expect((await evaluate({ segment: 'Ben', truth: { segment: 'Ben' } })).problem).toMatchObject({ code: 'NOT_FOUND' });
  expect((await evaluate({ segment: 'Ben', truth: { segment: 'Cleo' } })).problem).toMatchObject({ code: 'NOT_FOUND' });
  expect((await evaluate({ segment: 'Ben', truth: { file: at('none.nii.gz') } })).problem).toMatchObject({
    code: 'MISSING_FILES',
    detail: 'The truth none.nii.gz is not there. Check its name and folder.',
  });
  expect((await ask('POST', `/api/cases/${id}/evaluate`, { segment: 'Ben' })).status).toBe(400);
  expect((await ask<CaseState>('GET', `/api/cases/${id}`)).json.sequence).toBe(before);
});

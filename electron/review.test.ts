import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { CaseState } from '../contract/case.ts';
import type { ReviewQueue, Unreviewed } from '../contract/review.ts';
import { encodeRuns, runsToText } from '../kernels/labels/runs.ts';
import { type Client, createClient, JobFailed, Usage } from './cli/client.ts';
import { reviewVerbs } from './cli/review-verbs.ts';
import { plates, platesGrid, writePlates } from './fixtures/plates.fixture.ts';
import { createHost, type Host } from './host.ts';

/** The review over the real disk and the real compute process, on a wall whose holes are known. */
let folder = '';
let host: Host;
let client: Client;
let id = '';
const url = (rest: string) => `/api/cases/${id}${rest}`;
const state = () => client.get<CaseState>(url(''));
const segment = async () => (await state()).segments[0]!;
const doubts = async () => client.job<ReviewQueue>(url(`/segments/${(await segment()).id}/doubts`), undefined, 'GET');
const share = async () => client.get<Unreviewed>(url(`/segments/${(await segment()).id}/unreviewed`));
const away = (a: readonly number[], b: readonly number[]) => Math.hypot(...a.map((v, n) => v - b[n]!));
const oneCase = () => path.join(folder, 'one.lamina');
const verb = (name: 'doubts' | 'review', ...args: string[]) =>
  reviewVerbs[name]!.run(client, ['--case', oneCase(), ...args, '--json']) as Promise<{ json: Record<string, unknown>; text: string }>;

/** Fills the hole whose middle is at a point: a disc of two voxels' thickness. */
async function mend(centre: readonly number[], radiusMm: number): Promise<void> {
  const [nx, ny, nz] = platesGrid.dimensions;
  const mask = await host.service.fetch(new Request(`http://lamina${url(`/segments/${(await segment()).id}/mask`)}`));
  const bone = new Uint8Array(await mask.arrayBuffer());
  const indices = Array.from({ length: nx * ny * nz }, (_, n) => n).filter((n) => {
    const k = Math.floor(n / (nx * ny));
    const lps = [-20 + 0.6 * (n % nx), 10 + 0.6 * (Math.floor(n / nx) % ny)];
    return (k === 14 || k === 15) && bone[n] === 0 && away(lps, centre.slice(0, 2)) <= radiusMm;
  });
  await client.send('POST', url('/strokes'), {
    segment: (await segment()).id,
    tool: 'brush',
    shape: 'sphere',
    diameterMm: 2 * radiusMm,
    gateHu: null,
    plane: 'axial',
    pathLps: [centre],
    voxels: indices.length,
    delta: { value: 1, runs: runsToText(encodeRuns(indices)) },
  });
}

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'lamina-review-'));
  process.env.LAMINA_CASES = path.join(folder, 'cases');
  process.env.XDG_CONFIG_HOME = path.join(folder, 'config');
  host = await createHost({ shell: 'cli', log: () => {} });
  client = createClient(host.service.fetch);
  await writePlates(path.join(folder, 'wall.nii.gz'));
  const imported = await client.job<{ case: CaseState }>('/api/import', { paths: [path.join(folder, 'wall.nii.gz')], folder: oneCase() });
  id = imported.case.id;
  await client.job(url('/segments'), { series: null, name: 'Wall', settings: { method: 'threshold', lowHu: 300 } });
});
afterAll(async () => {
  await client.closeCases();
  await host.close();
  await rm(folder, { recursive: true, force: true });
});

describe('doubtful places of a segment', () => {
  test('[9.1-types] the holes of the wall and the crumb, worst first, in mm and with their numbers; nobody has looked before', async () => {
    expect(await share()).toEqual({ looked: false });
    const { places, total, reviewed } = await doubts();
    expect({ total, reviewed, kinds: places.map((one) => one.kind) }).toEqual({ total: 3, reviewed: 0, kinds: ['gap', 'gap', 'island'] });
    const [a, b, c] = places;
    expect(away(a!.centreLps, plates.holeA)).toBeLessThan(1);
    expect(away(b!.centreLps, plates.holeB)).toBeLessThan(1);
    expect(away(c!.centreLps, plates.crumb)).toBeLessThan(1.1);
    expect(a!.text).toMatch(/^gap of 1\d mm² in a wall of 1\.\d mm; the image stands out there by \d{3} HU$/);
    expect(b!.text).toMatch(/^gap of [2-7]\.\d mm² in a wall of 1\.\d mm/);
    expect(c!.text).toBe('part of 1.7 mm³ on its own (8 voxels)');
    expect(a!.weight).toBeGreaterThan(b!.weight);
    expect(await share()).toEqual({ looked: true, total: 3, unreviewed: 3 });
  });
  test('[9.1-types] reviewed by command and kept as an act: undone, redone, there again when the case is opened anew; strange ids are refused', async () => {
    const { places } = await doubts();
    const [a, b] = places;
    const before = (await state()).sequence;
    const done = await verb('review', '--place', a!.id);
    expect(done.json).toMatchObject({ changed: [a!.id], total: 3, reviewed: 1 });
    expect((await state()).sequence).toBe(before + 1);
    expect((await doubts()).places.map((one) => one.reviewed)).toEqual([true, false, false]);
    // Asked for twice it is no second act.
    expect((await verb('review', '--place', a!.id)).json).toMatchObject({ changed: [] });
    expect((await state()).sequence).toBe(before + 1);
    await client.send('POST', url('/undo'), {});
    expect(await share()).toEqual({ looked: true, total: 3, unreviewed: 3 });
    await client.send('POST', url('/redo'), {});
    expect(await share()).toEqual({ looked: true, total: 3, unreviewed: 2 });
    await expect(verb('review', '--place', 'gap@0,0,0')).rejects.toThrow(Usage);
    await expect(verb('review')).rejects.toThrow(Usage);
    await expect(verb('review', '--all', '--place', b!.id)).rejects.toThrow(Usage);
    await client.closeCases();
    id = await client.openCase(oneCase());
    // What was found in this very mask is still known; what was looked at stands in the journal.
    expect(await share()).toEqual({ looked: true, total: 3, unreviewed: 2 });
    expect((await verb('doubts')).text).toContain('2 of 3 doubtful places not reviewed (67 %)');
  });
  test('[9.1-types] a stroke makes the search stale: not looked for, then found anew without the hole that was mended', async () => {
    const { places } = await doubts();
    const other = places[1]!;
    await mend(plates.holeB, plates.radiusB + 0.3);
    expect(await share()).toEqual({ looked: false });
    const after = await doubts();
    expect(after.places.map((one) => [one.kind, one.reviewed])).toEqual([
      ['gap', true],
      ['island', false],
    ]);
    expect(after.places.some((one) => one.id === other.id)).toBe(false);
    expect((await verb('review', '--all')).json).toMatchObject({ total: 2, reviewed: 2 });
    expect((await verb('review', '--all', '--take-back')).json).toMatchObject({ total: 2, reviewed: 0 });
  });
  test('[9.1-types][P-export] the report of an export says the share that nobody looked at and who drew the segment', async () => {
    const made = await client.job<{ mesh: { id: string } }>(url(`/segments/${(await segment()).id}/mesh`), { settings: {} });
    const out = path.join(folder, 'wall.stl');
    const request = { mesh: made.mesh.id, path: out, kind: 'stl', unsigned: true, failed: true };
    const { reportPath } = await client.job<{ reportPath: string }>(url('/export'), request);
    const report = JSON.parse(await readFile(reportPath, 'utf8'));
    expect(report.doubtfulPlaces).toEqual({
      looked: true,
      total: 2,
      unreviewed: 2,
      statement: '2 of 2 doubtful places not reviewed (100 %).',
    });
    const { voxels } = await segment();
    expect(report.authorship.voxels.threshold + report.authorship.voxels.hand).toBe(voxels);
    expect(report.authorship.voxels.hand).toBeGreaterThan(10);
    expect(report.authorship.percent.threshold + report.authorship.percent.hand).toBeCloseTo(100, 0);
  });
  test('[9.1-types] a segment that is not there is refused by name', async () => {
    const refused = await client.job(url('/segments/none/doubts'), undefined, 'GET').catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(JobFailed);
    expect((refused as JobFailed).problem.code).toBe('NOT_FOUND');
  });
});

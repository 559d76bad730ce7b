import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { CaseState } from '../contract/case.ts';
import { caseVerbs } from './cli/case-verbs.ts';
import { type Client, createClient } from './cli/client.ts';
import { fileVerbs } from './cli/file-verbs.ts';
import { markupVerbs } from './cli/markup-verbs.ts';
import { preprocessVerbs } from './cli/preprocess-verbs.ts';
import { createHost, type Host } from './host.ts';

let folder = '';
let host: Host;
let client: Client;
const at = (name: string) => path.join(folder, name);
const verbs = { ...fileVerbs, ...caseVerbs, ...markupVerbs, ...preprocessVerbs };
const run = async <T = Record<string, unknown>>(verb: string, ...args: string[]): Promise<T> =>
  (await verbs[verb]!.run(client, args)).json as T;

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'lamina-annotate-'));
  host = await createHost({ shell: 'cli', log: () => {} });
  client = createClient(host.service.fetch);
  await run('phantom', '--seed', '3', '--size', 'small', '--out', at('phantom'));
  await run('import', path.join(at('phantom'), 'dicom'), '--case', at('head.lamina'));
}, 120_000);
afterAll(async () => {
  await host.close();
  await rm(folder, { recursive: true, force: true });
});

test('[9.2-preprocess] what is drawn on a preprocessed series lies on its voxels, and every file of it says what was done before', async () => {
  const dir = at('head.lamina');
  await run('preprocess', '--case', dir, '--set', 'denoise.method=gaussian', 'denoise.sigmaMm=0.8');
  const id = await client.openCase(dir);
  const state = () => client.get<CaseState>(`/api/cases/${id}`);
  const derived = (await state()).series.find((one) => one.derivation !== null)!;
  const [imported] = (await state()).series;
  const uid = derived.seriesInstanceUid;
  await run('segment', '--case', dir, '--series', uid, '--method', 'threshold', '--set', 'lowHu=300', '--name', 'On it');
  const { originLps: o, spacingMm: s, dimensions: n } = derived;
  const middle = [0, 1, 2].map((a) => o[a]! + (n[a]! / 2) * s[a]! * (derived.directionLps[4 * a]! < 0 ? -1 : 1));
  const points = [-6, 6, 6, -6].flatMap((x, corner) => [middle[0]! + x, middle[1]! + (corner < 2 ? -6 : 6), middle[2]!]);
  await run('clean', '--case', dir, '--segment', 'On it', '--set', 'effect=contour', `contoursLps=${points.join(',')}`);
  await run('markup', '--case', dir, '--series', uid, '--kind', 'point', '--points', middle.join(','), '--name', 'Here');
  const [segment] = (await state()).segments;
  expect(segment!.series).toBe(uid);
  expect((await state()).markups[0]!.series).toBe(uid);
  const valuesOf = async ({ voxels: { path: file, dtype } }: CaseState['series'][number]) => {
    const { buffer } = new Uint8Array(await readFile(file));
    return dtype === 'int16' ? new Int16Array(buffer) : new Float32Array(buffer);
  };
  const [values, before] = [await valuesOf(derived), await valuesOf(imported!)];
  const { path: mask } = await client.get<{ path: string }>(`/api/cases/${id}/segments/${segment!.id}/labelmap`);
  const bytes = await readFile(mask);
  const drawn = [...bytes.keys()].filter((at) => bytes[at] === 1 && values[at]! < 300);
  expect(drawn.length).toBeGreaterThan(0);
  // By the threshold on the smoothed values, and not on those of before; the contour alone adds to it, on its slice.
  const k = Math.round((middle[2]! - o[2]!) / s[2]!);
  expect(new Set(drawn.map((at) => Math.floor(at / (n[0]! * n[1]!))))).toEqual(new Set([Math.abs(k)]));
  expect(values.every((value, at) => value < 300 || bytes[at] === 1)).toBe(true);
  expect(before.some((value, at) => value >= 300 !== (bytes[at] === 1))).toBe(true);
  await run('export', '--case', dir, '--as', 'nifti', '--segment', 'On it', '--out', at('on-it.nii.gz'));
  const report = JSON.parse(await readFile(at('on-it.report.json'), 'utf8'));
  expect(report.preprocessing).toMatchObject([{ settings: { denoise: { method: 'gaussian', sigmaMm: 0.8 } } }]);
});

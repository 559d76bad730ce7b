import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { CaseMesh, CaseState, JournalLine } from '../contract/case.ts';
import type { Job } from '../contract/job.ts';
import { meshCheck, meshExtensions, meshKinds, type RepairResult } from '../contract/mesh.ts';
import type { ExportResult } from '../contract/routes.ts';
import { createHost, type Host } from './host.ts';
import { readMeshFile } from './ports/mesh-file-read.ts';

/** Model files of every kind over the service, with the real disk and the real compute process. */
let folder = '';
let host: Host;
let state: CaseState;
let mesh: CaseMesh;
const at = (name: string) => path.join(folder, name);

async function fetchJson(method: string, route: string, body?: unknown): Promise<unknown> {
  const request = new Request(`http://lamina${route}`, { method, body: body === undefined ? undefined : JSON.stringify(body) });
  return (await host.service.fetch(request)).json();
}

async function job<T>(route: string, body: unknown): Promise<Job & { result: T }> {
  const started = (await fetchJson('POST', route, body)) as Job;
  for (;;) {
    const now = (await fetchJson('GET', `/api/jobs/${started.id}`)) as Job & { result: T };
    if (['done', 'refused', 'failed', 'cancelled'].includes(now.state)) return now;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
const exported = (kind: string, file: string, unsigned = true) =>
  job<ExportResult>(`/api/cases/${state.id}/export`, { mesh: mesh.id, path: at(file), kind, unsigned });
const sha256Of = async (file: string) =>
  createHash('sha256')
    .update(await readFile(file))
    .digest('hex');

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'lamina-export-test-'));
  process.env.LAMINA_CASES = at('cases');
  process.env.XDG_CONFIG_HOME = at('config');
  host = await createHost({ shell: 'browser', log: () => {} });
  await job('/api/phantom', { seed: 4, into: at('phantom'), size: 'small' });
  const imported = await job<{ case: CaseState }>('/api/import', { paths: [path.join(at('phantom'), 'dicom')], folder: at('one.lamina') });
  state = imported.result.case;
  const cut = await job<{ case: CaseState }>(`/api/cases/${state.id}/segments`, { settings: { method: 'threshold', lowHu: 200 } });
  const segment = cut.result.case.segments[0]?.id as string;
  await job(`/api/cases/${state.id}/segments/${segment}/clean`, { settings: { keep: 'largest', connectivity: 26, fillHoles: true } });
  const made = await job<{ mesh: CaseMesh; case: CaseState }>(`/api/cases/${state.id}/segments/${segment}/mesh`, {
    settings: { surface: 'mask', smoothIterations: 5 },
  });
  mesh = made.result.mesh;
  state = made.result.case;
}, 60_000);
afterAll(async () => {
  await host.close();
  await rm(folder, { recursive: true, force: true });
});

describe('model files of a case', () => {
  test('[P-export] each kind holds the triangles of the checked STL, with its report beside it and its line in the journal', async () => {
    const stl = await exported('stl', 'm.stl');
    expect(stl.result).toMatchObject({ sha256: mesh.report.sha256, reportPath: at('m.report.json') });
    const known = await readMeshFile(at('m.stl'), () => {});
    if (!('mesh' in known)) throw new RangeError(known.reason.message);
    for (const kind of meshKinds.filter((one) => one !== 'stl')) {
      const done = await exported(kind, `${kind}${meshExtensions[kind]}`);
      expect(done.state, JSON.stringify(done)).toBe('done');
      const { path: file, sha256, reportPath } = done.result;
      expect(await sha256Of(file)).toBe(sha256);
      expect(await readMeshFile(file, () => {})).toEqual({ format: kind, mesh: known.mesh });
      const report = JSON.parse(await readFile(reportPath, 'utf8'));
      expect(report).toMatchObject({
        units: 'mm',
        frame: 'DICOM patient coordinates, LPS',
        case: { name: state.name },
        file: { kind, sha256, sides: { x: 'L', y: 'P', z: 'S' } },
        mesh: { sha256: mesh.report.sha256 },
      });
      const lines = (await fetchJson('GET', `/api/cases/${state.id}/journal`)) as JournalLine[];
      expect(lines.at(-1)).toMatchObject({ act: 'export', name: `Export ${kind.toUpperCase()}, unsigned` });
    }
    const { id } = JSON.parse(await readFile(at('ply.ply.report.json'), 'utf8')).case;
    const said = await readFile(at('ply.ply'), 'latin1');
    for (const words of ['Frame: LPS (DICOM patient coordinates)', 'Sides: +x L left', id, 'Review: UNSIGNED', 'Check: passed'])
      expect(said).toContain(words);
    expect(said).not.toContain(state.series[0]?.seriesInstanceUid as string);
  });

  test('[P-export] nobody has signed: no kind leaves, and nothing is left; a name without a kind is refused before any work', async () => {
    for (const kind of meshKinds) expect(await exported(kind, `never-${kind}`, false)).toMatchObject({ state: 'refused' });
    const names = await readdir(folder);
    expect(names.filter((name) => name.includes('never'))).toEqual([]);
    const run = await job('/api/run', { paths: [path.join(at('phantom'), 'dicom')], out: at('bone.step') });
    expect(run).toMatchObject({ state: 'refused', problem: { code: 'OUTPUT_NOT_WRITABLE' } });
    expect(existsSync(at('bone.step'))).toBe(false);
  });

  test('[P-finish] an OBJ without its lid is mended into a 3MF, which says no frame; the check reads both', async () => {
    const corners = Array.from({ length: 8 }, (_, c) => `v ${(c & 1) * 10} ${((c >> 1) & 1) * 10} ${(c >> 2) * 10}\n`).join('');
    await writeFile(at('box.obj'), `${corners}f 1 3 4 2\nf 1 2 6 5\nf 3 7 8 4\nf 1 5 7 3\nf 2 4 8 6\n`);
    const open = await job('/api/check-mesh', { path: at('box.obj') });
    expect(meshCheck.parse(open.result)).toMatchObject({ format: 'obj', triangles: 10, openEdges: 4, outcome: 'reject' });
    const done = await job<RepairResult>('/api/repair-mesh', {
      path: at('box.obj'),
      out: at('box.3mf'),
      settings: { fillHolesUpToMm: 50 },
    });
    expect(done.state, JSON.stringify(done)).toBe('done');
    expect(done.result.sha256).toBe(await sha256Of(at('box.3mf')));
    const check = await job('/api/check-mesh', { path: at('box.3mf') });
    expect(meshCheck.parse(check.result)).toMatchObject({ format: '3mf', triangles: 12, openEdges: 0, volumeMm3: 1000, reasons: [] });
    const away = await fetchJson('POST', '/api/repair-mesh', { path: at('box.obj'), out: at('box.step') });
    expect(away).toMatchObject({ code: 'OUTPUT_NOT_WRITABLE' });
  });
});

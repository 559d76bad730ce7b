import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { CaseMesh, CaseState } from '../contract/case.ts';
import type { Job } from '../contract/job.ts';
import { type MeshComparison, type MeshMap, meshComparison, meshMap } from '../contract/mesh.ts';
import { readStl } from '../kernels/mesh/stl.ts';
import { writeStl } from '../kernels/mesh/stl-write.ts';
import { sphere, together } from '../kernels/mesh/wall-shapes.ts';
import { weld } from '../kernels/mesh/weld.ts';
import { createHost, type Host } from './host.ts';

/** Maps and comparisons over the service, with the real disk and the real compute process. */
let folder = '';
let host: Host;
let state: CaseState;
let mesh: CaseMesh;
const at = (name: string) => path.join(folder, name);

async function fetchBytes(method: string, route: string, body?: unknown): Promise<{ status: number; bytes: Uint8Array }> {
  const response = await host.service.fetch(
    new Request(`http://lamina${route}`, { method, body: body === undefined ? undefined : JSON.stringify(body) }),
  );
  return { status: response.status, bytes: new Uint8Array(await response.arrayBuffer()) };
}
const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);

async function job<T>(route: string, body: unknown): Promise<Job & { result: T }> {
  const started = JSON.parse(text((await fetchBytes('POST', route, body)).bytes)) as Job;
  for (;;) {
    const now = JSON.parse(text((await fetchBytes('GET', `/api/jobs/${started.id}`)).bytes)) as Job & { result: T };
    if (['done', 'refused', 'failed', 'cancelled'].includes(now.state)) return now;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
const mapOf = (body: unknown, id = mesh.id) => job<MeshMap>(`/api/cases/${state.id}/meshes/${id}/map`, body);

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'lamina-maps-test-'));
  process.env.LAMINA_CASES = at('cases');
  process.env.XDG_CONFIG_HOME = at('config');
  host = await createHost({ shell: 'browser', log: () => {} });
  await job('/api/phantom', { seed: 4, into: at('phantom'), size: 'small' });
  const imported = await job<{ case: CaseState }>('/api/import', { paths: [path.join(at('phantom'), 'dicom')], folder: at('one.lamina') });
  state = imported.result.case;
  const cut = await job<{ case: CaseState }>(`/api/cases/${state.id}/segments`, { settings: { method: 'threshold', lowHu: 200 } });
  const segment = cut.result.case.segments[0]?.id as string;
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

async function valuesOf(map: MeshMap): Promise<Float32Array> {
  const { status, bytes } = await fetchBytes('GET', map.values);
  expect(status).toBe(200);
  expect(bytes.length).toBe(map.vertices * 4);
  return new Float32Array(bytes.slice().buffer);
}

describe('maps of a model', () => {
  test('[P-print] thickness: a value for every vertex of the STL as it is joined', async () => {
    const done = await mapOf({ kind: 'thickness' });
    expect(done.state).toBe('done');
    const map = meshMap.parse(done.result);
    const stl = readStl((await fetchBytes('GET', `/api/cases/${state.id}/meshes/${mesh.id}`)).bytes);
    if ('error' in stl) throw new RangeError(stl.error);
    expect(map.vertices).toBe(weld(stl.soup).positions.length / 3);
    const values = (await valuesOf(map)).filter((value) => !Number.isNaN(value)).sort();
    expect(values.length).toBeGreaterThan(map.vertices * 0.9);
    expect(values[0]).toBe(map.minMm);
    expect(values.at(-1)).toBe(map.maxMm);
    expect(map.minMm).toBeGreaterThan(0);
    const area = map.histogram.areaMm2.reduce((a, b) => a + b);
    expect(area).toBeGreaterThan(0.9 * mesh.report.areaMm2);
    expect(area).toBeLessThan(1.001 * mesh.report.areaMm2);
  });

  test('[P-finish] deviation: from the mask within the tolerance of smoothing, from itself nothing', async () => {
    const done = await mapOf({ kind: 'deviation' });
    expect(done.state).toBe('done');
    const map = meshMap.parse(done.result);
    const far = Math.max(...(await valuesOf(map)).map(Math.abs));
    expect(far).toBeGreaterThan(0.01);
    expect(far).toBeLessThanOrEqual((mesh.report.deviationMm?.max ?? 0) * 1.2 + 0.05);
    const itself = await mapOf({ kind: 'deviation', against: mesh.id });
    expect(Math.max(...(await valuesOf(itself.result)).map(Math.abs))).toBeLessThan(1e-3);
  });

  test('[P-print] what is not there is refused, and nothing is journalled', async () => {
    expect((await mapOf({ kind: 'thickness' }, 'nothing')).problem?.code).toBe('NOT_FOUND');
    expect((await mapOf({ kind: 'deviation', against: 'nothing' })).problem?.code).toBe('NOT_FOUND');
    expect((await fetchBytes('POST', `/api/cases/${state.id}/meshes/${mesh.id}/map`, { kind: 'colour' })).status).toBe(400);
    const now = JSON.parse(text((await fetchBytes('GET', `/api/cases/${state.id}`)).bytes)) as CaseState;
    expect(now.sequence).toBe(state.sequence);
  });
});

describe('comparison of mesh files', () => {
  test('[P-finish] a sphere within another: signs, and a PLY with colours', async () => {
    await writeFile(at('small.stl'), writeStl(sphere(5, 16), 'small'));
    await writeFile(at('large.stl'), writeStl(sphere(6, 16), 'large'));
    const done = await job<MeshComparison>('/api/compare-meshes', { a: at('large.stl'), b: at('small.stl'), out: at('map.ply') });
    expect(done.state).toBe('done');
    const told = meshComparison.parse(done.result);
    expect(told.path).toBe(at('map.ply'));
    expect(told.signedMm.mean).toBeGreaterThan(0.97);
    expect(told.signedMm.mean).toBeLessThan(1.05);
    expect(told.twoSidedMm.max).toBeLessThan(1.05);
    const ply = await readFile(at('map.ply'));
    const header = ply.subarray(0, ply.indexOf('end_header\n') + 11);
    expect(String(header)).toContain('property float deviation_mm');
    const vertices = Number(/element vertex (\d+)/.exec(String(header))?.[1]);
    expect(ply.length).toBe(header.length + vertices * 19 + Number(/element face (\d+)/.exec(String(header))?.[1]) * 13);
    expect(Math.abs(ply.readFloatLE(header.length + 12) - 1)).toBeLessThan(0.05);
    // Outside is red.
    expect(ply[header.length + 16]).toBe(255);
    expect(ply[header.length + 18]).toBeLessThan(64);
    const back = await job<MeshComparison>('/api/compare-meshes', { a: at('small.stl'), b: at('large.stl') });
    expect(back.result.signedMm.mean).toBeLessThan(-0.95);
    expect(back.result.path).toBeNull();
  });

  test('[P-finish] a model and the labelmap it came from', async () => {
    await job(`/api/cases/${state.id}/nifti`, { segment: null, path: at('mask.nii.gz') });
    await job(`/api/cases/${state.id}/export`, { mesh: mesh.id, path: at('model.stl'), unsigned: true, failed: true });
    const { bytes } = await fetchBytes('GET', `/api/cases/${state.id}/meshes/${mesh.id}`);
    await writeFile(at('model.stl'), bytes);
    const done = await job<MeshComparison>('/api/compare-meshes', { a: at('model.stl'), b: at('mask.nii.gz') });
    expect(done.state).toBe('done');
    expect(done.result.twoSidedMm.mean).toBeCloseTo(mesh.report.deviationMm?.mean ?? Number.NaN, 2);
  });

  test('[P-finish] refuses what is no mesh, has no surface or is not there', async () => {
    await writeFile(at('text.stl'), 'not a mesh at all');
    await writeFile(at('empty.stl'), writeStl({ positions: new Float64Array(0), triangles: new Uint32Array(0) }, 'empty'));
    await writeFile(
      at('nan.stl'),
      writeStl({ positions: Float64Array.of(0, 0, NaN, 1, 0, 0, 0, 1, 0), triangles: Uint32Array.of(0, 1, 2) }, 'nan'),
    );
    await writeFile(at('shell.stl'), writeStl(together(sphere(5, 8), sphere(4, 8, true)), 'shell'));
    const code = async (a: string, b: string) => (await job('/api/compare-meshes', { a: at(a), b: at(b) })).problem?.code;
    expect(await code('text.stl', 'shell.stl')).toBe('CORRUPT_FILE');
    expect(await code('shell.stl', 'text.stl')).toBe('CORRUPT_FILE');
    expect(await code('shell.stl', 'nowhere.stl')).toBe('NOT_FOUND');
    expect(await code('shell.stl', 'empty.stl')).toBe('EMPTY_SEGMENT');
    expect(await code('nan.stl', 'shell.stl')).toBe('MESH_INVALID_VERTEX');
    expect((await fetchBytes('POST', '/api/compare-meshes', { a: at('shell.stl'), b: at('shell.stl'), out: at('x.stl') })).status).toBe(
      400,
    );
  });
});

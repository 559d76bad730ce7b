import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { CaseState } from '../contract/case.ts';
import { encodeRuns, runsToText } from '../kernels/labels/runs.ts';
import { type Client, createClient } from './cli/client.ts';
import { createHost, type Host } from './host.ts';
import { writeNifti } from './ports/nifti-write.ts';

let folder = '';
let host: Host;
let client: Client;
const at = (name: string) => path.join(folder, name);
const steps = 1000;

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'lamina-steps-'));
  host = await createHost({ shell: 'cli', log: () => {} });
  client = createClient(host.service.fetch);
});
afterAll(async () => {
  await host.close();
  await rm(folder, { recursive: true, force: true });
});

test('[9.1-types] a thousand strokes are taken back one by one by name over a reopening, and done again, voxel for voxel', async () => {
  const geometry = {
    dimensions: [40, 40, 4] as [number, number, number],
    spacingMm: [1, 1, 1] as [number, number, number],
    originLps: [0, 0, 0] as [number, number, number],
    directionLps: [1, 0, 0, 0, 1, 0, 0, 0, 1] as [number, number, number, number, number, number, number, number, number],
  };
  await writeNifti(at('head.nii.gz'), { geometry, values: new Int16Array(6400) });
  const made = await client.job<{ case: CaseState }>('/api/import', { paths: [at('head.nii.gz')], folder: at('one.lamina') });
  let id = made.case.id;
  await client.job(`/api/cases/${id}/segments`, { name: 'Drawn', settings: { method: 'manual' } });
  const [segment] = (await client.get<CaseState>(`/api/cases/${id}`)).segments;
  const mask = async () => {
    const { path: file } = await client.get<{ path: string }>(`/api/cases/${id}/segments/${segment!.id}/labelmap`);
    return [...(await readFile(file))].flatMap((value, n) => (value ? [n] : []));
  };
  for (let n = 0; n < steps; n++)
    await client.send<CaseState>('POST', `/api/cases/${id}/strokes`, {
      segment: segment!.id,
      tool: 'brush',
      shape: 'circle',
      diameterMm: 1 + n / 100,
      gateHu: null,
      plane: 'axial',
      pathLps: [[n % 40, Math.floor(n / 40) % 40, 0]],
      voxels: 1,
      delta: { value: 1, runs: runsToText(encodeRuns([n])) },
    });
  const drawn = Array.from({ length: steps }, (_, n) => n);
  expect(await mask()).toEqual(drawn);
  await client.closeCases();
  id = await client.openCase(at('one.lamina'));
  for (let n = steps - 1; n >= 0; n--) {
    const { undo } = await client.get<CaseState>(`/api/cases/${id}`);
    expect(undo).toBe(`Brush ${Number((1 + n / 100).toFixed(2))} mm on Drawn`);
    await client.send('POST', `/api/cases/${id}/undo`, {});
    if (n % 250 === 0) expect(await mask()).toEqual(drawn.slice(0, n));
  }
  for (let n = 0; n < steps; n++) await client.send('POST', `/api/cases/${id}/redo`, {});
  expect(await mask()).toEqual(drawn);
}, 120_000);

import { existsSync, rmSync } from 'node:fs';
import path from 'node:path';
import type { CaseState } from '../../contract/case.ts';
import { createClient } from '../../electron/cli/client.ts';
import { createHost } from '../../electron/host.ts';
import { createCaseStore } from '../../electron/ports/case-store.ts';
import { writeNifti } from '../../electron/ports/nifti-write.ts';
import { strokeAct } from '../../electron/service/cases/acts.ts';
import { encodeRuns, runsToText } from '../../kernels/labels/runs.ts';
import type { VolumeGeometry } from '../../kernels/volume/geometry.ts';

/** Of the repository. */
export const root = path.resolve(import.meta.dirname, '..', '..');
/** Where the bench keeps its cases. */
export const work = path.join(root, '.cache', 'bench', 'feel');
/** A short run. */
export const few = process.argv.includes('--fewer');
export const say = (words: string) => process.stderr.write(`${words}\n`);

export const grid: VolumeGeometry = {
  dimensions: [512, 512, 256],
  spacingMm: [0.5, 0.5, 0.5],
  originLps: [-127.75, -127.75, -63.75],
  directionLps: [1, 0, 0, 0, 1, 0, 0, 0, 1],
};
export const radiusVoxels = 20;

/** A head of sorts: a bony shell round soft tissue in air, with noise of one seed. */
function phantom(): Int16Array {
  const [nx, ny, nz] = grid.dimensions;
  const values = new Int16Array(nx * ny * nz);
  let seed = 1;
  for (let k = 0, n = 0; k < nz; k++)
    for (let j = 0; j < ny; j++)
      for (let i = 0; i < nx; i++, n++) {
        seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
        const noise = (seed >>> 24) / 8 - 16;
        const far = Math.hypot((i - 255.5) / 200, (j - 255.5) / 230, (k - 127.5) / 120);
        values[n] = Math.round((far > 1 ? -1000 : far > 0.93 ? 1100 : 40) + noise);
      }
  return values;
}

/** Three cases made anew: with a painted bone, with the series alone, and with 10 000 entries. */
export async function cases(): Promise<{ painted: string; bare: string; long: string }> {
  const painted = path.join(work, 'painted.lamina');
  const bare = path.join(work, 'bare.lamina');
  const long = path.join(work, 'long.lamina');
  for (const folder of [painted, bare, long]) rmSync(folder, { recursive: true, force: true });
  const file = path.join(work, 'phantom.nii.gz');
  if (!existsSync(file)) {
    say('drawing the phantom');
    await writeNifti(file, { geometry: grid, values: phantom() });
  }
  process.env.LAMINA_CASES = path.join(work, 'cases');
  process.env.XDG_CONFIG_HOME = path.join(work, 'config');
  const host = await createHost({ shell: 'cli', log: () => {} });
  const client = createClient(host.service.fetch);
  for (const folder of [bare, painted, long]) {
    say(`importing into ${path.basename(folder)}`);
    const { case: made } = await client.job<{ case: CaseState }>('/api/import', { paths: [file], folder });
    if (folder !== bare)
      await client.job(`/api/cases/${made.id}/segments`, { name: 'Bone', settings: { method: 'threshold', lowHu: 700, highHu: null } });
  }
  await client.closeCases();
  await host.close();
  const store = createCaseStore({ now: () => new Date().toISOString(), who: 'bench' });
  const open = await store.open(long);
  const segment = open.state().segments[0];
  if (!segment) throw new Error('no segment');
  say('writing 10 000 entries');
  for (let n = open.entries().length; n < 10_000; n++) {
    const first = 512 * 512 * 128 + 512 * (200 + (n % 100)) + (n >> 7);
    const delta = { value: (n % 2) as 0 | 1, runs: runsToText(encodeRuns(Array.from({ length: 40 }, (_, v) => first + 512 * v))) };
    const brush = { tool: 'brush', shape: 'circle', diameterMm: 4, gateHu: null, edgeHu: null } as const;
    const place = { plane: 'axial', normalLps: null, inside: null, notOver: [], pathLps: [[0, 0, 0] as [number, number, number]] } as const;
    await open.append(
      strokeAct({
        ...brush,
        ...place,
        notOver: [],
        pathLps: [[0, 0, 0]],
        segment: segment.id,
        segmentName: segment.name,
        voxels: 40,
        delta,
      }),
    );
  }
  await open.close();
  return { painted, bare, long };
}

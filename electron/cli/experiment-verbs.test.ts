import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import type { ExperimentResult } from '../../contract/experiment.ts';
import { makePose } from '../../kernels/phantoms/pose.ts';
import { createRandom } from '../../kernels/phantoms/random.ts';
import { createHost, type Host } from '../host.ts';
import { writeNifti } from '../ports/nifti-write.ts';
import { createClient, JobFailed } from './client.ts';
import { experimentVerbs } from './experiment-verbs.ts';

let folder = '';
let host: Host;
const at = (...names: string[]) => path.join(folder, ...names);

/** Runs the verb over the real service and processes, as the command line does but in this process. */
async function lamina(...argv: string[]): Promise<Record<string, unknown>> {
  const { json } = await experimentVerbs.experiment!.run(createClient(host.service.fetch), argv);
  return json as Record<string, unknown>;
}

/** The problem that a command ends with. */
async function refused(...argv: string[]): Promise<{ status: number; code?: string | undefined }> {
  const error = await lamina(...argv).catch((cause: unknown) => cause);
  if (error instanceof JobFailed) return error.problem;
  throw new Error(`not refused by the service: ${error}`);
}

const threshold = (id: string, lowHu: number) => ({ id, title: `${lowHu} HU and above`, segment: { method: 'threshold', lowHu } });
const hysteresis = {
  id: 'hysteresis',
  title: 'Hysteresis',
  segment: { method: 'hysteresis', seedHu: 300, lowHu: 130 },
  variants: [
    { id: 'largest', title: 'Hysteresis, largest part', clean: [{ keep: 'largest' }] },
    { id: 'filled', title: 'Hysteresis, holes filled', clean: [{ fillHoles: true }] },
  ],
};
const base = { schema: 1, title: 'Tiny', size: 'small' };
async function write(name: string, experiment: object): Promise<string> {
  await writeFile(at(name), JSON.stringify(experiment));
  return at(name);
}
const resultOf = async (...names: string[]) => JSON.parse(await readFile(at(...names, 'experiment.json'), 'utf8')) as ExperimentResult;

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'lamina-cli-experiment-'));
  await mkdir(at('temporary'));
  vi.stubEnv('LAMINA_TEMP', at('temporary'));
  host = await createHost({ shell: 'cli', log: () => {} });
});
afterAll(async () => {
  await host.close();
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true, force: true });
});

/** One drawn head under thresholds and their variants: run once, for the tests that look at it. */
async function runDrawn() {
  const file = await write('drawn.json', { ...base, seeds: [3], methods: [threshold('a', 300), hysteresis], reference: 'a' });
  const printed = await lamina(file, '--out', at('drawn'));
  return { printed, result: await resultOf('drawn') };
}
let running: ReturnType<typeof runDrawn> | null = null;
function drawn() {
  running ??= runDrawn();
  return running;
}

// Heads are drawn and imported: a busy machine takes its time.
describe('[D.4-experiment] lamina experiment', { timeout: 300_000 }, () => {
  test('heads, methods and variants are all there, and nothing else is left', async () => {
    const { printed, result: a } = await drawn();
    expect((await readdir(at('drawn'))).sort()).toEqual(['experiment.csv', 'experiment.html', 'experiment.json', 'experiment.md']);
    expect(printed).toMatchObject({ path: at('drawn'), ...a });
    expect(Object.keys(a.summary)).toEqual(['a', 'hysteresis', 'largest', 'filled']);
    expect(a.heads.map((h) => h.seed)).toEqual([3]);
    expect(await readdir(at('temporary'))).toEqual([]);

    const head = a.heads[0]!.methods;
    // A seed at 300 HU grown from 130 HU holds what 300 HU holds, so it finds more walls; the largest part holds no more than the whole.
    expect(head.hysteresis!.thinWalls.exact!).toBeGreaterThan(head.a!.thinWalls.exact!);
    expect(head.hysteresis!.thin.dsc!).toBeGreaterThan(head.a!.thin.dsc!);
    const size = (id: string) => head[id]!.whole.voxels.tp + head[id]!.whole.voxels.fp;
    expect(size('largest')).toBeLessThan(size('hysteresis'));
    // The second variant starts from the method again, not from the first variant.
    expect(size('filled')).toBeGreaterThanOrEqual(size('hysteresis'));
    expect(a.wording).toBe('trained on procedural phantoms only; not validated on patients; validate locally');
    expect(a).toMatchObject({ synthetic: true, networks: [] });
  });

  test('[M-unet] a network is run as users run it, named by its hash, and its training is told', async () => {
    // A small box is enough to see that the network ran, and where.
    const [x, y, z] = makePose(createRandom(3, 1)).toLps(0, 16, 0);
    const segment = { method: 'unet', roiLps: [x - 30, y - 25, z - 8, x + 30, y + 25, z + 8] };
    const methods = [threshold('a', 300), { id: 'b', title: 'B', segment }];
    const file = await write('network.json', { ...base, seeds: [3], methods });
    await lamina(file, '--out', at('network'));
    const { methods: ran, networks, heads, summary } = await resultOf('network');
    const card = JSON.parse(await readFile(path.join(import.meta.dirname, '..', '..', 'models', 'unet-b', 'card.json'), 'utf8'));
    expect(ran[1]).toMatchObject({ models: [{ id: 'unet-b', sha256: card.file.sha256 }] });
    const { steps, stepsPlanned, complete, seed } = card.training;
    expect(networks).toEqual([
      { id: 'unet-b', sha256: card.file.sha256, wording: card.wording, training: { steps, stepsPlanned, complete, seed } },
    ]);
    expect(steps).toBeGreaterThan(0);
    // One seed is one head, whichever experiment draws it.
    const { methods: of, ...same } = (await drawn()).result.heads[0]!;
    expect(heads[0]).toMatchObject({ ...same, methods: { a: of.a } });
    expect(heads[0]!.methods.b!.whole.voxels.tp).toBeGreaterThan(200);
    expect(heads[0]!.methods.b!.whole.voxels.tp).toBeLessThan(heads[0]!.methods.a!.whole.voxels.tp);
    expect(summary.b!.whole.dsc).toMatchObject({ heads: 1, sd: null, interval95: null });
    const html = await readFile(at('network', 'experiment.html'), 'utf8');
    expect(html).toContain(card.file.sha256);
    expect(html).toContain(`<td>${steps} of ${stepsPlanned}</td><td>${complete ? 'yes' : 'no'}</td><td>${seed}</td>`);
  });

  test('pairs of NIfTI files are heads too, found from where the experiment lies, and not called synthetic; two runs differ in times alone', async () => {
    const geometry = {
      dimensions: [32, 30, 12] as [number, number, number],
      spacingMm: [1, 1, 2] as [number, number, number],
      originLps: [0, 0, 0] as [number, number, number],
      directionLps: [1, 0, 0, 0, 1, 0, 0, 0, 1] as [number, number, number, number, number, number, number, number, number],
    };
    const hu = Int16Array.from({ length: 32 * 30 * 12 }, (_, n) => (n % 32 > 8 && n % 32 < 20 ? 900 : n % 32 < 4 ? -1000 : 40));
    await mkdir(at('pairs'));
    await writeNifti(at('pairs', 'ct.nii.gz'), { geometry, values: hu });
    await writeNifti(at('pairs', 'truth.nii.gz'), { geometry, values: Uint8Array.from(hu, (v) => (v === 900 ? 1 : 0)) });
    const pairs = [{ name: 'block', image: 'ct.nii.gz', truth: 'truth.nii.gz' }];
    const methods = [threshold('a', 300), threshold('nothing', 3300)];
    const file = await write(path.join('pairs', 'file.json'), { schema: 1, title: 'Pairs', pairs, methods, reference: 'a' });
    await lamina(file, '--out', at('of-pairs'));
    await lamina(file, '--out', at('again'));
    const result = await resultOf('of-pairs');
    expect({ ...(await resultOf('again')), times: null }).toEqual({ ...result, times: null });
    const { heads, synthetic, summary } = result;
    expect(synthetic).toBe(false);
    expect(heads[0]).toMatchObject({ name: 'block', seed: null, dimensions: [32, 30, 12] });
    expect(heads[0]!.methods.a!.whole).toMatchObject({ dsc: 1, hd95Mm: 0 });
    expect(summary.a!.thinWalls.exact.heads).toBe(0);
    expect(summary.nothing!.whole).toMatchObject({
      dsc: { mean: 0, meanFound: null, heads: 1, missed: 1 },
      hd95Mm: { mean: null, missed: 1 },
    });
    expect(result.differences!.methods.nothing!.dsc).toMatchObject({ mean: -1, missed: 1 });
    expect(await readFile(at('of-pairs', 'experiment.html'), 'utf8')).not.toContain('Synthetic figures');
  });

  test('a full folder, a file that is none, and heads or methods named twice are refused before anything is run', async () => {
    await mkdir(at('full'));
    await writeFile(at('full', 'mine.txt'), 'mine');
    const good = { ...base, seeds: [3], methods: [threshold('a', 300)] };
    expect(await refused(await write('good.json', good), '--out', at('full'))).toMatchObject({ code: 'OUTPUT_NOT_WRITABLE' });
    expect(await readdir(at('full'))).toEqual(['mine.txt']);
    for (const bad of [
      { ...good, seeds: [3, 3] },
      { ...good, seeds: [] },
      { ...good, reference: 'b' },
      { ...good, methods: [threshold('a', 300), threshold('a', 200)] },
      { ...good, methods: [{ ...threshold('a', 300), segment: { method: 'guess' } }] },
    ])
      expect(await refused(await write('bad.json', bad), '--out', at('bad'))).toMatchObject({ status: 400 });
    await expect(lamina(at('absent.json'), '--out', at('bad'))).rejects.toThrow(/cannot be read/);
    await expect(lamina('--out', at('bad'))).rejects.toThrow(/name one experiment file/);
    expect(existsSync(at('bad'))).toBe(false);
  });

  test('stopped in the middle, it leaves no folder and no head behind', async () => {
    const file = await write('long.json', { ...base, seeds: [1, 2], methods: [threshold('a', 300), hysteresis] });
    // A network that was deployed keeps its known answers there until the program ends.
    const before = await readdir(at('temporary'));
    const client = createClient(host.service.fetch);
    const running = experimentVerbs.experiment!.run(client, [file, '--out', at('stopped')]).catch((cause: unknown) => cause);
    // The first case stands: a head is drawn and imported.
    const deep = async () => (await readdir(at('temporary'), { recursive: true })).some((name) => name.includes('journal'));
    await expect.poll(deep, { timeout: 100_000 }).toBe(true);
    client.cancelRunning();
    expect(await running).toBeInstanceOf(JobFailed);
    expect(existsSync(at('stopped'))).toBe(false);
    expect(await readdir(at('temporary'))).toEqual(before);
    expect((await readdir(folder)).filter((name) => name.endsWith('.tmp'))).toEqual([]);
  });
});

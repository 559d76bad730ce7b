import { createHash } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Refusal } from '../../contract/errors.ts';
import { modelEntry } from '../../contract/model.ts';
import { modelsFolder } from '../models-folder.ts';
import { identityModel } from '../ports/onnx/onnx-writer.fixture.ts';
import { forkNodeChild } from './child.ts';
import { createInference, type Inference } from './inference/client.ts';
import { bytesOf, convolved, writePackage } from './models.fixture.ts';
import { createModels, type ModelsOptions } from './models.ts';
import { createCompute } from './pool.ts';

let folder = '';
const logged: string[] = [];
const compute = createCompute(forkNodeChild, () => {});
const making: ReturnType<typeof createModels>[] = [];
function modelsIn(packages: string, options: Partial<ModelsOptions> = {}) {
  const made = createModels({
    folder: packages,
    fork: forkNodeChild,
    compute,
    log: (line) => logged.push(line),
    provider: 'cpu',
    platform: 'linux',
    ...options,
  });
  making.push(made);
  return made;
}
const models = modelsIn(modelsFolder());

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'lamina-models-'));
});
afterAll(async () => {
  for (const made of making) await made.close();
  compute.close();
  await rm(folder, { recursive: true, force: true });
});

const fresh = () => mkdtemp(path.join(folder, 'f-'));
const floats = async (file: string) => {
  const bytes = await readFile(file);
  return new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length));
};
const largest = (a: Float32Array, b: Float32Array) => a.reduce((most, v, n) => Math.max(most, Math.abs(v - b[n]!)), 0);
type Region = { path: string; dimensions: [number, number, number] };

/** The known answer's input as a region: HU, W fastest. */
async function region(): Promise<Region> {
  const file = path.join(await fresh(), 'region.f32');
  await writeFile(file, await readFile(path.join(modelsFolder(), 'parity', 'orbit', 'hu.bin')));
  return { path: file, dimensions: [82, 66, 5] };
}
/** Numbers from 0 to 1 for the convolution of the fixture. */
async function noise(dimensions: [number, number, number]): Promise<Region & { values: Float32Array }> {
  const file = path.join(await fresh(), 'noise.f32');
  const values = Float32Array.from({ length: dimensions[0] * dimensions[1] * dimensions[2] }, (_, n) => ((n * 7919) % 1009) / 1009);
  await writeFile(file, bytesOf(values));
  return { path: file, dimensions, values };
}
async function largeRegion(): Promise<Region> {
  const file = path.join(await fresh(), 'large.f32');
  await writeFile(file, new Uint8Array(4 * 256 * 224 * 60));
  return { path: file, dimensions: [256, 224, 60] };
}

describe('deployment process', () => {
  test.each(['orbit', 'unet-b', 'unet-c-cortical', 'unet-c-thin'])(
    '[12-package] [12-process] [12-environment] %s answers here what it answered where it was made, and is enabled',
    async (id) => {
      const entry = await models.deploy(id);
      expect(modelEntry.parse(entry)).toEqual(entry);
      expect(entry).toMatchObject({ id, state: 'enabled', provider: 'cpu', reasons: [] });
      expect(entry.steps.map((s) => `${s.step} ${s.state}`)).toEqual([
        'load passed',
        'contract passed',
        'known-answer passed',
        'environment passed',
      ]);
      expect(entry.wording).toBe('trained on procedural phantoms only; not validated on patients; validate locally');
      expect(entry.risks.length).toBeGreaterThan(2);
    },
  );

  test('[12-process] whoever asks at the same time waits for the same process; a package that is enabled is answered at once', async () => {
    const packages = await fresh();
    await writePackage(packages);
    let orders = 0;
    const real = createInference(forkNodeChild, () => {});
    const counting: Inference = {
      ...real,
      close: () => real.close(),
      order: (name, input, options) => {
        orders++;
        return real.order(name, input, options);
      },
    };
    const own = modelsIn(packages, { inference: counting });
    expect((await own.list()).map((e) => e.state)).toEqual(['found']);
    const heard: string[] = [];
    const both = await Promise.all([own.deploy('tiny'), own.deploy('tiny', { onProgress: (_, note) => heard.push(note) })]);
    expect(both.map((e) => e.state)).toEqual(['enabled', 'enabled']);
    expect(orders).toBe(2);
    expect(heard).toEqual(['load', 'contract', 'known-answer', 'environment'].map((step) => `tiny: ${step} passed`));
    await own.deploy('tiny');
    expect(orders).toBe(2);
    expect((await own.list()).map((e) => e.state)).toEqual(['enabled']);
  });

  test.each([
    ['brings none', null, 'INVALID_MODEL'],
    ['does not give', 'wrong', 'INVALID_MODEL_OUTPUT'],
  ] as const)('[12-process] a package that %s its known answer is refused and never run', async (_, knownAnswer, code) => {
    const packages = await fresh();
    await writePackage(packages, { knownAnswer });
    const own = modelsIn(packages);
    const entry = await own.deploy('tiny');
    expect(entry).toMatchObject({ state: 'refused', reasons: [{ code }], provider: null });
    expect(entry.steps.map((s) => s.state)).toEqual(['passed', 'passed', 'failed', 'waiting']);
    await expect(own.run({ model: 'tiny', input: await noise([9, 9, 9]), mirror: false, into: packages })).rejects.toMatchObject({ code });
  });

  test('[12-process] a damaged package is listed as refused, with why', async () => {
    const packages = await fresh();
    const into = await writePackage(packages);
    await writeFile(path.join(into, 'model.onnx'), identityModel());
    const own = modelsIn(packages);
    const [listed] = await own.list();
    expect(listed?.state).toBe('refused');
    expect(listed?.reasons.map((r) => r.code)).toEqual(['INVALID_MODEL', 'MODEL_SHAPE_MISMATCH', 'MODEL_SHAPE_MISMATCH']);
    expect((await own.deploy('tiny')).steps[0]).toMatchObject({ step: 'load', state: 'failed' });
  });

  test('[12-package] a package that was exchanged after it was enabled does not run until it was deployed again', async () => {
    const packages = await fresh();
    const into = await writePackage(packages);
    const own = modelsIn(packages);
    const input = await noise([9, 9, 9]);
    await own.run({ model: 'tiny', input, mirror: false, into: packages });
    const good = await readFile(path.join(into, 'model.onnx'));
    await writeFile(path.join(into, 'model.onnx'), identityModel());
    await expect(own.run({ model: 'tiny', input, mirror: false, into: packages })).rejects.toMatchObject({
      code: 'INVALID_MODEL',
      message: expect.stringMatching(/has changed/),
    });
    expect((await own.list())[0]?.state).toBe('refused');
    await writeFile(path.join(into, 'model.onnx'), good);
    expect((await own.deploy('tiny')).state).toBe('enabled');
  });

  test.each(['net.onnx', path.join('parity', 'hu.bin')])('[12-package] %s changed on the disk is seen in the next list', async (file) => {
    const packages = await fresh();
    const into = await writePackage(packages, { file: 'net.onnx' });
    const own = modelsIn(packages);
    expect((await own.list()).map((e) => e.state)).toEqual(['found']);
    const bytes = await readFile(path.join(into, file));
    await writeFile(path.join(into, file), bytes.subarray(1));
    expect(await own.list()).toMatchObject([{ state: 'refused', reasons: [{ code: 'INVALID_MODEL' }] }]);
    await writeFile(path.join(into, file), bytes);
    expect((await own.deploy('tiny')).state).toBe('enabled');
  });

  test('a package that is not there is NOT_FOUND, whatever its name', async () => {
    for (const id of ['nobody', '../orbit', 'parity', '']) await expect(models.deploy(id)).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await expect(models.card('nobody')).rejects.toMatchObject({ code: 'NOT_FOUND' });
    expect((await models.card('orbit')).input.haloSlices).toBe(2);
  });
});

describe('runs', () => {
  test('[12-process] the probability of bone of the known answer is one minus its background', async () => {
    const into = await fresh();
    const made = await models.run({ model: 'orbit', input: await region(), mirror: false, into });
    const known = await floats(path.join(modelsFolder(), 'parity', 'orbit', 'probability.bin'));
    const got = await floats(made.probability.path);
    expect(got.length).toBe(82 * 66 * 5);
    expect(
      largest(
        got,
        Float32Array.from(known.subarray(0, got.length), (p) => 1 - p),
      ),
    ).toBeLessThan(1e-4);
    expect(made.probability.sha256).toBe(
      createHash('sha256')
        .update(await readFile(made.probability.path))
        .digest('hex'),
    );
    expect(made).toMatchObject({ provider: 'cpu', tiles: 1, spread: null, model: { id: 'orbit' } });
    expect(made.providerReason).toMatch(/LAMINA_PROVIDER is cpu/);
  });

  test('[12-process] mirrored: the mean of both and half their difference', async () => {
    const into = await fresh();
    const input = await region();
    const plain = await floats((await models.run({ model: 'orbit', input, mirror: false, into })).probability.path);
    const made = await models.run({ model: 'orbit', input, mirror: true, into });
    const [mean, spread] = [await floats(made.probability.path), await floats(made.spread!.path)];
    // The plain answer lies one spread away from the mean, on one side or the other.
    expect(
      largest(
        Float32Array.from(mean, (m, n) => Math.abs(plain[n]! - m)),
        spread,
      ),
    ).toBeLessThan(1e-6);
    expect(Math.max(...spread)).toBeGreaterThan(0);
  });

  test('[12-environment] many tiles answer as one does, and both as the oracle', async () => {
    const packages = await fresh();
    const input = await noise([45, 37, 12]);
    const results: Float32Array[] = [];
    for (const [id, widestFloatsPerVoxel] of [
      ['whole', 2],
      // 512 MiB at this width leave less than 2000 voxels a tile.
      ['cut', 70_000],
    ] as const) {
      await writePackage(packages, { id, widestFloatsPerVoxel });
      const made = await modelsIn(packages).run({ model: id, input, mirror: false, into: packages });
      expect(made.tiles)[id === 'whole' ? 'toBe' : 'toBeGreaterThan'](id === 'whole' ? 1 : 10);
      results.push(await floats(made.probability.path));
    }
    expect(largest(results[0]!, results[1]!)).toBeLessThan(1e-6);
    expect(largest(results[1]!, convolved(input.values, input.dimensions))).toBeLessThan(1e-5);
  });

  test('[12-environment] a network whose least tile is above the bound is refused when it is deployed', async () => {
    const packages = await fresh();
    await writePackage(packages, { widestFloatsPerVoxel: 1e6 });
    expect(await modelsIn(packages).deploy('tiny')).toMatchObject({ state: 'refused', reasons: [{ code: 'OUT_OF_MEMORY' }] });
  });

  test('[12-environment] a provider that dies in mid-run is left for the next one, and the result says so', async () => {
    const packages = await fresh();
    await writePackage(packages);
    const real = createInference(forkNodeChild, () => {});
    const asked: string[] = [];
    // Stands for a graphics provider: answers the known answer rightly, then takes its process along in the run.
    const flaky: Inference = {
      ...real,
      close: () => real.close(),
      order: (name, input, options) => {
        asked.push(`${name} ${input.provider}`);
        if (input.provider === 'cuda')
          return Promise.reject(new Refusal('INVALID_MODEL', 'cuda cannot be had on this machine: no driver.'));
        if (input.provider === 'webgpu' && name === 'run') return Promise.reject(new Refusal('PROCESS_DIED', 'The process ended.'));
        return real.order(name, { ...input, provider: 'cpu' }, options);
      },
    };
    const own = modelsIn(packages, { inference: flaky, provider: null });
    expect(await own.deploy('tiny')).toMatchObject({ state: 'enabled', provider: 'webgpu' });
    const input = await noise([9, 9, 9]);
    logged.length = 0;
    const made = await own.run({ model: 'tiny', input, mirror: false, into: packages });
    expect(made.provider).toBe('cpu');
    expect(made.providerReason).toBe('CUDA: no NVIDIA graphics card or driver was found. WebGPU: failed in mid-run, its process ended.');
    expect(logged.join()).toMatch(/webgpu failed in mid-run/);
    expect((await own.list())[0]?.providers.map((p) => p.state)).toEqual(['refused', 'refused', 'chosen']);
    expect(asked.filter((a) => a.startsWith('run'))).toEqual(['run webgpu', 'run cpu']);
    expect(largest(await floats(made.probability.path), convolved(input.values, input.dimensions))).toBeLessThan(1e-5);
  });

  test('[12-environment] the ladder of this machine, for real: what ran, and why nothing above it', async () => {
    const packages = await fresh();
    await writePackage(packages);
    const entry = await modelsIn(packages, { provider: null, platform: process.platform }).deploy('tiny');
    expect(entry.state).toBe('enabled');
    const at = entry.providers.findIndex((p) => p.state === 'chosen');
    expect(entry.providers[at]).toMatchObject({ provider: entry.provider, milliseconds: expect.any(Number) });
    // What is kept with a case are plain sentences: none of the runtime's own words.
    expect(entry.steps.at(-1)?.note).not.toMatch(/::|\.cc|<|\(\)/);
    for (const above of entry.providers.slice(0, at))
      expect(above).toMatchObject({ state: 'refused', note: expect.stringMatching(/\w{4}/) });
  });

  test('[12-process] a cancelled run leaves nothing, and the next one runs', async () => {
    const into = await fresh();
    const controller = new AbortController();
    const work = models.run(
      { model: 'orbit', input: await largeRegion(), mirror: false, into },
      { signal: controller.signal, onProgress: () => setTimeout(() => controller.abort(), 300) },
    );
    await expect(work).rejects.toMatchObject({ name: 'AbortError' });
    expect(await readdir(into)).toEqual([]);
    await expect(models.run({ model: 'orbit', input: await region(), mirror: false, into })).resolves.toMatchObject({ tiles: 1 });
  });

  test('[12-process] a run that waits for another one is cancelled at once', async () => {
    const into = await fresh();
    const first = new AbortController();
    const second = new AbortController();
    await models.deploy('unet-b');
    const running = models.run(
      { model: 'orbit', input: await largeRegion(), mirror: false, into },
      { signal: first.signal, onProgress: () => second.abort() },
    );
    const queued = models.run({ model: 'unet-b', input: await region(), mirror: false, into }, { signal: second.signal });
    await expect(queued).rejects.toMatchObject({ name: 'AbortError' });
    first.abort();
    await expect(running).rejects.toMatchObject({ name: 'AbortError' });
    expect(await readdir(into)).toEqual([]);
  });

  test('[12-process] killed in mid-run: a refusal with its remedy, nothing left, and the next run gives the same bytes', async () => {
    const into = await fresh();
    const input = await region();
    const before = await models.run({ model: 'orbit', input, mirror: false, into: await fresh() });
    // Once, and this one: a later word of progress must not end the process that comes after it.
    let doomed: number | undefined;
    const work = models.run(
      { model: 'orbit', input: await largeRegion(), mirror: false, into },
      {
        onProgress: () => {
          if (doomed !== undefined) return;
          doomed = models.pid as number;
          setTimeout(process.kill, 200, doomed, 'SIGKILL');
        },
      },
    );
    await expect(work).rejects.toMatchObject({ code: 'PROCESS_DIED', message: expect.stringMatching(/run the network again/) });
    expect(await readdir(into)).toEqual([]);
    expect((await models.run({ model: 'orbit', input, mirror: false, into })).probability.sha256).toBe(before.probability.sha256);
  });
});

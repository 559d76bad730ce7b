import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { forkNodeChild } from './child.ts';
import { createCompute } from './pool.ts';
import type { VolumeFile } from './protocol.ts';

let folder = '';
let volume: VolumeFile;
let compute: ReturnType<typeof createCompute>;
const logged: string[] = [];

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'lamina-pool-'));
  const values = new Int16Array(64 ** 3).fill(-1000).fill(500, 1000, 5000);
  volume = {
    dimensions: [64, 64, 64],
    spacingMm: [1, 1, 1],
    originLps: [0, 0, 0],
    directionLps: [1, 0, 0, 0, 1, 0, 0, 0, 1],
    path: path.join(folder, 'v.raw'),
    dtype: 'int16',
  };
  await writeFile(volume.path, new Uint8Array(values.buffer));
  logged.length = 0;
  compute = createCompute(forkNodeChild, (line) => logged.push(line));
});
afterEach(async () => {
  delete process.env.LAMINA_TEST_FAULT;
  compute.close();
  await rm(folder, { recursive: true, force: true });
});

const segment = (signal?: AbortSignal) =>
  compute.run('segment', { volume, settings: { method: 'threshold', lowHu: 200, highHu: null }, into: folder }, { signal });

describe('compute process', () => {
  test('runs a task in another process', async () => {
    const result = await segment();
    expect(result.voxels).toBe(4000);
    expect(compute.pid).not.toBe(process.pid);
  });

  test('a refusal crosses with its code', async () => {
    await expect(compute.run('decode', { path: path.join(folder, 'v.raw') })).rejects.toMatchObject({
      name: 'Refusal',
      code: expect.any(String),
    });
  });

  test('its death is a refusal of the work in hand, and the next work starts another', async () => {
    process.env.LAMINA_TEST_FAULT = 'die:segment';
    await expect(segment()).rejects.toMatchObject({ code: 'PROCESS_DIED' });
    delete process.env.LAMINA_TEST_FAULT;
    expect((await segment()).voxels).toBe(4000);
  });

  test('[7.2-dicom] a reader that hangs is ended and refused, and the next one is served', async () => {
    process.env.LAMINA_TEST_FAULT = 'hang:decode';
    await expect(compute.run('decode', { path: volume.path })).rejects.toMatchObject({ code: 'CORRUPT_FILE' });
    expect((await segment()).voxels).toBe(4000);
  });

  test('an input that ends it three times is not tried a fourth time', async () => {
    process.env.LAMINA_TEST_FAULT = 'die:decode';
    const decode = () => compute.run('decode', { path: '/some/file' });
    for (let n = 0; n < 3; n++) await expect(decode()).rejects.toMatchObject({ code: 'PROCESS_DIED' });
    delete process.env.LAMINA_TEST_FAULT;
    await expect(decode()).rejects.toThrow(/3 times/);
  });

  test('a cancelled task ends as AbortError, and the process goes on', async () => {
    const controller = new AbortController();
    const work = compute.run(
      'phantom',
      { seed: 1, into: path.join(folder, 'p'), size: 'full' },
      { signal: controller.signal, onProgress: () => controller.abort() },
    );
    await expect(work).rejects.toMatchObject({ name: 'AbortError' });
    expect((await segment()).voxels).toBe(4000);
  });

  test('a task cancelled before it has begun writes nothing', async () => {
    await segment();
    const before = (await readdir(folder)).sort();
    const controller = new AbortController();
    const work = compute.run('phantom', { seed: 1, into: path.join(folder, 'p'), size: 'small' }, { signal: controller.signal });
    controller.abort();
    await expect(work).rejects.toMatchObject({ name: 'AbortError' });
    expect((await segment()).voxels).toBe(4000);
    expect((await readdir(folder)).filter((name) => !name.startsWith('staged-'))).toEqual(
      before.filter((name) => !name.startsWith('staged-')),
    );
  });
});

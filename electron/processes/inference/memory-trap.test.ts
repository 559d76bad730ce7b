import { execFileSync, fork } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { modelsFolder } from '../../models-folder.ts';
import { greedyModel } from '../../ports/onnx/onnx-writer.fixture.ts';
import { type ForkChild, forkNodeChild } from '../child.ts';
import { bytesOf, convolved, writePackage } from '../models.fixture.ts';
import { createModels } from '../models.ts';
import { createCompute } from '../pool.ts';

/** A C compiler and GNU libc; elsewhere the trap cannot be built, and this is proved where it can. */
const compiler = (() => {
  if (process.platform !== 'linux') return null;
  try {
    execFileSync('cc', ['-dumpmachine'], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
    return /gnu/.test(execFileSync('cc', ['-dumpmachine'], { encoding: 'utf8' })) ? 'cc' : null;
  } catch {
    return null;
  }
})();

describe.skipIf(!compiler)('an allocator that ends the process at 1 GiB, as Electron has', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'lamina-trap-'));
  const library = path.join(folder, 'trap.so');
  const report = path.join(folder, 'largest');
  const compute = createCompute(forkNodeChild, () => {});
  const trapped =
    (bound: number): ForkChild =>
    (entry) => {
      const child = fork(entry, [], {
        serialization: 'advanced',
        execArgv: process.execArgv,
        env: { PATH: process.env.PATH, LD_PRELOAD: library, LAMINA_TRAP_REPORT: report, LAMINA_TRAP_ALIGNED: String(bound) },
        stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
      });
      return {
        pid: child.pid,
        postMessage: (message) => child.connected && child.send(message as object),
        onMessage: (listener) => child.on('message', listener),
        onExit: (listener) => child.on('exit', listener),
        kill: () => child.kill('SIGKILL'),
      };
    };
  const models = createModels({ folder: modelsFolder(), fork: trapped(2 ** 30), compute, log: () => {}, provider: 'cpu' });
  beforeAll(() => {
    const source = path.join(import.meta.dirname, 'memory-trap.fixture.c');
    execFileSync(compiler!, ['-shared', '-fPIC', '-O1', '-fno-builtin', '-o', library, source]);
  });
  afterAll(() => {
    void models.close();
    compute.close();
    rmSync(folder, { recursive: true, force: true });
  });

  test('[12-environment] the largest tile of a network runs under it, and no request is above what its card says', async () => {
    const card = await models.card('orbit');
    // Three slices of halo and kept ones are enough to see the widest layer; a tile of 24 is the same, eight times longer.
    const voxels = 256 * 224 * 3;
    const input = path.join(folder, 'region.f32');
    writeFileSync(input, new Uint8Array(4 * voxels));
    const made = await models.run({ model: 'orbit', input: { path: input, dimensions: [256, 224, 3] }, mirror: false, into: folder });
    expect(made.tiles).toBe(1);
    const largest = Number(readFileSync(report).readBigUInt64LE());
    expect(largest).toBeGreaterThan(4 * 16 * voxels);
    expect(largest).toBeLessThanOrEqual(4 * card.memory.widestFloatsPerVoxel * voxels);
  });

  test('[12-environment] a run whose request ends the process is tried once more in smaller tiles, with the same answer, and says so', async () => {
    const packages = mkdtempSync(path.join(folder, 'packages-'));
    await writePackage(packages);
    const dimensions: [number, number, number] = [128, 128, 16];
    const values = Float32Array.from({ length: 128 * 128 * 16 }, (_, n) => ((n * 7919) % 1009) / 1009);
    const input = path.join(packages, 'noise.f32');
    writeFileSync(input, bytesOf(values));
    const logged: string[] = [];
    // The answer of the whole region takes 2 MiB in one piece.
    const own = createModels({
      folder: packages,
      fork: trapped(1.5 * 2 ** 20),
      compute,
      log: (line) => logged.push(line),
      provider: 'cpu',
    });
    try {
      const made = await own.run({ model: 'tiny', input: { path: input, dimensions }, mirror: false, into: packages });
      expect(made.tiles).toBeGreaterThan(1);
      expect(made.providerReason).toMatch(/ran again in \d+ smaller tiles/);
      expect(logged.join()).toMatch(/SIGTRAP.*smaller tiles/);
      const got = readFileSync(made.probability.path);
      const answer = new Float32Array(got.buffer.slice(got.byteOffset, got.byteOffset + got.length));
      const wanted = convolved(values, dimensions);
      expect(answer.reduce((most, v, n) => Math.max(most, Math.abs(v - wanted[n]!)), 0)).toBeLessThan(1e-5);
    } finally {
      await own.close();
    }
  });

  test('the trap bites: a model that asks for more ends its process, and is refused', async () => {
    const file = path.join(folder, 'large.onnx');
    writeFileSync(file, greedyModel(300_000_000n));
    const { outcome, reasons } = await models.check(file);
    expect(outcome).toBe('reject');
    expect(reasons[0]?.message).toMatch(/ended the process/);
  });
});

import { createHash } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { InferenceAnswer, Orders } from './orders.ts';
import { serveInference } from './serve.ts';
import type { ModelSession, OpenSession, Tensor } from './session.ts';
import { planTiles } from './tiles.ts';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'lamina-serve-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** A stand-in for the runtime: bone where a number is given, one class of two. */
const session = (answer: (input: Tensor) => Promise<Record<string, Tensor>> | Record<string, Tensor>): ModelSession => ({
  run: async (input) => answer(input),
  release: async () => {},
});
const twoClasses = ({ values, dimensions }: Tensor): Record<string, Tensor> => {
  const out = new Float32Array(2 * values.length);
  for (const [n, value] of values.entries()) {
    const bone = Math.min(1, Math.max(0, value / 1000));
    out[n] = 1 - bone;
    out[values.length + n] = bone;
  }
  return { probability: { values: out, dimensions: [1, 2, ...dimensions.slice(2)] } };
};

async function runOrder(
  open: OpenSession,
  options: { mirror?: boolean; bound?: number; cancelAt?: number; sha256?: string } = {},
): Promise<{ last: InferenceAnswer; all: InferenceAnswer[]; input: Float32Array; order: Orders['run']['in'] }> {
  const dimensions: [number, number, number] = [20, 16, 9];
  const input = Float32Array.from({ length: 20 * 16 * 9 }, (_, n) => ((n * 7919) % 1500) - 200);
  await writeFile(path.join(folder, 'input.f32'), new Uint8Array(input.buffer));
  await writeFile(path.join(folder, 'model.onnx'), 'a model');
  const card = { memory: { widestFloatsPerVoxel: 1 }, input: { haloSlices: 1, haloPixels: 1, leastTilePixels: 4 } };
  const order: Orders['run']['in'] = {
    model: {
      path: path.join(folder, 'model.onnx'),
      sha256: options.sha256 ?? createHash('sha256').update('a model').digest('hex'),
      inputName: 'hu',
      external: false,
    },
    provider: 'cpu',
    input: { path: path.join(folder, 'input.f32'), dimensions },
    tiles: planTiles(dimensions, card, options.bound ?? 4 * 400),
    bone: { output: 'probability', channels: 2, channel: 1, background: false },
    mirror: options.mirror ?? false,
    probability: path.join(folder, 'p.f32'),
    spread: options.mirror ? path.join(folder, 's.f32') : null,
  };
  const all: InferenceAnswer[] = [];
  const last = await new Promise<InferenceAnswer>((resolve) => {
    const receive = serveInference(open, (answer) => {
      all.push(answer);
      if (answer.kind !== 'progress') return resolve(answer);
      if (all.length === options.cancelAt) receive({ kind: 'cancel', id: 1 });
    });
    receive({ kind: 'run', id: 1, order: 'run', input: order });
  });
  return { last, all, input, order };
}
const left = async () => (await readdir(folder)).sort();

describe('inference process without its runtime', () => {
  test.each([false, true])('writes every voxel of the region, mirrored: %s', async (mirror) => {
    const { last, input, order } = await runOrder(async () => session(twoClasses), { mirror });
    expect(last).toMatchObject({ kind: 'done' });
    expect(order.tiles.length).toBeGreaterThan(3);
    const bytes = await readFile(order.probability);
    const got = new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length));
    // The stand-in knows no left and right, so the mean of both is the answer itself and the spread nothing.
    expect([...got]).toEqual([...input].map((v) => Math.fround(Math.min(1, Math.max(0, v / 1000)))));
    if (mirror) expect([...new Float32Array((await readFile(order.spread!)).buffer.slice(0, 16))]).toEqual([0, 0, 0, 0]);
  });

  test('says tile by tile how far it is and how long it will take', async () => {
    const { all, order } = await runOrder(async () => session(twoClasses));
    const notes = all.flatMap((a) => (a.kind === 'progress' ? [a.note] : []));
    expect(notes.length).toBe(order.tiles.length);
    expect(notes[0]).toBe(`Tile 1 of ${order.tiles.length} on cpu`);
    expect(notes[1]).toMatch(/^Tile 2 of \d+ on cpu, about \d+ s left$/);
  });

  const spoilt = (spoil: (t: Tensor) => Tensor) => async () => {
    let runs = 0;
    return session((input) => {
      const { probability } = twoClasses(input);
      return { probability: ++runs === 3 ? spoil(probability!) : probability! };
    });
  };
  const withValue = (value: number) => (t: Tensor) => ({ ...t, values: t.values.fill(value, t.values.length - 1) });
  test.each([
    ['NaN', withValue(Number.NaN)],
    ['infinity', withValue(Number.POSITIVE_INFINITY)],
    ['no probability', withValue(7)],
    ['another shape', (t: Tensor) => ({ ...t, dimensions: [1, 2, 1, 1, t.values.length / 2] })],
  ])('[12-process] %s in the third tile: refused, and nothing is left', async (_, spoil) => {
    const { last } = await runOrder(spoilt(spoil));
    expect(last).toMatchObject({ kind: 'refused', code: 'INVALID_MODEL_OUTPUT' });
    expect(await left()).toEqual(['input.f32', 'model.onnx']);
  });

  test('[12-environment] memory that cannot be had is said in words, and nothing is left', async () => {
    const { last } = await runOrder(async () =>
      session(() => {
        throw new Error('Failed to allocate memory for requested buffer of size 805306368');
      }),
    );
    expect(last).toMatchObject({ kind: 'refused', code: 'OUT_OF_MEMORY', message: expect.stringMatching(/smaller region/) });
    expect(await left()).toEqual(['input.f32', 'model.onnx']);
  });

  test('a cancel is heard between tiles, and nothing is left', async () => {
    const { last, all } = await runOrder(async () => session(twoClasses), { cancelAt: 3 });
    expect(last).toEqual({ kind: 'cancelled', id: 1 });
    expect(all.length).toBe(4);
    expect(await left()).toEqual(['input.f32', 'model.onnx']);
  });

  test('[12-package] a model file that has changed since it was read does not run', async () => {
    let opened = 0;
    const { last } = await runOrder(
      async () => {
        opened++;
        return session(twoClasses);
      },
      { sha256: '0'.repeat(64) },
    );
    expect(last).toMatchObject({ kind: 'refused', code: 'INVALID_MODEL', message: expect.stringMatching(/has changed/) });
    expect(opened).toBe(0);
  });

  test('a model that the runtime does not take is refused without paths of this machine', async () => {
    const { last } = await runOrder(async () => {
      throw new Error("Load model from /home/someone/models/model.onnx failed: bad node 'x'");
    });
    expect(last).toMatchObject({ kind: 'refused', code: 'INVALID_MODEL' });
    expect(JSON.stringify(last)).not.toMatch(/someone/);
  });

  test('a session stays loaded between orders; one at a time', async () => {
    const log: string[] = [];
    const open: OpenSession = async (_model, _bytes, provider) => {
      log.push(`open ${provider}`);
      return { run: async (input) => twoClasses(input), release: async () => void log.push(`release ${provider}`) };
    };
    const { order } = await runOrder(open);
    log.length = 0;
    const attempt = (provider: string) => ({ model: order.model, provider, shape: [1, 1, 2, 4, 4], outputs: null });
    await new Promise<void>((resolve) => {
      let done = 0;
      const receive = serveInference(open, () => {
        if (++done === 4) resolve();
      });
      for (const [n, provider] of ['cpu', 'cpu', 'webgpu', 'webgpu'].entries())
        receive({ kind: 'run', id: n, order: 'attempt', input: attempt(provider) });
    });
    expect(log).toEqual(['open cpu', 'release cpu', 'open webgpu']);
  });
});

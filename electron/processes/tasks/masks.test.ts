import { createHash } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { packMask } from '../../../kernels/labels/bits.ts';
import { encodeRuns, runsToText } from '../../../kernels/labels/runs.ts';
import { readMask, readMaskBits, readVoxels, stage, stageBits } from './masks.ts';
import { materialise } from './materialise.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lamina-masks-'));
});
afterEach(() => rm(folder, { recursive: true }));
const quiet = { progress() {}, throwIfCancelled() {} };
const delta = (value: 0 | 1, ...indices: number[]) => ({ value, runs: runsToText(encodeRuns(indices)) });

test('strokes are laid over the base in their order', async () => {
  const base = (await stage(folder, Uint8Array.of(1, 1, 0, 0, 0, 0), '.raw')).path;
  const mask = { base, deltas: [delta(1, 2, 3, 5), delta(0, 0, 3)] };
  expect([...(await readMask(mask, [3, 2, 1]))]).toEqual([0, 1, 1, 0, 0, 1]);
  expect([...(await readMask({ base: null, deltas: mask.deltas }, [3, 2, 1]))]).toEqual([0, 0, 1, 0, 0, 1]);
  const joined = await materialise({ mask, dimensions: [3, 2, 1], path: join(folder, 'joined.raw') }, quiet);
  expect([...(await readFile(joined.path))]).toEqual([0, 1, 1, 0, 0, 1]);
  expect(joined.bytes).toBe(6);
});

test('bits are the mask that the bytes are, read and written, over several pieces, with strokes over rows', async () => {
  for (const dimensions of [
    [3001, 1000, 3],
    [64, 5, 2],
    [1, 7, 9],
  ] as [number, number, number][]) {
    const voxels = dimensions[0] * dimensions[1] * dimensions[2];
    const bytes = new Uint8Array(voxels).map((_, n) => (Math.imul(n, 40_503) >> 7) & 1);
    const { path, sha256 } = await stage(folder, bytes, '.raw');
    const span = (from: number, length: number) => Array.from({ length: Math.min(length, voxels - from) }, (_, n) => from + n);
    const deltas = [delta(1, ...span(2, 90)), delta(0, ...span(5, 3)), delta(1, voxels - 1), delta(0, ...span(voxels >> 1, 70))];
    const mask = { base: path, deltas };
    const bits = await readMaskBits(mask, dimensions);
    expect(bits.words).toEqual(packMask(await readMask(mask, dimensions), dimensions).words);
    expect((await readMaskBits({ base: null, deltas }, dimensions)).words).toEqual(
      packMask(await readMask({ base: null, deltas }, dimensions), dimensions).words,
    );
    expect((await stageBits(folder, await readMaskBits({ base: path, deltas: [] }, dimensions))).sha256).toBe(sha256);
  }
});

test('refuses a base of another grid, a damaged stroke and a stroke beyond the grid', async () => {
  const { path } = await stage(folder, new Uint8Array(5), '.raw');
  for (const read of [readMask, readMaskBits]) {
    await expect(read({ base: path, deltas: [] }, [3, 2, 1])).rejects.toThrow(RangeError);
    await expect(read({ base: null, deltas: [{ value: 1, runs: 'gA==' }] }, [3, 2, 1])).rejects.toThrow(RangeError);
    await expect(read({ base: null, deltas: [delta(1, 6)] }, [3, 2, 1])).rejects.toThrow(RangeError);
  }
});

test('a staged file is hashed as it lies on the disk, and is never overwritten', async () => {
  const values = Int16Array.from({ length: 5_000_000 }, (_, n) => (n * 7919) % 4096);
  const file = await stage(folder, values, '.raw');
  const bytes = await readFile(file.path);
  expect(file.bytes).toBe(10_000_000);
  expect(file.sha256).toBe(createHash('sha256').update(bytes).digest('hex'));
  const geometry = { dimensions: [100, 100, 500], spacingMm: [1, 1, 1], originLps: [0, 0, 0], directionLps: [1, 0, 0, 0, 1, 0, 0, 0, 1] };
  const back = await readVoxels({ ...geometry, path: file.path, dtype: 'int16' } as never);
  expect(Buffer.from(back.buffer).equals(bytes)).toBe(true);
  expect(back.buffer).toBeInstanceOf(SharedArrayBuffer);
  await writeFile(join(folder, 'taken.raw'), 'x');
  await expect(
    materialise({ mask: { base: null, deltas: [] }, dimensions: [1, 1, 1], path: join(folder, 'taken.raw') }, quiet),
  ).rejects.toThrow('EEXIST');
  expect(await readFile(join(folder, 'taken.raw'), 'utf8')).toBe('x');
  await expect(stage(join(folder, 'absent'), values, '.raw')).rejects.toThrow('ENOENT');
  expect((await readdir(folder)).length).toBe(2);
});

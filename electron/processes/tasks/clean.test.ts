import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type CleanSettings, cleanSettings } from '../../../contract/segmentation.ts';
import type { VolumeGeometry } from '../../../kernels/volume/geometry.ts';
import { clean } from './clean.ts';
import { islands } from './islands.ts';
import { stage } from './masks.ts';
import { segment } from './segment.ts';

/** Oblique in plane and anisotropic: 0.5 mm³ a voxel. */
const geometry: VolumeGeometry = {
  dimensions: [10, 8, 6],
  spacingMm: [0.5, 1, 1],
  originLps: [10, 20, -30],
  directionLps: [0, 1, 0, 0, 0, 1, 1, 0, 0],
};
const at = (i: number, j: number, k: number) => (k * 8 + j) * 10 + i;
const quiet = { progress() {}, throwIfCancelled() {} };
let folder: string;
let base: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lamina-clean-'));
  const mask = new Uint8Array(480);
  // A hollow box of 26 voxels, a bar of four and a lone voxel.
  for (let k = 1; k < 4; k++) for (let j = 1; j < 4; j++) for (let i = 1; i < 4; i++) mask[at(i, j, k)] = 1;
  mask[at(2, 2, 2)] = 0;
  for (let i = 5; i < 9; i++) mask[at(i, 6, 4)] = 1;
  mask[at(9, 0, 0)] = 1;
  base = (await stage(folder, mask, '.raw')).path;
});
afterEach(() => rm(folder, { recursive: true }));

const run = (settings: Partial<CleanSettings>) =>
  clean({ mask: { base, deltas: [] }, geometry, settings: cleanSettings.parse(settings), field: null, whole: true, into: folder }, quiet);

describe('clean', () => {
  test('[13-ccl] islands are listed largest first, with volume and a point on each', async () => {
    const list = await islands({ mask: { base, deltas: [] }, geometry, connectivity: 26, limit: 2 }, quiet);
    expect(list.total).toBe(3);
    expect(list.islands).toEqual([
      { voxels: 26, volumeMm3: 13, seedLps: [11, 20.5, -29] },
      { voxels: 4, volumeMm3: 2, seedLps: [14, 22.5, -24] },
    ]);
    const bar = await run({ keep: 'seed', seedLps: list.islands[1]!.seedLps });
    expect(bar).toMatchObject({ voxels: 4, volumeMm3: 2, partsBefore: 3, partsAfter: 1 });
  });

  test('[13-ccl] keeps the largest, drops below a volume, fills what is enclosed', async () => {
    const largest = await run({ keep: 'largest', fillHoles: true });
    expect(largest).toMatchObject({ voxels: 27, volumeMm3: 13.5, partsBefore: 3, partsAfter: 1 });
    const bytes = await readFile(largest.mask.path);
    expect(bytes.length).toBe(480);
    expect(bytes[at(2, 2, 2)]).toBe(1);
    expect(bytes[at(5, 6, 4)]).toBe(0);
    expect(await run({ keep: 'minimum', minimumMm3: 2 })).toMatchObject({ voxels: 30, partsAfter: 2 });
    expect(await run({ keep: 'minimum', minimumMm3: 2.1 })).toMatchObject({ voxels: 26, partsAfter: 1 });
    expect(await run({ keep: 'all' })).toMatchObject({ voxels: 31, partsBefore: 3, partsAfter: 3 });
  });

  test('[13-ccl] refuses in words a seed off the segment and an empty segment, and leaves nothing behind', async () => {
    const before = await readdir(folder);
    await expect(run({ keep: 'seed', seedLps: [12, 21, -28] })).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await expect(run({ keep: 'seed', seedLps: [1e5, 21, -28] })).rejects.toThrow('outside the image');
    await expect(run({ keep: 'minimum', minimumMm3: 100 })).rejects.toMatchObject({ code: 'EMPTY_SEGMENT' });
    const empty = clean(
      { mask: { base: null, deltas: [] }, geometry, settings: cleanSettings.parse({}), field: null, whole: true, into: folder },
      quiet,
    );
    await expect(empty).rejects.toMatchObject({ code: 'EMPTY_SEGMENT' });
    expect(await readdir(folder)).toEqual(before);
  });
});

describe('segment', () => {
  const volume = async () => {
    const values = Float32Array.from({ length: 480 }, (_, n) =>
      n < 10 ? Number.NaN : n < 50 ? 100 : n === 60 ? 400 : n === 61 ? 150 : -1000,
    );
    return { ...geometry, dtype: 'float32' as const, path: (await stage(folder, values, '.raw')).path };
  };

  test('[M-threshold] writes the mask of an inclusive range with its volume', async () => {
    const settings = { method: 'threshold' as const, lowHu: 100, highHu: 150 };
    const result = await segment({ volume: await volume(), settings, into: folder }, quiet);
    expect(result).toMatchObject({ voxels: 41, volumeMm3: 20.5 });
    const bytes = await readFile(result.mask.path);
    expect(bytes.reduce((a, b) => a + b, 0)).toBe(41);
    expect(bytes[61]).toBe(1);
  });

  test('[M-hysteresis] grows seeds and leaves what has none', async () => {
    const settings = { method: 'hysteresis' as const, seedHu: 300, lowHu: 120, highHu: null, connectivity: 6 as const };
    expect(await segment({ volume: await volume(), settings, into: folder }, quiet)).toMatchObject({ voxels: 2 });
  });

  test('[M-threshold] refuses bounds that no voxel meets and says what there is', async () => {
    const settings = { method: 'threshold' as const, lowHu: 500, highHu: null };
    await expect(segment({ volume: await volume(), settings, into: folder }, quiet)).rejects.toMatchObject({
      code: 'EMPTY_SEGMENT',
      message: expect.stringContaining('from -1000 to 400'),
    });
  });

  test('stops where it is told to', async () => {
    const settings = { method: 'threshold' as const, lowHu: 0, highHu: null };
    const input = { volume: await volume(), settings, into: folder };
    const before = await readdir(folder);
    const cancelled = segment(input, {
      progress() {},
      throwIfCancelled() {
        throw new RangeError('cancelled');
      },
    });
    await expect(cancelled).rejects.toThrow('cancelled');
    expect(await readdir(folder)).toEqual(before);
  });
});

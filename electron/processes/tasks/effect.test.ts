import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type EffectSettings, effectSettings } from '../../../contract/effects.ts';
import { packMask, unpackMask } from '../../../kernels/labels/bits.ts';
import { margin } from '../../../kernels/labels/morphology.ts';
import { applyRuns, runsFromText } from '../../../kernels/labels/runs.ts';
import { gaussianMask } from '../../../kernels/labels/smooth-gaussian.ts';
import type { Triple } from '../../../kernels/volume/geometry.ts';
import type { TaskContext, Tasks } from '../protocol.ts';
import { effect } from './effect.ts';

let folder = '';
let into = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lamina-effect-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));
beforeEach(async () => {
  into = await mkdtemp(join(folder, 'into-'));
});
const quiet: TaskContext = { progress: () => {}, throwIfCancelled: () => {} };

const dimensions: Triple = [12, 10, 8];
const block = (from: number, to: number): Uint8Array =>
  Uint8Array.from({ length: 960 }, (_, n) =>
    n % 12 >= from && n % 12 < to && n % 120 >= 24 && n % 120 < 96 && n >= 240 && n < 720 ? 1 : 0,
  );

/** A mask that the task wrote, whole or as what it changed. */
async function written(one: Tasks['effect']['out']['made'][number], before: Uint8Array): Promise<Buffer> {
  const bytes = await readFile(one.mask.path);
  if (one.change === 'mask') return bytes;
  const after = Buffer.from(before);
  applyRuns(after, runsFromText(bytes.toString('latin1')), 'flip');
  return after;
}

async function run(masks: Uint8Array[], given: object, more: Partial<Tasks['effect']['in']> = {}, context = quiet) {
  const files = await Promise.all(
    masks.map(async (mask, n) => {
      const path = join(folder, `mask-${n}-${mask.length}-${Math.floor(n + mask.reduce((a, b, at) => a + b * (at % 997), 0))}.u8`);
      await writeFile(path, mask);
      return { base: path, deltas: [] };
    }),
  );
  const settings = effectSettings.parse(given) as EffectSettings;
  const geometry = {
    dimensions,
    spacingMm: [1, 1, 1] as Triple,
    originLps: [0, 0, 0] as Triple,
    directionLps: [1, 0, 0, 0, 1, 0, 0, 0, 1] as never,
  };
  const names = masks.map((_, n) => `Mask ${n}`);
  return effect({ masks: files, names, at: 0, geometry, volume: null, settings, masking: null, together: false, into, ...more }, context);
}

describe('the task of effects', () => {
  test('[M-combine] a threaded round is what one thread makes, and the bar only rises, to its end', async () => {
    const large: Triple = [200, 150, 140];
    const mask = new Uint8Array(200 * 150 * 140);
    for (let n = 0; n < mask.length; n++)
      mask[n] =
        Math.hypot((n % 200) - 90, (Math.floor(n / 200) % 150) - 70, Math.floor(n / 30000) - 66) < 50 + 9 * Math.sin(n % 13) ? 1 : 0;
    const spacingMm: Triple = [0.5, 0.5, 0.7];
    const geometry = { dimensions: large, spacingMm, originLps: [0, 0, 0] as Triple, directionLps: [1, 0, 0, 0, 1, 0, 0, 0, 1] as never };
    const bits = packMask(mask, large);
    const bar: number[] = [];
    const context = { ...quiet, progress: (fraction: number) => bar.push(fraction) };
    const grown = await run([mask], { effect: 'margin', mm: 6 }, { geometry }, context);
    expect((await written(grown.made[0]!, mask)).equals(unpackMask(await margin(bits, 6, spacingMm)))).toBe(true);
    expect(bar.length).toBeGreaterThan(5);
    expect(bar).toEqual([...bar].sort((a, b) => a - b));
    expect(bar.at(-1)).toBe(1);
    const smooth = await run([mask], { effect: 'smooth', filter: 'gaussian', mm: 0.6 }, { geometry });
    expect((await written(smooth.made[0]!, mask)).equals(unpackMask(await gaussianMask(bits, spacingMm, 0.6)))).toBe(true);
  });

  test('[M-combine] a cancel at any of its moments leaves nothing behind', async () => {
    let moments = 0;
    await run(
      [block(2, 6), block(6, 10)],
      { effect: 'smooth', filter: 'joint', mm: 1, with: 'B' },
      {},
      { ...quiet, throwIfCancelled: () => moments++ },
    );
    expect(await readdir(into)).toHaveLength(2);
    for (let at = 0; at < moments; at++) {
      into = await mkdtemp(join(folder, 'into-'));
      let n = 0;
      const cancelled = () => {
        if (n++ === at) throw new RangeError('cancelled here');
      };
      const work = run(
        [block(2, 6), block(6, 10)],
        { effect: 'smooth', filter: 'joint', mm: 1, with: 'B' },
        {},
        { ...quiet, throwIfCancelled: cancelled },
      );
      await expect(work).rejects.toThrow('cancelled here');
      expect(await readdir(into)).toEqual([]);
    }
  });

  test('[M-combine] an empty segment and an empty result are refused with what to try, for the mask that it is', async () => {
    const empty = new Uint8Array(960);
    const refused = (work: Promise<unknown>, words: string) =>
      expect(work).rejects.toMatchObject({ code: 'EMPTY_SEGMENT', message: expect.stringContaining(words) });
    await refused(run([empty], { effect: 'dilate', mm: 1 }), 'Mask 0 is empty');
    await refused(run([block(2, 6)], { effect: 'erode', mm: 5 }), 'Erode by less');
    await refused(run([empty.map(() => 1)], { effect: 'invert' }), 'fills the whole image');
    await refused(run([block(2, 6), block(7, 9)], { effect: 'combine', operation: 'intersect', with: 'B' }), 'overlaps');
    await refused(run([block(2, 6), empty], { effect: 'smooth', filter: 'joint', mm: 1, with: 'B' }), 'Mask 1');
    expect(await readdir(into)).toEqual([]);
    // What is empty may still be joined with something, and be inverted.
    expect((await run([empty, block(2, 6)], { effect: 'combine', operation: 'union', with: 'B' })).made[0]).toMatchObject({
      of: 0,
      voxels: block(2, 6).reduce((a, b) => a + b),
    });
    expect((await run([empty], { effect: 'invert' })).made[0]?.voxels).toBe(960);
  });

  test('[M-combine] looked at before: one mask, its parts counted', async () => {
    const two = block(2, 4).map((v, n) => (v || block(7, 9)[n] ? 1 : 0));
    const looked = await run([two], { effect: 'margin', mm: 0 }, { together: true });
    expect(looked).toMatchObject({ partsAfter: 2, voxelsBefore: two.reduce((a, b) => a + b), made: [{ of: 0 }] });
    const joined = await run([two], { effect: 'dilate', voxels: 2, neighbours: 6 }, { together: true });
    expect(joined.partsAfter).toBe(1);
    expect(looked.made[0]!.volumeMm3).toBe(two.reduce((a, b) => a + b));
  });
});

import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { cleanSettings, networkSettings } from '../../../contract/segmentation.ts';
import { encodeRuns, runsToText } from '../../../kernels/labels/runs.ts';
import { makeHead } from '../../../kernels/phantoms/head.ts';
import type { Triple } from '../../../kernels/volume/geometry.ts';
import type { FieldInput, MaskFile, TaskContext, VolumeFile } from '../protocol.ts';
import { clean } from './clean.ts';
import { stage } from './masks.ts';

/** A cut of the small synthetic head, and a probability as a network with doubts would give it: from the truth, softened, with gaps. */
let folder = '';
let volume: VolumeFile;
let labels: Uint8Array;
let probability: Uint8Array;
let probabilityPath = '';
const box = { offsetIjk: [4, 4, 1] as Triple, dimensions: [0, 0, 0] as Triple };
const quiet: TaskContext = { progress() {}, throwIfCancelled() {} };
/** The voxels are 2.1 mm wide: a kernel of 2 mm would ask for more cells than there are voxels. */
const fieldOnly = { keep: 'all', crf: true, crfAppearanceMm: 4 } as const;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lamina-field-'));
  const head = makeHead(5, 'small');
  const [nx, ny, nz] = head.geometry.dimensions;
  const slices = Math.min(10, nz);
  const first = Math.floor((nz - slices) / 2) * nx * ny;
  const hu = Int16Array.from(head.hu.subarray(first, first + slices * nx * ny));
  labels = head.labels.slice(first, first + hu.length);
  const geometry = { ...head.geometry, dimensions: [nx, ny, slices] as Triple };
  volume = { ...geometry, path: (await stage(folder, hu, '.raw')).path, dtype: 'int16' };
  box.dimensions = [nx - 8, ny - 8, slices - 2];
  let state = 17;
  const random = () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
  const [mx, my, mz] = box.dimensions;
  probability = new Uint8Array(mx * my * mz);
  for (let n = 0; n < probability.length; n++) {
    const bone = labels[volumeIndex(n)]! > 0;
    probability[n] = 255 * Math.min(1, Math.max(0, (bone ? 0.72 : 0.12) + 0.7 * (random() - 0.5)));
  }
  probabilityPath = (await stage(folder, probability, '.raw')).path;
}, 60_000);
afterAll(() => rm(folder, { recursive: true, force: true }));

function volumeIndex(inBox: number): number {
  const [mx, my] = box.dimensions;
  const i = inBox % mx;
  const j = Math.floor(inBox / mx) % my;
  const k = Math.floor(inBox / (mx * my));
  return ((k + box.offsetIjk[2]) * volume.dimensions[1] + j + box.offsetIjk[1]) * volume.dimensions[0] + i + box.offsetIjk[0];
}

const network = (threshold = 0.5): NonNullable<FieldInput['network']> => ({
  box,
  probabilities: [{ model: 'unet-b', path: probabilityPath }],
  settings: networkSettings.parse({ method: 'unet', probability: threshold }),
});
function networkMask(threshold = 0.5): Uint8Array {
  const mask = new Uint8Array(labels.length);
  for (let n = 0; n < probability.length; n++) if (probability[n]! >= threshold * 255) mask[volumeIndex(n)] = 1;
  return mask;
}
const asFile = async (mask: Uint8Array): Promise<MaskFile> => ({ base: (await stage(folder, mask, '.raw')).path, deltas: [] });
const painted = (voxels: number[], value: 0 | 1) => ({ value, runs: runsToText(encodeRuns([...voxels].sort((a, b) => a - b))) });

async function run(mask: MaskFile, field: Partial<FieldInput>, settings: Record<string, unknown> = {}, context = quiet) {
  const result = await clean(
    {
      mask,
      geometry: volume,
      settings: cleanSettings.parse({ ...fieldOnly, ...settings }),
      field: { volume, network: null, hand: [], ...field },
      whole: true,
      into: folder,
    },
    context,
  );
  return { ...result, values: new Uint8Array(await readFile(result.mask.path)) };
}
const dsc = (mask: Uint8Array) => {
  let both = 0;
  let sum = 0;
  for (let n = 0; n < mask.length; n++) {
    const truth = labels[n]! > 0 ? 1 : 0;
    both += mask[n]! & truth;
    sum += mask[n]! + truth;
  }
  return (2 * both) / sum;
};
const thinRecall = (mask: Uint8Array) => {
  let found = 0;
  let all = 0;
  for (let n = 0; n < mask.length; n++)
    if (labels[n] === 3) {
      all++;
      found += mask[n]!;
    }
  return found / all;
};
const changes = (before: Uint8Array, after: Uint8Array) => ({
  added: after.reduce((sum, v, n) => sum + (v > before[n]! ? 1 : 0), 0),
  removed: after.reduce((sum, v, n) => sum + (v < before[n]! ? 1 : 0), 0),
});

describe('field over a network', () => {
  test('[13-crf] thin walls of a synthetic head are found again, and the mask comes nearer to the truth', async () => {
    const before = networkMask();
    const after = await run(await asFile(before), { network: network() });
    expect(thinRecall(after.values)).toBeGreaterThan(thinRecall(before) + 0.05);
    expect(dsc(after.values)).toBeGreaterThan(dsc(before) + 0.02);
    expect(after.crf).toMatchObject({ ...changes(before, after.values), held: 0 });
    expect(after.crf!.updated).toBeGreaterThan(0);
    expect(after.voxels).toBe(after.values.reduce((a, b) => a + b, 0));
  });

  test('[13-crf] works from the threshold that the segment has: the field agrees with a mask of that threshold', async () => {
    for (const threshold of [0.3, 0.6]) {
      const after = await run(await asFile(networkMask(threshold)), { network: network(threshold) });
      expect(after.crf!.held).toBe(0);
      const still = await run(
        await asFile(networkMask(threshold)),
        { network: network(threshold) },
        { crfAppearanceWeight: 0, crfSmoothWeight: 0 },
      );
      expect(still.crf).toMatchObject({ added: 0, removed: 0 });
    }
  });

  test('[13-crf] outside of the box, where a hand painted, and where a clean had decided, nothing changes', async () => {
    const before = networkMask();
    const outside = [0, 1, 2];
    for (const n of outside) before[n] = 1;
    const plain = await run(await asFile(before), { network: network() });
    const turned: number[] = [];
    for (let n = 0; n < before.length && turned.length < 600; n++) if (plain.values[n] !== before[n]) turned.push(n);
    const [hand, decided] = [turned.filter((_, n) => n % 2 === 0), turned.filter((_, n) => n % 2 === 1)];
    // A hand painted these the very way they were; the others are now as the probability does not have them.
    const after = before.slice();
    for (const n of decided) after[n] = 1 - before[n]!;
    const held = await run(await asFile(after), { network: network(), hand: [painted(hand, 1)] });
    for (const n of [...outside, ...hand, ...decided]) expect(held.values[n]).toBe(after[n]);
    expect(held.crf!.held).toBe(hand.length + decided.length);
  });

  test('[13-crf] in thin places it only adds, elsewhere it only removes; without a thickness it does both everywhere', async () => {
    const before = networkMask();
    const all = await run(await asFile(before), { network: network() }, { crfSheetMm: 0 });
    const sheets = await run(await asFile(before), { network: network() });
    const everywhere = await run(await asFile(before), { network: network() }, { crfSheetMm: 10 });
    expect(everywhere.crf).toMatchObject({ removed: 0 });
    for (let n = 0; n < before.length; n++) if (sheets.values[n] !== before[n]) expect(all.values[n]).toBe(sheets.values[n]);
    expect(all.crf!.removed).toBeGreaterThan(0);
    expect(sheets.crf!.removed).toBeLessThanOrEqual(all.crf!.removed);
    expect(sheets.crf!.added).toBeLessThanOrEqual(all.crf!.added);
  });

  test('[13-crf][13-ccl] the field comes before the choice of parts', async () => {
    const after = await run(await asFile(networkMask()), { network: network() }, { keep: 'largest' });
    expect(after.partsAfter).toBe(1);
    expect(after.partsBefore).toBeGreaterThan(1);
  });

  test('[13-crf] tells of its steps and can be cancelled between them', async () => {
    const notes: string[] = [];
    let asked = 0;
    const stop = new Error('cancelled');
    const context: TaskContext = {
      progress: (_, note) => void notes.push(note),
      throwIfCancelled() {
        if (notes.some((note) => note.includes('step 4')) && ++asked > 0) throw stop;
      },
    };
    await expect(run(await asFile(networkMask()), { network: network() }, {}, context)).rejects.toBe(stop);
    expect(notes.filter((note) => note.startsWith('Conditional random field')).length).toBe(4);
  });
});

describe('field over a mask', () => {
  test('[13-crf] a segment by threshold becomes smoother where it is noisy, and keeps what a hand set', async () => {
    const before = new Uint8Array(labels.length);
    let state = 3;
    for (let n = 0; n < before.length; n++) {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
      before[n] = (labels[n]! > 0 ? 1 : 0) ^ (state / 2 ** 32 < 0.06 ? 1 : 0);
    }
    const after = await run(await asFile(before), {}, { crfSheetMm: 0, crfTrust: 0.8 });
    expect(dsc(after.values)).toBeGreaterThan(dsc(before) + 0.03);
    const turned = [...before.keys()].filter((n) => before[n] !== after.values[n]).slice(0, 200);
    const held = await run(await asFile(before), { hand: [painted(turned, 1)] }, { crfSheetMm: 0, crfTrust: 0.8 });
    for (const n of turned) expect(held.values[n]).toBe(before[n]);
    // Also with nothing said: the field must be able to move a plain segment at all.
    const plain = await run(await asFile(before), {}, {});
    expect(plain.crf!.updated).toBeGreaterThan(0);
    expect(plain.crf!.added + plain.crf!.removed).toBeGreaterThan(0);
    const sure = await run(await asFile(before), {}, { crfSheetMm: 0, crfTrust: 0.99, crfAppearanceWeight: 0.5 });
    expect(sure.crf).toMatchObject({ added: 0, removed: 0 });
  });

  test('[13-crf] kernels whose grid would not fit are refused in words', async () => {
    await expect(run(await asFile(networkMask()), {}, { crfAppearanceMm: 0.3, crfAppearanceHu: 2 })).rejects.toMatchObject({
      code: 'OUT_OF_MEMORY',
      message: expect.stringContaining('crfAppearanceMm'),
    });
  });
});

test('[13-crf] settings: recorded in full where the field is asked for, refused where it is not', () => {
  expect(cleanSettings.parse({ crf: true, crfIterations: 7 })).toMatchObject({ crfIterations: 7, crfAppearanceHu: 30, crfSheetMm: 1.2 });
  expect(cleanSettings.parse({})).toEqual({ keep: 'all', connectivity: 26, fillHoles: false, crf: false });
  expect(cleanSettings.safeParse({ crfIterations: 7 }).success).toBe(false);
  expect(cleanSettings.safeParse({ crf: true, crfAppearanceHu: 0 }).success).toBe(false);
});

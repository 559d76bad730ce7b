import { rm } from 'node:fs/promises';
import type { EffectSettings } from '../../../contract/effects.ts';
import { Refusal } from '../../../contract/errors.ts';
import { type BitGrid, bitsAnd, bitsOr, countBits } from '../../../kernels/labels/bits.ts';
import { componentsOfBits } from '../../../kernels/labels/components.ts';
import { inTurn, type RunParts } from '../../../kernels/parts.ts';
import { voxelCount, voxelVolumeMm3 } from '../../../kernels/volume/geometry.ts';
import { startCrew } from '../crew.ts';
import type { Task } from '../protocol.ts';
import { applyEffect } from './effect-apply.ts';
import type { EffectMask } from './effect-bench.ts';
import { allowedBits, onlyWhere } from './masking.ts';
import { readMaskBits, readVoxels, stageBits } from './masks.ts';
import { stageChange } from './stage-change.ts';

/** Threads take longer to come up than smaller images take. */
const worthThreads = 4_000_000;

/** What to try where nothing is left of a segment. */
const remedies: Record<EffectSettings['effect'], string> = {
  erode: 'Erode by less.',
  dilate: 'Segment with a lower threshold or paint first.',
  open: 'Open with a smaller reach.',
  close: 'Segment with a lower threshold or paint first.',
  margin: 'Shrink by less.',
  hollow: 'Make the shell at least as thick as a voxel.',
  smooth: 'Smooth over fewer mm.',
  combine: 'Choose a segment that overlaps for intersect, and one that leaves something for subtract.',
  invert: 'The segment fills the whole image.',
  roi: 'Choose a box that the segment reaches into, or keep what lies outside.',
  'grow-from-seeds': 'Give the segment more or larger seeds.',
  'fill-between-slices': 'Draw on at least two slices first.',
  split: 'Choose a smaller minimum volume.',
  scissors: 'Cut less away.',
  'flood-fill': 'Click where the image has values of the range.',
  'level-trace': 'Click on a line that closes inside of the slice.',
  contour: 'Draw where the segment is, or add instead of erasing.',
  island: 'Click on the island.',
};

function assertLeft(names: string[], of: number | null, at: number, before: number, settings: EffectSettings): never {
  const name = names[of ?? at] ?? 'the segment';
  const why = before === 0 && of === at ? `${name} is empty.` : `Nothing would be left of ${name}, so nothing was changed.`;
  throw new Refusal('EMPTY_SEGMENT', `${why} ${remedies[settings.effect]}`);
}

const sameBits = (a: BitGrid, b: BitGrid): boolean => a.words.every((word, n) => word === b.words[n]);

/**
 * Carries out one effect on a segment (M-combine, 13): masks are read as bits, worked on in the box that they and the effect reach, and
 * written whole. Throws Refusal EMPTY_SEGMENT where nothing would be left of a mask; nothing is left staged then.
 */
export const effect: Task<'effect'> = async (input, context) => {
  const { masks: sources, names, at, geometry, volume, settings, masking, together, into } = input;
  const { dimensions } = geometry;
  const masks: BitGrid[] = [];
  for (const [n, source] of sources.entries()) {
    context.progress((0.2 * n) / sources.length, 'Reading the segments');
    context.throwIfCancelled();
    masks.push(await readMaskBits(source, dimensions));
  }
  const before = countBits(masks[at]!);
  context.progress(0.2, 'Working on the segment');
  const crew = startCrew();
  let made: EffectMask[];
  try {
    let rounds = 0;
    const tick = () => {
      context.throwIfCancelled();
      // Nobody knows how many rounds are to come.
      context.progress(0.2 + 0.55 * (1 - 0.96 ** rounds++), 'Working on the segment');
    };
    const many = voxelCount(dimensions) > worthThreads;
    // A few parts at a time: between them the bar moves and a cancel is heard.
    const run: RunParts = async (part, inputs) => {
      const outputs = [];
      for (let n = 0; n < inputs.length; n += 2 * crew.threads) {
        tick();
        outputs.push(...(await (many ? crew.run : inTurn)(part, inputs.slice(n, n + 2 * crew.threads))));
      }
      return outputs;
    };
    const values = () => {
      if (volume === null) throw new RangeError(`${settings.effect} without the image`);
      return readVoxels(volume);
    };
    made = await applyEffect(settings, { masks, at, geometry, values, workshop: { run, tick } });
    if (masking) {
      const allowed = await allowedBits(masking, dimensions, values, run);
      // What stays in the segment is not taken out of it either.
      const ofNew = (bits: BitGrid): BitGrid => (settings.effect === 'island' ? bitsAnd(bits, allowed) : bits);
      made = made.map(({ of, bits }) => ({ of, bits: of === null ? ofNew(bits) : onlyWhere(allowed, masks[of]!, bits) }));
    }
  } finally {
    await crew.end();
  }
  context.throwIfCancelled();
  if (made.length === 0) assertLeft(names, null, at, before, settings);
  if (together) made = [{ of: at, bits: (made.find((one) => one.of === at) ?? { bits: made.map((one) => one.bits).reduce(bitsOr) }).bits }];
  const counts = made.map(({ of, bits }) => {
    const voxels = countBits(bits);
    return voxels > 0 ? voxels : assertLeft(names, of, at, before, settings);
  });
  const partsAfter = together ? (await componentsOfBits(made[0]!.bits, 26)).count : null;
  const out = [];
  try {
    for (const [n, { of, bits }] of made.entries()) {
      context.progress(0.8 + (0.2 * n) / made.length, 'Writing the segment');
      context.throwIfCancelled();
      const voxels = counts[n]!;
      const tick = () => context.throwIfCancelled();
      const whole = of === null || together;
      const {
        change,
        file,
        voxels: turned,
      } = whole
        ? { change: 'mask' as const, file: await stageBits(into, bits, tick), voxels: null }
        : await stageChange(into, masks[of]!, bits, tick);
      out.push({
        of,
        changed: turned === null ? of === null || !sameBits(bits, masks[of]!) : turned > 0,
        change,
        mask: file,
        voxels,
        volumeMm3: voxels * voxelVolumeMm3(geometry),
      });
    }
  } catch (error) {
    for (const { mask } of out) await rm(mask.path, { force: true });
    throw error;
  }
  context.progress(1, 'Segment written');
  return { made: out, voxelsBefore: before, partsAfter };
};

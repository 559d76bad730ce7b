import { readFile } from 'node:fs/promises';
import { Refusal } from '../../../contract/errors.ts';
import { crfDefaults, type MaskDelta, type NetworkSettings } from '../../../contract/segmentation.ts';
import { packMask, unpackMask } from '../../../kernels/labels/bits.ts';
import { componentsOfBits, dropBelow } from '../../../kernels/labels/components.ts';
import { applyRuns, runsFromText } from '../../../kernels/labels/runs.ts';
import { integrateProbabilities, thresholdByte, withoutAir } from '../../../kernels/networks/integrate.ts';
import { resampleTurned } from '../../../kernels/spacing/resample-turned.ts';
import { type Box, boxGrid, cutBox, pasteBox } from '../../../kernels/volume/box.ts';
import { voxelCount, voxelVolumeMm3 } from '../../../kernels/volume/geometry.ts';
import type { MaskResult, ProbabilityFile, Task, TaskContext, VolumeFile } from '../protocol.ts';
import { readVoxels, stage, writeDurably } from './masks.ts';
import { atThreshold, recoverThin } from './thin-field.ts';

interface Probability {
  model: string;
  values: Uint8Array;
}

async function readFloats(path: string, voxels: number): Promise<Float32Array> {
  const bytes = await readFile(path);
  if (bytes.byteLength !== voxels * 4) throw new RangeError("the network's answer does not fit its grid");
  return new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength));
}

async function readBytes(path: string, box: Box): Promise<Uint8Array> {
  const bytes = await readFile(path);
  if (bytes.byteLength !== voxelCount(box.dimensions)) throw new RangeError('the probability does not fit its box');
  return bytes;
}

function quantised(values: Float32Array): Uint8Array {
  const into = new Uint8Array(values.length);
  for (let n = 0; n < into.length; n++) into[n] = Math.round(Math.min(1, Math.max(0, values[n]!)) * 255);
  return into;
}

/** One probability over the box out of those of the networks (D.3 for two of them). */
function integrate(probabilities: Probability[], part: Int16Array | Float32Array, settings: NetworkSettings): Uint8Array {
  const first = probabilities[0];
  if (!first) throw new RangeError('no probability to integrate');
  if (settings.method === 'default') return settings.airHu === null ? first.values : withoutAir(first.values, part, settings.airHu);
  if (settings.method === 'unet') return first.values;
  const of = (kind: string) => probabilities.find((p) => p.model.endsWith(kind))?.values;
  const cortical = of('cortical');
  const thin = of('thin');
  if (!cortical || !thin) throw new RangeError('Method C needs a cortical and a thin-bone network');
  return integrateProbabilities(cortical, thin, part, settings);
}

/** The mask of an integrated probability, with what the method does after it, and with what a hand had set. */
async function maskOf(
  integrated: Uint8Array,
  values: Int16Array | Float32Array,
  volume: VolumeFile,
  box: Box,
  settings: NetworkSettings,
  hand: MaskDelta[],
  context: TaskContext,
): Promise<{ mask: Uint8Array; voxels: number; keptByHand: number }> {
  const least = thresholdByte(settings.probability);
  let inside: Uint8Array = new Uint8Array(integrated.length);
  for (let n = 0; n < inside.length; n++) inside[n] = integrated[n]! >= least ? 1 : 0;
  if (settings.method === 'default' && settings.crf) {
    const asProbability = atThreshold(settings.probability);
    const field = {
      dimensions: box.dimensions,
      spacingMm: volume.spacingMm,
      hu: cutBox(values, volume.dimensions, box),
      before: inside,
      probability: Float32Array.from(integrated, (byte) => asProbability[byte]!),
      // Clear air, and what the network is sure is none.
      held: Uint8Array.from(integrated, (byte) => (byte === 0 ? 1 : 0)),
    };
    inside = recoverThin(field, crfDefaults, context).mask;
  }
  let mask: Uint8Array = new Uint8Array(voxelCount(volume.dimensions));
  if (settings.method === 'default' && settings.outsideHu !== null)
    for (let n = 0; n < mask.length; n++) mask[n] = values[n]! >= settings.outsideHu ? 1 : 0;
  pasteBox(mask, volume.dimensions, box, inside);
  if (settings.method === 'default' && settings.minimumMm3 > 0) {
    const leastVoxels = Math.ceil(settings.minimumMm3 / voxelVolumeMm3(volume));
    if (leastVoxels > 1)
      mask = unpackMask(dropBelow(await componentsOfBits(packMask(mask, volume.dimensions), 26), leastVoxels).bits, mask);
  }
  let keptByHand = 0;
  if (hand.length > 0) {
    const before = mask.slice();
    for (const delta of hand) applyRuns(mask, runsFromText(delta.runs), delta.value);
    for (let n = 0; n < mask.length; n++) if (mask[n] !== before[n]) keptByHand++;
  }
  let voxels = 0;
  for (let n = 0; n < mask.length; n++) voxels += mask[n]!;
  if (voxels === 0) throw new Refusal('EMPTY_SEGMENT', 'No voxel is bone at this probability. Lower it, or give a region that holds bone.');
  return { mask, voxels, keptByHand };
}

async function staged(made: { mask: Uint8Array; voxels: number }, volume: VolumeFile, into: string): Promise<MaskResult> {
  return { mask: await stage(into, made.mask, '.raw'), voxels: made.voxels, volumeMm3: made.voxels * voxelVolumeMm3(volume) };
}

/** Networks' answers back on the series' own grid, kept as bytes, integrated, thresholded and finished. Throws Refusal EMPTY_SEGMENT. */
export const networkResult: Task<'networkResult'> = async ({ volume, grid, box, outputs, settings, hand, into }, context) => {
  const own = boxGrid(volume, box);
  const steps = outputs.length + outputs.filter((o) => o.spread !== null).length;
  let done = 0;
  const back = async (path: string) => {
    const laid = resampleTurned(await readFloats(path, voxelCount(grid.dimensions)), grid, own, 0, (share) => {
      context.progress((0.7 * (done + share)) / steps, 'Back to the image');
      context.throwIfCancelled();
    });
    done++;
    return quantised(laid);
  };
  const probabilities: Probability[] = [];
  let spread: Uint8Array | null = null;
  for (const output of outputs) {
    probabilities.push({ model: output.model, values: await back(output.probability) });
    if (output.spread === null) continue;
    const one = await back(output.spread);
    if (spread === null) spread = one;
    else for (let n = 0; n < one.length; n++) if (one[n]! > spread[n]!) spread[n] = one[n]!;
  }
  context.progress(0.75, 'Integrating');
  const values = await readVoxels(volume);
  const integrated = integrate(probabilities, cutBox(values, volume.dimensions, box), settings);
  context.throwIfCancelled();
  const made = await maskOf(integrated, values, volume, box, settings, hand, context);
  context.throwIfCancelled();
  context.progress(0.9, 'Writing the segment');
  const files: { model: string; file: Awaited<ReturnType<typeof stage>> }[] = [];
  for (const { model, values: bytes } of probabilities) files.push({ model, file: await stage(into, bytes, '.raw') });
  return {
    ...(await staged(made, volume, into)),
    probabilities: files,
    spread: spread && (await stage(into, spread, '.raw')),
    keptByHand: made.keptByHand,
  };
};

/** The values of a volume, and one probability over the box out of what a run has left. */
export async function stored(volume: VolumeFile, box: Box, files: ProbabilityFile[], settings: NetworkSettings) {
  const probabilities: Probability[] = [];
  for (const { model, path } of files) probabilities.push({ model, values: await readBytes(path, box) });
  const values = await readVoxels(volume);
  return { values, integrated: integrate(probabilities, cutBox(values, volume.dimensions, box), settings) };
}

/** Another threshold or integration of what a run has left. Throws Refusal EMPTY_SEGMENT. */
export const adjust: Task<'adjust'> = async ({ volume, box, probabilities, settings, hand, into }, context) => {
  context.progress(0, 'Reading the probabilities');
  const { values, integrated } = await stored(volume, box, probabilities, settings);
  context.throwIfCancelled();
  const made = await maskOf(integrated, values, volume, box, settings, hand, context);
  context.throwIfCancelled();
  return { ...(await staged(made, volume, into)), keptByHand: made.keptByHand };
};

/** The integrated probability as a file of its own. */
export const integrated: Task<'integrated'> = async ({ volume, box, probabilities, settings, path }) => {
  const { integrated: values } = await stored(volume, box, probabilities, settings);
  return writeDurably(path, values);
};

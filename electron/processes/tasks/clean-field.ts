import type { CrfCleaning, CrfReport } from '../../../contract/segmentation.ts';
import { decodeRuns, runsFromText } from '../../../kernels/labels/runs.ts';
import { thresholdByte } from '../../../kernels/networks/integrate.ts';
import { type Box, cutBox, pasteBox } from '../../../kernels/volume/box.ts';
import { type Triple, voxelCount } from '../../../kernels/volume/geometry.ts';
import type { FieldInput, TaskContext } from '../protocol.ts';
import { readVoxels } from './masks.ts';
import { stored } from './network-result.ts';
import { atThreshold, recoverThin } from './thin-field.ts';

/** The mask's bounding box and as far around it as the kernels reach. */
function boxAround(mask: Uint8Array, dimensions: Triple, marginMm: number, spacingMm: Triple): Box {
  const [nx, ny] = dimensions;
  const low = [...dimensions] as Triple;
  const high: Triple = [-1, -1, -1];
  for (let at = 0; at < mask.length; at++) {
    if (mask[at] === 0) continue;
    const line = Math.floor(at / nx);
    const place = [at - line * nx, line % ny, Math.floor(line / ny)];
    for (let axis = 0; axis < 3; axis++) {
      if (place[axis]! < low[axis]!) low[axis] = place[axis]!;
      if (place[axis]! > high[axis]!) high[axis] = place[axis]!;
    }
  }
  const margin = spacingMm.map((mm) => Math.ceil(marginMm / mm));
  const offsetIjk = low.map((v, axis) => Math.max(0, v - margin[axis]!)) as Triple;
  const last = high.map((v, axis) => Math.min(dimensions[axis]! - 1, v + margin[axis]!));
  return { offsetIjk, dimensions: last.map((v, axis) => v - offsetIjk[axis]! + 1) as Triple };
}

/** What the field starts from in a box, and the voxels that it may not change. */
interface Start {
  box: Box;
  before: Uint8Array;
  probability: Float32Array;
  held: Uint8Array;
  values: Int16Array | Float32Array;
}

/** Of a network: its probability; voxels where the mask says otherwise were decided by a hand or a clean, and stay decided. */
async function startOfNetwork(mask: Uint8Array, volume: FieldInput['volume'], network: NonNullable<FieldInput['network']>): Promise<Start> {
  const { box, probabilities, settings } = network;
  const { values, integrated } = await stored(volume, box, probabilities, settings);
  const before = cutBox(mask, volume.dimensions, box);
  const table = atThreshold(settings.probability);
  const least = thresholdByte(settings.probability);
  const held = new Uint8Array(before.length);
  const probability = Float32Array.from(integrated, (byte) => table[byte]!);
  for (let n = 0; n < before.length; n++) {
    if ((integrated[n]! >= least ? 1 : 0) === before[n]) continue;
    held[n] = 1;
    probability[n] = before[n] === 1 ? 1 : 0;
  }
  return { box, before, probability, held, values };
}

async function startOfMask(mask: Uint8Array, volume: FieldInput['volume'], settings: CrfCleaning): Promise<Start> {
  const reach = 2 * Math.max(settings.crfAppearanceMm, settings.crfSmoothMm);
  const box = boxAround(mask, volume.dimensions, reach, volume.spacingMm);
  const before = cutBox(mask, volume.dimensions, box);
  const probability = Float32Array.from(before, (bone) => (bone === 1 ? settings.crfTrust : 1 - settings.crfTrust));
  return { box, before, probability, held: new Uint8Array(before.length), values: await readVoxels(volume) };
}

/**
 * Conditional random field over a segment (13-crf). Of a network's segment it works in the box of the run on the run's probability, of any
 * other around the mask on a probability made from it; voxels outside of the box, what a hand has set, and what an earlier clean has
 * decided against the probability stay.
 * @throws Refusal OUT_OF_MEMORY where the kernels are so narrow that their grid would not fit
 */
export async function applyField(
  mask: Uint8Array,
  { volume, network, hand }: FieldInput,
  settings: CrfCleaning,
  context: TaskContext,
): Promise<{ mask: Uint8Array; report: CrfReport }> {
  context.progress(0, 'Reading probability and image');
  const { box, before, probability, held, values } = network
    ? await startOfNetwork(mask, volume, network)
    : await startOfMask(mask, volume, settings);
  context.throwIfCancelled();
  if (hand.length > 0) {
    const touched = new Uint8Array(voxelCount(volume.dimensions));
    for (const delta of hand) decodeRuns(runsFromText(delta.runs), (start, length) => void touched.fill(1, start, start + length));
    const inBox = cutBox(touched, volume.dimensions, box);
    for (let n = 0; n < held.length; n++) {
      if (inBox[n] === 0) continue;
      held[n] = 1;
      probability[n] = before[n] === 1 ? 1 : 0;
    }
  }
  const hu = cutBox(values, volume.dimensions, box);
  const part = { dimensions: box.dimensions, spacingMm: volume.spacingMm, hu, before, probability, held };
  const decided = recoverThin(part, settings, context);
  const result = mask.slice();
  pasteBox(result, volume.dimensions, box, decided.mask);
  let kept = 0;
  for (let n = 0; n < held.length; n++) kept += held[n]!;
  return { mask: result, report: { added: decided.added, removed: decided.removed, held: kept, updated: decided.updated } };
}

import { Refusal } from '../../../contract/errors.ts';
import type { CrfChoice } from '../../../contract/segmentation.ts';
import { type CrfSettings, leastProbability } from '../../../kernels/labels/crf.ts';
import { type CrfDecision, crfMask } from '../../../kernels/labels/crf-mask.ts';
import { crfInSlabs, crfSlabs } from '../../../kernels/labels/crf-slabs.ts';
import { sheetZone } from '../../../kernels/labels/sheets.ts';
import type { Triple } from '../../../kernels/volume/geometry.ts';
import type { TaskContext } from '../protocol.ts';

/** Air beyond the low end and thick cortical bone beyond the high end would otherwise be all that HU tell apart. */
const rangeHu: [number, number] = [-300, 700];

function kernelSettings(s: Omit<CrfChoice, 'crfTrust'>): CrfSettings {
  return {
    iterations: s.crfIterations,
    appearance: { sigmaMm: s.crfAppearanceMm, sigmaHu: s.crfAppearanceHu, weight: s.crfAppearanceWeight },
    smoothness: { sigmaMm: s.crfSmoothMm, weight: s.crfSmoothWeight },
    rangeHu,
    everyVoxel: false,
  };
}

/** Probability for each byte of a run, moved so that the segment's threshold lies at 0.5. */
export function atThreshold(threshold: number): Float32Array {
  const logit = (p: number) => Math.log(p / (1 - p));
  return Float32Array.from({ length: 256 }, (_, byte) => {
    const p = Math.min(1 - leastProbability, Math.max(leastProbability, byte / 255));
    return 1 / (1 + Math.exp(logit(threshold) - logit(p)));
  });
}

/** A box as the field takes it: image, mask, probability with the threshold at 0.5, and the voxels that stay as they are. */
export interface FieldBox {
  dimensions: Triple;
  spacingMm: Triple;
  hu: Int16Array | Float32Array;
  before: Uint8Array;
  probability: Float32Array;
  held: Uint8Array;
}

/**
 * Runs the field over a box and decides: thin places only gain, others only lose. Needs neither files nor a segment, so that a method can
 * use it on what a network has just answered.
 * @throws Refusal OUT_OF_MEMORY where the kernels are so narrow that their grid would not fit
 */
export function recoverThin(
  { dimensions, spacingMm, hu, before, probability, held }: FieldBox,
  settings: Omit<CrfChoice, 'crfTrust'>,
  context: TaskContext,
): CrfDecision & { updated: number } {
  const kernels = kernelSettings(settings);
  if (crfSlabs(dimensions, spacingMm, kernels) === null)
    throw new Refusal(
      'OUT_OF_MEMORY',
      `Kernels of ${settings.crfAppearanceMm} mm and ${settings.crfAppearanceHu} HU need more memory than is allowed in a box of ${dimensions.join(' x ')} voxels. Make crfAppearanceMm or crfAppearanceHu larger.`,
    );
  const { probability: answer, updated } = crfInSlabs({ dimensions, spacingMm, hu, probability }, kernels, (done, steps) => {
    context.throwIfCancelled();
    context.progress(0.1 + (0.8 * done) / steps, `Conditional random field, step ${done + 1} of ${steps}`);
  });
  context.throwIfCancelled();
  const zone = settings.crfSheetMm > 0 ? sheetZone(before, dimensions, spacingMm, settings.crfSheetMm) : null;
  return { ...crfMask(before, answer, held, zone), updated };
}

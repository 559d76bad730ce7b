import { Refusal } from '../../../contract/errors.ts';
import type { HuSettings, ValueSettings } from '../../../contract/segmentation.ts';
import { hysteresis } from '../../../kernels/labels/hysteresis.ts';
import { type CountedBits, thresholdBits } from '../../../kernels/labels/threshold.ts';
import { type Triple, voxelVolumeMm3 } from '../../../kernels/volume/geometry.ts';
import type { Task } from '../protocol.ts';
import { readVoxels, stageBits } from './masks.ts';
import { segmentCavity } from './segment-cavity.ts';
import { segmentGrowing } from './segment-growing.ts';

function apply(values: Int16Array | Float32Array, dimensions: Triple, settings: HuSettings): Promise<CountedBits> {
  if (settings.method === 'threshold') return thresholdBits(values, dimensions, settings.lowHu, settings.highHu);
  return hysteresis(values, dimensions, settings, settings.connectivity);
}

/** The values' own range in words, for the refusal that must tell which bound to try instead. */
function spanOf(values: Int16Array | Float32Array): string {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (let n = 0; n < values.length; n++) {
    const v = values[n]!;
    if (v < low) low = v;
    if (v > high) high = v;
  }
  return low <= high ? `from ${low} to ${high}` : 'that hold no number at all';
}

function assertByHu(settings: ValueSettings): asserts settings is HuSettings {
  if (settings.method !== 'threshold' && settings.method !== 'hysteresis') throw new RangeError(`no kernel for ${settings.method}`);
}

/**
 * Segments a volume by threshold or hysteresis threshold (M-threshold, M-hysteresis).
 * Throws Refusal EMPTY_SEGMENT where no voxel meets the settings, RangeError where the volume file does not fit its grid.
 */
export const segment: Task<'segment'> = async ({ volume, settings, into }, context) => {
  if (settings.method === 'cavity') return segmentCavity({ volume, settings, into }, settings, context);
  if (settings.method === 'region-growing') return segmentGrowing({ volume, settings, into }, settings, context);
  assertByHu(settings);
  context.progress(0, 'Reading the volume');
  const values = await readVoxels(volume);
  context.throwIfCancelled();
  context.progress(0.4, settings.method === 'threshold' ? 'Threshold' : 'Hysteresis threshold');
  const { bits, voxels } = await apply(values, volume.dimensions, settings);
  context.throwIfCancelled();
  if (voxels === 0) {
    throw new Refusal(
      'EMPTY_SEGMENT',
      `No voxel meets these bounds. The volume has values ${spanOf(values)}: choose a lower bound below the highest of them and an upper bound above it.`,
    );
  }
  context.progress(0.8, 'Writing the segment');
  const file = await stageBits(into, bits);
  context.progress(1, 'Segment written');
  return { mask: file, voxels, volumeMm3: voxels * voxelVolumeMm3(volume) };
};

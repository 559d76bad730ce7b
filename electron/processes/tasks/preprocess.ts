import type { VolumeGeometry } from '../../../contract/volume.ts';
import type { Values } from '../../../kernels/volume/values.ts';
import { measureQuality } from '../acquisition/measure-quality.ts';
import type { Task, VolumeFile } from '../protocol.ts';
import { readVoxels, stage } from './masks.ts';
import { runChain } from './preprocess-chain.ts';

export function gridOf({ dimensions, spacingMm, originLps, directionLps }: VolumeFile): VolumeGeometry {
  return { dimensions, spacingMm, originLps, directionLps };
}

/** As int16 where that loses nothing: half the memory wherever the series is shown. */
function compact(values: Values): Values {
  if (values instanceof Int16Array) return values;
  for (let n = 0; n < values.length; n++) {
    const v = values[n] as number;
    if (!Number.isInteger(v) || v < -32768 || v > 32767 || Object.is(v, -0)) return values;
  }
  return Int16Array.from(values);
}

/**
 * Clause 8.1: makes a series of another by the chosen steps and writes its voxels.
 * Throws Refusal as `runChain` does, RangeError where the volume file does not fit its grid.
 */
export const preprocess: Task<'preprocess'> = async ({ volume, settings, spacingMm, onto, into }, context) => {
  context.progress(0, 'Reading the series');
  const values = await readVoxels(volume);
  const fixed = onto && { values: await readVoxels(onto), grid: gridOf(onto) };
  const { image, steps, registration } = runChain(
    { values, grid: gridOf(volume), units: volume.units },
    settings,
    { spacingMm, onto: fixed },
    (fraction, note) => {
      context.throwIfCancelled();
      context.progress(0.05 + 0.85 * fraction, note);
    },
  );
  context.throwIfCancelled();
  const made = compact(image.values);
  const dtype = made instanceof Int16Array ? 'int16' : 'float32';
  context.progress(0.9, 'Measuring the series');
  // Thin walls are judged by the voxels that they are looked for in: a blur must show. Written last, so that a cancel leaves no file.
  const quality = image.units === 'HU' ? measureQuality(made, image.grid, 'HU', context.throwIfCancelled) : null;
  context.progress(0.95, 'Writing the series');
  const file = await stage(into, made, `.${dtype}`, context.throwIfCancelled);
  return { file, dtype, units: image.units, geometry: image.grid, steps, registration, quality };
};

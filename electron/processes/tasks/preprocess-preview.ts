import { Refusal } from '../../../contract/errors.ts';
import type { DenoiseSettings, PreprocessPreview, PreprocessSettings } from '../../../contract/preprocessing.ts';
import type { VolumeGeometry } from '../../../contract/volume.ts';
import { crop } from '../../../kernels/volume/crop.ts';
import { lpsToIndex, type Triple } from '../../../kernels/volume/geometry.ts';
import type { Task } from '../protocol.ts';
import { readVoxels } from './masks.ts';
import { gridOf } from './preprocess.ts';
import { runChain, statisticsOf } from './preprocess-chain.ts';
import type { Image } from './preprocess-steps.ts';

/** How many slices to either side a slice's result depends on, up to a cap beyond which nothing changes that an eye could see. */
function halo({ denoise, interpolate }: PreprocessSettings, sliceMm: number): number {
  return Math.min(12, (denoise ? denoiseReach(denoise, sliceMm) : 0) + (interpolate?.plane === '3d' ? 3 : 0));
}

function denoiseReach(s: DenoiseSettings, sliceMm: number): number {
  switch (s.method) {
    case 'gaussian':
      return Math.ceil((4 * s.sigmaMm) / sliceMm);
    case 'median':
      return s.radius;
    case 'non-local-means':
      return s.searchRadius + s.patchRadius;
    case 'anisotropic':
      return s.iterations;
  }
}

function sliceOf(image: Image, k: number): PreprocessPreview['before'] {
  const [width, height] = image.grid.dimensions;
  const values = Float32Array.from(image.values.subarray(k * width * height, (k + 1) * width * height));
  return {
    width,
    height,
    pixelMm: [image.grid.spacingMm[0], image.grid.spacingMm[1]],
    values: Buffer.from(values.buffer).toString('base64'),
    units: image.units,
  };
}

/** The slice that a point lies on or nearest to. */
function sliceAt(grid: VolumeGeometry, [x, y, z]: Triple): { k: number; inside: boolean } {
  const k = Math.round(lpsToIndex(grid, x, y, z)[2]);
  const last = grid.dimensions[2] - 1;
  return { k: Math.max(0, Math.min(last, k)), inside: k >= 0 && k <= last };
}

/**
 * One slice before and after the chosen steps (8.1), worked on a slab of slices around it. The statistics of z-score and percentile are
 * those of the whole series before denoising. Registration is not shown.
 * Throws Refusal NOT_FOUND where the point lies outside of the series or the region does not hold its slice.
 */
export const preprocessPreview: Task<'preprocessPreview'> = async ({ volume, settings, spacingMm, atLps }, context) => {
  context.progress(0, 'Reading the series');
  const whole = await readVoxels(volume);
  const grid = gridOf(volume);
  const { k: at, inside } = sliceAt(grid, atLps);
  if (!inside) throw new Refusal('NOT_FOUND', 'The point lies outside of the series. Choose a slice of it.');
  const reach = halo(settings, grid.spacingMm[2]);
  const from: Triple = [0, 0, Math.max(0, at - reach)];
  const to: Triple = [grid.dimensions[0] - 1, grid.dimensions[1] - 1, Math.min(grid.dimensions[2] - 1, at + reach)];
  const slab = crop(whole, grid, { from, to });
  const notShown: string[] = [];
  if (settings.register) notShown.push('Registration: it needs the whole of both series.');
  if (settings.normalize && settings.normalize.method !== 'range' && settings.denoise)
    notShown.push('The statistics of normalization are those before denoising.');
  if (settings.pad) notShown.push('Padding across the slices.');
  const pad = settings.pad && {
    ...settings.pad,
    ...(settings.pad.multiple ? { multiple: [settings.pad.multiple[0], settings.pad.multiple[1], 1] as Triple } : {}),
    ...(settings.pad.size ? { size: [settings.pad.size[0], settings.pad.size[1], 1] as Triple } : {}),
  };
  const { image, steps } = runChain(
    { values: slab.values, grid: slab.grid, units: volume.units },
    { ...settings, register: null, pad },
    {
      spacingMm,
      onto: null,
      ...(settings.normalize ? { statisticsOf: statisticsOf({ values: whole, grid, units: volume.units }, settings) } : {}),
    },
    (fraction, note) => {
      context.throwIfCancelled();
      context.progress(0.2 + 0.75 * fraction, note);
    },
  );
  return {
    before: sliceOf({ values: slab.values, grid: slab.grid, units: volume.units }, at - from[2]),
    after: sliceOf(image, sliceAt(image.grid, atLps).k),
    steps,
    notShown,
  };
};

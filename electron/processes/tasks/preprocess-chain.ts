import { totalmem } from 'node:os';
import { Refusal } from '../../../contract/errors.ts';
import type { PreprocessSettings, PreprocessStep, RegistrationResult } from '../../../contract/preprocessing.ts';
import type { VolumeGeometry } from '../../../contract/volume.ts';
import { limit } from '../../../kernels/intensity/limit.ts';
import { movedGrid } from '../../../kernels/registration/moved-grid.ts';
import { registerRigid } from '../../../kernels/registration/rigid.ts';
import { gridWithSpacing } from '../../../kernels/spacing/grid.ts';
import { resample } from '../../../kernels/spacing/resample.ts';
import type { Step, Values } from '../../../kernels/volume/values.ts';
import {
  borderValue,
  countedValues,
  denoise,
  type Image,
  lowest,
  type Made,
  mm,
  normalize,
  organWindow,
  padded,
  refusing,
  region,
  size,
} from './preprocess-steps.ts';

/** What a chain needs beside its settings. */
export interface ChainInput {
  /** What the interpolation's choice of spacing comes to, mm. */
  spacingMm: number | null;
  onto: { values: Values; grid: VolumeGeometry } | null;
  /** Statistics of normalization where they are not to be those of the image itself: a preview shows a slab of a series. */
  statisticsOf?: Values;
}

/** The largest series that is made; import holds to the same. */
const largestBytes = 4 * 1024 ** 3;

/** Throws Refusal where a float32 volume of this size is more than is kept, or more than this machine holds twice. */
function assertRoom(dimensions: readonly number[]): void {
  const bytes = dimensions.reduce((product, side) => product * side, 4);
  const words = `A series of ${dimensions.join(' x ')} voxels takes ${(bytes / 1024 ** 3).toFixed(1)} GB`;
  if (bytes > largestBytes) throw new Refusal('TOO_LARGE', `${words}; 4 GB are the most. Choose a larger spacing or a smaller region.`);
  if (2 * bytes > 0.8 * totalmem())
    throw new Refusal('OUT_OF_MEMORY', `${words}, twice that while it is made. Choose a larger spacing or a smaller region.`);
}

/** The grid that interpolation asks for; without it the grid itself. */
function targetOf(grid: VolumeGeometry, interpolate: PreprocessSettings['interpolate'], spacingMm: number | null): VolumeGeometry {
  if (!interpolate) return grid;
  if (spacingMm === null) throw new RangeError('the spacing was not settled');
  const along = interpolate.plane === '3d' ? spacingMm : grid.spacingMm[2];
  assertRoom(grid.dimensions.map((n, a) => Math.ceil((n * (grid.spacingMm[a] as number)) / (a < 2 ? spacingMm : along))));
  return gridWithSpacing(grid, [spacingMm, spacingMm, interpolate.plane === '3d' ? spacingMm : null]);
}

function register(
  image: Image,
  onto: NonNullable<ChainInput['onto']>,
  metric: NonNullable<PreprocessSettings['register']>['metric'],
  step: Step,
): { registration: RegistrationResult; words: string } {
  const found = refusing('GRID_MISMATCH', () => registerRigid(onto, image, { metric }, step));
  if (!found.converged || found.overlap < 0.1)
    throw new Refusal(
      'GRID_MISMATCH',
      `The two series could not be brought together (${(100 * found.overlap).toFixed(0)} % overlap). They must be of one patient and show the same region.`,
    );
  const { rotation, translationMm, parameters, metricBefore, metricAfter, overlap, converged } = found;
  const { rotationDegrees, about: aboutLps } = parameters;
  const turn = Math.hypot(...rotationDegrees).toFixed(2);
  return {
    registration: { rotation, translationMm, rotationDegrees, aboutLps, metricBefore, metricAfter, overlap, converged },
    words: `Registered rigidly (${metric}): turned ${turn} degrees, moved ${mm(Math.hypot(...parameters.translationMm))}, ${(100 * overlap).toFixed(0)} % overlap`,
  };
}

/** The values whose statistics a normalization of the whole series would take, for a preview: region and window, not yet denoised. */
export function statisticsOf(whole: Image, { region: roi, window }: PreprocessSettings): Values {
  const cut = roi ? region(whole, roi) : { image: whole, inside: null };
  const windowed = window ? organWindow(cut.image, window).image : cut.image;
  return countedValues(windowed.values, cut.inside);
}

/**
 * Clause 8.1: region, denoising, interpolation, registration, organ window, normalization, zero-padding; each where it is chosen, always in
 * this order. Where a series is both interpolated and registered it is resampled once, onto the other series' frame at the spacing asked
 * for: a second interpolation would blur thin walls again.
 * @throws Refusal where a step cannot be done as it is asked for (region outside of the image, a grid that is too large ...)
 * Peak memory: the volume, and the float32 of the step under way.
 */
export function runChain(
  start: Image,
  settings: PreprocessSettings,
  input: ChainInput,
  progress: (fraction: number, note: string) => void,
): { image: Image; steps: PreprocessStep[]; registration: RegistrationResult | null } {
  let image = start;
  let registration: RegistrationResult | null = null;
  /** Where the voxels lie that statistics are of, and, once the grid is another, their values. */
  let inside: Int16Array | null = null;
  let counted: Values | null = null;
  const steps: PreprocessStep[] = [];
  const chosen = Object.values(settings).filter((one) => one !== null).length;
  const at =
    (note: string): Step =>
    (fraction) =>
      progress((steps.length + fraction) / chosen, note);
  const take = (step: PreprocessStep['step'], made: Made) => {
    image = made.image;
    steps.push({ step, text: made.text });
  };
  /** The image on another grid. */
  const regrid = (from: VolumeGeometry, grid: VolumeGeometry, note: string): Image => {
    assertRoom(grid.dimensions);
    if (inside) counted = countedValues(image.values, inside);
    inside = null;
    const outside = lowest(image.values);
    const values = resample(image.values, from, grid, { interpolation: interpolate?.interpolation ?? 'linear', outside }, at(note));
    return { ...image, values, grid };
  };

  const { region: roi, denoise: noise, interpolate, register: motion, window, normalize: norm, pad: border } = settings;
  const { spacingMm, onto } = input;
  if (roi) {
    const made = region(image, roi);
    inside = made.inside;
    take('region', made);
  }
  if (noise)
    take(
      'denoise',
      refusing('INVALID_VOXELS', () => denoise(image, noise, at('Denoising'))),
    );
  const how = interpolate ? `${interpolate.plane.toUpperCase()} to ${mm(spacingMm ?? 0)}, ${interpolate.interpolation}` : 'linear';
  if (interpolate && !motion) {
    const grid = targetOf(image.grid, interpolate, spacingMm);
    const text = `Interpolated ${how}; ${size(image.grid)} voxels became ${size(grid)}`;
    take('interpolate', { image: regrid(image.grid, grid, 'Interpolating'), text });
  }
  if (motion) {
    if (!onto) throw new RangeError('the series to register onto was not given');
    const grid = targetOf(onto.grid, interpolate, spacingMm);
    const found = register(image, onto, motion.metric, at('Registering'));
    registration = found.registration;
    const text = `${found.words}${interpolate ? `, interpolated ${how}` : ''}`;
    take('register', { image: regrid(movedGrid(image.grid, registration), grid, 'Moving onto the other series'), text });
    (steps.at(-1) as PreprocessStep).registration = registration;
  }
  let low: number | null = null;
  if (window) {
    const made = organWindow(image, window);
    low = made.low;
    if (counted) counted = limit<Values>(counted, made);
    take('window', made);
  }
  if (norm) take('normalize', normalize(image, norm, input.statisticsOf ?? counted ?? countedValues(image.values, inside)));
  if (border) {
    const wanted = image.grid.dimensions.map((n, a) => Math.max(n, border.size?.[a] ?? 1, border.multiple?.[a] ?? 1));
    assertRoom(wanted);
    take('pad', padded(image, border, border.value ?? borderValue(image, low === null ? null : { low }, norm)));
  }
  return { image, steps, registration };
}

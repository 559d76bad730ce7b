import { Refusal } from '../../../contract/errors.ts';
import type {
  DenoiseSettings,
  NormalizeSettings,
  PadSettings,
  PreprocessSettings,
  PreprocessStep,
  RegionSettings,
  RegistrationResult,
} from '../../../contract/preprocessing.ts';
import type { VolumeGeometry } from '../../../contract/volume.ts';
import { anisotropic } from '../../../kernels/intensity/anisotropic.ts';
import { gaussian } from '../../../kernels/intensity/gaussian.ts';
import { limit } from '../../../kernels/intensity/limit.ts';
import { median } from '../../../kernels/intensity/median.ts';
import { nonLocalMeans } from '../../../kernels/intensity/non-local-means.ts';
import { percentileRange } from '../../../kernels/intensity/normalise-percentile.ts';
import { normaliseRange } from '../../../kernels/intensity/normalise-range.ts';
import { zScore } from '../../../kernels/intensity/normalise-z-score.ts';
import { movedGrid } from '../../../kernels/registration/moved-grid.ts';
import { registerRigid } from '../../../kernels/registration/rigid.ts';
import { gridWithSpacing } from '../../../kernels/spacing/grid.ts';
import { resample } from '../../../kernels/spacing/resample.ts';
import { boxToIndices, crop } from '../../../kernels/volume/crop.ts';
import { landmarkRegion } from '../../../kernels/volume/landmark-region.ts';
import { pad } from '../../../kernels/volume/pad.ts';
import { polygonRegion } from '../../../kernels/volume/polygon-region.ts';
import type { Values } from '../../../kernels/volume/values.ts';

/** A volume on its way through the steps. */
export interface Image {
  values: Values;
  grid: VolumeGeometry;
  units: string;
}
/** What a chain needs beside its settings. */
export interface ChainInput {
  /** What the interpolation's choice of spacing comes to, mm. */
  spacingMm: number | null;
  onto: { values: Values; grid: VolumeGeometry } | null;
  /** Statistics of normalization where they are not to be those of the image itself: a preview shows a slab of a series. */
  statisticsOf?: Values;
}
type Progress = (fraction: number) => void;

const mm = (value: number): string => `${Number(value.toFixed(3))} mm`;
const size = (grid: VolumeGeometry): string => grid.dimensions.join(' x ');

function region(image: Image, settings: RegionSettings): { image: Image; text: string } {
  const { grid, values } = image;
  const drawn = settings.by === 'drawing' ? polygonRegion(settings.plane, settings.outlineLps, grid) : null;
  const box =
    settings.by === 'box'
      ? settings.boxLps
      : settings.by === 'landmarks'
        ? landmarkRegion(settings, grid)
        : (drawn as NonNullable<typeof drawn>).box;
  const indices = boxToIndices(grid, box);
  if (!indices) throw new Refusal('NOT_FOUND', 'The region lies outside of this series. Set it where the image is.');
  const kept = crop(settings.by === 'drawing' && drawn ? drawn.masked(values, settings.outside) : values, grid, indices);
  const what = {
    landmarks: '1 cm above the supraorbital to the infraorbital foramen',
    box: 'box',
    drawing: settings.by === 'drawing' ? `outline on the ${settings.plane} plane, ${settings.outside} outside of it` : '',
  }[settings.by];
  return { image: { ...image, ...kept }, text: `Region: ${what}; ${size(grid)} voxels became ${size(kept.grid)}` };
}

function denoise({ values, grid, units }: Image, s: DenoiseSettings, step: Progress): { image: Image; text: string } {
  const made = (next: Values, text: string) => ({ image: { values: next, grid, units }, text });
  switch (s.method) {
    case 'gaussian':
      return made(gaussian(values, grid.dimensions, grid.spacingMm, s, step), `Gaussian, sigma ${mm(s.sigmaMm)}`);
    case 'median':
      return made(median(values, grid.dimensions, s, step), `Median of ${2 * s.radius + 1} voxels (${s.plane.toUpperCase()})`);
    case 'non-local-means':
      return made(
        nonLocalMeans(values, grid.dimensions, s, step),
        `Non-local means, strength ${s.strengthHu}, search ${s.searchRadius}, patch ${s.patchRadius} (${s.plane.toUpperCase()})`,
      );
    case 'anisotropic':
      return made(
        anisotropic(values, grid.dimensions, grid.spacingMm, s, step),
        `Anisotropic diffusion, ${s.iterations} rounds, contrast ${s.contrastHu} (${s.plane.toUpperCase()})`,
      );
  }
}

function normalize(image: Image, s: NormalizeSettings, from: Values): { image: Image; text: string } {
  const made = (values: Values, text: string) => ({ image: { values, grid: image.grid, units: 'normalized' }, text });
  if (s.method === 'z-score') {
    const { values, mean, sd } = zScore(image.values, { inside: s.inside, statisticsOf: from });
    return made(values, `z-score: mean ${mean.toFixed(2)}, SD ${sd.toFixed(2)}${s.inside === null ? '' : `, of values above ${s.inside}`}`);
  }
  const span = s.method === 'range' ? { low: s.min, high: s.max } : percentileRange(from, { lowPercent: s.low, highPercent: s.high });
  if (!(span.high > span.low))
    throw new Refusal('HU_OUT_OF_RANGE', `There is nothing between ${span.low} and ${span.high}. Choose bounds that lie apart.`);
  const values = normaliseRange(image.values, { ...span, to: [s.newMin, s.newMax], round: s.round });
  const percent = s.method === 'percentile' ? ` (${s.low} to ${s.high} %)` : '';
  return made(
    values,
    `Formula (1): ${Number(span.low.toFixed(2))} to ${Number(span.high.toFixed(2))}${percent} becomes ${s.newMin} to ${s.newMax}${s.round ? ', whole numbers' : ''}`,
  );
}

/** The lowest value: what stands where a moved or larger grid has no image, as air does in CT and the background in MR. */
function lowest(values: Values): number {
  let low = Number.POSITIVE_INFINITY;
  for (let n = 0; n < values.length; n++) if ((values[n] as number) < low) low = values[n] as number;
  return low;
}

function padded(image: Image, s: PadSettings): { image: Image; text: string } {
  const { before, ...next } = pad(image.values, image.grid, { multiple: s.multiple ?? null, size: s.size ?? null, value: s.value });
  return { image: { ...image, ...next }, text: `Padded with ${s.value} to ${size(next.grid)} (${before.join(', ')} voxels before)` };
}

/** A mistake of a kernel that a user's settings brought about is the input's fault: its words are the refusal. */
function refusing<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof RangeError && !/array|allocation/i.test(error.message)) throw new Refusal('HU_OUT_OF_RANGE', error.message);
    throw error;
  }
}

/**
 * Clause 8.1: region, denoising, interpolation, registration, organ window, normalization, zero-padding; each where it is chosen, always in
 * this order. Where a series is both interpolated and registered it is resampled once, onto the other series' frame at the spacing asked
 * for: a second interpolation would blur thin walls again.
 * @throws Refusal NOT_FOUND for a region outside of the image; what a step says of settings that cannot be
 * Peak memory: the volume, and the float32 of the step under way.
 */
export function runChain(
  start: Image,
  settings: PreprocessSettings,
  { spacingMm, onto, statisticsOf }: ChainInput,
  progress: (fraction: number, note: string) => void,
): { image: Image; steps: PreprocessStep[]; registration: RegistrationResult | null } {
  let image = start;
  let registration: RegistrationResult | null = null;
  const steps: PreprocessStep[] = [];
  const chosen = Object.values(settings).filter((one) => one !== null).length;
  const at =
    (note: string): Progress =>
    (fraction) =>
      progress((steps.length + fraction) / chosen, note);
  const take = (step: PreprocessStep['step'], made: { image: Image; text: string }) => {
    image = made.image;
    steps.push({ step, text: made.text });
  };
  const { region: roi, denoise: noise, interpolate, register, window, normalize: norm, pad: border } = settings;
  if (roi)
    take(
      'region',
      refusing(() => region(image, roi)),
    );
  if (noise) take('denoise', denoise(image, noise, at('Denoising')));
  const target = (grid: VolumeGeometry): VolumeGeometry => {
    if (!interpolate) return grid;
    if (spacingMm === null) throw new RangeError('the spacing was not settled');
    return gridWithSpacing(grid, [spacingMm, spacingMm, interpolate.plane === '3d' ? spacingMm : null]);
  };
  const ratio = interpolate ? `${interpolate.plane.toUpperCase()} to ${mm(spacingMm ?? 0)}, ${interpolate.interpolation}` : 'linear';
  const interpolation = interpolate?.interpolation ?? 'linear';
  if (interpolate && !register) {
    const grid = target(image.grid);
    const values = resample(image.values, image.grid, grid, { interpolation, outside: lowest(image.values) }, at('Interpolating'));
    take('interpolate', {
      image: { ...image, values, grid },
      text: `Interpolated ${ratio}; ${size(image.grid)} voxels became ${size(grid)}`,
    });
  }
  if (register) {
    if (!onto) throw new RangeError('the series to register onto was not given');
    const found = registerRigid(onto, image, { metric: register.metric }, at('Registering'));
    if (!found.converged || found.overlap < 0.1)
      throw new Refusal(
        'GRID_MISMATCH',
        `The two series could not be brought together (${(100 * found.overlap).toFixed(0)} % overlap). They must be of one patient and show the same region.`,
      );
    const { rotation, translationMm, parameters, metricBefore, metricAfter, overlap, converged } = found;
    registration = {
      rotation,
      translationMm,
      rotationDegrees: parameters.rotationDegrees,
      aboutLps: parameters.about,
      metricBefore,
      metricAfter,
      overlap,
      converged,
    };
    const grid = target(onto.grid);
    const moved = movedGrid(image.grid, registration);
    const values = resample(
      image.values,
      moved,
      grid,
      { interpolation, outside: lowest(image.values) },
      at('Moving onto the other series'),
    );
    const turn = Math.hypot(...parameters.rotationDegrees).toFixed(2);
    const both = interpolate ? `, interpolated ${ratio}` : '';
    take('register', {
      image: { ...image, values, grid },
      text: `Registered rigidly (${register.metric}): turned ${turn} degrees, moved ${mm(Math.hypot(...parameters.translationMm))}, ${(100 * overlap).toFixed(0)} % overlap${both}`,
    });
    (steps.at(-1) as PreprocessStep).registration = registration;
  }
  if (window) {
    const values = limit(image.values, { low: window.lowHu, high: window.highHu });
    take('window', { image: { ...image, values }, text: `Organ window: limited to ${window.lowHu} to ${window.highHu}` });
  }
  if (norm)
    take(
      'normalize',
      refusing(() => normalize(image, norm, statisticsOf ?? image.values)),
    );
  if (border)
    take(
      'pad',
      refusing(() => padded(image, border)),
    );
  return { image, steps, registration };
}

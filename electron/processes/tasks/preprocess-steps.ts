import { type ReasonCode, Refusal } from '../../../contract/errors.ts';
import type { DenoiseSettings, NormalizeSettings, PadSettings, RegionSettings, WindowSettings } from '../../../contract/preprocessing.ts';
import type { VolumeGeometry } from '../../../contract/volume.ts';
import { anisotropic } from '../../../kernels/intensity/anisotropic.ts';
import { gaussian } from '../../../kernels/intensity/gaussian.ts';
import { limit } from '../../../kernels/intensity/limit.ts';
import { median } from '../../../kernels/intensity/median.ts';
import { nonLocalMeans } from '../../../kernels/intensity/non-local-means.ts';
import { percentileRange } from '../../../kernels/intensity/normalise-percentile.ts';
import { normaliseRange } from '../../../kernels/intensity/normalise-range.ts';
import { zScore } from '../../../kernels/intensity/normalise-z-score.ts';
import { type BoxLps, boxToIndices, crop } from '../../../kernels/volume/crop.ts';
import { extentLps } from '../../../kernels/volume/extent.ts';
import { landmarkRegion } from '../../../kernels/volume/landmark-region.ts';
import { pad } from '../../../kernels/volume/pad.ts';
import { polygonRegion } from '../../../kernels/volume/polygon-region.ts';
import type { Step, Values } from '../../../kernels/volume/values.ts';

/** A volume on its way through the steps. */
export interface Image {
  values: Values;
  grid: VolumeGeometry;
  units: string;
}
export interface Made {
  image: Image;
  text: string;
}

export const mm = (value: number): string => `${Number(value.toFixed(3))} mm`;
export const size = (grid: VolumeGeometry): string => grid.dimensions.join(' x ');

const ourAllocation = /^(Array buffer allocation failed|Invalid (typed )?array length)/;

/** What a kernel says of settings that cannot be is the input's fault: its words become the refusal. */
export function refusing<T>(code: ReasonCode, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof RangeError && !ourAllocation.test(error.message)) throw new Refusal(code, sentence(error.message));
    throw error;
  }
}
const sentence = (words: string): string => `${words.charAt(0).toUpperCase()}${words.slice(1)}.`;

/** The lowest value: what stands where a moved or larger grid has no image, as air does in CT and the background in MR. */
export function lowest(values: Values): number {
  let low = Number.POSITIVE_INFINITY;
  for (let n = 0; n < values.length; n++) if ((values[n] as number) < low) low = values[n] as number;
  return low;
}

/** Fewer voxels along an axis are no volume; import holds to the same. */
const leastVoxels = 3;

function regionBox(settings: Exclude<RegionSettings, { by: 'drawing' }>, grid: VolumeGeometry): { box: BoxLps; words: string } {
  if (settings.by === 'box') return { box: settings.boxLps, words: 'box' };
  const extent = extentLps(grid);
  const marks = [...settings.supraorbitalLps, ...settings.infraorbitalLps];
  if (marks.some((mark) => mark.some((v, a) => v < (extent[a] as number) || v > (extent[a + 3] as number))))
    throw new Refusal('NOT_FOUND', 'A mark lies outside of this series. Set the foramina where the image is.');
  const box = refusing('INVALID_GEOMETRY', () => landmarkRegion(settings, grid));
  const beyond = box[5] - extent[5];
  const cut = beyond > 0.05 ? `, of which the scan lacks the upper ${mm(beyond)}` : '';
  return { box, words: `1 cm above the supraorbital to the infraorbital foramen${cut}` };
}

/** A-roi. `inside`: 1 where voxels count in statistics; null: all of them. */
export function region(image: Image, settings: RegionSettings): Made & { inside: Int16Array | null } {
  const { grid, values, units } = image;
  const drawn =
    settings.by === 'drawing' ? refusing('INVALID_GEOMETRY', () => polygonRegion(settings.plane, settings.outlineLps, grid)) : null;
  const outside = settings.by === 'drawing' ? (settings.outside ?? (units === 'HU' ? -1024 : lowest(values))) : 0;
  const { box, words } =
    settings.by === 'drawing' && drawn
      ? { box: drawn.box, words: `outline on the ${settings.plane} plane, ${outside} outside of it` }
      : regionBox(settings as Exclude<RegionSettings, { by: 'drawing' }>, grid);
  const indices = boxToIndices(grid, box);
  if (!indices) throw new Refusal('NOT_FOUND', 'The region lies outside of this series. Set it where the image is.');
  if (indices.to.some((last, a) => last - (indices.from[a] as number) + 1 < leastVoxels))
    throw new Refusal('TOO_SMALL', `The region holds fewer than ${leastVoxels} voxels along an axis: that is no volume. Make it larger.`);
  const masked = drawn ? refusing('HU_OUT_OF_RANGE', () => drawn.masked(values, outside)) : values;
  const kept = crop(masked, grid, indices);
  const inside = drawn ? crop(drawn.masked(new Int16Array(values.length).fill(1), 0), grid, indices).values : null;
  return { image: { ...image, ...kept }, inside, text: `Region: ${words}; ${size(grid)} voxels became ${size(kept.grid)}` };
}

/** The values that count, one after the other. */
export function countedValues(values: Values, inside: Int16Array | null): Values {
  return inside ? (values as Float32Array).filter((_, n) => inside[n] === 1) : values;
}

export function denoise({ values, grid, units }: Image, s: DenoiseSettings, step: Step): Made {
  const made = (next: Values, text: string) => ({ image: { values: next, grid, units }, text });
  const across = 'plane' in s ? ` (${s.plane.toUpperCase()})` : '';
  switch (s.method) {
    case 'gaussian':
      return made(gaussian(values, grid.dimensions, grid.spacingMm, s, step), `Gaussian, sigma ${mm(s.sigmaMm)}`);
    case 'median':
      return made(median(values, grid.dimensions, s, step), `Median of ${2 * s.radius + 1} voxels${across}`);
    case 'non-local-means':
      return made(
        nonLocalMeans(values, grid.dimensions, s, step),
        `Non-local means, strength ${s.strengthHu}, search ${s.searchRadius}, patch ${s.patchRadius}${across}`,
      );
    case 'anisotropic':
      return made(
        anisotropic(values, grid.dimensions, grid.spacingMm, s, step),
        `Anisotropic diffusion, ${s.iterations} rounds, contrast ${s.contrastHu}${across}`,
      );
  }
}

/** The bounds of 8.2 are HU: for other values both must be named. */
function boundsFor(units: string, low: number | undefined, high: number | undefined): { low: number; high: number } {
  if (units !== 'HU' && (low === undefined || high === undefined))
    throw new Refusal(
      'HU_NOT_CALIBRATED',
      `The values of this series are not HU (${units}), so -200 to 300 HU says nothing of them. Name both bounds, or normalize between percentiles.`,
    );
  return { low: low ?? -200, high: high ?? 300 };
}

export function organWindow(image: Image, s: WindowSettings): Made & { low: number; high: number } {
  const { low, high } = boundsFor(image.units, s.lowHu, s.highHu);
  const values = refusing('HU_OUT_OF_RANGE', () => limit(image.values, { low, high }));
  return { image: { ...image, values }, low, high, text: `Organ window: limited to ${low} to ${high}${image.units === 'HU' ? ' HU' : ''}` };
}

/** 8.2. `from`: the values whose statistics count. */
export function normalize(image: Image, s: NormalizeSettings, from: Values): Made {
  const made = (values: Values, text: string) => ({ image: { values, grid: image.grid, units: 'normalized' }, text });
  if (s.method === 'z-score') {
    const { values, mean, sd } = refusing('HU_OUT_OF_RANGE', () => zScore(image.values, { inside: s.inside, statisticsOf: from }));
    return made(values, `z-score: mean ${mean.toFixed(2)}, SD ${sd.toFixed(2)}${s.inside === null ? '' : `, of values above ${s.inside}`}`);
  }
  const span =
    s.method === 'range' ? boundsFor(image.units, s.min, s.max) : percentileRange(from, { lowPercent: s.low, highPercent: s.high });
  if (!(span.high > span.low))
    throw new Refusal(
      'HU_OUT_OF_RANGE',
      `The image has no values between its percentiles (both are ${span.low}). Choose percentiles that lie further apart, or a range.`,
    );
  const values = normaliseRange(image.values, { ...span, to: [s.newMin, s.newMax], round: s.round });
  const percent = s.method === 'percentile' ? ` (${s.low} to ${s.high} %)` : '';
  const ends = `${Number(span.low.toFixed(2))} to ${Number(span.high.toFixed(2))}`;
  return made(values, `Formula (1): ${ends}${percent} becomes ${s.newMin} to ${s.newMax}${s.round ? ', whole numbers' : ''}`);
}

/** What stands for no image: air in HU or what the window made of it, the bottom of a new range, zero after z-score, else the lowest value. */
export function borderValue(image: Image, window: { low: number } | null, norm: NormalizeSettings | null): number {
  if (image.units === 'HU') return window?.low ?? -1024;
  if (image.units !== 'normalized') return lowest(image.values);
  return norm && norm.method !== 'z-score' ? norm.newMin : 0;
}

export function padded(image: Image, s: PadSettings, value: number): Made {
  const { before, ...next } = refusing('TOO_LARGE', () =>
    pad(image.values, image.grid, { multiple: s.multiple ?? null, size: s.size ?? null, value }),
  );
  return { image: { ...image, ...next }, text: `Padded with ${value} to ${size(next.grid)} (${before.join(', ')} voxels before)` };
}

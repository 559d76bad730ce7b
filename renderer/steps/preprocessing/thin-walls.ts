import type { ChainDraft } from '../../stores/preprocessing.ts';

/** Abramowitz and Stegun 7.1.26; off by at most 1.5e-7. */
function erf(x: number): number {
  const t = 1 / (1 + 0.3275911 * Math.abs(x));
  const tail = ((((1.061405429 * t - 1.453152027) * t + 1.421413741) * t - 0.284496736) * t + 0.254829592) * t * Math.exp(-x * x);
  return Math.sign(x) * (1 - tail);
}

/** Blur of a scanner's bone kernel, as standard deviation: 0.9 mm FWHM. */
const scannerMm = 0.9 / (2 * Math.sqrt(2 * Math.LN2));

/** Share of its height that a flat wall keeps under a Gaussian, for a wall that the scanner has blurred before. */
export function gaussianKeeps(wallMm: number, sigmaMm: number): number {
  const peak = (blurMm: number) => erf(wallMm / (2 * Math.SQRT2 * blurMm));
  return peak(Math.hypot(scannerMm, sigmaMm)) / peak(scannerMm);
}

/** A median keeps a flat wall only where it fills more than half of its window: the thinnest one that stays, mm. */
export const medianKeepsMm = (radius: number, spacingMm: number): number => (radius + 1) * spacingMm;

const wallMm = 0.5;

/**
 * What a filter does to thin walls, with its figure; `warn` where a 0.5 mm wall would suffer.
 * @param spacingMm of the series, i, j, k
 */
export function thinWallWords(
  { method, sigmaMm, radius, strengthHu, contrastHu, plane }: ChainDraft['denoise'],
  spacingMm: readonly number[],
  units: string,
): { text: string; warn: boolean } {
  const unit = units === 'HU' ? ' HU' : '';
  if (method === 'gaussian') {
    const keeps = gaussianKeeps(wallMm, sigmaMm);
    return {
      text: `A wall of ${wallMm} mm, as a bone kernel shows it, keeps ${Math.round(keeps * 100)} % of its height.`,
      warn: keeps < 0.9,
    };
  }
  if (method === 'median') {
    const finest = Math.min(...spacingMm.slice(0, plane === '2d' ? 2 : 3));
    const thinnest = medianKeepsMm(radius, finest);
    return {
      text: `Flat walls thinner than ${radius + 1} voxels, here ${Number(thinnest.toFixed(2))} mm, lose height or vanish.`,
      warn: thinnest > wallMm,
    };
  }
  if (method === 'non-local-means')
    return {
      text: `Walls that stand out by less than ${strengthHu}${unit} are mixed into what lies beside them. Choose about the noise.`,
      warn: strengthHu > 60,
    };
  return {
    text: `Walls that stand out by less than ${contrastHu}${unit} are smoothed away. Choose three to five times the noise.`,
    warn: contrastHu > 200,
  };
}

import { normalShare } from './normal-distribution.ts';

/** Full width at half maximum of a Gaussian over its sigma: 2 sqrt(2 ln 2). */
export const fwhmPerSigma = 2.354820045;

/** A wall and what lies on its two sides, HU. */
export interface Wall {
  boneHu: number;
  leftHu: number;
  rightHu: number;
}

/**
 * The highest value that a wall of a given thickness shows behind a Gaussian point spread: two steps, each blurred.
 * @param fwhmMm of the spread across the wall, above 0
 * @throws RangeError where thickness or width is not positive. Cost: some 60 evaluations
 */
export function blurredPeakHu(wall: Wall, thicknessMm: number, fwhmMm: number): number {
  if (!(thicknessMm > 0 && fwhmMm > 0)) throw new RangeError('a wall and its blur have a width');
  const sigma = fwhmMm / fwhmPerSigma;
  const half = thicknessMm / 2;
  const at = (x: number): number => {
    const left = normalShare(-(x + half) / sigma);
    const right = normalShare((x - half) / sigma);
    return wall.leftHu * left + wall.rightHu * right + wall.boneHu * (1 - left - right);
  };
  // With bone above both sides the profile has one summit, within the wall or a sigma or so beside it: a golden section finds it.
  let low = -half - 3 * sigma;
  let high = half + 3 * sigma;
  const golden = (Math.sqrt(5) - 1) / 2;
  for (let n = 0; n < 50; n++) {
    const a = high - golden * (high - low);
    const b = low + golden * (high - low);
    if (at(a) > at(b)) high = b;
    else low = a;
  }
  return at((low + high) / 2);
}

/**
 * The thinnest wall whose blurred summit still reaches a value: thinner ones are lost to a threshold there.
 * At FWHM 0.94 mm bone of 1100 HU between fat (-100) and air (-1000) is lost at 300 HU below 0.51 mm.
 * @param reachHu between the brighter side and the bone
 * @returns mm; at most 20 widths
 * @throws RangeError where no wall of that bone can reach the value
 * Cost: some 40 summits
 */
export function thinnestWallMm(wall: Wall, reachHu: number, fwhmMm: number): number {
  if (!(reachHu < wall.boneHu && reachHu > Math.max(wall.leftHu, wall.rightHu)))
    throw new RangeError('the value lies outside what the wall can show');
  let low = 1e-4 * fwhmMm;
  let high = 20 * fwhmMm;
  for (let n = 0; n < 40; n++) {
    const middle = (low + high) / 2;
    if (blurredPeakHu(wall, middle, fwhmMm) >= reachHu) high = middle;
    else low = middle;
  }
  return high;
}

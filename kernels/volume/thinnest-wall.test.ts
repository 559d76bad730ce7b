import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { normalShare } from './normal-distribution.ts';
import { blurredPeakHu, fwhmPerSigma, thinnestWallMm } from './thinnest-wall.ts';

const fatToAir = { boneHu: 1100, leftHu: -100, rightHu: -1000 };

/** The blur done by hand: the wall sampled finely, the Gaussian summed over it. */
function peakBySum(wall: typeof fatToAir, thicknessMm: number, fwhmMm: number): number {
  const sigma = fwhmMm / fwhmPerSigma;
  const step = sigma / 60;
  let best = -Infinity;
  for (let x = -2 * sigma; x <= 2 * sigma; x += step * 4) {
    let sum = 0;
    let weights = 0;
    for (let u = -6 * sigma; u <= 6 * sigma; u += step) {
      const at = x - u;
      const value = Math.abs(at) <= thicknessMm / 2 ? wall.boneHu : at < 0 ? wall.leftHu : wall.rightHu;
      const weight = Math.exp((-u * u) / (2 * sigma * sigma));
      sum += weight * value;
      weights += weight;
    }
    best = Math.max(best, sum / weights);
  }
  return best;
}

describe('the thinnest wall that a scan shows', () => {
  test('[7.3-acquisition] 300 HU between fat and air loses walls under 0.51 mm at FWHM 0.94 mm', () => {
    expect(thinnestWallMm(fatToAir, 300, 0.94)).toBeCloseTo(0.51, 2);
  });

  test('[7.3-acquisition] a 0.3 mm wall behind FWHM 0.94 mm keeps 29 % of its contrast', () => {
    const wall = { boneHu: 1000, leftHu: 0, rightHu: 0 };
    expect(blurredPeakHu(wall, 0.3, 0.94) / 1000).toBeCloseTo(0.29, 2);
  });

  test('the summit agrees with a blur summed by hand', () => {
    for (const [thickness, fwhm] of [
      [0.3, 0.94],
      [0.8, 1.4],
      [2, 0.6],
    ] as const)
      expect(Math.abs(blurredPeakHu(fatToAir, thickness, fwhm) - peakBySum(fatToAir, thickness, fwhm))).toBeLessThan(12);
  });

  test('the found wall is at the limit: a little thinner misses, a little thicker reaches; twice the blur doubles it', () => {
    fc.assert(
      fc.property(fc.double({ min: 0.3, max: 6, noNaN: true }), fc.double({ min: 0, max: 800, noNaN: true }), (fwhm, reach) => {
        const mm = thinnestWallMm(fatToAir, reach, fwhm);
        expect(blurredPeakHu(fatToAir, mm * 0.99, fwhm)).toBeLessThan(reach);
        expect(blurredPeakHu(fatToAir, mm * 1.01, fwhm)).toBeGreaterThan(reach);
        expect(thinnestWallMm(fatToAir, reach, fwhm * 2) / mm).toBeCloseTo(2, 6);
      }),
    );
  });

  test('what no wall can show is a mistake of the caller', () => {
    expect(() => thinnestWallMm(fatToAir, 1200, 1)).toThrow(RangeError);
    expect(() => thinnestWallMm(fatToAir, -200, 1)).toThrow(RangeError);
    expect(() => blurredPeakHu(fatToAir, 0, 1)).toThrow(RangeError);
  });

  test('the normal share is symmetric and has its known values', () => {
    expect(normalShare(0)).toBeCloseTo(0.5, 7);
    expect(normalShare(1.959964)).toBeCloseTo(0.975, 6);
    expect(normalShare(-1.959964)).toBeCloseTo(0.025, 6);
  });
});

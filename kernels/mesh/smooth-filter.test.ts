import { describe, expect, test } from 'vitest';
import { blockFactors, blockIterations, pairFactor } from './smooth-filter.ts';

const stopBand = 0.5139699707252375;
const waves = Array.from({ length: 2001 }, (_, n) => n / 1000);
const product = (r: number, upTo = blockFactors.length) =>
  blockFactors.slice(0, upTo).reduce((all, [first, second]) => all * (1 - first * r + second * r * r), 1);

describe('the filter of a block', () => {
  test('[P-finish] the factors multiply to 1 - (1 - P)^4 with the least Chebyshev polynomial of degree 5', () => {
    const chebyshev = (x: number) => 16 * x ** 5 - 20 * x ** 3 + 5 * x;
    const place = (r: number) => (stopBand + 2 - 2 * r) / (2 - stopBand);
    for (const r of waves) expect(product(r)).toBeCloseTo(1 - (1 - chebyshev(place(r)) / chebyshev(place(0))) ** 4, 9);
    expect(blockIterations).toBe(20);
  });

  test('[P-finish] long waves stay, voxel steps go, nothing grows on the way', () => {
    expect(1 - product(0.002)).toBeLessThan(1e-8);
    expect(product(0.05)).toBeGreaterThan(0.997);
    for (const r of waves) {
      if (r >= stopBand) expect(Math.abs(product(r))).toBeLessThan(0.031);
      for (let n = 1; n <= blockFactors.length; n++) expect(Math.abs(product(r, n))).toBeLessThan(1 + 1e-9);
      const [first, second] = pairFactor;
      expect(Math.abs(1 - first * r + second * r * r)).toBeLessThan(1 + 1e-9);
    }
  });
});

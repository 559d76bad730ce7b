import { describe, expect, it } from 'vitest';
import { hexStops, oklabOf, ramp } from './ramp.ts';

const thickness = hexStops('linear-gradient(90deg, #3b0f4f, #7a1a6c, #b82d63, #e0553f, #f08a3c, #f3bc72, #efddbe)');
const deviation = hexStops('linear-gradient(90deg, #1e5fa8, #4f93d2, #a9c8e6, #ece9e2, #f0be8c, #db7a33, #a4430f)');

describe('[P-print] colours of a map', () => {
  it('begin and end at the token and pass through every stop', () => {
    const colours = ramp(thickness, 13);
    for (const [n, stop] of thickness.entries())
      colours[2 * n]?.forEach((value, c) => {
        expect(Math.abs(value - (stop[c] as number))).toBeLessThanOrEqual(1);
      });
  });
  it('rise in lightness with the wall, so that they can be read without colour', () => {
    const lightness = ramp(thickness, 256).map((rgb) => oklabOf(rgb)[0]);
    for (let n = 8; n < 256; n++) expect(lightness[n]).toBeGreaterThan(lightness[n - 8] as number);
  });
  it('are palest at zero deviation and darker to both sides', () => {
    const lightness = ramp(deviation, 257).map((rgb) => oklabOf(rgb)[0]);
    expect(lightness.indexOf(Math.max(...lightness))).toBeGreaterThan(118);
    expect(lightness.indexOf(Math.max(...lightness))).toBeLessThan(138);
    expect(Math.abs((lightness[0] as number) - (lightness[256] as number))).toBeLessThan(0.06);
  });
  it('knows black, white and what is no gradient', () => {
    expect(oklabOf([0, 0, 0])[0]).toBeCloseTo(0, 6);
    expect(oklabOf([255, 255, 255])[0]).toBeCloseTo(1, 4);
    expect(() => hexStops('none')).toThrow(TypeError);
  });
});

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { orientationLetters } from './orientation-letters.ts';
import { scaleBar } from './scale-bar.ts';

test('letters name the side that a direction points to, the strongest first', () => {
  expect(orientationLetters([1, 0, 0])).toBe('L');
  expect(orientationLetters([-1, 0, 0])).toBe('R');
  expect(orientationLetters([0, 1, 0])).toBe('P');
  expect(orientationLetters([0, -1, 0])).toBe('A');
  expect(orientationLetters([0, 0, 1])).toBe('S');
  expect(orientationLetters([0, 0, -1])).toBe('I');
  expect(orientationLetters([0, 0.6, 0.8])).toBe('SP');
  expect(orientationLetters([-0.77, -0.45, 0.45])).toBe('RAS');
  expect(orientationLetters([0.99, 0.14, 0])).toBe('L');
});

test('the scale bar is the longest round length that fits', () => {
  expect(scaleBar(0.25, 100)).toEqual({ lengthMm: 20, lengthPx: 80 });
  expect(scaleBar(0.5, 100)).toEqual({ lengthMm: 50, lengthPx: 100 });
  fc.assert(
    fc.property(fc.double({ min: 0.005, max: 10, noNaN: true }), fc.double({ min: 40, max: 200, noNaN: true }), (mmPerPx, most) => {
      const { lengthMm, lengthPx } = scaleBar(mmPerPx, most);
      expect(lengthPx).toBeLessThanOrEqual(most * (1 + 1e-6));
      expect(lengthPx).toBeGreaterThan(most / 2.51);
      expect(lengthPx * mmPerPx).toBeCloseTo(lengthMm, 9);
    }),
  );
});

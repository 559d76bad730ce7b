import fc from 'fast-check';
import { expect, test } from 'vitest';
import { indexToLps, type Nine, type VolumeGeometry } from '../../../kernels/volume/geometry.ts';
import { dot, planeAxes } from './plane-axes.ts';
import { fittingMmPerPx, nearestSlice, sliceMm, sliceStack } from './slices.ts';

const geometry = (directionLps: Nine): VolumeGeometry => ({
  dimensions: [20, 30, 40],
  spacingMm: [0.5, 0.7, 1.5],
  originLps: [-11, 23, 5],
  directionLps,
});

test('a grid along the patient’s axes gives its own slices, whichever way it runs', () => {
  const upright = geometry([1, 0, 0, 0, 1, 0, 0, 0, 1]);
  expect(sliceStack(upright, planeAxes.axial.normalLps)).toEqual({ firstMm: 5, stepMm: 1.5, count: 40 });
  expect(sliceStack(upright, planeAxes.coronal.normalLps)).toEqual({ firstMm: 23, stepMm: 0.7, count: 30 });
  expect(sliceStack(upright, planeAxes.sagittal.normalLps)).toEqual({ firstMm: -11, stepMm: 0.5, count: 20 });
  const headFirst = sliceStack(geometry([1, 0, 0, 0, 1, 0, 0, 0, -1]), planeAxes.axial.normalLps);
  expect(headFirst.firstMm).toBeCloseTo(5 - 39 * 1.5, 9);
  expect(headFirst.count).toBe(40);
  const coronal = sliceStack(geometry([1, 0, 0, 0, 0, -1, 0, 1, 0]), planeAxes.coronal.normalLps);
  expect(coronal).toEqual({ firstMm: 23, stepMm: 1.5, count: 40 });
});

test('slices of an oblique grid stay inside it and reach its ends within one step', () => {
  fc.assert(
    fc.property(fc.double({ min: -80, max: 80, noNaN: true }), (degrees) => {
      const [c, s] = [Math.cos((degrees * Math.PI) / 180), Math.sin((degrees * Math.PI) / 180)];
      const g = geometry([1, 0, 0, 0, c, s, 0, -s, c]);
      const normal = planeAxes.axial.normalLps;
      const stack = sliceStack(g, normal);
      const ends = [0, 19].flatMap((i) => [0, 29].flatMap((j) => [0, 39].map((k) => dot(indexToLps(g, i, j, k), normal))));
      expect(stack.firstMm).toBeCloseTo(Math.min(...ends), 6);
      const last = sliceMm(stack, stack.count - 1);
      expect(last).toBeLessThanOrEqual(Math.max(...ends) + 1e-4);
      expect(last).toBeGreaterThan(Math.max(...ends) - stack.stepMm);
    }),
  );
});

test('the nearest slice of a slice’s place is itself, and never beyond the ends', () => {
  const stack = { firstMm: -3.3, stepMm: 0.7, count: 12 };
  for (let n = 0; n < stack.count; n++) expect(nearestSlice(stack, sliceMm(stack, n))).toBe(n);
  expect(nearestSlice(stack, -1000)).toBe(0);
  expect(nearestSlice(stack, 1000)).toBe(11);
});

test('the whole grid fits', () => {
  const upright = geometry([1, 0, 0, 0, 1, 0, 0, 0, 1]);
  const mm = fittingMmPerPx(upright, planeAxes.axial, 100, 100);
  expect(21 / mm).toBeLessThan(100);
  expect(21 / mm).toBeGreaterThan(95);
});

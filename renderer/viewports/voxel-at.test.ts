import fc from 'fast-check';
import { expect, test } from 'vitest';
import { indexToLps } from '../../kernels/volume/geometry.ts';
import type { LoadedVolume } from '../stores/viewer.ts';
import { linearValue, nearestValue } from './voxel-at.ts';

const volume: LoadedVolume = {
  seriesInstanceUid: '1',
  units: 'HU',
  geometry: { dimensions: [5, 4, 3], spacingMm: [0.6, 1.1, 2], originLps: [7, -3, 40], directionLps: [0, 1, 0, 0.6, 0, 0.8, -0.8, 0, 0.6] },
  // Linear in the index, so that values between voxels are known.
  values: Float32Array.from({ length: 60 }, (_, n) => 2 * (n % 5) + 30 * (Math.floor(n / 5) % 4) + 400 * Math.floor(n / 20)),
};
const fraction = (most: number) => fc.double({ min: 0, max: most, noNaN: true });

test('values between voxels are linear, also on an oblique grid', () => {
  fc.assert(
    fc.property(fraction(4), fraction(3), fraction(2), (i, j, k) => {
      expect(linearValue(volume, indexToLps(volume.geometry, i, j, k))).toBeCloseTo(2 * i + 30 * j + 400 * k, 2);
    }),
  );
});

test('the nearest voxel answers up to its faces, nothing beyond', () => {
  expect(nearestValue(volume, indexToLps(volume.geometry, 1.4, 2.6, 1.1))).toBe(2 + 90 + 400);
  expect(nearestValue(volume, indexToLps(volume.geometry, -0.4, 0, 0))).toBe(0);
  expect(nearestValue(volume, indexToLps(volume.geometry, -0.6, 0, 0))).toBeNull();
  expect(linearValue(volume, indexToLps(volume.geometry, -0.4, 0, 0))).toBeNull();
  expect(nearestValue(volume, indexToLps(volume.geometry, 4.6, 0, 0))).toBeNull();
});

import { describe, expect, test } from 'vitest';
import type { Nine, Triple } from '../../kernels/volume/geometry.ts';
import { indexToLps } from '../../kernels/volume/geometry.ts';
import type { LoadedVolume } from '../stores/viewer.ts';
import { drawCtSlice } from './ct-slice.ts';
import { planeAxes, sliceRange, volumeBounds } from './planes.ts';

function volume(dimensions: Triple, directionLps: Nine): LoadedVolume {
  const values = Int16Array.from({ length: dimensions[0] * dimensions[1] * dimensions[2] }, (_, n) => (n * 37) % 256);
  return {
    seriesInstanceUid: '1.2',
    geometry: { dimensions, spacingMm: [1, 2, 3], originLps: [10, -20, 30], directionLps },
    values,
    units: 'HU',
  };
}
const upright: Nine = [1, 0, 0, 0, 1, 0, 0, 0, 1];
/** i runs to the patient's right, j to anterior: a feet-first-like grid. */
const turned: Nine = [-1, 0, 0, 0, -1, 0, 0, 0, 1];
const wholeByte = { center: 127.5, width: 255 };

describe('drawCtSlice', () => {
  test.each([
    ['upright', upright],
    ['turned', turned],
  ] as const)('reads voxels exactly at their centres and black outside, %s', (_name, direction) => {
    const v = volume([4, 3, 2], direction);
    const rgba = new Uint8ClampedArray(4);
    for (let k = 0; k < 2; k++)
      for (let j = 0; j < 3; j++)
        for (let i = 0; i < 4; i++) {
          const originLps = indexToLps(v.geometry, i, j, k);
          drawCtSlice(v, { originLps, right: [1, 0, 0], down: [0, 1, 0], stepMm: 1, width: 1, height: 1 }, wholeByte, rgba);
          expect(Math.abs((rgba[0] as number) - (v.values[i + 4 * (j + 3 * k)] as number))).toBeLessThanOrEqual(1);
        }
    drawCtSlice(
      v,
      { originLps: [500, 0, 0], right: [1, 0, 0], down: [0, 1, 0], stepMm: 1, width: 1, height: 1 },
      { center: -500, width: 1 },
      rgba,
    );
    expect(Array.from(rgba)).toEqual([0, 0, 0, 255]);
  });

  test('goes linearly between two voxels', () => {
    const v = volume([2, 1, 1], upright);
    v.values[0] = 0;
    v.values[1] = 200;
    const rgba = new Uint8ClampedArray(12);
    drawCtSlice(v, { originLps: [10.25, -20, 30], right: [1, 0, 0], down: [0, 1, 0], stepMm: 0.25, width: 3, height: 1 }, wholeByte, rgba);
    expect([rgba[0], rgba[4], rgba[8]]).toEqual([50, 100, 150]);
  });

  test('refuses pixels of another size', () => {
    const frame = { originLps: [0, 0, 0] as Triple, right: [1, 0, 0] as Triple, down: [0, 1, 0] as Triple, stepMm: 1, width: 2, height: 2 };
    expect(() => drawCtSlice(volume([1, 1, 1], upright), frame, wholeByte, new Uint8ClampedArray(4))).toThrow(RangeError);
  });
});

describe('planes', () => {
  test('the patient’s left is on the right of axial and coronal, the nose on the left of sagittal, superior on top', () => {
    expect(planeAxes.axial.right).toEqual([1, 0, 0]);
    expect(planeAxes.coronal.right).toEqual([1, 0, 0]);
    expect(planeAxes.sagittal.right).toEqual([0, 1, 0]);
    expect(planeAxes.coronal.down).toEqual([0, 0, -1]);
    expect(planeAxes.axial.down).toEqual([0, 1, 0]);
  });

  test('slices of an upright volume fall on voxel centres inside the mesh', () => {
    const v = volume([20, 20, 20], upright);
    expect(volumeBounds(v)).toEqual({ min: [9.5, -21, 28.5], max: [29.5, 19, 88.5] });
    const range = sliceRange('axial', { min: [0, 0, 40], max: [1, 1, 61] }, v);
    expect(range).toEqual({ fromMm: 42, stepMm: 3, count: 7 });
  });
});

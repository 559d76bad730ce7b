import fc from 'fast-check';
import { expect, test } from 'vitest';
import { preprocessSettings } from '../../contract/preprocessing.ts';
import { boxToIndices, crop } from '../../kernels/volume/crop.ts';
import type { VolumeGeometry } from '../../kernels/volume/geometry.ts';
import { pad } from '../../kernels/volume/pad.ts';
import { chainGrid, previewGrid, regionBox } from './preprocessing-grid.ts';

const grid: VolumeGeometry = {
  dimensions: [20, 16, 12],
  spacingMm: [0.5, 0.5, 1.5],
  originLps: [-5, -4, 3],
  directionLps: [1, 0, 0, 0, -1, 0, 0, 0, -1],
};
const none = { region: null, denoise: null, interpolate: null, register: null, window: null, normalize: null, pad: null };

test('[A-roi] a region and a border give the grid that the kernels give with voxels', () => {
  const side = fc.double({ min: 0.1, max: 0.9, noNaN: true });
  fc.assert(
    fc.property(side, side, side, fc.integer({ min: 1, max: 40 }), (x, y, z, multiple) => {
      const boxLps = [-5, -4 - 7.5 * y, 3 - 16 * z, -5 + 9.5 * x, -4, 3] as [number, number, number, number, number, number];
      const settings = preprocessSettings.parse({ ...none, region: { by: 'box', boxLps }, pad: { multiple: [multiple, multiple, 1] } });
      const values = new Int16Array(20 * 16 * 12);
      const box = boxToIndices(grid, regionBox(settings.region as never, grid));
      if (!box) throw new TypeError('the box holds the first voxel');
      const kept = crop(values, grid, box);
      const made = pad(kept.values, kept.grid, { multiple: [multiple, multiple, 1], size: null, value: 0 });
      expect(chainGrid(grid, settings, null, null)).toEqual(made.grid);
    }),
  );
});

test('[8.3-spacing] interpolation in 2D keeps the slices, in 3D it does not; a preview is padded in its plane only', () => {
  const settings = (plane: '2d' | '3d') =>
    preprocessSettings.parse({ ...none, interpolate: { spacingMm: 0.25, plane }, pad: { size: [64, 64, 64] } });
  expect(chainGrid(grid, settings('2d'), 0.25, null).spacingMm).toEqual([0.25, 0.25, 1.5]);
  expect(chainGrid(grid, settings('3d'), 0.25, null)).toMatchObject({ spacingMm: [0.25, 0.25, 0.25], dimensions: [64, 64, 72] });
  expect(previewGrid(grid, settings('2d'), 0.25).dimensions).toEqual([64, 64, 12]);
});

test('[8.1-sequence] a registered series comes onto the grid of the other one', () => {
  const onto = { ...grid, dimensions: [4, 5, 6] as [number, number, number] };
  const settings = preprocessSettings.parse({ ...none, register: { onto: '2' } });
  expect(chainGrid(grid, settings, null, onto)).toEqual(onto);
  expect(previewGrid(grid, settings, null)).toEqual(grid);
});

test('[A-roi] a region beside the volume is told in words', () => {
  const settings = preprocessSettings.parse({ ...none, region: { by: 'box', boxLps: [100, 100, 100, 101, 101, 101] } });
  expect(() => chainGrid(grid, settings, null, null)).toThrow('outside');
});

import { expect, test } from 'vitest';
import { gaussian } from '../../../kernels/intensity/gaussian.ts';
import { median } from '../../../kernels/intensity/median.ts';
import { firstDraft } from '../../stores/preprocessing.ts';
import { gaussianKeeps, medianKeepsMm, thinWallWords } from './thin-walls.ts';

const { denoise } = firstDraft();
const fineMm = 0.05;
const length = 201;

test('[8.1-sequence] the share of a wall that a Gaussian leaves is what the kernel leaves of it', () => {
  const wall = new Float32Array(length);
  for (let n = 0; n < length; n++) wall[n] = Math.abs(n - 100) * fineMm <= 0.25 + 1e-9 ? 1000 : 0;
  const blurred = (sigmaMm: number) => gaussian(wall, [length, 1, 1], [fineMm, 1, 1], { sigmaMm })[100] as number;
  const scanner = 0.9 / 2.3548;
  for (const sigmaMm of [0.3, 0.6, 1]) {
    const both = blurred(Math.hypot(scanner, sigmaMm)) / blurred(scanner);
    expect(Math.abs(gaussianKeeps(0.5, sigmaMm) - both)).toBeLessThan(0.01);
  }
});

test('[8.1-sequence] a wall as thick as said stays under the median, one voxel less goes', () => {
  for (const radius of [1, 2] as const) {
    const stays = Math.round(medianKeepsMm(radius, 1));
    const middle = (voxels: number) => {
      const line = new Int16Array(15).fill(0, 0).map((_, n) => (n >= 6 && n < 6 + voxels ? 1000 : 0));
      return median(line, [15, 1, 1], { radius, plane: '2d' })[6 + (voxels >> 1)];
    };
    expect(middle(stays)).toBe(1000);
    expect(middle(stays - 1)).toBe(0);
  }
});

test('words carry the figure and warn where a 0.5 mm wall suffers', () => {
  expect(thinWallWords({ ...denoise, method: 'gaussian', sigmaMm: 1 }, [0.5, 0.5, 1], 'HU')).toEqual({
    text: 'A wall of 0.5 mm, as a bone kernel shows it, keeps 38 % of its height.',
    warn: true,
  });
  expect(thinWallWords({ ...denoise, method: 'gaussian', sigmaMm: 0.1 }, [0.5, 0.5, 1], 'HU').warn).toBe(false);
  expect(thinWallWords({ ...denoise, method: 'median', radius: 1, plane: '2d' }, [0.2, 0.2, 1], 'HU').warn).toBe(false);
  expect(thinWallWords({ ...denoise, method: 'median', radius: 2 }, [0.5, 0.5, 1], 'HU').text).toContain('3 voxels, here 1.5 mm');
  expect(thinWallWords({ ...denoise, method: 'non-local-means', strengthHu: 30 }, [1, 1, 1], 'HU')).toMatchObject({ warn: false });
  expect(thinWallWords({ ...denoise, method: 'anisotropic', contrastHu: 300 }, [1, 1, 1], 'intensity').text).not.toContain('HU');
});

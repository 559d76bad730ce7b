import { describe, expect, it } from 'vitest';
import type { Nine, Triple } from '../../../kernels/volume/geometry.ts';
import { coronalRatio } from './VolumeSlice.tsx';

const grid = (dimensions: Triple, spacingMm: Triple, directionLps: Nine) => ({
  dimensions,
  spacingMm,
  directionLps,
  originLps: [0, 0, 0] as Triple,
});

describe('proportions of the coronal picture', () => {
  it('are those of millimetres, not of voxels', () => {
    expect(coronalRatio(grid([256, 256, 108], [0.957, 0.957, 1.5], [1, 0, 0, 0, 1, 0, 0, 0, 1]))).toBeCloseTo(
      (256 * 0.957) / (108 * 1.5),
      12,
    );
  });
  it('follow the patient where the axes lie in another order or run backwards', () => {
    // i runs down, j runs right, k runs to the back
    expect(coronalRatio(grid([40, 50, 60], [1, 2, 3], [0, 0, -1, -1, 0, 0, 0, 1, 0]))).toBeCloseTo((50 * 2) / (40 * 1), 12);
  });
});

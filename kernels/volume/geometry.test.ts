import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { indexToLps, lpsToIndex, signedVoxelVolumeMm3, type VolumeGeometry, voxelCount, voxelVolumeMm3 } from './geometry.ts';

const asymmetric: VolumeGeometry = {
  dimensions: [4, 5, 6],
  spacingMm: [0.5, 0.75, 2],
  originLps: [10, -20, 30],
  directionLps: [0, 1, 0, 0, 0, -1, -1, 0, 0],
};

describe('geometry', () => {
  test('[7.2-dicom] steps along i, j and k go where the cosines say', () => {
    expect(indexToLps(asymmetric, 0, 0, 0)).toEqual([10, -20, 30]);
    expect(indexToLps(asymmetric, 2, 0, 0)).toEqual([10, -19, 30]);
    expect(indexToLps(asymmetric, 0, 2, 0)).toEqual([10, -20, 28.5]);
    expect(indexToLps(asymmetric, 0, 0, 2)).toEqual([6, -20, 30]);
  });

  test('[7.2-dicom] index and point are inverse for any slanted grid', () => {
    const cosine = fc.integer({ min: -1000, max: 1000 }).map((n) => n / 1000);
    const spacing = fc.double({ min: 0.1, max: 5, noNaN: true });
    fc.assert(
      fc.property(fc.array(cosine, { minLength: 9, maxLength: 9 }), spacing, spacing, spacing, (d, sx, sy, sz) => {
        const g = { dimensions: [9, 9, 9], spacingMm: [sx, sy, sz], originLps: [1, 2, 3], directionLps: d } as VolumeGeometry;
        fc.pre(voxelVolumeMm3(g) > 1e-2);
        const back = lpsToIndex(g, ...indexToLps(g, 1.5, -2, 7));
        expect(back[0]).toBeCloseTo(1.5, 4);
        expect(back[1]).toBeCloseTo(-2, 4);
        expect(back[2]).toBeCloseTo(7, 4);
      }),
      { seed: 7 },
    );
  });

  test('handedness and volume', () => {
    expect(voxelVolumeMm3(asymmetric)).toBeCloseTo(0.75);
    const mirrored: VolumeGeometry = { ...asymmetric, directionLps: [1, 0, 0, 0, 1, 0, 0, 0, -1] };
    expect(signedVoxelVolumeMm3(mirrored)).toBeLessThan(0);
  });

  test('refuses what is no grid', () => {
    expect(() => voxelCount([0, 1, 1])).toThrow(RangeError);
    expect(() => lpsToIndex({ ...asymmetric, spacingMm: [0, 1, 1] }, 0, 0, 0)).toThrow(RangeError);
  });
});

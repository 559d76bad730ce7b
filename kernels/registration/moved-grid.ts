import type { Nine, Triple, VolumeGeometry } from '../volume/geometry.ts';

/**
 * Where a moving volume's voxels lie in the frame of the fixed one, given p_moving = rotation * p_fixed + translation: a rigid motion of an
 * image is a motion of its grid, and costs no resampling of its own (8.1, registration).
 * @param grid of the moving volume, LPS mm
 * @param rotation row by row; the inverse is taken to be its transpose
 */
export function movedGrid(
  grid: VolumeGeometry,
  { rotation: r, translationMm: t }: { rotation: Nine; translationMm: Triple },
): VolumeGeometry {
  const back = (x: number, y: number, z: number): Triple => [
    r[0] * x + r[3] * y + r[6] * z,
    r[1] * x + r[4] * y + r[7] * z,
    r[2] * x + r[5] * y + r[8] * z,
  ];
  const [ox, oy, oz] = grid.originLps;
  const d = grid.directionLps;
  return {
    dimensions: grid.dimensions,
    spacingMm: grid.spacingMm,
    originLps: back(ox - t[0], oy - t[1], oz - t[2]),
    directionLps: [...back(d[0], d[1], d[2]), ...back(d[3], d[4], d[5]), ...back(d[6], d[7], d[8])],
  };
}

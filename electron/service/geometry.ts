import type { VolumeGeometry } from '../../contract/volume.ts';

/** Volume of one voxel in mm³ from spacing and the true directions (also of a slanted grid). */
export function voxelVolumeOf(g: VolumeGeometry): number {
  const [sx, sy, sz] = g.spacingMm;
  const [a, b, c, d, e, f, h, i, j] = g.directionLps;
  return Math.abs(a * (e * j - f * i) - b * (d * j - f * h) + c * (d * i - e * h)) * sx * sy * sz;
}

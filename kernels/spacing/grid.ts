import { indexToLps, type Triple, type VolumeGeometry } from '../volume/geometry.ts';

/** A last part of a voxel up to this is left out rather than given a voxel of its own. */
const sliver = 1e-6;

/**
 * A grid of other spacing over the same place (8.3): same directions, same middle, and at least the same extent, measured to the outer
 * faces of the voxels; what is left over of the last voxel is shared by both ends, so that every new centre lies inside the old extent.
 * @param spacingMm wanted along i, j, k; null keeps an axis as it is (2D: the slices)
 * @throws RangeError where a spacing is not positive or the grid grows over 2^31 voxels
 */
export function gridWithSpacing(grid: VolumeGeometry, spacingMm: readonly [number | null, number | null, number | null]): VolumeGeometry {
  const spacing = spacingMm.map((mm, a) => mm ?? grid.spacingMm[a]) as Triple;
  for (const mm of spacing) if (!(mm > 0 && Number.isFinite(mm))) throw new RangeError(`not a spacing: ${mm} mm`);
  const dimensions = spacing.map((mm, a) => {
    const count = (grid.dimensions[a] * grid.spacingMm[a]) / mm;
    return mm === grid.spacingMm[a] ? grid.dimensions[a] : Math.max(1, Math.ceil(count - sliver));
  }) as Triple;
  if (dimensions[0] * dimensions[1] * dimensions[2] > 2 ** 31)
    throw new RangeError(`${spacing.join(' x ')} mm makes a grid of ${dimensions.join(' x ')} voxels: too large`);
  const first = dimensions.map((count, a) => {
    const oldSpan = (grid.dimensions[a] - 1) * grid.spacingMm[a];
    return (oldSpan - (count - 1) * spacing[a]) / 2 / grid.spacingMm[a];
  }) as Triple;
  return { ...grid, dimensions, spacingMm: spacing, originLps: indexToLps(grid, ...first) };
}

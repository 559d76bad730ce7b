import { pasteBox } from './box.ts';
import { indexToLps, type Triple, type VolumeGeometry, voxelCount } from './geometry.ts';
import { assertFits, sameKind, type Values } from './values.ts';

export interface PadOptions {
  /** Every axis becomes the next multiple of this. */
  multiple: Triple | null;
  /** Every axis becomes at least this. */
  size: Triple | null;
  /** What stands in the new voxels. */
  value: number;
}

/**
 * Zero-padding (8.1): the volume in the middle of a larger grid, the odd voxel behind it. The origin moves back, so that no point in space
 * moves. Where both a size and a multiple are given, the size is brought to the multiple.
 * @returns the volume's first voxel in the new grid as `before`
 * @throws RangeError where neither is asked for, a number is no whole one, the value does not fit the kind of values, or the grid grows
 * over 2^31 voxels
 * Cost: a copy.
 */
export function pad<T extends Values>(
  values: T,
  grid: VolumeGeometry,
  { multiple, size, value }: PadOptions,
): { values: T; grid: VolumeGeometry; before: Triple } {
  assertFits(values, voxelCount(grid.dimensions));
  if (!multiple && !size) throw new RangeError('pad to a multiple or to a size');
  for (const wanted of [...(multiple ?? []), ...(size ?? [])])
    if (!Number.isSafeInteger(wanted) || wanted < 1) throw new RangeError(`not a number of voxels: ${wanted}`);
  if (values instanceof Int16Array && !(Number.isInteger(value) && value >= -32768 && value <= 32767))
    throw new RangeError(`${value} cannot stand in a volume of 16-bit whole numbers`);
  const dimensions = grid.dimensions.map((side, a) => {
    const least = Math.max(side, size?.[a] ?? 1);
    return multiple ? Math.ceil(least / multiple[a]) * multiple[a] : least;
  }) as Triple;
  if (voxelCount(dimensions) > 2 ** 31) throw new RangeError(`a grid of ${dimensions.join(' x ')} voxels is too large`);
  const before = dimensions.map((side, a) => Math.floor((side - grid.dimensions[a]) / 2)) as Triple;
  const out = sameKind(values, voxelCount(dimensions));
  if (value !== 0) out.fill(value);
  pasteBox(out, dimensions, { offsetIjk: before, dimensions: grid.dimensions }, values);
  return { values: out, grid: { ...grid, dimensions, originLps: indexToLps(grid, -before[0], -before[1], -before[2]) }, before };
}

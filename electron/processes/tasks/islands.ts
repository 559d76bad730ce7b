import { componentsOfBits, listIslands } from '../../../kernels/labels/components.ts';
import { indexToLps, voxelVolumeMm3 } from '../../../kernels/volume/geometry.ts';
import type { Task } from '../protocol.ts';
import { readMaskBits } from './masks.ts';

/** Lists the connected parts of a segment, largest first, at most `limit` of them; `total` counts all (13-ccl). */
export const islands: Task<'islands'> = async ({ mask: source, geometry, connectivity, limit }, context) => {
  context.progress(0, 'Reading the segment');
  const bits = await readMaskBits(source, geometry.dimensions);
  context.throwIfCancelled();
  context.progress(0.4, 'Finding connected parts');
  const parts = await componentsOfBits(bits, connectivity);
  const [nx, ny] = geometry.dimensions;
  const volumeMm3 = voxelVolumeMm3(geometry);
  const listed = listIslands(parts, limit).map(({ voxels, first }) => ({
    voxels,
    volumeMm3: voxels * volumeMm3,
    seedLps: indexToLps(geometry, first % nx, Math.floor(first / nx) % ny, Math.floor(first / (nx * ny))),
  }));
  context.progress(1, 'Parts listed');
  return { islands: listed, total: parts.count };
};

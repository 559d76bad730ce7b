import { halveBits } from '../../../kernels/mesh/halve.ts';
import { smoothMesh } from '../../../kernels/mesh/smooth.ts';
import { writeStl } from '../../../kernels/mesh/stl-write.ts';
import { extractSurface } from '../../../kernels/mesh/surface.ts';
import { inTurn } from '../../../kernels/parts.ts';
import { voxelCount } from '../../../kernels/volume/geometry.ts';
import type { Task } from '../protocol.ts';
import { readMaskBits, writeDurably } from './masks.ts';

/** Above this many voxels the preview is made at half the resolution. */
const fullResolutionVoxels = 8_000_000;
const smoothIterations = 8;
/** Not the header of an exported model: a preview may be coarser than the segment. */
const header = 'Lamina preview, not for printing, millimetres, DICOM patient coordinates (LPS)';

/** A light surface of a segment for the 3D view, at `path`, which must not exist yet. An empty segment gives a file without triangles. */
export const preview: Task<'preview'> = async ({ mask, geometry, path }, context) => {
  const tick = (from: number, to: number) => (part: number) => {
    context.throwIfCancelled();
    context.progress(from + part * (to - from), 'Preparing the 3D view');
  };
  tick(0, 0)(0);
  const bits = await readMaskBits(mask, geometry.dimensions);
  const grid = voxelCount(geometry.dimensions) > fullResolutionVoxels ? halveBits(bits, geometry) : { bits, geometry };
  const surface = await extractSurface(grid.bits, grid.geometry, inTurn, tick(0.2, 0.5));
  const options = { iterations: smoothIterations, maskToleranceMm: null };
  const { mesh: smooth } = await smoothMesh(surface, grid.geometry, options, inTurn, tick(0.5, 0.9));
  const file = await writeDurably(path, writeStl(smooth, header, tick(0.9, 1)));
  context.progress(1, 'Preview written');
  return { ...file, triangles: smooth.triangles.length / 3 };
};

import { Refusal } from '../../../contract/errors.ts';
import { indexFrame } from '../../../kernels/labels/brush-frame.ts';
import { contoursOfSlice } from '../../../kernels/labels/contours-of.ts';
import { voxelAt } from '../../../kernels/labels/flood-fill.ts';
import type { Triple } from '../../../kernels/volume/geometry.ts';
import { cross } from '../../../kernels/volume/stack.ts';
import { sliceAxis } from '../../../kernels/volume/value-slice.ts';
import type { Task } from '../protocol.ts';
import { readMaskBits } from './masks.ts';

/**
 * Closed contours of a mask (9.1) on the slices of its grid. Throws Refusal GRID_MISMATCH where a normal is that of no slices, NOT_FOUND
 * where the point lies outside of the image, EMPTY_SEGMENT where nothing is there.
 */
export const contours: Task<'contours'> = async ({ mask, name, geometry, normalLps, atLps }, context) => {
  const { steps } = indexFrame(geometry);
  const axis = normalLps === null ? 2 : sliceAxis(indexFrame(geometry), normalLps);
  if (axis === null)
    throw new Refusal(
      'GRID_MISMATCH',
      'Contours are drawn on the slices of the image, and this plane is aslant to all of them. Turn the view back to a slice.',
    );
  const at = atLps && voxelAt(geometry, atLps);
  if (atLps && !at)
    throw new Refusal(
      'NOT_FOUND',
      `The place ${atLps.map((mm) => mm.toFixed(1)).join(', ')} mm lies outside of the image. Choose one inside.`,
    );
  context.progress(0, 'Reading the segment');
  const bits = await readMaskBits(mask, geometry.dimensions);
  const slices = [];
  const count = geometry.dimensions[axis];
  for (let index = at ? at[axis] : 0; index < (at ? at[axis] + 1 : count); index++) {
    context.throwIfCancelled();
    context.progress(0.2 + (0.8 * index) / count, 'Drawing contours');
    const contoursLps = contoursOfSlice(bits, geometry, axis, index);
    if (contoursLps.length > 0) slices.push({ number: index + 1, contoursLps });
  }
  if (slices.length === 0)
    throw new Refusal(
      'EMPTY_SEGMENT',
      at ? `${name} has no voxel on that slice. Choose another one.` : `${name} is empty, so it has no contour.`,
    );
  const across = cross(steps[(axis + 1) % 3]!, steps[(axis + 2) % 3]!);
  return { normalLps: across.map((v) => v / Math.hypot(...across)) as Triple, slices };
};

import { authors } from '../../../contract/review.ts';
import { forgetHand, layRuns, makeAnew, replaceByMask, settleAuthors } from '../../../kernels/labels/authorship.ts';
import { runsFromText } from '../../../kernels/labels/runs.ts';
import type { Box } from '../../../kernels/volume/box.ts';
import { type Triple, voxelCount } from '../../../kernels/volume/geometry.ts';
import type { Task } from '../protocol.ts';
import { readMask, stage } from './masks.ts';

const place = (author: (typeof authors)[number]): number => 1 + authors.indexOf(author);

/** Whether a voxel lies in a box of the grid. */
function insideOf({ offsetIjk: [i0, j0, k0], dimensions: [di, dj, dk] }: Box, [nx, ny]: Triple): (index: number) => boolean {
  return (index) => {
    const i = index % nx;
    const row = (index - i) / nx;
    const j = row % ny;
    const k = (row - j) / ny;
    return i >= i0 && i < i0 + di && j >= j0 && j < j0 + dj && k >= k0 && k < k0 + dk;
  };
}

/** Who set each voxel of a segment last (9.1), by carrying out what the journal says was done to it. Cost: one reading of each whole mask. */
export const authorship: Task<'authorship'> = async ({ steps, dimensions, into }, context) => {
  const state = new Uint8Array(voxelCount(dimensions));
  for (const [n, step] of steps.entries()) {
    context.progress((0.9 * n) / steps.length, 'Reading who drew what');
    context.throwIfCancelled();
    if (step.kind === 'birth') forgetHand(state);
    else if (step.kind === 'runs') {
      const { value, author, byHand, stroke } = step;
      layRuns(state, runsFromText(step.runs), value, place(author), { byHand, stroke });
    } else {
      const mask = await readMask({ base: step.path, deltas: [] }, dimensions);
      if (!step.anew) replaceByMask(state, mask, place(step.author), step.byHand);
      else {
        const { box, keepHand } = step;
        makeAnew(
          state,
          mask,
          place(step.author),
          place('hand'),
          keepHand,
          box && { author: place('threshold'), inside: insideOf(box, dimensions) },
        );
      }
    }
  }
  const told = settleAuthors(state);
  const voxels = Object.fromEntries(authors.map((author) => [author, told.voxels[place(author)] ?? 0])) as Record<
    (typeof authors)[number],
    number
  >;
  context.progress(0.95, 'Writing the map');
  const map = await stage(into, state, '.raw', () => context.throwIfCancelled());
  return { voxels, removedByHand: told.removedByHand, total: state.length - (told.voxels[0] ?? 0), map };
};

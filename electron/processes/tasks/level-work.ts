import { Refusal } from '../../../contract/errors.ts';
import type { BitGrid } from '../../../kernels/labels/bits.ts';
import { levelOutline } from '../../../kernels/labels/level-trace.ts';
import { loopMask } from '../../../kernels/labels/loop-mask.ts';
import { cross } from '../../../kernels/volume/stack.ts';
import { onSlice, sliceValue, valueSlice } from '../../../kernels/volume/value-slice.ts';
import type { EffectBench, Named } from './effect-bench.ts';

/** What the closed line of equal value through a place encloses on its slice. Throws Refusal NOT_FOUND where there is none. */
export async function fillLevel({ seedLps, normalLps }: Named<'level-trace'>, { geometry, values }: EffectBench): Promise<BitGrid> {
  const slice = valueSlice(await values(), geometry, seedLps, normalLps);
  if (slice === null || Number.isNaN(sliceValue(slice, ...onSlice(slice, seedLps))))
    throw new Refusal('NOT_FOUND', 'The image has no value at that place. Click inside of it.');
  const outline = levelOutline(slice, seedLps);
  if (outline === null)
    throw new Refusal(
      'NOT_FOUND',
      'The line of equal value through that place does not close inside of the slice. Click where it goes around something.',
    );
  // The slice's own plane, from which that of a view may be turned by a hair.
  return loopMask(geometry, { loopsLps: [outline], normalLps: cross(slice.stepU, slice.stepV), depth: 'slice', eyeLps: null });
}

import { bitsXor, countBits } from '../../../kernels/labels/bits.ts';
import type { Task } from '../protocol.ts';
import { readMaskBits } from './masks.ts';
import { stageChange } from './stage-change.ts';

/** What turns one mask into another, staged as the journal keeps it; of two that are alike nothing. */
export const maskChange: Task<'maskChange'> = async ({ before, after, dimensions, into }, context) => {
  const old = await readMaskBits(before, dimensions);
  const wanted = await readMaskBits({ base: after, deltas: [] }, dimensions);
  const changed = countBits(bitsXor(old, wanted));
  if (changed === 0) return { change: 'flips', file: null, changed };
  const { change, file } = await stageChange(into, old, wanted, () => context.throwIfCancelled());
  return { change, file, changed };
};

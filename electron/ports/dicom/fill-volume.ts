import type { DecodeHelpers } from './decode-helpers.ts';
import { type DecodeWork, decodeSlice, decodeWork, outcome, remainingWork, type SliceSource } from './decode-work.ts';
import { FrameReader } from './frames.ts';
import type { VolumeMemory } from './volume-memory.ts';

/** Threads and memory for the volumes of one import. */
export interface DecodeRoom {
  helpers: DecodeHelpers;
  memory: VolumeMemory;
}

/** float32 with the slices that are done in int16 already: they hold what they would have held had it been float32 from the first. */
function widened(work: DecodeWork, memory: VolumeMemory): Float32Array {
  const wide = memory.float32(work.target.length);
  const size = work.target.length / work.slices.length;
  for (let n = 0; n < work.slices.length; n++)
    if (work.outcomes[n] === outcome.done) wide.set(work.target.subarray(n * size, (n + 1) * size), n * size);
  return wide;
}

/**
 * Fills a volume with slices in their order, in real units: int16 as long as every value is a whole number in range, float32 where one is not.
 * What comes out, and what is refused, is the same with any number of helpers.
 * @param step called between slices with the fraction done; may throw to cancel
 * @throws Refusal of the first slice that cannot be read
 */
export async function fillVolume(
  slices: SliceSource[],
  voxels: number,
  step: (fraction: number) => void,
  { helpers, memory }: DecodeRoom,
): Promise<Int16Array | Float32Array> {
  let work = decodeWork(slices, memory.int16(voxels));
  for (;;) {
    await helpers.run(work, step);
    const left = [...work.pending].filter((n) => work.outcomes[n] !== outcome.done);
    const next = left[0];
    if (next === undefined) return work.target;
    // Whatever kept it from being done is told here, as if slices had been read one after the other.
    if (work.outcomes[next] !== outcome.wide) decodeSlice(work, next, new FrameReader());
    const still = left.filter((n) => work.outcomes[n] !== outcome.done);
    work = remainingWork(work, still, work.outcomes[next] === outcome.wide ? widened(work, memory) : work.target);
  }
}

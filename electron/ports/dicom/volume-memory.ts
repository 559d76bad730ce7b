import type { Candidate } from './plan.ts';

/**
 * Shared memory for the volumes of one import, one after the other: a block that other threads have seen is given back late, so that a
 * study of five series would hold five volumes. What was taken holds until the next take.
 */
export class VolumeMemory {
  private readonly voxels: number;
  private readonly blocks = new Map<number, SharedArrayBuffer>();

  /** @param voxels of the largest volume to come; memory that is not written to costs nothing */
  constructor(voxels: number) {
    this.voxels = voxels;
  }

  int16(voxels: number): Int16Array {
    return new Int16Array(this.block(voxels, Int16Array.BYTES_PER_ELEMENT), 0, voxels);
  }

  float32(voxels: number): Float32Array {
    return new Float32Array(this.block(voxels, Float32Array.BYTES_PER_ELEMENT), 0, voxels);
  }

  private block(voxels: number, bytesEach: number): SharedArrayBuffer {
    if (voxels > this.voxels) throw new RangeError('the volume is larger than what was reserved');
    const known = this.blocks.get(bytesEach) ?? new SharedArrayBuffer(this.voxels * bytesEach);
    this.blocks.set(bytesEach, known);
    return known;
  }
}

/** More than this makes no volume. */
export const maximumVoxels = 2 ** 31;

/** Voxels of a plan's slices. */
export function plannedVoxels(plan: Candidate): number {
  const format = plan.slices[0]?.file.format;
  return format ? format.rows * format.columns * plan.slices.length : 0;
}

/** Memory for each of the plans that is not too large, in turn. */
export function memoryFor(plans: Candidate[]): VolumeMemory {
  return new VolumeMemory(Math.max(0, ...plans.map(plannedVoxels).filter((voxels) => voxels <= maximumVoxels)));
}

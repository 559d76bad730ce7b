import { type BitGrid, emptyBits } from '../labels/bits.ts';
import { indexToLps, type Triple, type VolumeGeometry } from '../volume/geometry.ts';

/** The 16 bits of a word's pairs: each set where one of the two is. */
function pairs(word: number): number {
  let v = (word | (word >>> 1)) & 0x55555555;
  v = (v | (v >>> 1)) & 0x33333333;
  v = (v | (v >>> 2)) & 0x0f0f0f0f;
  v = (v | (v >>> 4)) & 0x00ff00ff;
  return (v | (v >>> 8)) & 0xffff;
}

/**
 * A mask at half the resolution, for a light view: a voxel is set where any of its (up to) eight is, so nothing thin goes missing.
 * The new grid's first voxel centre lies half a voxel into the old grid; an odd last layer counts as followed by an empty one.
 * Throws RangeError where the bits do not lie on the geometry's grid. Cost: one read of the bits, an eighth of their memory.
 */
export function halveBits(bits: BitGrid, geometry: VolumeGeometry): { bits: BitGrid; geometry: VolumeGeometry } {
  const [, ny, nz] = bits.dimensions;
  if (bits.dimensions.some((side, axis) => side !== geometry.dimensions[axis]))
    throw new RangeError(`a mask of ${bits.dimensions} on a grid of ${geometry.dimensions}`);
  const dimensions = geometry.dimensions.map((side) => Math.ceil(side / 2)) as Triple;
  const half = emptyBits(dimensions);
  for (let k = 0; k < nz; k++) {
    for (let j = 0; j < ny; j++) {
      const from = (j + ny * k) * bits.wordsPerRow;
      const to = ((j >> 1) + dimensions[1] * (k >> 1)) * half.wordsPerRow;
      for (let word = 0; word < bits.wordsPerRow; word++)
        half.words[to + (word >> 1)] |= pairs(bits.words[from + word]) << (16 * (word & 1));
    }
  }
  const spacingMm = geometry.spacingMm.map((mm) => mm * 2) as Triple;
  return { bits: half, geometry: { ...geometry, dimensions, spacingMm, originLps: indexToLps(geometry, 0.5, 0.5, 0.5) } };
}

import { type BitGrid, emptyBits } from '../labels/bits.ts';
import type { AxisOrder } from '../volume/axis-order.ts';
import type { Triple } from '../volume/geometry.ts';

/**
 * A mask stored in another order of its axes: no voxel is gained, lost or moved in space.
 * Cost: about 30 ns for each voxel that is set, plus the words of both grids.
 */
export function reorderBits(grid: BitGrid, { axes, flips }: AxisOrder): BitGrid {
  const { dimensions, words, wordsPerRow } = grid;
  const [nx, ny, nz] = dimensions;
  const out = emptyBits(axes.map((axis) => dimensions[axis]) as Triple);
  // Where a step along i, j, k of the old grid goes: to a bit of the row, or to another row.
  const weight: Triple = [1, out.wordsPerRow * 32, out.wordsPerRow * 32 * out.dimensions[1]];
  const step: Triple = [0, 0, 0];
  let origin = 0;
  for (let n = 0; n < 3; n++) {
    const axis = axes[n]!;
    step[axis] = flips[n] ? -weight[n]! : weight[n]!;
    if (flips[n]) origin += weight[n]! * (dimensions[axis]! - 1);
  }
  for (let k = 0; k < nz; k++)
    for (let j = 0; j < ny; j++) {
      const row = (j + ny * k) * wordsPerRow;
      const start = origin + j * step[1] + k * step[2];
      for (let i = 0; i < nx; i += 32) {
        let word = words[row + (i >> 5)]!;
        while (word !== 0) {
          const bit = 31 - Math.clz32(word & -word);
          word &= word - 1;
          const to = start + (i + bit) * step[0];
          // Bits beyond 2^31 are no integers for a shift: divide.
          out.words[Math.floor(to / 32)]! |= 1 << (to % 32);
        }
      }
    }
  return out;
}

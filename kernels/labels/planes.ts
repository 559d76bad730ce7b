import type { Triple } from '../volume/geometry.ts';
import { type BitGrid, bitAt, emptyBits } from './bits.ts';

export type Axis = 0 | 1 | 2;

/** The axes that lie in a plane across `axis`. */
export const acrossOf = (axis: Axis): [Axis, Axis] => (axis === 0 ? [1, 2] : axis === 1 ? [0, 2] : [0, 1]);

/** For each plane across an axis: whether a voxel of it is set. Cost: the set voxels' words, and for i their bits. */
export function drawnPlanes({ dimensions, wordsPerRow, words }: BitGrid, axis: Axis): boolean[] {
  const [nx, ny] = dimensions;
  const drawn = new Array<boolean>(dimensions[axis]).fill(false);
  const seen = new Uint32Array(wordsPerRow);
  for (let n = 0; n < words.length; n++) {
    if (words[n] === 0) continue;
    const row = Math.floor(n / wordsPerRow);
    if (axis === 0) seen[n - row * wordsPerRow] |= words[n];
    else drawn[axis === 1 ? row % ny : Math.floor(row / ny)] = true;
  }
  if (axis === 0) for (let i = 0; i < nx; i++) drawn[i] = ((seen[i >> 5] >>> (i & 31)) & 1) === 1;
  return drawn;
}

/**
 * One plane across an axis as a grid of its own, one voxel thick, its sides in the order of the axes, with a rim of one voxel that is not
 * set, so that no outline fills it.
 */
export function planeOf(bits: BitGrid, axis: Axis, at: number): BitGrid {
  const [u, v] = acrossOf(axis);
  const plane = emptyBits([bits.dimensions[u] + 2, bits.dimensions[v] + 2, 1]);
  const index: Triple = [0, 0, 0];
  index[axis] = at;
  for (let b = 1; b < plane.dimensions[1] - 1; b++)
    for (let a = 1; a < plane.dimensions[0] - 1; a++) {
      index[u] = a - 1;
      index[v] = b - 1;
      if (bitAt(bits, index[0], index[1], index[2])) plane.words[b * plane.wordsPerRow + (a >> 5)] |= 1 << (a & 31);
    }
  return plane;
}

/** Sets in `into`, in plane `at` across an axis, the voxel that is a, b in a plane with its rim; nothing for the rim. */
export function setInPlane(into: BitGrid, axis: Axis, at: number, a: number, b: number): void {
  const [i, j, k] = axis === 0 ? [at, a - 1, b - 1] : axis === 1 ? [a - 1, at, b - 1] : [a - 1, b - 1, at];
  const [nx, ny, nz] = into.dimensions;
  if (i < 0 || j < 0 || k < 0 || i >= nx || j >= ny || k >= nz) return;
  into.words[(j + ny * k) * into.wordsPerRow + (i >> 5)] |= 1 << (i & 31);
}

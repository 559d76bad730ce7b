import { indexToLps, type Triple, type VolumeGeometry, voxelCount } from './geometry.ts';

type Values = Int16Array | Float32Array | Uint8Array;

/** A part of a grid: first voxel and size along i, j, k. */
export interface Box {
  offsetIjk: Triple;
  dimensions: Triple;
}

/** The box as a grid of its own. */
export function boxGrid(g: VolumeGeometry, box: Box): VolumeGeometry {
  return { ...g, dimensions: box.dimensions, originLps: indexToLps(g, ...box.offsetIjk) };
}

/** Throws RangeError where a box leaves its grid. */
function assertInside(dimensions: Triple, { offsetIjk, dimensions: size }: Box): void {
  for (let a = 0; a < 3; a++)
    if (!(offsetIjk[a]! >= 0 && size[a]! > 0 && offsetIjk[a]! + size[a]! <= dimensions[a]!))
      throw new RangeError('the box leaves the grid');
}

/** The values of a box of a volume, i fastest. Throws RangeError where it leaves the grid. */
export function cutBox<T extends Values>(values: T, dimensions: Triple, box: Box): T {
  assertInside(dimensions, box);
  const [nx, ny] = dimensions;
  const [ox, oy, oz] = box.offsetIjk;
  const [mx, my, mz] = box.dimensions;
  const into = new (values.constructor as new (length: number) => T)(voxelCount(box.dimensions));
  for (let k = 0, at = 0; k < mz; k++)
    for (let j = 0; j < my; j++, at += mx) {
      const from = ((k + oz) * ny + j + oy) * nx + ox;
      into.set(values.subarray(from, from + mx) as never, at);
    }
  return into;
}

/** Writes the values of a box back into a volume, in place. Throws RangeError where it leaves the grid. */
export function pasteBox<T extends Values>(values: T, dimensions: Triple, box: Box, part: T): void {
  assertInside(dimensions, box);
  const [nx, ny] = dimensions;
  const [ox, oy, oz] = box.offsetIjk;
  const [mx, my, mz] = box.dimensions;
  if (part.length !== voxelCount(box.dimensions)) throw new RangeError('the part does not fit its box');
  for (let k = 0, at = 0; k < mz; k++)
    for (let j = 0; j < my; j++, at += mx) values.set(part.subarray(at, at + mx) as never, ((k + oz) * ny + j + oy) * nx + ox);
}

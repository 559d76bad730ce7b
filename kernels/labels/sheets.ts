import { type Triple, voxelCount } from '../volume/geometry.ts';

type Shape = [outer: number, length: number, inner: number];

/** 1 where a run of `size` ones begins. */
function erode(from: Uint8Array, to: Uint8Array, [outer, length, inner]: Shape, size: number): void {
  const run = new Uint32Array(inner);
  for (let o = 0; o < outer; o++) {
    run.fill(0);
    for (let a = length - 1; a >= 0; a--) {
      for (let t = 0, at = (o * length + a) * inner; t < inner; t++, at++) {
        run[t] = from[at] === 0 ? 0 : run[t] + 1;
        to[at] = run[t] >= size ? 1 : 0;
      }
    }
  }
}

/** Every 1 stretched to `size` ones, away from the first voxel or (`back`) towards it. */
function dilate(from: Uint8Array, to: Uint8Array, [outer, length, inner]: Shape, size: number, back = false): void {
  const left = new Uint32Array(inner);
  for (let o = 0; o < outer; o++) {
    left.fill(0);
    for (let n = 0; n < length; n++) {
      const a = back ? length - 1 - n : n;
      for (let t = 0, at = (o * length + a) * inner; t < inner; t++, at++) {
        if (from[at] !== 0) left[t] = size;
        to[at] = left[t] > 0 ? 1 : 0;
        if (left[t] > 0) left[t]--;
      }
    }
  }
}

/**
 * Where a mask is thin, and the voxels that touch such a place (26): thin is what no block of voxels, just longer than `thicknessMm` along
 * every axis and at least two, fits into: a single layer is thin whatever the grid. Bone that the border of the box cuts counts as thin there.
 * @param mask 0 and 1, i fastest
 * @returns 0 and 1, same grid
 * @throws RangeError where the mask does not fit the grid or the thickness is not above 0
 * Cost: twelve passes, two bytes a voxel.
 */
export function sheetZone(mask: Uint8Array, dimensions: Triple, spacingMm: Triple, thicknessMm: number): Uint8Array {
  const [nx, ny, nz] = dimensions;
  if (mask.length !== voxelCount(dimensions)) throw new RangeError(`${mask.length} voxels for a box of ${dimensions}`);
  if (!(thicknessMm > 0)) throw new RangeError(`not a thickness: ${thicknessMm} mm`);
  const shapes: Shape[] = [
    [ny * nz, nx, 1],
    [nz, ny, nx],
    [1, nz, nx * ny],
  ];
  // 1e-9: three voxels of 0.5 mm are 1.5 mm, whatever the last bit says.
  const sizes = spacingMm.map((mm) => Math.max(2, Math.floor(thicknessMm / mm + 1e-9) + 1));
  let from = Uint8Array.from(mask);
  let to = new Uint8Array(mask.length);
  const pass = (step: (from: Uint8Array, to: Uint8Array, shape: Shape) => void, axis: number) => {
    step(from, to, shapes[axis]);
    [from, to] = [to, from];
  };
  for (const axis of [0, 1, 2]) pass((a, b, shape) => erode(a, b, shape, sizes[axis]), axis);
  for (const axis of [0, 1, 2]) pass((a, b, shape) => dilate(a, b, shape, sizes[axis]), axis);
  for (let n = 0; n < mask.length; n++) from[n] = mask[n] !== 0 && from[n] === 0 ? 1 : 0;
  for (const axis of [0, 1, 2]) {
    pass((a, b, shape) => dilate(a, b, shape, 2), axis);
    pass((a, b, shape) => dilate(a, b, shape, 2, true), axis);
  }
  return from;
}

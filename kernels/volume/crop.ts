import { boxGrid, cutBox } from './box.ts';
import { lpsToIndex, type Triple, type VolumeGeometry } from './geometry.ts';
import type { Values } from './values.ts';

/** LPS mm: xmin, ymin, zmin, xmax, ymax, zmax. */
export type BoxLps = [number, number, number, number, number, number];

/** First and last voxel along i, j, k; both belong to the box. */
export interface IndexBox {
  from: Triple;
  to: Triple;
}

/** A centre this near to a face, in voxels, lies on it: faces that were computed are not missed by their last digits. */
const onFace = 1e-6;

/**
 * A-roi: the smallest box of voxels that holds every voxel whose centre lies in, or on a face of, a box along the patient's axes; on a
 * grid that is turned against them it holds others as well.
 * @returns null where no centre lies inside: the box is outside, or lies between the voxels' centres
 * @throws RangeError where the box has no corner that is a number, or its ends are exchanged
 */
export function boxToIndices(grid: VolumeGeometry, boxLps: Readonly<BoxLps>): IndexBox | null {
  for (let a = 0; a < 3; a++)
    if (!(boxLps[a] <= boxLps[a + 3]))
      throw new RangeError(`the box ends before it starts: ${boxLps.map((v) => v.toFixed(2)).join(', ')} mm`);
  const low: Triple = [Infinity, Infinity, Infinity];
  const high: Triple = [-Infinity, -Infinity, -Infinity];
  for (let corner = 0; corner < 8; corner++) {
    const [x, y, z] = [0, 1, 2].map((a) => boxLps[corner & (1 << a) ? a + 3 : a]) as Triple;
    lpsToIndex(grid, x, y, z).forEach((v, a) => {
      low[a] = Math.min(low[a], v);
      high[a] = Math.max(high[a], v);
    });
  }
  const from = low.map((v) => Math.max(0, Math.ceil(v - onFace)) + 0) as Triple;
  const to = high.map((v, a) => Math.min(grid.dimensions[a] - 1, Math.floor(v + onFace))) as Triple;
  return from.every((first, a) => first <= to[a]) ? { from, to } : null;
}

/**
 * The part of a volume from one voxel to another, both kept, and its grid: no point in space moves.
 * @throws RangeError where the box leaves the grid or the values do not fit it
 */
export function crop<T extends Values | Uint8Array>(
  values: T,
  grid: VolumeGeometry,
  { from, to }: IndexBox,
): { values: T; grid: VolumeGeometry } {
  const box = { offsetIjk: from, dimensions: to.map((last, a) => last - from[a] + 1) as Triple };
  return { values: cutBox(values, grid.dimensions, box), grid: boxGrid(grid, box) };
}

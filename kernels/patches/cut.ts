import type { VolumeGeometry } from '../volume/geometry.ts';
import { type PlaneAxes, planeSize, voxelUnder } from './plane.ts';

export interface PatchPlace {
  slice: number;
  /** First row and column; the patch may reach beyond the last ones. */
  row: number;
  column: number;
  size: number;
}

/**
 * One patch of a volume, row by row. Beyond the edge of the picture the edge's own pixels are repeated, for image and mask alike, so that
 * the two still belong together there.
 * @param values the grid's voxels, i fastest
 * @param out receives size x size values
 * @throws RangeError where the place lies outside of the picture or an array does not fit
 */
export function cutPatch(
  values: Int16Array | Float32Array | Uint8Array,
  geometry: VolumeGeometry,
  axes: PlaneAxes,
  { slice, row, column, size }: PatchPlace,
  out: Int16Array | Float32Array | Uint8Array,
): void {
  const [nx, ny, nz] = geometry.dimensions;
  const { columns, rows, slices } = planeSize(geometry, axes);
  if (values.length !== nx * ny * nz || out.length !== size * size) throw new RangeError('the arrays do not fit the grid and the patch');
  if (!(slice >= 0 && slice < slices && row >= 0 && row < rows && column >= 0 && column < columns))
    throw new RangeError('the patch begins outside of the picture');
  const [i, j, k] = voxelUnder(geometry, axes, slice, 0, 0);
  const strides = [1, nx, nx * ny];
  const along = (part: { axis: number; flipped: boolean }): number => (part.flipped ? -strides[part.axis] : strides[part.axis]);
  const start = i + nx * (j + ny * k);
  const down = along(axes.row);
  const across = along(axes.column);
  for (let r = 0, n = 0; r < size; r++) {
    const line = start + Math.min(rows - 1, row + r) * down;
    for (let c = 0; c < size; c++, n++) out[n] = values[line + Math.min(columns - 1, column + c) * across];
  }
}

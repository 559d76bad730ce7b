import type { Nine, Triple, VolumeGeometry } from '../volume/geometry.ts';
import { indexToLps } from '../volume/geometry.ts';

export type Plane = 'axial' | 'coronal' | 'sagittal';

/** How the pictures of one plane lie in a grid: which index axis (0 i, 1 j, 2 k) runs along columns, rows and slices, and whether turned round. */
export interface PlaneAxes {
  column: { axis: number; flipped: boolean };
  row: { axis: number; flipped: boolean };
  slice: { axis: number; flipped: boolean };
}

/** Patient axis (0 x, 1 y, 2 z) and its sense for columns (left to right on the screen), rows (downwards) and slices. */
const conventions: Record<Plane, [[number, number], [number, number], [number, number]]> = {
  axial: [
    [0, 1],
    [1, 1],
    [2, 1],
  ],
  coronal: [
    [0, 1],
    [2, -1],
    [1, 1],
  ],
  sagittal: [
    [1, 1],
    [2, -1],
    [0, 1],
  ],
};

/** The index axis that stands for each patient axis: of the six ways to pair them, the one that lies closest. */
function pairing(d: Nine): Triple {
  const ways: Triple[] = [
    [0, 1, 2],
    [0, 2, 1],
    [1, 0, 2],
    [1, 2, 0],
    [2, 0, 1],
    [2, 1, 0],
  ];
  const fit = (way: Triple): number => way.reduce((sum, axis, patient) => sum + Math.abs(d[3 * axis + patient]), 0);
  return ways.reduce((best, way) => (fit(way) > fit(best) + 1e-9 ? way : best));
}

/**
 * The grid's own plane nearest to an anatomical one, drawn as radiology does: the patient's right on the left of the picture, front or
 * head at its top, slices from foot to head, front to back, right to left. Nothing is resampled: on a slanted grid the plane is slanted.
 */
export function planeAxes(geometry: VolumeGeometry, plane: Plane): PlaneAxes {
  const axes = pairing(geometry.directionLps);
  const [column, row, slice] = conventions[plane].map(([patient, sense]) => {
    const axis = axes[patient];
    return { axis, flipped: geometry.directionLps[3 * axis + patient] * sense < 0 };
  });
  return { column, row, slice };
}

/** Columns, rows and slices of a plane's pictures. */
export function planeSize(geometry: VolumeGeometry, axes: PlaneAxes): { columns: number; rows: number; slices: number } {
  const side = (part: { axis: number }): number => geometry.dimensions[part.axis];
  return { columns: side(axes.column), rows: side(axes.row), slices: side(axes.slice) };
}

/** The voxel index (i, j, k) under a pixel of a slice. Pixels beyond the picture give indices beyond the grid. */
export function voxelUnder(geometry: VolumeGeometry, axes: PlaneAxes, slice: number, row: number, column: number): Triple {
  const out: Triple = [0, 0, 0];
  const put = ({ axis, flipped }: { axis: number; flipped: boolean }, at: number): void => {
    out[axis] = flipped ? geometry.dimensions[axis] - 1 - at : at;
  };
  put(axes.column, column);
  put(axes.row, row);
  put(axes.slice, slice);
  return out;
}

/** The centre of a pixel in LPS mm. */
export function pixelLps(geometry: VolumeGeometry, axes: PlaneAxes, slice: number, row: number, column: number): Triple {
  return indexToLps(geometry, ...voxelUnder(geometry, axes, slice, row, column));
}

import { indexToLps, lpsToIndex, type Triple, type VolumeGeometry } from '../../../kernels/volume/geometry.ts';
import type { LoadedVolume, Plane, Point } from '../../stores/viewer.ts';
import { dot, planeAxes, planes } from '../../viewports/index.ts';

/** Values of one slice, as the service's preview sends them and as the page reads them from the volume. */
export interface SliceValues {
  width: number;
  height: number;
  values: Float32Array | Int16Array;
  units: string;
}

/** Where a slice's pixels lie on the screen's plane, in mm to the right and down: p(i, j) = first + i * column + j * row. */
export interface SlicePlace {
  first: [number, number];
  column: [number, number];
  row: [number, number];
}

/** The plane that a grid's own slices are nearest to. */
export function planeOf(grid: VolumeGeometry): Plane {
  const [, , , , , , x, y, z] = grid.directionLps;
  const share = (p: Plane) => Math.abs(dot([x, y, z], planeAxes[p].normalLps));
  return [...planes].sort((a, b) => share(b) - share(a))[0] as Plane;
}

/** The slice of a grid that a point lies on, at most its last. */
export function sliceNumber(grid: VolumeGeometry, point: Point): number {
  return Math.max(0, Math.min(grid.dimensions[2] - 1, Math.round(lpsToIndex(grid, ...point)[2])));
}

/** A slice as it stands in the volume; no copy. */
export function sliceOf({ geometry, values, units }: LoadedVolume, k: number): SliceValues {
  const [width, height] = geometry.dimensions;
  return { width, height, values: values.subarray(k * width * height, (k + 1) * width * height), units };
}

/** Where the pixels of a grid's slices lie, seen in a plane. The same for all its slices but for a shift through the plane. */
export function placeOf(grid: VolumeGeometry, plane: Plane, k: number): SlicePlace {
  const { rightLps, downLps } = planeAxes[plane];
  const at = (i: number, j: number): [number, number] => {
    const p = indexToLps(grid, i, j, k) as Triple;
    return [dot(p, rightLps), dot(p, downLps)];
  };
  const [first, i1, j1] = [at(0, 0), at(1, 0), at(0, 1)];
  const less = (a: [number, number]): [number, number] => [a[0] - first[0], a[1] - first[1]];
  return { first, column: less(i1), row: less(j1) };
}

/** Pixel (with fractions) of a place on the plane, mm. */
export function pixelAt({ first, column, row }: SlicePlace, [x, y]: [number, number]): [number, number] {
  const det = column[0] * row[1] - column[1] * row[0];
  const [dx, dy] = [x - first[0], y - first[1]];
  return [(dx * row[1] - dy * row[0]) / det, (dy * column[0] - dx * column[1]) / det];
}

/** The value of the pixel at a place; null beside the slice. */
export function valueAt(slice: SliceValues, place: SlicePlace, at: [number, number]): number | null {
  const [i, j] = pixelAt(place, at).map(Math.round) as [number, number];
  return i >= 0 && j >= 0 && i < slice.width && j < slice.height ? (slice.values[j * slice.width + i] as number) : null;
}

/** The outer edges of a slice on the plane, mm: left, top, right, bottom. */
export function boundsOf(
  slice: Pick<SliceValues, 'width' | 'height'>,
  { first, column, row }: SlicePlace,
): [number, number, number, number] {
  const corners = [-0.5, slice.width - 0.5].flatMap((i) =>
    [-0.5, slice.height - 0.5].map((j) => [first[0] + i * column[0] + j * row[0], first[1] + i * column[1] + j * row[1]] as const),
  );
  const [xs, ys] = [corners.map((c) => c[0]), corners.map((c) => c[1])];
  return [Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys)];
}

/** The value between the four pixels round a fractional pixel; NaN beside the slice. */
export function between({ width, height, values }: SliceValues, i: number, j: number): number {
  if (i < -0.5 || j < -0.5 || i > width - 0.5 || j > height - 0.5) return Number.NaN;
  const x = Math.max(0, Math.min(width - 1, i));
  const y = Math.max(0, Math.min(height - 1, j));
  const [i0, j0] = [Math.floor(x), Math.floor(y)];
  const [i1, j1] = [Math.min(width - 1, i0 + 1), Math.min(height - 1, j0 + 1)];
  const [fx, fy] = [x - i0, y - j0];
  const at = (a: number, b: number) => values[b * width + a] as number;
  return (at(i0, j0) * (1 - fx) + at(i1, j0) * fx) * (1 - fy) + (at(i0, j1) * (1 - fx) + at(i1, j1) * fx) * fy;
}

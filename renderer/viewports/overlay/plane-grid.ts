import { lpsToIndex, type VolumeGeometry } from '../../../kernels/volume/geometry.ts';
import type { Point } from '../../stores/viewer.ts';

/** Which voxel each device pixel of a view shows. Made once per camera; strokes and sliders repaint from it without any geometry. */
export interface PlaneGrid {
  width: number;
  height: number;
  /** Offset of the nearest voxel of each pixel, row by row; -1 outside the grid. Valid inside the rectangle below only. */
  offsets: Int32Array;
  /** Pixels that can show a voxel: left and top inclusive, right and bottom exclusive. */
  left: number;
  top: number;
  right: number;
  bottom: number;
}

/** Device pixels in the patient: the centre of the top left pixel and one step to the right and down, LPS mm. */
export interface PixelPlane {
  firstLps: Point;
  rightLps: Point;
  downLps: Point;
}

/** The index-space vector of a patient vector (no origin). */
function indexStep(geometry: VolumeGeometry, step: Point): Point {
  const o = geometry.originLps;
  return lpsToIndex(geometry, o[0] + step[0], o[1] + step[1], o[2] + step[2]);
}

/** First and last whole t (exclusive) with low <= start + t*step < high, within 0..count. */
export function stepsInside(start: number, step: number, low: number, high: number, count: number): [number, number] {
  if (step === 0) return start >= low && start < high ? [0, count] : [0, 0];
  const a = (low - start) / step;
  const b = (high - start) / step;
  let first = Math.max(0, Math.ceil(Math.min(a, b)));
  let end = Math.min(count, Math.floor(Math.max(a, b)) + 1);
  // Division rounds; the ends decide which pixel is read, so they are tested as they will be computed.
  const inside = (t: number) => start + t * step >= low && start + t * step < high;
  while (first < end && !inside(first)) first++;
  while (end > first && !inside(end - 1)) end--;
  return [first, end];
}

/**
 * Nearest voxel of every pixel, for any orientation of the grid.
 * Where each index depends on the column or on the row alone (a grid along the view's axes) two tables are added; else the affine map
 * is stepped with its bounds solved once a row. Ties go to the higher index.
 * @param reuse buffer to write into when it is long enough
 */
export function planeGrid(geometry: VolumeGeometry, plane: PixelPlane, width: number, height: number, reuse?: Int32Array): PlaneGrid {
  const offsets = reuse && reuse.length >= width * height ? reuse : new Int32Array(width * height);
  const [nx, ny, nz] = geometry.dimensions;
  const start = lpsToIndex(geometry, ...plane.firstLps);
  const tidy = (v: number) => (Math.abs(v) < 1e-9 ? 0 : v);
  const col = indexStep(geometry, plane.rightLps).map(tidy) as Point;
  const row = indexStep(geometry, plane.downLps).map(tidy) as Point;
  const sides = [nx, ny, nz] as const;
  const strides = [1, nx, nx * ny] as const;
  const grid: PlaneGrid = { width, height, offsets, left: width, top: height, right: 0, bottom: 0 };

  if ([0, 1, 2].every((a) => col[a] === 0 || row[a] === 0)) {
    let x = [0, width];
    let y = [0, height];
    for (let a = 0; a < 3; a++) {
      const inX = stepsInside(start[a]!, col[a]!, -0.5, sides[a]! - 0.5, width);
      const inY = stepsInside(start[a]!, row[a]!, -0.5, sides[a]! - 0.5, height);
      if (col[a] === 0) y = [Math.max(y[0]!, inY[0]), Math.min(y[1]!, inY[1])];
      else x = [Math.max(x[0]!, inX[0]), Math.min(x[1]!, inX[1])];
    }
    const [left, right] = x as [number, number];
    const [top, bottom] = y as [number, number];
    if (left >= right || top >= bottom) return grid;
    const byColumn = new Int32Array(width);
    for (let a = 0; a < 3; a++) {
      if (col[a] === 0) continue;
      for (let c = left; c < right; c++) byColumn[c]! += strides[a]! * Math.floor(start[a]! + c * col[a]! + 0.5);
    }
    for (let r = top; r < bottom; r++) {
      let base = 0;
      for (let a = 0; a < 3; a++) if (col[a] === 0) base += strides[a]! * Math.floor(start[a]! + r * row[a]! + 0.5);
      const line = r * width;
      for (let c = left; c < right; c++) offsets[line + c] = base + byColumn[c]!;
    }
    return { ...grid, left, right, top, bottom };
  }

  offsets.fill(-1, 0, width * height);
  for (let r = 0; r < height; r++) {
    let first = 0;
    let end = width;
    for (let a = 0; a < 3; a++) {
      const inside = stepsInside(start[a]! + r * row[a]!, col[a]!, -0.5, sides[a]! - 0.5, width);
      first = Math.max(first, inside[0]);
      end = Math.min(end, inside[1]);
    }
    if (first >= end) continue;
    const i0 = start[0] + r * row[0] + 0.5;
    const j0 = start[1] + r * row[1] + 0.5;
    const k0 = start[2] + r * row[2] + 0.5;
    const [ci, cj, ck] = col;
    const line = r * width;
    for (let c = first; c < end; c++) {
      // Math.min/max hold the last bit of the rounding at the far faces.
      const i = Math.min(nx - 1, Math.max(0, Math.floor(i0 + c * ci)));
      const j = Math.min(ny - 1, Math.max(0, Math.floor(j0 + c * cj)));
      const k = Math.min(nz - 1, Math.max(0, Math.floor(k0 + c * ck)));
      offsets[line + c] = i + nx * (j + ny * k);
    }
    grid.left = Math.min(grid.left, first);
    grid.right = Math.max(grid.right, end);
    grid.top = Math.min(grid.top, r);
    grid.bottom = r + 1;
  }
  return grid;
}

import { signedVoxelVolumeMm3, type VolumeGeometry } from '../volume/geometry.ts';

/** A grid's matrices, laid out for inner loops: index = toIndex * (point - origin), row by row; also of slanted and left-handed grids. */
export interface GridFrame {
  nx: number;
  ny: number;
  nz: number;
  originLps: readonly number[];
  /** mm to voxels, three rows. */
  toIndex: readonly number[];
  /** The steps along i, j and k in mm, three numbers each. */
  steps: readonly number[];
  /** The side of a cube of a voxel's volume. */
  unitMm: number;
  /** From corner to corner of a voxel, the longest. */
  diagonalMm: number;
}

/** The matrices of a grid. Throws RangeError on a grid without volume. */
export function gridFrame(g: VolumeGeometry): GridFrame {
  const [sx, sy, sz] = g.spacingMm;
  const d = g.directionLps;
  const det = signedVoxelVolumeMm3(g);
  if (!(Math.abs(det) > 0 && Number.isFinite(det))) throw new RangeError('the grid has no volume');
  // Columns u, v, w are the steps along i, j, k; the rows of the inverse are their cross products over the determinant.
  const u = [d[0] * sx, d[1] * sx, d[2] * sx];
  const v = [d[3] * sy, d[4] * sy, d[5] * sy];
  const w = [d[6] * sz, d[7] * sz, d[8] * sz];
  const row = (a: number[], b: number[]) => [
    (a[1] * b[2] - a[2] * b[1]) / det,
    (a[2] * b[0] - a[0] * b[2]) / det,
    (a[0] * b[1] - a[1] * b[0]) / det,
  ];
  let diagonalMm = 0;
  for (const [a, b] of [
    [1, 1],
    [1, -1],
    [-1, 1],
    [-1, -1],
  ]) {
    diagonalMm = Math.max(diagonalMm, Math.hypot(u[0] + a * v[0] + b * w[0], u[1] + a * v[1] + b * w[1], u[2] + a * v[2] + b * w[2]));
  }
  return {
    nx: g.dimensions[0],
    ny: g.dimensions[1],
    nz: g.dimensions[2],
    originLps: [...g.originLps],
    toIndex: [...row(v, w), ...row(w, u), ...row(u, v)],
    steps: [...u, ...v, ...w],
    unitMm: Math.cbrt(Math.abs(det)),
    diagonalMm,
  };
}

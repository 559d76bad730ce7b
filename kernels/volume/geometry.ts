export type Triple = [number, number, number];
export type Nine = [number, number, number, number, number, number, number, number, number];

/** Same shape as the contract's VolumeGeometry: LPS mm, voxel centres, i fastest. */
export interface VolumeGeometry {
  dimensions: Triple;
  spacingMm: Triple;
  originLps: Triple;
  directionLps: Nine;
}

/** Voxels of a grid. Throws RangeError where a side is not a positive whole number. */
export function voxelCount(dimensions: Triple): number {
  for (const side of dimensions) if (!Number.isInteger(side) || side < 1) throw new RangeError(`not a grid: ${dimensions}`);
  return dimensions[0] * dimensions[1] * dimensions[2];
}

/** The patient point (LPS, mm) of a voxel index; fractions are allowed. */
export function indexToLps(g: VolumeGeometry, i: number, j: number, k: number): Triple {
  const [sx, sy, sz] = g.spacingMm;
  const d = g.directionLps;
  const a = i * sx;
  const b = j * sy;
  const c = k * sz;
  return [
    g.originLps[0] + a * d[0] + b * d[3] + c * d[6],
    g.originLps[1] + a * d[1] + b * d[4] + c * d[7],
    g.originLps[2] + a * d[2] + b * d[5] + c * d[8],
  ];
}

/** Columns of the index-to-LPS matrix: the step in mm for i, then j, then k. */
function steps(g: VolumeGeometry): Nine {
  const [sx, sy, sz] = g.spacingMm;
  const d = g.directionLps;
  return [d[0] * sx, d[1] * sx, d[2] * sx, d[3] * sy, d[4] * sy, d[5] * sy, d[6] * sz, d[7] * sz, d[8] * sz];
}

/** Determinant of the index-to-LPS matrix in mm³; negative where the grid is left-handed. */
export function signedVoxelVolumeMm3(g: VolumeGeometry): number {
  const [a, b, c, d, e, f, h, i, j] = steps(g);
  return a * (e * j - f * i) - b * (d * j - f * h) + c * (d * i - e * h);
}

/** Volume of one voxel in mm³, also of a slanted grid. */
export function voxelVolumeMm3(g: VolumeGeometry): number {
  return Math.abs(signedVoxelVolumeMm3(g));
}

/** The voxel index (with fractions) of a patient point. Throws RangeError on a grid without volume. */
export function lpsToIndex(g: VolumeGeometry, x: number, y: number, z: number): Triple {
  const det = signedVoxelVolumeMm3(g);
  if (!(Math.abs(det) > 0)) throw new RangeError('the grid has no volume');
  const [a, b, c, d, e, f, h, i, j] = steps(g);
  const px = x - g.originLps[0];
  const py = y - g.originLps[1];
  const pz = z - g.originLps[2];
  return [
    (px * (e * j - f * i) + py * (f * h - d * j) + pz * (d * i - e * h)) / det,
    (px * (c * i - b * j) + py * (a * j - c * h) + pz * (b * h - a * i)) / det,
    (px * (b * f - c * e) + py * (c * d - a * f) + pz * (a * e - b * d)) / det,
  ];
}

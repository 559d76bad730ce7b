import { lpsToIndex, type VolumeGeometry } from './geometry.ts';

/** The value at a patient point; NaN beyond the outermost voxel centres. */
export type Sampler = (x: number, y: number, z: number) => number;

/**
 * Trilinear values of a volume at patient points.
 * @param values i fastest, of grid `g` (LPS mm, any orientation)
 * @returns a function of x, y, z in LPS mm
 * @throws RangeError where values and grid do not fit, or the grid has no volume
 * Cost: eight reads a call, nothing allocated.
 */
export function createSampler(values: Int16Array | Float32Array, g: VolumeGeometry): Sampler {
  const [nx, ny, nz] = g.dimensions;
  if (values.length !== nx * ny * nz) throw new RangeError('the values do not fit their grid');
  const [ox, oy, oz] = lpsToIndex(g, 0, 0, 0);
  const [xi, xj, xk] = lpsToIndex(g, 1, 0, 0).map((v, a) => v - [ox, oy, oz][a]!) as [number, number, number];
  const [yi, yj, yk] = lpsToIndex(g, 0, 1, 0).map((v, a) => v - [ox, oy, oz][a]!) as [number, number, number];
  const [zi, zj, zk] = lpsToIndex(g, 0, 0, 1).map((v, a) => v - [ox, oy, oz][a]!) as [number, number, number];
  const plane = nx * ny;
  return (x, y, z) => {
    const i = ox + xi * x + yi * y + zi * z;
    const j = oy + xj * x + yj * y + zj * z;
    const k = oz + xk * x + yk * y + zk * z;
    if (!(i >= 0 && j >= 0 && k >= 0 && i <= nx - 1 && j <= ny - 1 && k <= nz - 1)) return Number.NaN;
    const i0 = Math.floor(i);
    const j0 = Math.floor(j);
    const k0 = Math.floor(k);
    const fi = i - i0;
    const fj = j - j0;
    const p = k0 * plane + j0 * nx + i0;
    const di = fi > 0 ? 1 : 0;
    const dj = fj > 0 ? nx : 0;
    const low = (values[p]! * (1 - fi) + values[p + di]! * fi) * (1 - fj) + (values[p + dj]! * (1 - fi) + values[p + dj + di]! * fi) * fj;
    const fk = k - k0;
    if (fk === 0) return low;
    const q = p + plane;
    const high = (values[q]! * (1 - fi) + values[q + di]! * fi) * (1 - fj) + (values[q + dj]! * (1 - fi) + values[q + dj + di]! * fi) * fj;
    return low * (1 - fk) + high * fk;
  };
}

import { packMask } from '../labels/bits.ts';
import { inTurn } from '../parts.ts';
import { createRandom } from '../phantoms/random.ts';
import { indexToLps, type Triple, type VolumeGeometry } from '../volume/geometry.ts';
import type { Mesh } from './mesh.ts';
import { extractSurface } from './surface.ts';

/** Scenes whose blurred image is known in closed form: what part of a point's surroundings is bone, seen through a Gaussian. */
export type Part = (x: number, y: number, z: number) => number;

/** The error function to 1e-9, by its series near zero and Lentz's continued fraction beyond. */
function erf(x: number): number {
  const a = Math.abs(x);
  if (a > 6) return Math.sign(x);
  if (a < 2.5) {
    let term = a;
    let sum = a;
    for (let n = 1; n < 60; n++) {
      term *= (-a * a) / n;
      sum += term / (2 * n + 1);
    }
    return Math.sign(x) * sum * (2 / Math.sqrt(Math.PI));
  }
  let rest = 0;
  for (let n = 40; n > 0; n--) rest = n / 2 / (a + rest);
  return Math.sign(x) * (1 - Math.exp(-a * a) / Math.sqrt(Math.PI) / (a + rest));
}

const root2 = Math.sqrt(2);
/** A step at 0, bone below, blurred. */
export const step = (d: number, sigma: number): number => 0.5 * (1 - erf(d / (root2 * sigma)));

/** A plate between -half and half of a distance. */
export const plate = (d: number, thick: number, sigma: number): number => step(d - thick / 2, sigma) - step(d + thick / 2, sigma);

/** A ball convolved with a 3-D Gaussian: exact. */
export function ball(distance: number, radius: number, sigma: number): number {
  const r = Math.max(1e-6, distance);
  const low = Math.exp(-((r - radius) ** 2) / (2 * sigma * sigma));
  const high = Math.exp(-((r + radius) ** 2) / (2 * sigma * sigma));
  return (
    0.5 * (erf((radius + r) / (root2 * sigma)) + erf((radius - r) / (root2 * sigma))) -
    (sigma / (r * Math.sqrt(2 * Math.PI))) * (low - high)
  );
}

/** The image of a scene: `outside` + part * (bone - outside), with noise. */
export function imageOf(
  geometry: VolumeGeometry,
  part: Part,
  { bone = 1250, outside = 45, noise = 0, seed = 1 }: { bone?: number; outside?: number | Part; noise?: number; seed?: number } = {},
): Float32Array {
  const [nx, ny, nz] = geometry.dimensions;
  const random = createRandom(seed);
  const values = new Float32Array(nx * ny * nz);
  for (let k = 0; k < nz; k++) {
    for (let j = 0; j < ny; j++) {
      for (let i = 0; i < nx; i++) {
        const [x, y, z] = indexToLps(geometry, i, j, k);
        const base = typeof outside === 'number' ? outside : outside(x, y, z);
        values[(k * ny + j) * nx + i] = base + part(x, y, z) * (bone - base) + (noise > 0 ? noise * random.normal() : 0);
      }
    }
  }
  return values;
}

export const surfaceWhere = (
  values: Float32Array,
  geometry: VolumeGeometry,
  inside: (value: number, at: number) => boolean,
): Promise<Mesh> =>
  extractSurface(
    packMask(
      Uint8Array.from(values, (value, at) => (inside(value, at) ? 1 : 0)),
      geometry.dimensions,
    ),
    geometry,
    inTurn,
  );

/** A grid of these voxels about the origin. */
export const gridAbout = (dimensions: Triple, spacingMm: Triple): VolumeGeometry => ({
  dimensions,
  spacingMm,
  originLps: dimensions.map((side, axis) => -0.5 * (side - 1) * spacingMm[axis]) as Triple,
  directionLps: [1, 0, 0, 0, 1, 0, 0, 0, 1],
});

/** Mean, standard deviation and 95th percentile of the size of signed errors. */
export function spreadOf(errors: ArrayLike<number>): { n: number; mean: number; sd: number; p95: number; max: number } {
  const n = errors.length;
  let sum = 0;
  for (let m = 0; m < n; m++) sum += errors[m];
  const mean = sum / n;
  let squares = 0;
  for (let m = 0; m < n; m++) squares += (errors[m] - mean) ** 2;
  const sizes = Float64Array.from(errors, Math.abs).sort();
  return { n, mean, sd: Math.sqrt(squares / n), p95: sizes[Math.min(n - 1, Math.ceil(0.95 * n) - 1)], max: sizes[n - 1] };
}

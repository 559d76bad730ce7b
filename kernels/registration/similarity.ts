import { percentileRange } from '../intensity/normalise-percentile.ts';
import { lpsToIndex, type Triple, type VolumeGeometry, voxelVolumeMm3 } from '../volume/geometry.ts';
import { multiply, type RigidTransform } from './rigid-transform.ts';

export interface LevelImage {
  values: Float32Array;
  grid: VolumeGeometry;
}
export type Metric = 'mutual-information' | 'correlation';

/** How alike two volumes are where a transform lays one on the other, and which share of the places looked at lies in both. */
export interface Likeness {
  value: number;
  overlap: number;
}

const bins = 32;
/** A spline reaches one bin below and two above. */
const movingBins = bins + 3;
/** Of what the smaller volume could cover at best. */
const leastCover = 0.3;

/**
 * Looks at `count` places spread over the fixed volume (Roberts' additive sequence, 2018: even, never on the grid, the same each time).
 * `mutual-information` is the share of both entropies that is common, 2 I(F, M) / (H(F) + H(M)), 0 to 1, of a joint histogram of 32 x 32
 * bins between the percentiles 0.5 and 99.5, moving values spread by a cubic spline as Mattes et al. (2003): smooth in the transform.
 * `correlation` is Pearson's.
 * @returns of a transform its likeness; with too little overlap a value below all others, that rises with the overlap
 * @throws RangeError where one volume is flat
 * Cost: about 80 ns a place and transform.
 */
export function createSimilarity(
  fixed: LevelImage,
  moving: LevelImage,
  metric: Metric,
  count: number,
): (transform: RigidTransform) => Likeness {
  const places = spreadOver(fixed, count);
  const rangeOf = ({ values }: LevelImage) => percentileRange(values, { lowPercent: 0.5, highPercent: 99.5 });
  const [fixedRange, movingRange] = [rangeOf(fixed), rangeOf(moving)];
  for (const { low, high } of [fixedRange, movingRange])
    if (!(high > low)) throw new RangeError('a volume is flat: there is nothing in it to register');
  const volume = (g: VolumeGeometry) => voxelVolumeMm3(g) * g.dimensions[0] * g.dimensions[1] * g.dimensions[2];
  const least = leastCover * Math.min(1, volume(moving.grid) / volume(fixed.grid));
  const fixedBin = places.values.map((v) =>
    Math.max(0, Math.min(bins - 1, Math.floor(((v - fixedRange.low) / (fixedRange.high - fixedRange.low)) * bins))),
  );
  const movingScale = (bins - 1) / (movingRange.high - movingRange.low);
  const read = new Float32Array(count);
  return (transform) => {
    const inside = readMoving(moving, places.points, transform, read);
    const overlap = inside / count;
    if (overlap < least || inside < 100) return { value: overlap - 3, overlap };
    const value =
      metric === 'correlation'
        ? correlation(places.values, read)
        : sharedEntropy(fixedBin, read, movingRange.low, movingRange.high, movingScale);
    return { value, overlap };
  };
}

/** Places in the fixed volume, LPS mm, and its values there. */
function spreadOver({ values, grid }: LevelImage, count: number): { points: Float64Array; values: Float32Array } {
  const points = new Float64Array(3 * count);
  const out = new Float32Array(count);
  const [sx, sy, sz] = grid.spacingMm;
  const d = grid.directionLps;
  // The root of x^4 = x + 1.
  const g = 1.2207440846057596;
  const place = [0.5, 0.5, 0.5];
  for (let n = 0; n < count; n++) {
    for (let a = 0; a < 3; a++) place[a] = (place[a] + g ** -(a + 1)) % 1;
    const [i, j, k] = place.map((v, a) => v * (grid.dimensions[a] - 1));
    for (let r = 0; r < 3; r++) points[3 * n + r] = grid.originLps[r] + i * sx * d[r] + j * sy * d[3 + r] + k * sz * d[6 + r];
    out[n] = trilinear(values, grid.dimensions, i, j, k);
  }
  return { points, values: out };
}

function trilinear(values: Float32Array, [nx, ny, nz]: Triple, x: number, y: number, z: number): number {
  const i = Math.min(nx - 2, x | 0);
  const j = Math.min(ny - 2, y | 0);
  const k = Math.min(nz - 2, z | 0);
  const fx = x - i;
  const fy = y - j;
  const fz = z - k;
  const p = (k * ny + j) * nx + i;
  const q = p + nx * ny;
  const low = (values[p] * (1 - fx) + values[p + 1] * fx) * (1 - fy) + (values[p + nx] * (1 - fx) + values[p + nx + 1] * fx) * fy;
  const high = (values[q] * (1 - fx) + values[q + 1] * fx) * (1 - fy) + (values[q + nx] * (1 - fx) + values[q + nx + 1] * fx) * fy;
  return low * (1 - fz) + high * fz;
}

/** Moving values at the transformed places, NaN outside; how many lie inside. */
function readMoving(
  { values, grid }: LevelImage,
  points: Float64Array,
  { rotation, translationMm: t }: RigidTransform,
  into: Float32Array,
): number {
  const place = (p: Triple): Triple => lpsToIndex(grid, ...(multiply(rotation, p).map((v, a) => v + t[a]) as Triple));
  const origin = place([0, 0, 0]);
  const [x, y, z] = [place([1, 0, 0]), place([0, 1, 0]), place([0, 0, 1])];
  const [xi, yi, zi] = [x[0] - origin[0], y[0] - origin[0], z[0] - origin[0]];
  const [xj, yj, zj] = [x[1] - origin[1], y[1] - origin[1], z[1] - origin[1]];
  const [xk, yk, zk] = [x[2] - origin[2], y[2] - origin[2], z[2] - origin[2]];
  const dimensions = grid.dimensions;
  const [mx, my, mz] = dimensions.map((n) => n - 1);
  let inside = 0;
  for (let n = 0, p = 0; n < into.length; n++, p += 3) {
    const i = origin[0] + xi * points[p] + yi * points[p + 1] + zi * points[p + 2];
    const j = origin[1] + xj * points[p] + yj * points[p + 1] + zj * points[p + 2];
    const k = origin[2] + xk * points[p] + yk * points[p + 1] + zk * points[p + 2];
    if (i >= 0 && j >= 0 && k >= 0 && i <= mx && j <= my && k <= mz) {
      into[n] = trilinear(values, dimensions, i, j, k);
      inside++;
    } else into[n] = Number.NaN;
  }
  return inside;
}

function correlation(fixed: Float32Array, moving: Float32Array): number {
  let [count, f, m] = [0, 0, 0];
  for (let n = 0; n < fixed.length; n++) {
    if (Number.isNaN(moving[n])) continue;
    count++;
    f += fixed[n];
    m += moving[n];
  }
  f /= count;
  m /= count;
  let [ff, mm, fm] = [0, 0, 0];
  for (let n = 0; n < fixed.length; n++) {
    if (Number.isNaN(moving[n])) continue;
    const [a, b] = [fixed[n] - f, moving[n] - m];
    ff += a * a;
    mm += b * b;
    fm += a * b;
  }
  return ff > 0 && mm > 0 ? fm / Math.sqrt(ff * mm) : 0;
}

const joint = new Float64Array(bins * movingBins);

function sharedEntropy(fixedBin: Float32Array, moving: Float32Array, low: number, high: number, scale: number): number {
  joint.fill(0);
  let count = 0;
  for (let n = 0; n < moving.length; n++) {
    const v = moving[n];
    if (Number.isNaN(v)) continue;
    count++;
    const u = (Math.max(low, Math.min(high, v)) - low) * scale;
    const whole = Math.min(bins - 1, u | 0);
    const t = u - whole;
    const at = fixedBin[n] * movingBins + whole;
    const rest = 1 - t;
    joint[at] += (rest * rest * rest) / 6;
    joint[at + 1] += ((3 * t - 6) * t * t + 4) / 6;
    joint[at + 2] += (((-3 * t + 3) * t + 3) * t + 1) / 6;
    joint[at + 3] += (t * t * t) / 6;
  }
  const ofMoving = new Float64Array(movingBins);
  let [fixedSum, jointSum, movingSum] = [0, 0, 0];
  for (let f = 0; f < bins; f++) {
    let row = 0;
    for (let m = 0; m < movingBins; m++) {
      const w = joint[f * movingBins + m] / count;
      if (w <= 0) continue;
      row += w;
      ofMoving[m] += w;
      jointSum -= w * Math.log(w);
    }
    if (row > 0) fixedSum -= row * Math.log(row);
  }
  for (const w of ofMoving) if (w > 0) movingSum -= w * Math.log(w);
  const both = fixedSum + movingSum;
  return both > 1e-12 ? (2 * (both - jointSum)) / both : 0;
}

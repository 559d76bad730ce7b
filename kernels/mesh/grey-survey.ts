import { type DensityField, densityField } from './density-field.ts';
import { type ImageTraits, newReading, type ProfilePlan, readEdge } from './grey-place.ts';
import type { GridFrame } from './grid-frame.ts';

/** Blur widths that are tried, in parts of the voxel's unit length; the best is refined between its neighbours. */
const widths = Array.from({ length: 15 }, (_, n) => 0.35 * 1.12 ** n);
/** Vertices looked at: enough for a median within one per cent. */
const looks = 24_000;
const looksForWidth = 250;

const median = (values: number[]): number => {
  const sorted = Float64Array.from(values).sort();
  return sorted.length === 0 ? Number.NaN : sorted[sorted.length >> 1];
};

interface Looked {
  values: Int16Array | Float32Array;
  frame: GridFrame;
  plan: ProfilePlan;
  positions: Float32Array;
  normals: Float32Array;
}

/**
 * What the image is like near the surface, from some thousand vertices spread evenly over it: whether the segment is brighter or darker
 * than what lies beside it (the majority), the noise, the smallest step that counts (six times the noise and 15 % of the usual step), the
 * width of the blur within slices and across them (the one that leaves least of the profiles unexplained), and the density of bone where
 * walls are thick enough to show it. Null where nothing stands out: then only the mask decides.
 */
export function surveyImage(looked: Looked): { traits: ImageTraits; field: DensityField | null } | null {
  const { values, frame, plan, positions, normals } = looked;
  const vertices = positions.length / 3;
  const stride = Math.max(1, Math.floor(vertices / looks));
  const chosen: number[] = [];
  for (let vertex = 0; vertex < vertices; vertex += stride) chosen.push(vertex);
  const noise = noiseNear(looked, chosen);

  const traits: ImageTraits = {
    sign: 1,
    noise,
    least: Math.max(6 * noise, 1e-6),
    beside: Number.NaN,
    withinMm2: (0.75 * frame.unitMm) ** 2,
    throughMm2: (0.75 * frame.unitMm) ** 2,
    throughLps: throughLps(frame),
  };
  const reading = newReading();
  const read = (vertex: number, field: DensityField | null = null): boolean => {
    const at = vertex * 3;
    const p = positions;
    const n = normals;
    return readEdge(values, frame, plan, traits, field, p[at], p[at + 1], p[at + 2], n[at], n[at + 1], n[at + 2], reading);
  };
  const steps = (among: number[]): { seen: number[]; sizes: number[]; lows: number[] } => {
    const seen: number[] = [];
    const lows: number[] = [];
    const sizes: number[] = [];
    for (const vertex of among) {
      if (!read(vertex)) continue;
      seen.push(vertex);
      sizes.push(reading.high - reading.low);
      lows.push(reading.low);
    }
    return { seen, sizes, lows };
  };
  const few = chosen.filter((_, n) => n % 4 === 0);
  const bright = steps(few);
  traits.sign = -1;
  const dark = steps(few);
  const weight = (sizes: number[]) => sizes.reduce((sum, size) => sum + size, 0);
  traits.sign = weight(dark.sizes) > weight(bright.sizes) ? -1 : 1;
  const sizes = traits.sign === 1 ? bright.sizes : dark.sizes;
  if (sizes.length === 0) return null;
  traits.least = Math.max(traits.least, 0.15 * median(sizes));
  const { seen, lows } = traits.sign === 1 ? bright : dark;
  const beside = Float64Array.from(lows).sort()[Math.floor(0.75 * lows.length)];

  // The width first, without layers (a layer explains any width) and where there may be none.
  const bare = seen.filter((_, n) => lows[n] >= beside - 0.2 * sizes[n]);
  widthOf(traits, frame, bare, few.length, normals, () => reading.misfit, read);
  traits.beside = beside;

  const points: number[] = [];
  const densities: number[] = [];
  for (const vertex of chosen) {
    if (!read(vertex) || !(reading.wallMm > 3.2 * reading.sigmaMm) || !(reading.misfit < 0.06)) continue;
    for (let axis = 0; axis < 3; axis++) points.push(positions[vertex * 3 + axis]);
    densities.push(reading.high);
  }
  return { traits, field: densityField(points, densities) };
}

function throughLps(frame: GridFrame): number[] {
  // The third row of the inverse stands on the slices.
  const [x, y, z] = [frame.toIndex[6], frame.toIndex[7], frame.toIndex[8]];
  const length = Math.hypot(x, y, z);
  return [x / length, y / length, z / length];
}

/** Median of second differences along rows and columns, 3 voxels outside and inside of the surface: edges are the minority there. */
function noiseNear({ values, frame, positions, normals }: Looked, chosen: number[]): number {
  const { nx, ny, nz, toIndex: m, originLps, unitMm } = frame;
  const differences: number[] = [];
  for (const vertex of chosen) {
    for (const away of [4, 6, -4]) {
      const index = [0, 0, 0];
      for (let row = 0; row < 3; row++) {
        for (let axis = 0; axis < 3; axis++) {
          const at = vertex * 3 + axis;
          index[row] += m[row * 3 + axis] * (positions[at] + away * unitMm * normals[at] - originLps[axis]);
        }
      }
      const [i, j, k] = index.map(Math.round);
      if (!(i > 0 && j >= 0 && k >= 0 && i < nx - 1 && j < ny && k < nz)) continue;
      const at = (k * ny + j) * nx + i;
      const difference = Math.abs(values[at - 1] - 2 * values[at] + values[at + 1]);
      if (!Number.isNaN(difference)) differences.push(difference);
    }
  }
  return differences.length === 0 ? 0 : median(differences) / (0.6745 * Math.sqrt(6));
}

/** Sets the two widths of the blur in `traits`. */
function widthOf(
  traits: ImageTraits,
  frame: GridFrame,
  seen: number[],
  looked: number,
  normals: Float32Array,
  misfit: () => number,
  read: (vertex: number) => boolean,
): void {
  const [x, y, z] = traits.throughLps;
  const part = (vertex: number) => (normals[vertex * 3] * x + normals[vertex * 3 + 1] * y + normals[vertex * 3 + 2] * z) ** 2;
  const best = (group: number[]): number | null => {
    const stride = Math.max(1, Math.floor(group.length / looksForWidth));
    const some = group.filter((_, n) => n % stride === 0);
    // A few profiles at the image's border or at a rim are no measurement.
    if (group.length < Math.max(30, 0.05 * looked)) return null;
    const cost = widths.map((width) => {
      traits.withinMm2 = (width * frame.unitMm) ** 2;
      traits.throughMm2 = traits.withinMm2;
      // The median: what the model cannot explain at any width (rims, junctions) must not decide.
      return median(
        some.map((vertex) => {
          read(vertex);
          return Number.isNaN(misfit()) ? 1 : misfit();
        }),
      );
    });
    let n = 0;
    for (let m = 1; m < cost.length; m++) if (cost[m] < cost[n]) n = m;
    if (!(cost[n] < 0.05)) return null;
    let between = 0;
    if (n > 0 && n < cost.length - 1) between = (0.5 * (cost[n - 1] - cost[n + 1])) / (cost[n - 1] - 2 * cost[n] + cost[n + 1]);
    return (widths[n] * 1.12 ** between * frame.unitMm) ** 2;
  };
  const flat = seen.filter((vertex) => part(vertex) < 0.2);
  const steep = seen.filter((vertex) => part(vertex) > 0.7);
  const all = 0.75 * frame.unitMm;
  const whole = best(seen) ?? all * all;
  const alongSlices = best(flat);
  const acrossSlices = best(steep);
  traits.withinMm2 = whole;
  traits.throughMm2 = whole;
  if (alongSlices === null || acrossSlices === null) return;
  // The groups are not quite along the axes; width squared is linear in the square of the cosine.
  const meanPart = (group: number[]) => group.reduce((sum, vertex) => sum + part(vertex), 0) / group.length;
  const [p, q] = [meanPart(flat), meanPart(steep)];
  const slope = (acrossSlices - alongSlices) / (q - p);
  traits.withinMm2 = Math.max(0.25 * alongSlices, alongSlices - p * slope);
  traits.throughMm2 = Math.max(0.25 * acrossSlices, acrossSlices + (1 - q) * slope);
}

/** How the places of a new axis read an old one: place t reads `first[t]` and those behind it, with weights `start[t]` to `start[t + 1]`. */
export interface AxisTaps {
  first: Int32Array;
  start: Int32Array;
  /** They add up to 1 at each place. */
  weight: Float64Array;
  /** Places from `from` up to `to` lie on the old axis; the others read nothing. */
  from: number;
  to: number;
}

export type Kernel = 'linear' | 'cubic' | 'nearest' | 'overlap';

/** Weight at a distance, and the distance from which on it is 0. */
const kernels: Record<'linear' | 'cubic', { reach: number; at: (x: number) => number }> = {
  linear: { reach: 1, at: (x) => Math.max(0, 1 - x) },
  // Catmull and Rom: goes through the values, exact on parabolas.
  cubic: { reach: 2, at: (x) => (x < 1 ? (1.5 * x - 2.5) * x * x + 1 : x < 2 ? ((-0.5 * x + 2.5) * x - 4) * x + 2 : 0) },
};
/** Weights and distances up to this are the last digits of a computation. */
const nothing = 1e-6;

/**
 * Reads along one axis. A place lies on the old axis up to half a voxel beyond its outermost centres, and there reads them; `overlap`
 * weighs each old voxel by the part of it that the new one covers, and takes any place that covers something.
 * @param origin where place 0 lies, in old voxels; `slope`: old voxels from place to place, negative where the axis is mirrored
 * @param widen linear and cubic are stretched to the new voxel where that is the larger one
 */
export function axisTaps(kernel: Kernel, count: number, length: number, origin: number, slope: number, widen: boolean): AxisTaps {
  const ratio = Math.abs(slope);
  const first = new Int32Array(count);
  const start = new Int32Array(count + 1);
  const weight: number[] = [];
  let from = count;
  let to = 0;
  for (let t = 0; t < count; t++) {
    const centre = origin + slope * t;
    const taps =
      kernel === 'overlap' ? overlapTaps(centre, ratio, length) : pointTaps(kernel, centre, widen ? Math.max(1, ratio) : 1, length);
    if (taps) {
      from = Math.min(from, t);
      to = t + 1;
      first[t] = taps.first;
      const sum = taps.weights.reduce((s, w) => s + w, 0);
      for (const w of taps.weights) weight.push(w / sum);
    }
    start[t + 1] = weight.length;
  }
  return { first, start, weight: Float64Array.from(weight), from: Math.min(from, to), to };
}

interface Taps {
  first: number;
  weights: number[];
}

function pointTaps(kernel: 'linear' | 'cubic' | 'nearest', centre: number, stretch: number, length: number): Taps | null {
  if (centre < -0.5 - nothing || centre > length - 0.5 + nothing) return null;
  const within = (n: number): number => Math.max(0, Math.min(length - 1, n));
  if (kernel === 'nearest') return { first: within(Math.round(centre)), weights: [1] };
  const { reach, at } = kernels[kernel];
  const low = Math.floor(centre - reach * stretch) + 1;
  const high = Math.ceil(centre + reach * stretch) - 1;
  const first = within(low);
  const weights = new Array<number>(within(high) - first + 1).fill(0);
  // What would be read beyond the border is read at the border.
  const raw = Array.from({ length: high - low + 1 }, (_, n) => at(Math.abs(low + n - centre) / stretch));
  centred(raw, low - centre).forEach((w, n) => {
    weights[within(low + n) - first] += w;
  });
  return { first, weights };
}

/**
 * A stretched kernel sampled at whole voxels leans to one side by up to some hundredths of a voxel: its weights are tilted until their
 * middle is where it should be, so that nothing moves.
 * @param start from the middle to the first weight, voxels
 */
function centred(weights: number[], start: number): number[] {
  const sum = weights.reduce((s, w) => s + w, 0);
  const mean = weights.reduce((s, w, n) => s + w * (start + n), 0) / sum;
  if (Math.abs(mean) < 1e-12) return weights;
  // The tilt is spread as a tent: a cubic's own weights have no width of their own to divide by.
  const half = weights.length / 2 + 1;
  const tent = weights.map((_, n) => Math.max(0, half - Math.abs(start + n)));
  const total = tent.reduce((s, w) => s + w, 0);
  const middle = tent.reduce((s, w, n) => s + w * (start + n), 0) / total;
  const width = tent.reduce((s, w, n) => s + w * (start + n - middle) ** 2, 0) / total;
  return width > 0 ? weights.map((w, n) => w - (sum * mean * tent[n] * (start + n - middle)) / (total * width)) : weights;
}

function overlapTaps(centre: number, ratio: number, length: number): Taps | null {
  const low = Math.max(-0.5, centre - ratio / 2);
  const high = Math.min(length - 0.5, centre + ratio / 2);
  if (high - low <= nothing) return null;
  const first = Math.floor(low + 0.5 + nothing);
  const last = Math.ceil(high - 0.5 - nothing);
  const weights: number[] = [];
  for (let n = first; n <= last; n++) weights.push(Math.min(high, n + 0.5) - Math.max(low, n - 0.5));
  return { first, weights };
}

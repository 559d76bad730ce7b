import { type Triple, voxelCount } from '../volume/geometry.ts';
import { createBilateralGrid } from './bilateral-grid.ts';
import type { GaussianFilter } from './gaussian-filter.ts';
import { createPositionFilter } from './position-filter.ts';

export interface CrfSettings {
  iterations: number;
  /** Neighbours that lie near and have a like HU want the same label. */
  appearance: { sigmaMm: number; sigmaHu: number; weight: number };
  /** Neighbours that lie near want the same label, whatever their HU. */
  smoothness: { sigmaMm: number; weight: number };
  /** HU are brought into this range first: without it air at -1000 would be the only thing that looks unlike anything else. */
  rangeHu: [low: number, high: number];
  /** Voxels whose own probability outweighs whatever neighbours could say keep it, which saves most of the time. True: update these as well. */
  everyVoxel: boolean;
}

export const crfDefaults: CrfSettings = {
  iterations: 5,
  appearance: { sigmaMm: 2, sigmaHu: 60, weight: 2 },
  smoothness: { sigmaMm: 0.6, weight: 1 },
  rangeHu: [-300, 700],
  everyVoxel: false,
};

export interface CrfBox {
  dimensions: Triple;
  spacingMm: Triple;
  /** i fastest. */
  hu: Int16Array | Float32Array;
  /** Probability of bone of each voxel: uint8 (255 = 1) or float32 of 0 to 1. NaN counts as 0.5. */
  probability: Uint8Array | Float32Array;
}

export interface CrfResult {
  /** Probability of bone after the last round, float32, same grid. */
  probability: Float32Array;
  /** Voxels that were updated at all. */
  updated: number;
}

/** A probability of exactly 0 or 1 could never be moved: half a step of the coarser code is left. */
export const leastProbability = 1 / 512;

/** Probabilities as the field takes them: float32, away from 0 and 1. */
export function unaryProbabilities(probability: Uint8Array | Float32Array): Float32Array {
  const unary = new Float32Array(probability.length);
  const scale = probability instanceof Uint8Array ? 1 / 255 : 1;
  for (let n = 0; n < unary.length; n++) {
    const p = probability[n] * scale;
    unary[n] = p > leastProbability ? Math.min(p, 1 - leastProbability) : p <= leastProbability ? leastProbability : 0.5;
  }
  return unary;
}

const logistic = (x: number) => 1 / (1 + Math.exp(-x));

/** Voxels between the two probabilities, in rising order. */
function between(values: Float32Array, low: number, high: number): Int32Array {
  let count = 0;
  for (let at = 0; at < values.length; at++) if (values[at] >= low && values[at] <= high) count++;
  const index = new Int32Array(count);
  for (let at = 0, n = 0; n < count; at++) if (values[at] >= low && values[at] <= high) index[n++] = at;
  return index;
}

/** One kernel of the field, normalised symmetrically: kernel(i, j) / sqrt(n_i n_j), n the kernel's sum around a voxel. */
interface Coupling {
  filter: GaussianFilter;
  weight: number;
  /** 1 / sqrt(n) of the updated voxels. */
  scale: Float32Array;
  /** Normalised kernel of an updated voxel with itself, which has no say. */
  self: Float32Array;
}

/** Normalises a kernel, and adds to `fixed` the say of the voxels that are not updated. */
function couple(filter: GaussianFilter, weight: number, unary: Float32Array, index: Int32Array, fixed: Float32Array): Coupling {
  const scales = new Float32Array(unary.length).fill(1);
  filter.put(null, scales);
  filter.blur();
  filter.read(null, scales);
  for (let at = 0; at < scales.length; at++) scales[at] = 1 / Math.sqrt(scales[at]);
  const scale = new Float32Array(index.length);
  for (let n = 0; n < index.length; n++) scale[n] = scales[index[n]];
  const self = new Float32Array(index.length);
  filter.self(index, self);
  for (let n = 0; n < index.length; n++) self[n] *= scale[n] * scale[n];
  for (let at = 0; at < scales.length; at++) scales[at] *= 2 * unary[at] - 1;
  for (let n = 0; n < index.length; n++) scales[index[n]] = 0;
  filter.put(null, scales);
  filter.blur();
  const say = scales.subarray(0, index.length);
  filter.read(index, say);
  for (let n = 0; n < index.length; n++) fixed[n] += weight * scale[n] * say[n];
  return { filter, weight, scale, self };
}

/** Adds to `next` what the updated voxels say to each other. `spare` is overwritten. */
function addSay(
  { filter, weight, scale, self }: Coupling,
  index: Int32Array,
  q: Float32Array,
  next: Float32Array,
  spare: Float32Array,
): void {
  for (let n = 0; n < index.length; n++) spare[n] = (2 * q[n] - 1) * scale[n];
  filter.put(index, spare);
  filter.blur();
  filter.read(index, spare);
  for (let n = 0; n < index.length; n++) next[n] += weight * (scale[n] * spare[n] - self[n] * (2 * q[n] - 1));
}

/**
 * Fully connected conditional random field over two labels (13-crf), mean field (method: Krähenbühl & Koltun, Efficient inference in fully
 * connected CRFs with Gaussian edge potentials, 2011). Energy: minus the log of the probability of each voxel, and for each pair with
 * unlike labels weight x normalised kernel, of a kernel over position and HU and of one over position alone. All voxels are updated at
 * once; `crf-oracle.ts` is the slow twin.
 *
 * With two labels one number a voxel is enough: x = 2q - 1 is filtered, and logit(q) = logit(p) + sum of weight x filtered x.
 * Voxels whose |logit(p)| is above the sum of the weights are not updated: with normalised kernels their neighbours could hardly turn
 * them. They have their say to others all the same.
 * @param onStep called before each step with the steps done and their number: to tell of progress, or to throw and so cancel
 * @throws RangeError where arrays do not fit the box or a setting is out of range
 * Cost: 5 million voxels in five rounds within 3 s; 20 bytes a voxel, 28 an updated one, 8 a cell of the grid.
 */
export function crf(box: CrfBox, settings: CrfSettings, onStep: (done: number, steps: number) => void = () => {}): CrfResult {
  const { dimensions, spacingMm, hu, probability } = box;
  const voxels = voxelCount(dimensions);
  const { appearance, smoothness, iterations, rangeHu } = settings;
  if (probability.length !== voxels || hu.length !== voxels) throw new RangeError(`the values do not fit a box of ${dimensions}`);
  if (!(appearance.weight >= 0 && smoothness.weight >= 0 && Number.isInteger(iterations) && iterations >= 0))
    throw new RangeError('weights and rounds are to be 0 or above');
  const steps = iterations + 2;
  onStep(0, steps);
  const unary = unaryProbabilities(probability);
  const bound = settings.everyVoxel ? Number.POSITIVE_INFINITY : appearance.weight + smoothness.weight;
  const index = between(unary, logistic(-bound), 1 - logistic(-bound));
  const q = new Float32Array(index.length);
  const fixed = new Float32Array(index.length);
  for (let n = 0; n < index.length; n++) {
    q[n] = unary[index[n]];
    fixed[n] = Math.log(q[n] / (1 - q[n]));
  }
  const couplings: Coupling[] = [];
  if (appearance.weight > 0 && index.length > 0)
    couplings.push(
      couple(createBilateralGrid(hu, dimensions, spacingMm, { ...appearance, rangeHu }), appearance.weight, unary, index, fixed),
    );
  onStep(1, steps);
  if (smoothness.weight > 0 && index.length > 0)
    couplings.push(couple(createPositionFilter(dimensions, spacingMm, smoothness.sigmaMm), smoothness.weight, unary, index, fixed));
  const next = new Float32Array(index.length);
  const spare = new Float32Array(index.length);
  for (let round = 0; round < iterations; round++) {
    onStep(round + 2, steps);
    next.set(fixed);
    for (const coupling of couplings) addSay(coupling, index, q, next, spare);
    for (let n = 0; n < index.length; n++) q[n] = logistic(next[n]);
  }
  for (let n = 0; n < index.length; n++) unary[index[n]] = q[n];
  return { probability: unary, updated: index.length };
}

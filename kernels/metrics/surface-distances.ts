import { assertSameSize, type BitGrid, ones } from '../labels/bits.ts';
import type { Triple } from '../volume/geometry.ts';
import { settleFar } from './far-surfels.ts';
import { NearestSurfel } from './nearest-surfel.ts';
import { surfelAreasMm2 } from './surfel-areas.ts';
import { frameOf, type SurfelBits, surfelCode, surfelsOf, withinRoi } from './surfels.ts';

/** Distances of the surfels of one surface to the other, and the area that each stands for. Unordered. */
export interface DirectedDistances {
  distancesMm: Float64Array;
  areasMm2: Float64Array;
}

export interface SurfaceDistances {
  /** The larger of the two directed 95th percentiles by area. */
  hd95Mm: number;
  /** Mean distance over the area of both surfaces together. */
  assdMm: number;
  /** The largest distance of a surfel (Hausdorff). */
  maxMm: number;
  /** Share of the area of both surfaces that lies within the tolerance of the other one. */
  surfaceDice: number;
  /** From truth to result, from result to truth. */
  directedHd95Mm: [number, number];
  directedMeanMm: [number, number];
  areasMm2: [number, number];
}

/** Spacing read from files is single precision; a surfel this close beyond the tolerance still lies within it. */
const slackMm = 1e-6;

function measure(mask: BitGrid, own: SurfelBits, other: SurfelBits, spacingMm: Triple, step: (share: number) => void): DirectedDistances {
  const { frame, stride, words } = own;
  let count = 0;
  for (let n = 0; n < words.length; n++) if (words[n] !== 0) count += ones(words[n]);
  const distancesMm = new Float64Array(count);
  const areasMm2 = new Float64Array(count);
  if (count === 0) return { distancesMm, areasMm2 };
  const areaOf = surfelAreasMm2(spacingMm);
  const nearest = new NearestSurfel(other, spacingMm);
  const rowsJ = frame.jTo - frame.jFrom;
  const rowsK = frame.kTo - frame.kFrom;
  const firstI = (frame.wordFrom - 1) * 32;
  const toOther = other.words;
  const far = { at: new Int32Array(count), i: new Int32Array(count), j: new Int32Array(count) };
  const first = new Int32Array(rowsK + 1);
  let at = 0;
  let farCount = 0;
  for (let k = 0; k < rowsK; k++) {
    step((0.5 * k) / rowsK);
    first[k] = farCount;
    for (let j = 0; j < rowsJ; j++) {
      const row = (j + rowsJ * k) * stride;
      for (let word = 1; word < stride - 1; word++) {
        const shared = toOther[row + word];
        for (let bits = words[row + word]; bits !== 0; bits &= bits - 1) {
          const bit = 31 - Math.clz32(bits & -bits);
          const i = word * 32 + bit;
          areasMm2[at] = areaOf[surfelCode(mask, firstI + i, frame.jFrom + j, frame.kFrom + k)];
          // Most surfels of a good result are the truth's own: distance 0, which the array holds already.
          if (((shared >>> bit) & 1) === 0) {
            const found = nearest.near(i, j, k);
            if (nearest.settles(found)) distancesMm[at] = Math.sqrt(found);
            else {
              distancesMm[at] = found;
              far.at[farCount] = at;
              far.i[farCount] = i;
              far.j[farCount++] = j;
            }
          }
          at++;
        }
      }
    }
  }
  first[rowsK] = farCount;
  const corners = {
    i: far.i.subarray(0, farCount),
    j: far.j.subarray(0, farCount),
    first,
    squaredMm: new Float64Array(farCount),
  };
  for (let n = 0; n < farCount; n++) corners.squaredMm[n] = distancesMm[far.at[n]];
  settleFar(corners, other, nearest, spacingMm, (share) => step(0.5 + share / 2));
  for (let n = 0; n < farCount; n++) distancesMm[far.at[n]] = Math.sqrt(corners.squaredMm[n]);
  return { distancesMm, areasMm2 };
}

const total = (values: ArrayLike<number>): number => {
  let sum = 0;
  for (let n = 0; n < values.length; n++) sum += values[n];
  return sum;
};

const largest = (values: Float64Array): number => {
  let most = 0;
  for (let n = 0; n < values.length; n++) if (values[n] > most) most = values[n];
  return most;
};

/**
 * The least distance such that at least `share` of the area lies at it or nearer.
 * Sorts only the bin that the answer falls into. Throws RangeError where there is no surfel.
 */
export function percentileByArea({ distancesMm, areasMm2 }: DirectedDistances, share: number): number {
  if (distancesMm.length === 0) throw new RangeError('no surfel to take a percentile of');
  const bins = 1 << 14;
  const most = largest(distancesMm);
  if (most === 0) return 0;
  const scale = (bins - 1) / most;
  const areaIn = new Float64Array(bins);
  let atZero = 0;
  for (let n = 0; n < distancesMm.length; n++) {
    if (distancesMm[n] === 0) atZero += areasMm2[n];
    else areaIn[Math.floor(distancesMm[n] * scale)] += areasMm2[n];
  }
  areaIn[0] += atZero;
  // Sums in another order differ in the last places; they must not decide for the next distance.
  const wanted = total(areaIn) * share * (1 - 1e-12);
  if (atZero >= wanted) return 0;
  let below = 0;
  let bin = 0;
  while (bin < bins - 1 && below + areaIn[bin] < wanted) below += areaIn[bin++];
  const inBin: [number, number][] = [];
  for (let n = 0; n < distancesMm.length; n++) if (Math.floor(distancesMm[n] * scale) === bin) inBin.push([distancesMm[n], areasMm2[n]]);
  inBin.sort((a, b) => a[0] - b[0]);
  for (const [distance, area] of inBin) {
    below += area;
    if (below >= wanted) return distance;
  }
  return most;
}

/**
 * Distances from each surface to the other, both ways, exact.
 * @param roi counts only surfels whose voxels all lie in it (the nearest surfel may lie anywhere); null counts all
 * @param step told how much is done, 0 to 1; may throw to stop
 * @returns truth to result, result to truth; null where one of the masks has no surface
 * @throws RangeError where the masks differ in size
 */
export function directedDistances(
  truth: BitGrid,
  result: BitGrid,
  spacingMm: Triple,
  roi: BitGrid | null = null,
  step: (share: number) => void = () => {},
): [DirectedDistances, DirectedDistances] | null {
  assertSameSize(truth, result);
  if (!spacingMm.every((mm) => mm > 0 && Number.isFinite(mm))) throw new RangeError(`a spacing of ${spacingMm} mm`);
  const frame = frameOf(truth, result);
  if (!frame) return null;
  const ofTruth = surfelsOf(truth, frame);
  const ofResult = surfelsOf(result, frame);
  if (ofTruth.words.every((word) => word === 0) || ofResult.words.every((word) => word === 0)) return null;
  const counted = (surfels: SurfelBits) => (roi ? withinRoi(surfels, roi) : surfels);
  const there = measure(truth, counted(ofTruth), ofResult, spacingMm, (share) => step(share / 2));
  const back = measure(result, counted(ofResult), ofTruth, spacingMm, (share) => step(0.5 + share / 2));
  return [there, back];
}

function areaWithin({ distancesMm, areasMm2 }: DirectedDistances, toleranceMm: number): number {
  let area = 0;
  for (let n = 0; n < distancesMm.length; n++) if (distancesMm[n] <= toleranceMm + slackMm) area += areasMm2[n];
  return area;
}

function weightedSum({ distancesMm, areasMm2 }: DirectedDistances): number {
  let sum = 0;
  for (let n = 0; n < distancesMm.length; n++) sum += distancesMm[n] * areasMm2[n];
  return sum;
}

/**
 * HD95, ASSD, largest distance and surface Dice of two surfaces; null where either has no surfel that counts.
 * @param pair as `directedDistances` returns it
 */
export function surfaceFigures(pair: [DirectedDistances, DirectedDistances] | null, toleranceMm: number): SurfaceDistances | null {
  if (!pair?.every((d) => d.distancesMm.length > 0)) return null;
  const [there, back] = pair;
  const areas: [number, number] = [total(there.areasMm2), total(back.areasMm2)];
  const sums = [weightedSum(there), weightedSum(back)];
  const hd95: [number, number] = [percentileByArea(there, 0.95), percentileByArea(back, 0.95)];
  return {
    hd95Mm: Math.max(...hd95),
    assdMm: (sums[0] + sums[1]) / (areas[0] + areas[1]),
    maxMm: Math.max(largest(there.distancesMm), largest(back.distancesMm)),
    surfaceDice: (areaWithin(there, toleranceMm) + areaWithin(back, toleranceMm)) / (areas[0] + areas[1]),
    directedHd95Mm: hd95,
    directedMeanMm: [sums[0] / areas[0], sums[1] / areas[1]],
    areasMm2: areas,
  };
}

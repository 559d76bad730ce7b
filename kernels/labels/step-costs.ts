import type { Triple } from '../volume/geometry.ts';

const levels = 4095;
/** One level of the image, and one step to the nearest neighbour, in the units that costs are counted in. */
const levelUnits = 64;
const stepUnits = 16;
const dearest = 2 ** 22;

/** A step to one of the 26 neighbours. */
interface Step {
  d: Triple;
  /** To the neighbour's index. */
  by: number;
  units: number;
}
export interface StepCosts {
  level: Uint16Array;
  /** What a level of difference costs. */
  perLevel: number;
  steps: Step[];
  /** No step costs more. */
  most: number;
}

/** Values as whole levels between the least and the greatest that are numbers; what is no number is the lowest. */
function levelsOf(values: Int16Array | Float32Array): Uint16Array {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (let n = 0; n < values.length; n++) {
    const v = values[n];
    if (!Number.isFinite(v)) continue;
    if (v < low) low = v;
    if (v > high) high = v;
  }
  const level = new Uint16Array(values.length);
  if (!(high > low)) return level;
  // A CT of 12 bits keeps its own numbers.
  const span = values instanceof Int16Array ? Math.max(levels, high - low) : high - low;
  for (let n = 0; n < values.length; n++) {
    const share = (values[n] - low) / span;
    level[n] = Number.isNaN(share) ? 0 : Math.round(Math.min(1, Math.max(0, share)) * levels);
  }
  return level;
}

/** Mean difference of neighbours along i, j, k; 0 where there are none. */
function meanDifference(level: Uint16Array, [nx, ny, nz]: Triple): number {
  let sum = 0;
  let pairs = 0;
  for (let k = 0, n = 0; k < nz; k++)
    for (let j = 0; j < ny; j++)
      for (let i = 0; i < nx; i++, n++) {
        if (i > 0) sum += Math.abs(level[n] - level[n - 1]);
        if (j > 0) sum += Math.abs(level[n] - level[n - nx]);
        if (k > 0) sum += Math.abs(level[n] - level[n - nx * ny]);
        pairs += (i > 0 ? 1 : 0) + (j > 0 ? 1 : 0) + (k > 0 ? 1 : 0);
      }
  return pairs === 0 ? 0 : sum / pairs;
}

/**
 * What it costs to go from a voxel to one of its 26 neighbours: the difference of their values and, weighed by `locality`, the way in mm
 * (as much as the image's mean difference for the shortest step). A little for the way is always in it, so that flat ground goes to the
 * nearest. Whole numbers, so that sums are exact in any order.
 * @param locality 0: the image; 1: the way alone
 * @throws RangeError where values and grid do not fit, or the spacing is none
 */
export function stepCosts(values: Int16Array | Float32Array, dimensions: Triple, spacingMm: Triple, locality: number): StepCosts {
  const [nx, ny, nz] = dimensions;
  if (values.length !== nx * ny * nz) throw new RangeError(`${values.length} values on a grid of ${dimensions}`);
  if (!spacingMm.every((mm) => mm > 0 && Number.isFinite(mm))) throw new RangeError(`not a spacing: ${spacingMm}`);
  if (!(locality >= 0 && locality <= 1)) throw new RangeError(`not a locality: ${locality}`);
  const level = levelsOf(values);
  const perLevel = Math.round(levelUnits * (1 - locality));
  const wayUnits = stepUnits + levelUnits * locality * meanDifference(level, dimensions);
  // So that no sum leaves 32 bits: every voxel of a box is reached in as many steps as its sides are long together.
  const most = Math.min(dearest, Math.floor((2 ** 32 - 2) / (nx + ny + nz)));
  const shortest = Math.min(...spacingMm);
  const steps: Step[] = [];
  for (let dk = -1; dk <= 1; dk++)
    for (let dj = -1; dj <= 1; dj++)
      for (let di = -1; di <= 1; di++) {
        if (di === 0 && dj === 0 && dk === 0) continue;
        const mm = Math.hypot(di * spacingMm[0], dj * spacingMm[1], dk * spacingMm[2]);
        const units = Math.min(most, Math.max(1, Math.round((wayUnits * mm) / shortest)));
        steps.push({ d: [di, dj, dk], by: di + nx * (dj + ny * dk), units });
      }
  const widest = Math.min(most, levels * perLevel + Math.max(...steps.map((step) => step.units)));
  return { level, perLevel, steps, most: widest };
}

import type { RunParts } from '../parts.ts';
import { indexToLps, lpsToIndex, type Triple, type VolumeGeometry, voxelCount } from '../volume/geometry.ts';
import { setBits } from './bit-runs.ts';
import { type BitGrid, bitAt, bitsAnd, bitsOr, emptyBits } from './bits.ts';
import { dot, indexFrame } from './brush-frame.ts';
import { floodBits } from './flood-bits.ts';
import { slabMask } from './slab-mask.ts';
import { thresholdBits } from './threshold.ts';

export interface FloodRule {
  seedsLps: readonly Triple[];
  /** Normal of the slice through each seed that alone is filled; null: in all directions. */
  normalLps: Triple | null;
  /** Values that are filled, inclusive; both null: as near to a seed's value as `tolerance`. */
  low: number | null;
  high: number | null;
  tolerance: number;
  connectivity: 6 | 18 | 26;
  /** No further from a seed's voxel than this, centre to centre; null: no limit. */
  reachMm: number | null;
}

/** A distance that is said to be so many mm is reached by whatever the last digits of a spacing make of it. */
const slack = 1 + 2e-9;
const minus = (a: Triple, b: Triple): Triple => [a[0] - b[0], a[1] - b[1], a[2] - b[2]];

/** The voxel that a patient point lies in; null outside of the grid. */
export function voxelAt(g: VolumeGeometry, pointLps: Triple): Triple | null {
  const at = lpsToIndex(g, ...pointLps).map((v) => Math.floor(v + 0.5)) as Triple;
  return at.every((v, n) => v >= 0 && v < g.dimensions[n]) ? at : null;
}

/** Voxels whose centres lie within `mm` of a point. Cost: some 10 ns a row of the grid. */
function ballMask(g: VolumeGeometry, centreLps: Triple, mm: number): BitGrid {
  const bits = emptyBits(g.dimensions);
  const [nx, ny, nz] = g.dimensions;
  const along = indexFrame(g).steps[0];
  const a = dot(along, along);
  for (let row = 0; row < ny * nz; row++) {
    const from = minus(indexToLps(g, 0, row % ny, Math.floor(row / ny)), centreLps);
    const b = dot(from, along);
    const root = b * b - a * (dot(from, from) - mm * mm * slack);
    if (root < 0) continue;
    const first = Math.max(0, Math.ceil((-b - Math.sqrt(root)) / a));
    const end = Math.min(nx, Math.floor((-b + Math.sqrt(root)) / a) + 1);
    if (end > first) setBits(bits.words, row * bits.wordsPerRow, first, end);
  }
  return bits;
}

/**
 * Flood fill (9.1): from each seed through connected voxels whose values lie in a range, or near the seed's own value; on the slice through
 * the seed, or in all directions. What several seeds reach is put together.
 * @param values i fastest; what is no number is never filled
 * @param rule.connectivity on a plane of the grid 6 goes across edges alone, 18 and 26 across corners too
 * @returns a mask of the whole grid, empty where no seed's value lies in the range
 * @throws RangeError where there is no seed, one lies outside of the grid or on what is no number, a setting is out of range, or values and grid do not fit
 * Cost: a pass over the volume for each seed (one for all where the range is given), then the runs of what is filled.
 */
export async function floodFill(
  values: Int16Array | Float32Array,
  geometry: VolumeGeometry,
  rule: FloodRule,
  run: RunParts,
  tick: () => void = () => {},
): Promise<BitGrid> {
  const { dimensions } = geometry;
  const { seedsLps, normalLps, tolerance, connectivity, reachMm } = rule;
  if (values.length !== voxelCount(dimensions)) throw new RangeError(`${values.length} values on a grid of ${dimensions}`);
  if (seedsLps.length === 0) throw new RangeError('there is no seed');
  if (!(tolerance >= 0) || (reachMm !== null && !(reachMm > 0))) throw new RangeError('a tolerance or a reach below 0');
  const ranged = rule.low !== null || rule.high !== null;
  const range = async (low: number, high: number): Promise<BitGrid> => (await thresholdBits(values, dimensions, low, high, run)).bits;
  const wanted = ranged ? await range(rule.low ?? Number.NEGATIVE_INFINITY, rule.high ?? Number.POSITIVE_INFINITY) : null;
  let filled = emptyBits(dimensions);
  for (const seed of seedsLps) {
    tick();
    const at = voxelAt(geometry, seed);
    if (at === null) throw new RangeError('a seed lies outside of the grid');
    const value = values[at[0] + dimensions[0] * (at[1] + dimensions[1] * at[2])];
    if (Number.isNaN(value)) throw new RangeError('a seed lies on what is no number');
    // Where another seed has been, nothing is left to find, unless each has a slice, a reach or values of its own.
    if (wanted !== null && normalLps === null && reachMm === null && bitAt(filled, ...at)) continue;
    let allowed = wanted ?? (await range(value - tolerance, value + tolerance));
    if (normalLps !== null) allowed = bitsAnd(allowed, slabMask(geometry, seed, normalLps));
    if (reachMm !== null) allowed = bitsAnd(allowed, ballMask(geometry, indexToLps(geometry, ...at), reachMm));
    filled = bitsOr(filled, floodBits(allowed, at, connectivity, tick));
  }
  return filled;
}

import type { BitGrid } from '../labels/bits.ts';
import type { Triple } from '../volume/geometry.ts';
import { countVoxels, type Overlap, overlapOf, type VoxelCounts } from './overlap.ts';
import { directedDistances, surfaceFigures } from './surface-distances.ts';
import { type ThinWallRecall, thinWallRecall } from './thin-walls.ts';

/** Surface Dice counts surfaces as the same within this, unless told otherwise. */
export const defaultToleranceMm = 0.5;

/**
 * Everything that is measured of one result against one truth. `undefined`: neither has a voxel in the region of interest; `missed`: one
 * of them has none. Distances are then null, and no figure is ever NaN.
 */
export interface Agreement extends Overlap {
  voxels: VoxelCounts;
  hd95Mm: number | null;
  assdMm: number | null;
  maxDistanceMm: number | null;
  surfaceDice: number | null;
  surfaceDiceToleranceMm: number;
  /** Truth to result, result to truth. */
  directedHd95Mm: [number, number] | null;
  directedMeanMm: [number, number] | null;
  surfaceAreasMm2: [number, number] | null;
  /** Result minus truth: positive where the result is larger. */
  volumeErrorMl: number;
  truthMl: number;
  resultMl: number;
  /** Null where the truth does not tell its thin walls. */
  thinWallRecall: ThinWallRecall | null;
  state: 'ok' | 'missed' | 'undefined';
}

export interface AgreementInput {
  truth: BitGrid;
  result: BitGrid;
  /** Null: the whole grid. */
  roi: BitGrid | null;
  /** The truth's thin walls (label 3); null where it does not tell them. */
  thin: BitGrid | null;
  spacingMm: Triple;
  toleranceMm?: number;
}

/**
 * Compares a result with a truth on the same grid (11.2): overlap in the region of interest, distances between the surfaces, volume.
 * @param step told how much is done, 0 to 1; may throw to stop
 * @throws RangeError where grids differ in size or the spacing is none
 */
export function agreementOf(input: AgreementInput, step: (share: number) => void = () => {}): Agreement {
  const { truth, result, roi, thin, spacingMm, toleranceMm = defaultToleranceMm } = input;
  const voxels = countVoxels(truth, result, roi);
  const ofTruth = voxels.tp + voxels.fn;
  const ofResult = voxels.tp + voxels.fp;
  const state = ofTruth > 0 && ofResult > 0 ? 'ok' : ofTruth > 0 || ofResult > 0 ? 'missed' : 'undefined';
  const surfaces = state === 'ok' ? surfaceFigures(directedDistances(truth, result, spacingMm, roi, step), toleranceMm) : null;
  const voxelMl = (spacingMm[0] * spacingMm[1] * spacingMm[2]) / 1000;
  return {
    voxels,
    ...overlapOf(voxels),
    hd95Mm: surfaces?.hd95Mm ?? null,
    assdMm: surfaces?.assdMm ?? null,
    maxDistanceMm: surfaces?.maxMm ?? null,
    surfaceDice: surfaces?.surfaceDice ?? (state === 'missed' ? 0 : null),
    surfaceDiceToleranceMm: toleranceMm,
    directedHd95Mm: surfaces?.directedHd95Mm ?? null,
    directedMeanMm: surfaces?.directedMeanMm ?? null,
    surfaceAreasMm2: surfaces?.areasMm2 ?? null,
    volumeErrorMl: (ofResult - ofTruth) * voxelMl,
    truthMl: ofTruth * voxelMl,
    resultMl: ofResult * voxelMl,
    thinWallRecall: thin ? thinWallRecall(thin, result, spacingMm, roi) : null,
    state,
  };
}

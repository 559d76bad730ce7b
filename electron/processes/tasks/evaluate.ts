import { basename } from 'node:path';
import { Refusal } from '../../../contract/errors.ts';
import { definitions, type Evaluation } from '../../../contract/evaluation.ts';
import { agreementOf } from '../../../kernels/metrics/agreement.ts';
import { type BitGrid, packMask } from '../../../kernels/metrics/bit-grid.ts';
import { indexToLps, type VolumeGeometry } from '../../../kernels/volume/geometry.ts';
import { hashFile, readNiftiLabels } from '../../ports/nifti-labels.ts';
import type { EvaluationSide, Task, TaskContext } from '../protocol.ts';
import { readMask } from './masks.ts';

interface Side {
  name: string;
  sha256: string | null;
  geometry: VolumeGeometry;
  bone: BitGrid;
  /** Null where the labels do not tell thin walls. */
  thin: BitGrid | null;
}

async function read(side: EvaluationSide, step: (fraction: number) => void): Promise<Side> {
  if ('mask' in side) {
    const values = await readMask(side.mask, side.geometry.dimensions);
    step(1);
    return { name: side.name, sha256: null, geometry: side.geometry, bone: packMask(values, side.geometry.dimensions), thin: null };
  }
  const { header, bone, thin, threeClasses } = await readNiftiLabels(side.path, step);
  const tellsThin = threeClasses && thin.words.some((word) => word !== 0);
  return { name: basename(side.path), sha256: await hashFile(side.path), geometry: header.geometry, bone, thin: tellsThin ? thin : null };
}

/** Refuses two grids of which any corner lies further apart than a twentieth of a voxel. */
function assertSameGrid(a: Side, b: Side): void {
  const size = (g: VolumeGeometry) => g.dimensions.join(' x ');
  if (size(a.geometry) !== size(b.geometry))
    throw new Refusal(
      'GRID_MISMATCH',
      `${a.name} has ${size(a.geometry)} voxels and ${b.name} ${size(b.geometry)}. Resample one onto the grid of the other.`,
    );
  const limitMm = 0.05 * Math.min(...a.geometry.spacingMm);
  let most = 0;
  for (let corner = 0; corner < 8; corner++) {
    const at = a.geometry.dimensions.map((side, n) => ((corner >> n) & 1 ? side - 1 : 0)) as [number, number, number];
    const [p, q] = [indexToLps(a.geometry, ...at), indexToLps(b.geometry, ...at)];
    most = Math.max(most, Math.hypot(p[0] - q[0], p[1] - q[1], p[2] - q[2]));
  }
  // A grid of one voxel along an axis has no corner that tells its spacing there.
  const spacingApart = Math.max(...a.geometry.spacingMm.map((mm, n) => Math.abs(mm - b.geometry.spacingMm[n]!)));
  if (most > limitMm || spacingApart > limitMm)
    throw new Refusal(
      'GRID_MISMATCH',
      `${a.name} and ${b.name} lie up to ${Math.max(most, spacingApart).toFixed(2)} mm apart, voxel for voxel. Resample one onto the grid of the other.`,
    );
}

function roiWords(roi: Side | null, geometry: VolumeGeometry, counted: number): Evaluation['roi'] {
  const size = geometry.dimensions.join(' x ');
  const ml = ((counted * geometry.spacingMm[0] * geometry.spacingMm[1] * geometry.spacingMm[2]) / 1000).toFixed(1);
  if (!roi) return { text: `The whole grid: ${size} = ${counted} voxels, ${ml} ml`, file: null, voxels: counted };
  return { text: `${roi.name}: ${counted} of the ${size} voxels, ${ml} ml`, file: roi.name, voxels: counted };
}

/** 11.2: compares a result with a truth. Throws Refusal GRID_MISMATCH, and as reading a labelmap does. */
export const evaluate: Task<'evaluate'> = async ({ truth, result, roi, toleranceMm }, context: TaskContext) => {
  const reading = (from: number, to: number, what: string) => (fraction: number) => {
    context.throwIfCancelled();
    context.progress(from + (to - from) * fraction, what);
  };
  const truthSide = await read(truth, reading(0, 0.2, 'Reading the truth'));
  const resultSide = await read(result, reading(0.2, 0.4, 'Reading the result'));
  assertSameGrid(truthSide, resultSide);
  const roiSide = roi === null ? null : await read({ path: roi }, reading(0.4, 0.5, 'Reading the region'));
  if (roiSide) assertSameGrid(truthSide, roiSide);
  const found = agreementOf(
    {
      truth: truthSide.bone,
      result: resultSide.bone,
      roi: roiSide?.bone ?? null,
      thin: truthSide.thin,
      spacingMm: truthSide.geometry.spacingMm,
      toleranceMm,
    },
    reading(0.5, 1, 'Measuring between the surfaces'),
  );
  const { voxels, thinWallRecall: thin } = found;
  const counted = voxels.tp + voxels.fp + voxels.tn + voxels.fn;
  return {
    roi: roiWords(roiSide, truthSide.geometry, counted),
    voxels,
    sensitivity: found.sensitivity,
    specificity: found.specificity,
    accuracy: found.accuracy,
    dsc: found.dsc,
    iou: found.iou,
    hd95Mm: found.hd95Mm,
    assdMm: found.assdMm,
    surfaceDice: found.surfaceDice,
    volumeErrorMl: found.volumeErrorMl,
    state: found.state,
    surfaceDiceToleranceMm: found.surfaceDiceToleranceMm,
    maxDistanceMm: found.maxDistanceMm,
    directedHd95Mm: found.directedHd95Mm,
    directedMeanMm: found.directedMeanMm,
    surfaceAreasMm2: found.surfaceAreasMm2,
    truthMl: found.truthMl,
    resultMl: found.resultMl,
    thinWallRecall: thin?.exact ?? null,
    thinWall: thin && { voxels: thin.voxels, near: thin.near, nearMm: thin.nearMm },
    truth: { name: truthSide.name, sha256: truthSide.sha256 },
    result: { name: resultSide.name, sha256: resultSide.sha256 },
    definitions: definitions(found.surfaceDiceToleranceMm),
  };
};

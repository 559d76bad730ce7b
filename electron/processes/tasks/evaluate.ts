import { basename } from 'node:path';
import { Refusal } from '../../../contract/errors.ts';
import { definitions, type Evaluation } from '../../../contract/evaluation.ts';
import type { BitGrid } from '../../../kernels/labels/bits.ts';
import { agreementOf } from '../../../kernels/metrics/agreement.ts';
import { reorderBits } from '../../../kernels/metrics/reorder-bits.ts';
import { closestOrder, isSameOrder, reorderGeometry } from '../../../kernels/volume/axis-order.ts';
import type { VolumeGeometry } from '../../../kernels/volume/geometry.ts';
import { hashFile, readNiftiLabels } from '../../ports/nifti-labels.ts';
import { networkWordingIn } from '../../ports/objects/network-wording.ts';
import type { EvaluationSide, Task, TaskContext } from '../protocol.ts';
import { readMaskBits } from './masks.ts';

interface Side {
  name: string;
  sha256: string | null;
  networkWording: string | null;
  geometry: VolumeGeometry;
  bone: BitGrid;
  /** Null where the labels do not tell thin walls. */
  thin: BitGrid | null;
}

const comparedOf = ({ name, sha256, networkWording }: Side): Evaluation['truth'] => ({ name, sha256, networkWording });

type Role = 'truth' | 'result' | 'region';

/** A file's refusal with the name of the file: three of them may be given. */
function named(error: unknown, role: Role, name: string): unknown {
  if (!(error instanceof Refusal)) return error;
  const words: Partial<Record<typeof error.code, string>> = {
    MISSING_FILES: `The ${role} ${name} is not there. Check its name and folder.`,
    UNREADABLE_FILE: `The ${role} ${name} may not be read. Grant access to it, and name a file, not a folder.`,
  };
  return new Refusal(error.code, words[error.code] ?? `The ${role} ${name}: ${error.message}`);
}

async function read(side: EvaluationSide, role: Role, step: (fraction: number) => void): Promise<Side> {
  if ('mask' in side) {
    const bone = await readMaskBits(side.mask, side.geometry.dimensions);
    step(1);
    return { name: side.name, sha256: null, networkWording: side.networkWording ?? null, geometry: side.geometry, bone, thin: null };
  }
  const name = basename(side.path);
  try {
    const { header, bone, thin, threeClasses } = await readNiftiLabels(side.path, step);
    const tellsThin = threeClasses && thin.words.some((word) => word !== 0);
    const networkWording = networkWordingIn(header.description);
    const sha256 = await hashFile(side.path);
    return { name, sha256, networkWording, geometry: header.geometry, bone, thin: tellsThin ? thin : null };
  } catch (error) {
    throw named(error, role, name);
  }
}

/**
 * A mask on the grid of another one. Programs store one grid in different orders of its axes (NIfTI from right to left, DICOM from left
 * to right); that moves no voxel. Refuses a grid of which any voxel then lies further apart than a twentieth of a voxel.
 */
function onGridOf(a: Side, b: Side): Side {
  const size = (g: VolumeGeometry) => g.dimensions.join(' x ');
  const { order, apartMm } = closestOrder(b.geometry, a.geometry);
  if (apartMm === Number.POSITIVE_INFINITY)
    throw new Refusal(
      'GRID_MISMATCH',
      `${a.name} has ${size(a.geometry)} voxels and ${b.name} ${size(b.geometry)}. Resample one onto the other's grid.`,
    );
  if (apartMm > 0.05 * Math.min(...a.geometry.spacingMm))
    throw new Refusal(
      'GRID_MISMATCH',
      `${a.name} and ${b.name} lie on different grids. Resample one onto the other's grid; they lie up to ${apartMm.toFixed(2)} mm apart.`,
    );
  if (isSameOrder(order)) return b;
  return {
    ...b,
    geometry: reorderGeometry(b.geometry, order),
    bone: reorderBits(b.bone, order),
    thin: b.thin && reorderBits(b.thin, order),
  };
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
  const truthSide = await read(truth, 'truth', reading(0, 0.2, 'Reading the truth'));
  const resultSide = onGridOf(truthSide, await read(result, 'result', reading(0.2, 0.4, 'Reading the result')));
  const roiSide = roi === null ? null : onGridOf(truthSide, await read({ path: roi }, 'region', reading(0.4, 0.5, 'Reading the region')));
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
    truth: comparedOf(truthSide),
    result: comparedOf(resultSide),
    definitions: definitions(found.surfaceDiceToleranceMm),
  };
};

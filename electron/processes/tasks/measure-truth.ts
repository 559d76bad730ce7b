import { Refusal } from '../../../contract/errors.ts';
import { type HeadFigures, type RegionFigures, thicknessBinsMm } from '../../../contract/experiment.ts';
import { type BitGrid, packMask } from '../../../kernels/labels/bits.ts';
import { type Agreement, agreementOf } from '../../../kernels/metrics/agreement.ts';
import { thinWallRecall } from '../../../kernels/metrics/thin-walls.ts';
import { indexToLps, type VolumeGeometry, voxelCount } from '../../../kernels/volume/geometry.ts';
import { readNifti } from '../../ports/nifti-read.ts';
import type { Task } from '../protocol.ts';
import { readMask, readVoxels } from './masks.ts';

/** Fewer voxels say nothing of a bin. */
const leastVoxels = 50;
/** D.3: what both parts share lies between the two. */
const corticalAboveHu = 200;
const thinBelowHu = 300;

/** Largest distance of the corners of two grids, mm; infinite where their voxels do not pair. */
function apartMm(a: VolumeGeometry, b: VolumeGeometry): number {
  if (a.dimensions.some((side, n) => side !== b.dimensions[n])) return Number.POSITIVE_INFINITY;
  let most = 0;
  for (let corner = 0; corner < 8; corner++) {
    const at = a.dimensions.map((side, axis) => (corner & (1 << axis) ? side - 1 : 0)) as [number, number, number];
    const [p, q] = [indexToLps(a, ...at), indexToLps(b, ...at)];
    most = Math.max(most, Math.hypot(p[0] - q[0], p[1] - q[1], p[2] - q[2]));
  }
  return most;
}

/** Whole numbers of 0 to 255 on the grid of the image. */
async function readBytes(path: string, grid: VolumeGeometry): Promise<Uint8Array> {
  const bytes = new Uint8Array(voxelCount(grid.dimensions));
  let slope = 1;
  let intercept = 0;
  await readNifti(
    path,
    (header) => {
      ({ slope, intercept } = header);
      if (!(apartMm(header.geometry, grid) < 0.01))
        throw new Refusal(
          'GRID_MISMATCH',
          'The truth does not lie on the grid of its image. Give the labelmap that was drawn on this very image.',
        );
    },
    (slice, k) => {
      for (let n = 0, at = k * slice.length; n < slice.length; n++, at++) {
        const value = (slice[n] as number) * slope + intercept;
        if (!Number.isFinite(value))
          throw new Refusal('INVALID_VOXELS', 'The truth labelmap holds voxels that are no number (NaN or infinite). Set them to 0.');
        if (!Number.isInteger(value) || value < 0 || value > 255)
          throw new Refusal('INVALID_VOXELS', 'A truth labelmap holds whole numbers from 0 to 255. Save it as a labelmap.');
        bytes[at] = value;
      }
      return true;
    },
  );
  return bytes;
}

function figuresOf({ state, voxels, sensitivity, specificity, accuracy, dsc, iou, hd95Mm, assdMm }: Agreement): RegionFigures {
  return { state, voxels, sensitivity, specificity, accuracy, dsc, iou, hd95Mm, assdMm };
}

function wallsFound(found: BitGrid, labels: Uint8Array, thickness: Uint8Array | null, grid: VolumeGeometry): HeadFigures['thinWalls'] {
  // Other labels than these, and 3 may be some organ: evaluate goes by the same rule.
  const tellsThin = labels.every((label) => label <= 3);
  const recall = (keep: (n: number) => boolean) => {
    const walls = packMask(
      labels.map((label, n) => (tellsThin && label === 3 && keep(n) ? 1 : 0)),
      grid.dimensions,
    );
    const { voxels, exact, near } = thinWallRecall(walls, found, grid.spacingMm, null);
    return voxels >= leastVoxels ? { exact, near } : { exact: null, near: null };
  };
  const hundredths = thicknessBinsMm.map((mm) => Math.round(mm * 100));
  const inBin = (b: number) => (n: number) => thickness![n]! > hundredths[b]! && thickness![n]! <= hundredths[b + 1]!;
  return { ...recall(() => true), bins: thicknessBinsMm.slice(1).map((_, b) => (thickness ? recall(inBin(b)).exact : null)) };
}

/**
 * Holds a mask against the truth of its head, over the whole grid: whole bone, its cortical part (HU above 200 in both), its thin part
 * (HU below 300 in both), and the walls that the truth labels thin (3, where its labels are 0 to 3).
 * @throws Refusal GRID_MISMATCH, INVALID_VOXELS, or as a NIfTI file is refused
 */
export const measureTruth: Task<'measureTruth'> = async ({ volume, mask, truth, thickness }, context) => {
  context.progress(0, 'Reading the truth');
  const labels = await readBytes(truth, volume);
  const walls = thickness === null ? null : await readBytes(thickness, volume);
  const found = await readMask(mask, volume.dimensions);
  const hu = await readVoxels(volume);
  const within = (values: Uint8Array, keep: (hu: number) => boolean): BitGrid =>
    packMask(
      values.map((v, n) => (v && keep(hu[n]!) ? 1 : 0)),
      volume.dimensions,
    );
  const compare = (keep: (hu: number) => boolean, from: number, what: string): RegionFigures => {
    context.throwIfCancelled();
    const input = { truth: within(labels, keep), result: within(found, keep), roi: null, thin: null, spacingMm: volume.spacingMm };
    return figuresOf(
      agreementOf(input, (share) => {
        context.throwIfCancelled();
        context.progress(from + share / 3, what);
      }),
    );
  };
  return {
    whole: compare(() => true, 0, 'Whole bone'),
    cortical: compare((v) => v > corticalAboveHu, 1 / 3, 'Cortical bone'),
    thin: compare((v) => v < thinBelowHu, 2 / 3, 'Thin bone'),
    thinWalls: wallsFound(packMask(found, volume.dimensions), labels, walls, volume),
  };
};

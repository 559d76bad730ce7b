import type { Coded, Finding } from '../../../contract/errors.ts';
import { Refusal } from '../../../contract/errors.ts';
import type { VolumeEntry } from '../../../contract/volume.ts';
import type { Triple } from '../../../kernels/volume/geometry.ts';
import type { StackGeometry } from '../../../kernels/volume/stack.ts';
import { straightVolume } from '../straight-volume.ts';
import { frameBytes, frameValues } from './frames.ts';
import type { ImageFile } from './image.ts';
import type { Scratch } from './open.ts';
import { VolumeBuffer } from './pixels.ts';
import { type Candidate, consentedWarnings, gridOf } from './plan.ts';

export interface AssembledVolume {
  entry: VolumeEntry;
  values: Int16Array | Float32Array;
  units: string;
  warnings: Coded[];
  findings: Finding[];
}

const maximumVoxels = 2 ** 31;

/**
 * Decodes the slices of a plan in their order into one volume in real units.
 * @param step called after each slice with the fraction done; may throw to cancel
 * @throws Refusal where a slice cannot be read or decoded: no volume has a guessed slice
 * Peak memory: the volume and one file; 1.5 times the volume where values turn out not to be whole.
 */
export function assemble(plan: Candidate, step: (fraction: number) => void): AssembledVolume {
  const first = plan.slices[0]?.file as ImageFile;
  const { rows, columns } = first.format;
  const dimensions: Triple = [columns, rows, plan.slices.length];
  const voxels = columns * rows * plan.slices.length;
  if (voxels > maximumVoxels)
    throw new Refusal('TOO_LARGE', `A volume of ${dimensions.join(' x ')} voxels is too large. Export a smaller region.`);
  const buffer = new VolumeBuffer(voxels);
  let read: ImageFile | null = null;
  let frames: Uint8Array[] = [];
  const scratch: Scratch = { bytes: new Uint8Array(0) };
  for (const [n, { file, frame }] of plan.slices.entries()) {
    if (read !== file) frames = frameBytes(file, scratch);
    read = file;
    buffer.append(frameValues(file, frames[frame.index] as Uint8Array), frame.slope ?? 1, frame.intercept ?? 0);
    step((n + 1) / plan.slices.length);
  }
  const grid = gridOf(plan);
  const isHu = first.modality === 'CT' && !plan.warnings.some((item) => item.code === 'HU_NOT_CALIBRATED');
  const stack = plan.stack as StackGeometry;
  const units = isHu ? 'HU' : first.modality === 'CT' ? 'stored' : 'intensity';
  const entry = {
    seriesInstanceUid: plan.uid,
    patientName: first.patientName,
    modality: first.modality,
    description: first.description,
    slicePositionsMm: stack.positionsMm,
  };
  const originLps = plan.slices[0]?.position as Triple;
  if (stack.faults.length > 0) {
    const straight = straightVolume({
      values: buffer.values,
      dimensions,
      originLps,
      rowDirection: plan.rowDirection,
      columnDirection: plan.columnDirection,
      inPlaneMm: plan.inPlaneMm,
      positionsMm: stack.positionsMm,
      shear: stack.shear,
      spacingMm: stack.spacingMm,
      outside: buffer.minimum,
    });
    const { values, finding, ...geometry } = straight;
    return {
      entry: { ...entry, ...geometry, resampled: true },
      values,
      units,
      warnings: [...plan.warnings, ...consentedWarnings(plan)],
      findings: [{ ...finding, path: first.path }],
    };
  }
  return {
    entry: { ...entry, dimensions, spacingMm: grid.spacingMm, originLps, directionLps: grid.directionLps, resampled: false },
    values: buffer.values,
    units,
    warnings: plan.warnings,
    findings: [],
  };
}

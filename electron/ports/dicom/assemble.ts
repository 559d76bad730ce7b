import type { Coded, Finding } from '../../../contract/errors.ts';
import { Refusal } from '../../../contract/errors.ts';
import type { VolumeEntry } from '../../../contract/volume.ts';
import type { Triple } from '../../../kernels/volume/geometry.ts';
import type { StackGeometry } from '../../../kernels/volume/stack.ts';
import { straightVolume } from '../straight-volume.ts';
import type { SliceSource } from './decode-work.ts';
import { type DecodeRoom, fillVolume } from './fill-volume.ts';
import type { ImageFile } from './image.ts';
import { type Candidate, consentedWarnings, gridOf } from './plan.ts';
import { maximumVoxels, plannedVoxels } from './volume-memory.ts';
import { rangeWarnings } from './warnings.ts';

export interface AssembledVolume {
  entry: VolumeEntry;
  values: Int16Array | Float32Array;
  units: string;
  warnings: Coded[];
  findings: Finding[];
}

/** What the slices are read from, without what only planning needs: it goes to other threads. */
function sourcesOf(plan: Candidate): SliceSource[] {
  const known = new Map<ImageFile, SliceSource['file']>();
  return plan.slices.map(({ file, frame }) => {
    const { path, fileBytes, transferSyntax, deflated, pixels, format } = file;
    const source = known.get(file) ?? { path, fileBytes, transferSyntax, deflated, pixels, format, frames: { length: file.frames.length } };
    known.set(file, source);
    return { file: source, index: frame.index, slope: frame.slope ?? 1, intercept: frame.intercept ?? 0 };
  });
}

function lowest(values: ArrayLike<number>): number {
  let least = Number.POSITIVE_INFINITY;
  for (let n = 0; n < values.length; n++) if ((values[n] as number) < least) least = values[n] as number;
  return least;
}

/**
 * Decodes the slices of a plan in their order into one volume in real units, in shared memory.
 * @param step called between slices with the fraction done; may throw to cancel
 * @param room threads that decode beside this one, none for a small volume; the values hold until its memory is asked again
 * @throws Refusal where a slice cannot be read or decoded, that of the first such slice: no volume has a guessed slice
 * Peak memory: the volume and one file a thread; 1.5 times the volume where values turn out not to be whole.
 */
export async function assemble(plan: Candidate, step: (fraction: number) => void, room: DecodeRoom): Promise<AssembledVolume> {
  const first = plan.slices[0]?.file as ImageFile;
  const { rows, columns } = first.format;
  const dimensions: Triple = [columns, rows, plan.slices.length];
  const voxels = plannedVoxels(plan);
  if (voxels > maximumVoxels)
    throw new Refusal('TOO_LARGE', `A volume of ${dimensions.join(' x ')} voxels is too large. Export a smaller region.`);
  const values = await fillVolume(sourcesOf(plan), voxels, step, room);
  const grid = gridOf(plan);
  const isHu = first.modality === 'CT' && !plan.warnings.some((item) => item.code === 'HU_NOT_CALIBRATED');
  const outOfRange = isHu ? rangeWarnings(values) : [];
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
      values,
      dimensions,
      originLps,
      rowDirection: plan.rowDirection,
      columnDirection: plan.columnDirection,
      inPlaneMm: plan.inPlaneMm,
      positionsMm: stack.positionsMm,
      shear: stack.shear,
      spacingMm: stack.spacingMm,
      outside: lowest(values),
    });
    const { values: straightValues, finding, ...geometry } = straight;
    return {
      entry: { ...entry, ...geometry, resampled: true },
      values: straightValues,
      units,
      warnings: [...plan.warnings, ...outOfRange, ...consentedWarnings(plan)],
      findings: [{ ...finding, path: first.path }],
    };
  }
  return {
    entry: { ...entry, dimensions, spacingMm: grid.spacingMm, originLps, directionLps: grid.directionLps, resampled: false },
    values,
    units,
    warnings: [...plan.warnings, ...outOfRange],
    findings: [],
  };
}

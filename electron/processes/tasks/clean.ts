import { Refusal } from '../../../contract/errors.ts';
import { type CleanSettings, type CrfReport, withCrf } from '../../../contract/segmentation.ts';
import { type BitGrid, packMask, unpackMask } from '../../../kernels/labels/bits.ts';
import { type Components, componentsOfBits, dropBelow, keepLargest, keepSeeded } from '../../../kernels/labels/components.ts';
import { fillHoles } from '../../../kernels/labels/fill-holes.ts';
import type { CountedBits } from '../../../kernels/labels/threshold.ts';
import { lpsToIndex, type VolumeGeometry, voxelVolumeMm3 } from '../../../kernels/volume/geometry.ts';
import type { Task } from '../protocol.ts';
import { applyField } from './clean-field.ts';
import { readMaskBits, stageBits } from './masks.ts';
import { stageChange } from './stage-change.ts';

function seeded(parts: Components, geometry: VolumeGeometry, seedLps: [number, number, number]): CountedBits {
  const at = lpsToIndex(geometry, ...seedLps).map(Math.round);
  const inGrid = at.every((v, n) => v >= 0 && v < geometry.dimensions[n]!);
  const [nx, ny] = geometry.dimensions;
  const kept = inGrid ? keepSeeded(parts, (at[2]! * ny + at[1]!) * nx + at[0]!) : null;
  if (kept) return kept;
  const where = inGrid ? 'is not on the segment' : 'is outside the image';
  throw new Refusal('NOT_FOUND', `The point ${seedLps.join(', ')} mm (LPS) ${where}. Choose a point on the part that should stay.`);
}

function choose(parts: Components, bits: BitGrid, geometry: VolumeGeometry, settings: CleanSettings): BitGrid {
  if (settings.keep === 'all') return bits;
  if (settings.keep === 'largest') return keepLargest(parts).bits;
  if (settings.keep === 'seed') {
    if (!settings.seedLps) throw new RangeError('keep=seed without seedLps');
    return seeded(parts, geometry, settings.seedLps).bits;
  }
  if (!settings.minimumMm3) throw new RangeError('keep=minimum without minimumMm3');
  // A part of exactly the minimum stays, whatever the last bit of the division says.
  const kept = dropBelow(parts, Math.ceil(settings.minimumMm3 / voxelVolumeMm3(geometry) - 1e-9));
  if (kept.voxels > 0) return kept.bits;
  throw new Refusal(
    'EMPTY_SEGMENT',
    `Every part of the segment is smaller than ${settings.minimumMm3} mm³. Choose a smaller minimum volume.`,
  );
}

/**
 * Cleans a segment: first the conditional random field where it is asked for (13-crf), then the choice of parts, then the filling of holes
 * (13-ccl). With connectivity 4 and 8 the last two work slice by slice.
 * Throws Refusal EMPTY_SEGMENT (nothing there or nothing left), NOT_FOUND (the seed is not on the segment) or OUT_OF_MEMORY (the field's
 * kernels are too narrow for the size of the box).
 */
export const clean: Task<'clean'> = async ({ mask: source, geometry, settings, field, whole, into }, context) => {
  context.progress(0, 'Reading the segment');
  const before = await readMaskBits(source, geometry.dimensions);
  let bits = before;
  context.throwIfCancelled();
  context.progress(0.1, 'Finding connected parts');
  let parts = await componentsOfBits(bits, settings.connectivity);
  const partsBefore = parts.count;
  if (partsBefore === 0) {
    throw new Refusal(
      'EMPTY_SEGMENT',
      'The segment is empty, so there is nothing to clean. Segment with a lower threshold or paint first.',
    );
  }
  let crf: CrfReport | null = null;
  if (withCrf(settings)) {
    if (field === null) throw new RangeError('crf without what it reads');
    const answer = await applyField(unpackMask(bits), field, settings, {
      progress: (fraction, note) => context.progress(0.1 + 0.4 * fraction, note),
      throwIfCancelled: () => context.throwIfCancelled(),
    });
    crf = answer.report;
    bits = packMask(answer.mask, geometry.dimensions);
    parts = await componentsOfBits(bits, settings.connectivity);
  }
  if (parts.count === 0) {
    throw new Refusal(
      'EMPTY_SEGMENT',
      'The conditional random field left no bone. Give it smaller weights, or a segment that fits the image better.',
    );
  }
  context.throwIfCancelled();
  context.progress(0.5, 'Choosing parts');
  let result = choose(parts, bits, geometry, settings);
  context.throwIfCancelled();
  if (settings.fillHoles) {
    context.progress(0.6, 'Filling holes');
    result = (await fillHoles(result, settings.connectivity)).bits;
    context.throwIfCancelled();
  }
  const after = result === bits ? parts : await componentsOfBits(result, settings.connectivity);
  const voxels = after.voxels.reduce((sum, size) => sum + size, 0);
  context.progress(0.8, 'Writing the segment');
  const { change, file } = whole
    ? { change: 'mask' as const, file: await stageBits(into, result) }
    : await stageChange(into, before, result, () => {});
  context.progress(1, 'Segment written');
  return { mask: file, change, voxels, volumeMm3: voxels * voxelVolumeMm3(geometry), partsBefore, partsAfter: after.count, crf };
};

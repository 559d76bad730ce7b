import { type Coded, Refusal } from '../../../contract/errors.ts';
import type { NetworkRun } from '../../../contract/model.ts';
import type { VolumeGeometry } from '../../../contract/volume.ts';
import { findOrbits, regionMm, regionOf } from '../../../kernels/networks/find-orbits.ts';
import { boxOfRoi, isTurned, networkGrid, type TrainedGrid } from '../../../kernels/networks/network-grid.ts';
import { resampleTurned } from '../../../kernels/spacing/resample-turned.ts';
import { type Box, boxGrid, cutBox } from '../../../kernels/volume/box.ts';
import type { Task } from '../protocol.ts';
import { readVoxels, stage } from './masks.ts';

/** A volume of at most this size, mm along i, j, k in any order, is taken whole: it has been cut to the face already. */
const wholeUpToMm = [120, 165, 165];
/** Coarser than this there is nothing left of an orbital wall that a network could find. */
const coarsestMm = { pixel: 2.5, slice: 5 };

function assertTakable(g: VolumeGeometry): void {
  const sorted = [...g.spacingMm].sort((a, b) => a - b);
  if (sorted[1]! > coarsestMm.pixel || sorted[2]! > coarsestMm.slice)
    throw new Refusal(
      'MODEL_SHAPE_MISMATCH',
      `Voxels of ${g.spacingMm.map((mm) => mm.toFixed(2)).join(' x ')} mm are too coarse for the network (pixels up to ${coarsestMm.pixel} mm, slices up to ${coarsestMm.slice} mm). Take a thinner reconstruction, or a threshold.`,
    );
  if (Math.min(...g.dimensions) < 3 || [...g.dimensions].sort((a, b) => a - b)[1]! < 16)
    throw new Refusal(
      'TOO_SMALL',
      `A volume of ${g.dimensions.join(' x ')} voxels is too small for the network. Take one with the whole orbit in it.`,
    );
}

function region(
  values: Int16Array | Float32Array,
  g: VolumeGeometry,
  given: readonly number[] | null,
  warnings: Coded[],
): { box: Box; roi: NetworkRun['roi'] } {
  if (given) {
    const ordered = [0, 1, 2, 3, 4, 5].map((a) => (a < 3 ? Math.min(given[a]!, given[a + 3]!) : Math.max(given[a]!, given[a - 3]!)));
    if ([0, 1, 2].some((a) => !(ordered[a + 3]! - ordered[a]! > 0)))
      throw new Refusal('TOO_SMALL', 'The region has no size along one of its axes. Give xmin, ymin, zmin, xmax, ymax, zmax in LPS mm.');
    const box = boxOfRoi(g, ordered);
    if (!box || Math.min(...box.dimensions) < 3)
      throw new Refusal('NOT_FOUND', 'The region lies outside of this volume. Give it in LPS mm, as the cursor shows it.');
    return { box, roi: 'given' };
  }
  const whole: Box = { offsetIjk: [0, 0, 0], dimensions: [...g.dimensions] };
  const extent = g.dimensions.map((n, a) => n * g.spacingMm[a]!).sort((a, b) => a - b);
  if (extent.every((mm, a) => mm <= wholeUpToMm[a]!)) return { box: whole, roi: 'whole' };
  const orbits = findOrbits(values, g);
  const box = orbits && boxOfRoi(g, regionOf(orbits));
  if (box) return { box, roi: 'found' };
  warnings.push({
    code: 'NOT_FOUND',
    message: 'No pair of eyes was found, so the whole volume was taken. Give a region to save time, and look whether this is a head.',
  });
  return { box: whole, roi: 'whole' };
}

/** What of the input lies outside of what the network was trained on: flagged, it runs. */
function flags(values: Int16Array | Float32Array, g: VolumeGeometry, box: Box, trained: TrainedGrid, grid: VolumeGeometry): Coded[] {
  const found: Coded[] = [];
  const differs = grid.spacingMm.some((mm) => !g.spacingMm.some((own) => Math.abs(own - mm) < 1e-6));
  const sizes = (mm: number[]) => mm.map((v) => v.toFixed(2)).join(' x ');
  if (differs && isTurned(g))
    found.push({
      code: 'MODEL_SHAPE_MISMATCH',
      message: `The image is turned against the patient's axes by more than the network has learned. It saw it resampled along them to ${sizes(grid.spacingMm)} mm; thin walls may be lost.`,
    });
  else if (differs)
    found.push({
      code: 'MODEL_SHAPE_MISMATCH',
      message: `Voxels of ${sizes(g.spacingMm)} mm lie outside of what the network was trained on (pixels ${trained.pixelMm.trained.join(' to ')}, slices ${trained.sliceMm.trained.join(' to ')} mm). It saw them resampled to ${sizes(grid.spacingMm)} mm; thin walls may be lost.`,
    });
  const extent = box.dimensions.map((n, a) => n * g.spacingMm[a]!).sort((a, b) => b - a);
  if (extent[1]! < 0.6 * (regionMm.front + regionMm.back) || extent[2]! < 20)
    found.push({
      code: 'TOO_SMALL',
      message: `The field of view (${extent.map((mm) => mm.toFixed(0)).join(' x ')} mm) is smaller than an orbit's surroundings: the network was trained on more of the face, and anatomy may be cut off.`,
    });
  let air = 0;
  let bone = 0;
  let beyond = 0;
  for (let n = 0; n < values.length; n++) {
    const v = values[n]!;
    if (v < -500) air++;
    else if (v > 3071) beyond++;
    else if (v > 300) bone++;
  }
  if (air < 0.005 * values.length || bone < 0.005 * values.length || beyond > 0.01 * values.length)
    found.push({
      code: 'HU_OUT_OF_RANGE',
      message:
        'The values of this region are unlike those that the network was trained on (air, bone or metal in unusual amounts). Look at the result with care.',
    });
  return found;
}

/**
 * Cuts and lays out what a network sees (8.3, clause 12): the region, LPS-ordered, on the card's spacing.
 * Throws Refusal MODEL_SHAPE_MISMATCH, TOO_SMALL, NOT_FOUND.
 */
export const networkInput: Task<'networkInput'> = async ({ volume, card, roiLps, into }, context) => {
  context.progress(0, 'Reading the volume');
  assertTakable(volume);
  const values = await readVoxels(volume);
  context.throwIfCancelled();
  context.progress(0.2, roiLps ? 'The region given' : 'Looking for the orbits');
  const warnings: Coded[] = [];
  const { box, roi } = region(values, volume, roiLps, warnings);
  const grid = networkGrid(volume, box, card);
  const part = cutBox(values, volume.dimensions, box);
  warnings.push(...flags(part, volume, box, card, grid));
  context.throwIfCancelled();
  const laid = resampleTurned(part, boxGrid(volume, box), grid, card.rangeHu[0], (share) => {
    context.progress(0.4 + 0.5 * share, 'Laying out the region');
    context.throwIfCancelled();
  });
  const [low, high] = card.rangeHu;
  for (let n = 0; n < laid.length; n++) {
    const v = laid[n]!;
    // Padding and broken detectors hold values that no tissue has; a value that is no number reads as air.
    laid[n] = v >= low ? Math.min(v, high) : low;
  }
  return { input: await stage(into, laid, '.f32'), grid, box, roi, warnings };
};

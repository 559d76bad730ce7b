import type { EffectSettings } from '../../../contract/effects.ts';
import { type BitGrid, bitsAnd, bitsAndNot, bitsNot, bitsOr, packMask, unpackMask } from '../../../kernels/labels/bits.ts';
import { boxAround, cutBits, pasteBits } from '../../../kernels/labels/bits-box.ts';
import { bitsInBox } from '../../../kernels/labels/box-mask.ts';
import { fillBetweenSlices } from '../../../kernels/labels/fill-between-slices.ts';
import { growFromSeeds } from '../../../kernels/labels/grow-from-seeds.ts';
import { close, dilate, erode, hollow, inBox, margin, open, type Reach } from '../../../kernels/labels/morphology.ts';
import { gaussianMask, smoothTogether } from '../../../kernels/labels/smooth-gaussian.ts';
import { medianMask } from '../../../kernels/labels/smooth-median.ts';
import { splitParts } from '../../../kernels/labels/split-parts.ts';
import { type Triple, voxelCount, voxelVolumeMm3 } from '../../../kernels/volume/geometry.ts';
import { editWorks } from './edit-works.ts';
import type { EffectBench, EffectMask, Named, Work } from './effect-bench.ts';

function reachOf(s: { mm?: number | undefined; voxels?: number | undefined; neighbours: 6 | 18 | 26 }): Reach {
  if (s.mm !== undefined) return { mm: s.mm };
  if (s.voxels === undefined) throw new RangeError('neither mm nor voxels');
  return { rounds: s.voxels, neighbours: s.neighbours };
}

const oneVoxel: Triple = [1, 1, 1];
const own = ({ masks, at }: EffectBench): BitGrid => masks[at]!;
const others = ({ masks, at }: EffectBench): BitGrid[] => masks.filter((_, n) => n !== at);
const byReach =
  (work: typeof dilate) =>
  (settings: Parameters<typeof reachOf>[0], bench: EffectBench): Promise<BitGrid> =>
    work(own(bench), reachOf(settings), bench.geometry.spacingMm, bench.workshop);

/** Smooths all masks in the box around them all. */
async function smoothJoint(mm: number, { masks, geometry, workshop }: EffectBench): Promise<EffectMask[]> {
  const box = boxAround(masks.reduce(bitsOr), oneVoxel);
  if (box === null) return masks.map((bits, of) => ({ of, bits }));
  const parts = masks.map((bits) => cutBits(bits, box));
  const smoothed = await smoothTogether(parts, geometry.spacingMm, mm, workshop.run);
  return smoothed.map((bits, of) => ({ of, bits: pasteBits(geometry.dimensions, box, bits) }));
}

/** The segment is label 1 and has the voxels that others claim as well; of those the first named. */
async function growSeeds({ marginMm, locality }: Named<'grow-from-seeds'>, bench: EffectBench): Promise<BitGrid> {
  const { dimensions, spacingMm } = bench.geometry;
  const seeds = new Uint8Array(voxelCount(dimensions));
  for (const [n, bits] of [own(bench), ...others(bench)].entries()) {
    const mask = unpackMask(bits);
    for (let at = 0; at < mask.length; at++) if (mask[at] === 1 && seeds[at] === 0) seeds[at] = n + 1;
  }
  const labels = growFromSeeds(await bench.values(), seeds, dimensions, spacingMm, { marginMm, locality }, bench.workshop.tick);
  return packMask(labels, dimensions, 1);
}

async function split({ minimumMm3, ...choice }: Named<'split'>, bench: EffectBench): Promise<EffectMask[]> {
  const { geometry, workshop } = bench;
  // A minimum of so many voxels exactly is met, whatever the last digits of a voxel's volume.
  const minimumVoxels = Math.ceil(minimumMm3 / voxelVolumeMm3(geometry) - 1e-6);
  const parts = await splitParts(own(bench), geometry.spacingMm, { ...choice, minimumVoxels }, workshop.run, workshop.tick);
  return parts.map((bits) => ({ of: null, bits }));
}

/** One line for each effect of the contract. */
const works: { [E in EffectSettings['effect']]: Work<E> } = {
  erode: byReach(erode),
  dilate: byReach(dilate),
  open: byReach(open),
  close: byReach(close),
  margin: ({ mm }, b) => margin(own(b), mm, b.geometry.spacingMm, b.workshop),
  hollow: ({ shellMm, surface }, b) => hollow(own(b), shellMm, surface, b.geometry.spacingMm, b.workshop),
  smooth: ({ filter, mm }, b) =>
    filter === 'joint'
      ? smoothJoint(mm, b)
      : inBox(own(b), oneVoxel, (part) =>
          (filter === 'median' ? medianMask : gaussianMask)(part, b.geometry.spacingMm, mm, b.workshop.run),
        ),
  combine: async ({ operation }, b) => {
    if (operation === 'intersect') return b.masks.reduce(bitsAnd);
    return operation === 'union' ? b.masks.reduce(bitsOr) : others(b).reduce(bitsAndNot, own(b));
  },
  invert: async (_, b) => bitsNot(own(b)),
  roi: async ({ roiLps, keep }, b) => (keep === 'inside' ? bitsAnd : bitsAndNot)(own(b), bitsInBox(b.geometry, roiLps)),
  'grow-from-seeds': growSeeds,
  'fill-between-slices': ({ axis }, b) => fillBetweenSlices(own(b), axis, b.geometry.spacingMm, b.workshop.tick),
  split,
  ...editWorks,
};

/** Carries one effect out. A mask alone stands in the place of the segment's. */
export async function applyEffect(settings: EffectSettings, bench: EffectBench): Promise<EffectMask[]> {
  // The settings' own name picks the work that takes them, which the types cannot follow.
  const work = works[settings.effect] as Work<EffectSettings['effect']>;
  const made = await work(settings as never, bench);
  return Array.isArray(made) ? made : [{ of: bench.at, bits: made }];
}

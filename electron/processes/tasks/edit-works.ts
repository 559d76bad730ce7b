import type { DrawnEffect } from '../../../contract/effects.ts';
import { Refusal } from '../../../contract/errors.ts';
import { type BitGrid, bitsAndNot, bitsNot, bitsOr } from '../../../kernels/labels/bits.ts';
import { contoursMask } from '../../../kernels/labels/contours-mask.ts';
import { floodBits } from '../../../kernels/labels/flood-bits.ts';
import { floodFill, voxelAt } from '../../../kernels/labels/flood-fill.ts';
import { loopMask } from '../../../kernels/labels/loop-mask.ts';
import { slabMask } from '../../../kernels/labels/slab-mask.ts';
import type { Triple } from '../../../kernels/volume/geometry.ts';
import { drawn } from './drawn-words.ts';
import type { EffectBench, EffectMask, Named, Work } from './effect-bench.ts';
import { fillLevel } from './level-work.ts';

const own = ({ masks, at }: EffectBench): BitGrid => masks[at]!;
const laid = (operation: 'add' | 'erase', bench: EffectBench, region: BitGrid): BitGrid =>
  (operation === 'add' ? bitsOr : bitsAndNot)(own(bench), region);
const inWords = (pointLps: Triple): string => pointLps.map((mm) => mm.toFixed(1)).join(', ');

/** The voxel of a place. Throws Refusal NOT_FOUND where the image is not there. */
function voxelOf({ geometry }: EffectBench, pointLps: Triple): Triple {
  const at = voxelAt(geometry, pointLps);
  if (at === null) throw new Refusal('NOT_FOUND', `The place ${inWords(pointLps)} mm lies outside of the image. Click inside of it.`);
  return at;
}

async function scissors(s: Named<'scissors'>, bench: EffectBench): Promise<BitGrid> {
  const { geometry } = bench;
  const { loopLps, normalLps, depth, eyeLps } = s;
  const inside = drawn(() => loopMask(geometry, { loopsLps: [loopLps], normalLps, depth, eyeLps }));
  const region =
    s.region === 'inside' ? inside : bitsAndNot(depth === 'slice' ? slabMask(geometry, loopLps[0]!, normalLps) : bitsNot(inside), inside);
  return laid(s.operation === 'fill' ? 'add' : 'erase', bench, region);
}

async function flood(s: Named<'flood-fill'>, bench: EffectBench): Promise<BitGrid> {
  const { geometry, workshop } = bench;
  const [nx, ny] = geometry.dimensions;
  const values = await bench.values();
  const found: number[] = [];
  for (const seed of s.seedsLps) {
    const [i, j, k] = voxelOf(bench, seed);
    const value = values[i + nx * (j + ny * k)]!;
    if (Number.isNaN(value)) throw new Refusal('NOT_FOUND', `The image has no value at ${inWords(seed)} mm. Click where it has one.`);
    found.push(value);
  }
  const { lowHu: low, highHu: high, toleranceHu: tolerance, ...rule } = s;
  if (low !== null && high !== null && low > high)
    throw new Refusal('NOT_FOUND', `No value lies from ${low} to ${high}. Give the lower one first.`);
  const fits = (value: number): boolean => value >= (low ?? value) && value <= (high ?? value);
  if (!found.some(fits)) {
    const range = low === null ? `${high} and below` : high === null ? `${low} and above` : `${low} to ${high}`;
    throw new Refusal('NOT_FOUND', `The value there is ${found.join(', ')}, which is not ${range}. Click elsewhere or widen the range.`);
  }
  return laid(s.operation, bench, await floodFill(values, geometry, { ...rule, low, high, tolerance }, workshop.run, workshop.tick));
}

async function contour({ operation, contoursLps, normalLps }: Named<'contour'>, bench: EffectBench): Promise<BitGrid> {
  return laid(
    operation,
    bench,
    drawn(() => contoursMask(bench.geometry, contoursLps, normalLps)),
  );
}

async function island(s: Named<'island'>, bench: EffectBench): Promise<BitGrid | EffectMask[]> {
  const part = floodBits(own(bench), voxelOf(bench, s.seedLps), s.connectivity, bench.workshop.tick);
  if (part.words.every((word) => word === 0))
    throw new Refusal('NOT_FOUND', `The segment has no voxel at ${inWords(s.seedLps)} mm. Click on the island itself.`);
  if (s.operation === 'keep') return part;
  const rest = bitsAndNot(own(bench), part);
  // The new one first: its act is of the mask as it stood.
  return s.operation === 'remove'
    ? rest
    : [
        { of: null, bits: part },
        { of: bench.at, bits: rest },
      ];
}

/** One line for each tool that is drawn by a hand (contract/edit-tools.ts). */
export const editWorks: { [E in DrawnEffect]: Work<E> } = {
  scissors,
  'flood-fill': flood,
  'level-trace': async (s, bench) => laid(s.operation, bench, await fillLevel(s, bench)),
  contour,
  island,
};

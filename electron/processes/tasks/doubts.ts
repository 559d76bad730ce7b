import { readFile } from 'node:fs/promises';
import type { BitGrid } from '../../../kernels/labels/bits.ts';
import { type Components, componentsOfBits } from '../../../kernels/labels/components.ts';
import { uncertainRegions } from '../../../kernels/labels/uncertain-regions.ts';
import { type WallGap, wallGaps } from '../../../kernels/labels/wall-gaps.ts';
import type { RunParts } from '../../../kernels/parts.ts';
import { boxGrid } from '../../../kernels/volume/box.ts';
import { indexToLps, type Triple, type VolumeGeometry, voxelCount, voxelVolumeMm3 } from '../../../kernels/volume/geometry.ts';
import { startCrew } from '../crew.ts';
import type { Task, Tasks } from '../protocol.ts';
import { type FoundPlace, gapPlace, islandPlace, uncertainPlace } from './doubt-words.ts';
import { readMaskBits, readVoxels } from './masks.ts';
import { stored } from './network-result.ts';

/** A gap smaller than this is how a thin wall looks on a grid. */
const leastGapMm2 = 1;
const leastUncertainMm3 = 1.5;
/** A part that is larger is no crumb, whether it hangs alone or not. */
const mostIslandMm3 = 1000;

const placeOf = (index: number, [nx, ny]: Triple): Triple => [index % nx, Math.floor(index / nx) % ny, Math.floor(index / (nx * ny))];

/** How far the values in a gap stand out over the mean of both sides of the wall, HU. */
function ridgeAt(gap: WallGap, values: ArrayLike<number>, { dimensions, spacingMm }: VolumeGeometry): number {
  const at = placeOf(gap.index, dimensions);
  const value = (mm: number): number => {
    const [i, j, k] = at.map((v, n) =>
      Math.min(dimensions[n]! - 1, Math.max(0, Math.round(v + (gap.normal[n]! * mm) / spacingMm[n]!))),
    ) as Triple;
    return values[i + dimensions[0] * (j + dimensions[1] * k)] ?? 0;
  };
  const sideMm = 1.5 + Math.max(...spacingMm);
  return Math.max(value(0), value(0.5), value(-0.5)) - (value(sideMm) + value(-sideMm)) / 2;
}

async function gapsOf(
  bits: BitGrid,
  { geometry, volume }: Tasks['doubts']['in'],
  run: RunParts,
  tick: (share: number) => void,
): Promise<FoundPlace[]> {
  const gaps = (await wallGaps(bits, geometry.spacingMm, undefined, run, tick)).filter((gap) => gap.areaMm2 >= leastGapMm2);
  const values = volume && gaps.length > 0 ? await readVoxels(volume) : null;
  return gaps.map((gap) =>
    gapPlace(indexToLps(geometry, ...placeOf(gap.index, geometry.dimensions)), {
      ...gap,
      ridgeHu: values && ridgeAt(gap, values, geometry),
    }),
  );
}

async function uncertainOf({ geometry, network }: Tasks['doubts']['in']): Promise<FoundPlace[]> {
  if (!network) return [];
  const { run, spread } = network;
  const { integrated } = await stored(run.volume, run.box, run.probabilities, run.settings);
  const bytes = spread === null ? null : new Uint8Array(await readFile(spread));
  if (bytes && bytes.length !== voxelCount(run.box.dimensions)) throw new RangeError('the spread does not fit its box');
  const grid = boxGrid(geometry, run.box);
  const mm3 = voxelVolumeMm3(geometry);
  const { probability: threshold } = run.settings;
  return uncertainRegions(integrated, bytes, grid.dimensions, grid.spacingMm, threshold, Math.ceil(leastUncertainMm3 / mm3)).map((one) =>
    uncertainPlace(indexToLps(grid, ...placeOf(one.index, grid.dimensions)), {
      ...one,
      volumeMm3: one.voxels * mm3,
      lowest: one.lowest / 255,
      highest: one.highest / 255,
      threshold,
    }),
  );
}

/** Every part but the largest, with a voxel of its midst and the ball around that. */
function islandsOf({ runs, part, voxels, count }: Components, geometry: VolumeGeometry): FoundPlace[] {
  const mm3 = voxelVolumeMm3(geometry);
  const [nx, ny] = geometry.dimensions;
  const largest = voxels.reduce((best, size, n) => (size > voxels[best]! ? n : best), 0);
  const wanted = (n: number) => n !== largest && voxels[n]! * mm3 <= mostIslandMm3;
  const middles = new Float64Array(count);
  const passed = new Uint32Array(count);
  const low = new Int32Array(3 * count).fill(2 ** 31 - 1);
  const high = new Int32Array(3 * count).fill(-1);
  for (let row = 0; row < runs.rowStart.length - 1; row++)
    for (let n = runs.rowStart[row]!; n < runs.rowStart[row + 1]!; n++) {
      const of = part[n]!;
      if (!wanted(of)) continue;
      const from = runs.ends[2 * n]!;
      const to = runs.ends[2 * n + 1]! - 1;
      const half = voxels[of]! / 2;
      if (passed[of]! < half && passed[of]! + to - from + 1 >= half) middles[of] = row * nx + ((from + to) >> 1);
      passed[of]! += to - from + 1;
      for (const [axis, first, last] of [
        [0, from, to],
        [1, row % ny, row % ny],
        [2, Math.floor(row / ny), Math.floor(row / ny)],
      ] as const) {
        low[3 * of + axis] = Math.min(low[3 * of + axis]!, first);
        high[3 * of + axis] = Math.max(high[3 * of + axis]!, last);
      }
    }
  const places: FoundPlace[] = [];
  for (let n = 0; n < count; n++) {
    if (!wanted(n)) continue;
    const at = placeOf(middles[n]!, geometry.dimensions);
    const reach = at.map((v, a) => Math.max(v - low[3 * n + a]!, high[3 * n + a]! - v) + 0.5);
    const radiusMm = Math.hypot(...reach.map((v, a) => v * geometry.spacingMm[a]!));
    places.push(islandPlace(indexToLps(geometry, ...at), { volumeMm3: voxels[n]! * mm3, voxels: voxels[n]!, radiusMm }));
  }
  return places;
}

/**
 * Doubtful places of a segment, worst first, at most `limit` of them; `total` counts all (9.1, 11.3): where a network was unsure, where thin
 * walls have holes, and what hangs alone.
 */
export const doubts: Task<'doubts'> = async (input, context) => {
  context.progress(0, 'Reading the segment');
  const bits = await readMaskBits(input.mask, input.geometry.dimensions);
  context.throwIfCancelled();
  context.progress(0.05, 'Looking for parts that hang alone');
  const crew = startCrew();
  let islands: FoundPlace[];
  let uncertain: FoundPlace[];
  let gaps: FoundPlace[];
  try {
    const heard: RunParts = (part, inputs) => crew.run(part, inputs, () => context.throwIfCancelled());
    islands = islandsOf(await componentsOfBits(bits, 26, heard), input.geometry);
    context.throwIfCancelled();
    context.progress(0.1, 'Looking where the network is unsure');
    uncertain = await uncertainOf(input);
    gaps = await gapsOf(bits, input, crew.run, (share) => {
      context.throwIfCancelled();
      context.progress(0.2 + 0.75 * share, 'Looking for gaps in thin walls');
    });
  } finally {
    await crew.end();
  }
  const all = [...gaps, ...uncertain, ...islands].sort((a, b) => b.weight - a.weight || (a.id < b.id ? -1 : 1));
  context.progress(1, 'Doubtful places listed');
  return { places: all.slice(0, input.limit), total: all.length };
};

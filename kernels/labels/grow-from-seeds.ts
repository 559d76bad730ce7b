import { cutBox, pasteBox } from '../volume/box.ts';
import type { Triple } from '../volume/geometry.ts';
import { packMask } from './bits.ts';
import { boxAround } from './bits-box.ts';
import { BucketQueue } from './bucket-queue.ts';
import { stepCosts } from './step-costs.ts';

const never = 0xffffffff;
const ticksEvery = 1 << 20;

/**
 * Labels compete for a whole box: each voxel goes to the label with the cheapest path to it, of equal ones to the lower label. One
 * Dijkstra for all labels at once, so that each voxel is settled once.
 */
function competed(
  values: Int16Array | Float32Array,
  seeds: Uint8Array,
  dimensions: Triple,
  spacingMm: Triple,
  locality: number,
  tick: () => void,
): Uint8Array {
  const [nx, ny, nz] = dimensions;
  const { level, perLevel, steps, most } = stepCosts(values, dimensions, spacingMm, locality);
  const label = seeds.slice();
  const by = Int32Array.from(steps, (step) => step.by);
  const units = Int32Array.from(steps, (step) => step.units);
  const cost = new Uint32Array(seeds.length).fill(never);
  const queue = new BucketQueue(seeds.length, most);
  for (let n = 0; n < seeds.length; n++) {
    if (seeds[n] === 0) continue;
    cost[n] = 0;
    queue.push(n, 0);
  }
  let settled = 0;
  for (let n = queue.pop(); n >= 0; n = queue.pop()) {
    if (settled++ % ticksEvery === 0) tick();
    const i = n % nx;
    const row = (n - i) / nx;
    const j = row % ny;
    const k = (row - j) / ny;
    const inner = i > 0 && j > 0 && k > 0 && i < nx - 1 && j < ny - 1 && k < nz - 1;
    const here = cost[n];
    const value = level[n];
    const mine = label[n];
    for (let s = 0; s < by.length; s++) {
      if (!inner) {
        const [di, dj, dk] = steps[s].d;
        if (i + di < 0 || j + dj < 0 || k + dk < 0 || i + di >= nx || j + dj >= ny || k + dk >= nz) continue;
      }
      const to = n + by[s];
      const through = here + Math.min(most, perLevel * Math.abs(level[to] - value) + units[s]);
      const had = cost[to];
      if (through > had) continue;
      if (through === had) {
        // Steps cost something: whoever reaches a voxel this cheaply was settled before it.
        if (seeds[to] === 0 && mine < label[to]) label[to] = mine;
        continue;
      }
      cost[to] = through;
      label[to] = mine;
      if (had === never) queue.push(to, through);
      else queue.move(to, had, through);
    }
  }
  return label;
}

/**
 * Grow from seeds: labels compete for the box around all seeds; a voxel goes to the label that reaches it along the path with the least
 * sum of value differences (GrowCut as shortest paths: Zhu et al. 2014), weighed against the way by `locality`. Seeds keep their label; of
 * equal paths the lower label wins, so that the result does not depend on the order of work.
 * @param values i fastest; what is no number counts as the lowest value
 * @param seeds 0: free, else the label; the same grid
 * @param choice.marginMm how far the box goes beyond the seeds, cut to the grid
 * @param choice.locality 0: by image; 1: the nearest seed wins
 * @param tick called now and then; may throw to cancel
 * @returns labels, 0 outside of the box; all 0 where there are no seeds
 * @throws RangeError where values, seeds and grid do not fit, or a setting is out of range
 * Cost: some 2.7 us (memory jumps about, measured on 6 million voxels with noise) and 17 bytes a voxel of the box.
 */
export function growFromSeeds(
  values: Int16Array | Float32Array,
  seeds: Uint8Array,
  dimensions: Triple,
  spacingMm: Triple,
  { marginMm, locality }: { marginMm: number; locality: number },
  tick: () => void = () => {},
): Uint8Array {
  const [nx, ny, nz] = dimensions;
  if (seeds.length !== nx * ny * nz || values.length !== seeds.length)
    throw new RangeError(`${values.length} values and ${seeds.length} seeds on a grid of ${dimensions}`);
  if (!(marginMm >= 0)) throw new RangeError(`not a margin: ${marginMm}`);
  const out = new Uint8Array(seeds.length);
  const room = spacingMm.map((mm) => Math.floor((marginMm * (1 + 1e-9)) / mm)) as Triple;
  const box = boxAround(packMask(seeds, dimensions), room);
  if (box === null) return out;
  const part = [cutBox(values, dimensions, box), cutBox(seeds, dimensions, box)] as const;
  pasteBox(out, dimensions, box, competed(...part, box.dimensions, spacingMm, locality, tick));
  return out;
}

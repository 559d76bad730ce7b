import type { Triple } from '../volume/geometry.ts';
import { stepCosts } from './step-costs.ts';

/**
 * Slow twin of `growFromSeeds` in a box that is the whole grid, for tests: the cheapest path of every label alone, by going over all voxels
 * until none becomes cheaper; then the cheapest label, of equal ones the lowest.
 */
export function growSlowly(
  values: Int16Array | Float32Array,
  seeds: Uint8Array,
  dimensions: Triple,
  spacingMm: Triple,
  locality: number,
): Uint8Array {
  const { level, perLevel, steps, most } = stepCosts(values, dimensions, spacingMm, locality);
  const out = new Uint8Array(seeds.length);
  const best = new Float64Array(seeds.length).fill(Number.POSITIVE_INFINITY);
  for (const label of [...new Set(seeds)].filter((one) => one > 0).sort((a, b) => a - b)) {
    const cost = Float64Array.from(seeds, (one) => (one === label ? 0 : Number.POSITIVE_INFINITY));
    for (let better = true; better; ) {
      better = false;
      for (let n = 0; n < seeds.length; n++) {
        const at = [n % dimensions[0], Math.floor(n / dimensions[0]) % dimensions[1], Math.floor(n / dimensions[0] / dimensions[1])];
        for (const { d, by, units } of steps) {
          if (d.some((step, a) => at[a] + step < 0 || at[a] + step >= dimensions[a])) continue;
          const through = cost[n] + Math.min(most, perLevel * Math.abs(level[n + by] - level[n]) + units);
          if (through >= cost[n + by]) continue;
          cost[n + by] = through;
          better = true;
        }
      }
    }
    for (let n = 0; n < seeds.length; n++) {
      if (cost[n] >= best[n]) continue;
      best[n] = cost[n];
      out[n] = label;
    }
  }
  return out;
}

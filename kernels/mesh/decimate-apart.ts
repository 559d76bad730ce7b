import type { RunParts } from '../parts.ts';
import { type Decimated, type DecimateOptions, decimateMesh } from './decimate.ts';
import type { Mesh, Tick } from './mesh.ts';
import { selfIntersections } from './self-intersections.ts';

/** A body that crosses itself in more places than this is not told apart by leaving places as they are. */
const mostPairs = 2000;
const mostRounds = 4;

/**
 * Decimation (decimate.ts) without crossings: where triangles of the result cross, the vertices around them are left as they were and the
 * whole is done again, each time further around. Two sides of a thin wall are within the error of each other there, so that only finer
 * triangles keep them apart. The bound of decimateMesh holds as it stands.
 * @param mesh without crossings; those that it has stay
 * @returns also `crossings`, the pairs that still cross
 * Cost: of decimateMesh and selfIntersections, again in every round that finds crossings, at most four.
 */
export async function decimateApart(
  mesh: Mesh,
  options: DecimateOptions,
  run: RunParts,
  tick?: Tick,
): Promise<Decimated & { crossings: number }> {
  const keepBoxes = [...(options.keepBoxes ?? [])];
  for (let round = 0; ; round++) {
    const within = (part: number) => tick?.(1 - 0.5 ** round + 0.5 ** (round + 1) * part);
    const light = await decimateMesh(mesh, { ...options, keepBoxes }, run, (part) => within(part * 0.7));
    const crossings = await selfIntersections(light.mesh, run, (part) => within(0.7 + part * 0.3));
    if (crossings.pairs === 0 || crossings.pairs > mostPairs || round === mostRounds) return { ...light, crossings: crossings.pairs };
    for (const triangle of new Set(crossings.triangles)) keepBoxes.push(...boxAround(light.mesh, triangle, 0.5 * (round + 1)));
  }
}

/** The box of a triangle, wider on every side by a part of its longest one. */
function boxAround({ positions: p, triangles }: Mesh, triangle: number, part: number): number[] {
  const low = [Infinity, Infinity, Infinity];
  const high = [-Infinity, -Infinity, -Infinity];
  for (let corner = triangle * 3; corner < triangle * 3 + 3; corner++) {
    for (let axis = 0; axis < 3; axis++) {
      const value = p[triangles[corner] * 3 + axis];
      low[axis] = Math.min(low[axis], value);
      high[axis] = Math.max(high[axis], value);
    }
  }
  const more = part * Math.max(high[0] - low[0], high[1] - low[1], high[2] - low[2]);
  return [...low.map((v) => v - more), ...high.map((v) => v + more)];
}

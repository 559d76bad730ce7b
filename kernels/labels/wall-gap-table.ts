import { sharedArray } from '../parts.ts';
import type { Triple } from '../volume/geometry.ts';
import { raysAround, type WallProbe } from './wall-gap-rays.ts';

/**
 * The offsets of all probes on one grid of bits (how many bits further a voxel lies), as lists one after the other in one array on shared
 * memory, so that threads are sent one array and unpack nothing. The array begins with where list n begins, and ends, at n + 1.
 */
export interface ProbeTable {
  lists: Int32Array;
  probes: number;
  /** Of each ray. */
  steps: number;
}

/** Lists of a probe, after each other: both sides, along the normal, beside each ray, then step by step of each ray. */
export const clearList = 0;
export const alongList = 1;
export const besideLists = 2;
/** Of step s of a ray n: n * steps + s further. The first offset of each lies on the ray itself. */
export const rayLists = besideLists + raysAround;

/** How many lists a probe has. */
export const listsOfProbe = (steps: number): number => rayLists + raysAround * steps;

const listsOf = (probe: WallProbe): Triple[][] => [
  probe.clear,
  probe.along,
  ...probe.beside,
  ...probe.rays.flatMap((steps) => steps.map(({ offsets }) => offsets)),
];

/**
 * The table of probes on a grid.
 * @param bitsPerRow from a row of the grid to the next
 * @param ny rows from a plane to the next
 */
export function probeTable(probes: WallProbe[], bitsPerRow: number, ny: number): ProbeTable {
  const lists = probes.flatMap(listsOf);
  const size = lists.reduce((sum, list) => sum + list.length, lists.length + 1);
  const table = sharedArray(Int32Array, size);
  let at = lists.length + 1;
  for (let n = 0; n < lists.length; n++) {
    table[n] = at;
    for (const [i, j, k] of lists[n]) table[at++] = i + bitsPerRow * (j + ny * k);
  }
  table[lists.length] = at;
  return { lists: table, probes: probes.length, steps: probes[0].rays[0].length };
}

import { sharedArray } from '../parts.ts';
import type { Triple } from '../volume/geometry.ts';
import { raysAround, type WallProbe } from './wall-gap-rays.ts';

/** A probe's offsets on one grid of bits: how many bits further a voxel lies. */
export interface BitProbe {
  /** Of each ray and step the offsets where bone counts as met; the first lies on the ray itself. */
  rays: Int32Array[][];
  clear: Int32Array;
  along: Int32Array;
  beside: Int32Array[];
}

/** Lists of a probe: both sides, along the normal, beside each ray, then step by step of each ray. */
const listsOf = (probe: WallProbe): Triple[][] => [
  probe.clear,
  probe.along,
  ...probe.beside,
  ...probe.rays.flatMap((steps) => steps.map(({ offsets }) => offsets)),
];

/**
 * The offsets of all probes in one array on shared memory, each list after its length, so that threads are sent one array.
 * @param bitsPerRow from a row of the grid to the next
 */
export function probeTable(probes: WallProbe[], bitsPerRow: number, ny: number): Int32Array {
  const lists = probes.flatMap(listsOf);
  const table = sharedArray(
    Int32Array,
    lists.reduce((sum, list) => sum + list.length + 1, 0),
  );
  let at = 0;
  for (const list of lists) {
    table[at++] = list.length;
    for (const [i, j, k] of list) table[at++] = i + bitsPerRow * (j + ny * k);
  }
  return table;
}

/** The probes of a table. Cost: some 0.1 µs for each step of a ray. */
export function probesOf(table: Int32Array, steps: number): BitProbe[] {
  let at = 0;
  const list = () => {
    const from = at + 1;
    at = from + table[at];
    return table.subarray(from, at);
  };
  const lists = (count: number) => Array.from({ length: count }, list);
  const probes: BitProbe[] = [];
  while (at < table.length)
    probes.push({ clear: list(), along: list(), beside: lists(raysAround), rays: Array.from({ length: raysAround }, () => lists(steps)) });
  return probes;
}

import { mustBeThin, raysAround } from './wall-gap-rays.ts';
import { alongList, besideLists, clearList, listsOfProbe, type ProbeTable, rayLists } from './wall-gap-table.ts';

/** A place in a hole, as seen with one direction of the wall. */
export interface GapPlace {
  /** Which bit of the grid. */
  at: number;
  probe: number;
  /** Of the bone that the rays met, where it is thin, mm. */
  thick: number[];
  areaMm2: number;
  /** From the place to the edge, at most. */
  radiusMm: number;
}

interface Part {
  solid: Uint32Array;
  close: Uint32Array;
  candidates: Uint32Array;
  table: ProbeTable;
  stepMm: number;
  wallMm: number;
  from: number;
  to: number;
}

/** Opposite rays first: what lies in the open fails at once. */
const order = [0, 6, 3, 9, 1, 7, 4, 10, 2, 8, 5, 11];

/** A word of bits that begins so many bits after the word w does. */
function wordFrom(words: Uint32Array, w: number, offset: number): number {
  const at = w + (offset >> 5);
  const shift = offset & 31;
  // Shifted twice, since a shift by 32 is one by none.
  return (words[at] >>> shift) | ((words[at + 1] << 1) << (31 - shift));
}

const has = (words: Uint32Array, bit: number): boolean => ((words[bit >>> 5] >>> (bit & 31)) & 1) === 1;

/** What stopped a probe the last time, to be asked first of the next word: neighbours lie alike. */
interface Doubts {
  clear: Int32Array;
  ray: Int32Array;
}

/** Of the voxels `open` of a word those of which a ray, whose lists begin at `list`, meets none. */
function missed({ solid, close, table }: Part, w: number, voxels: number, list: number): number {
  const { lists, steps } = table;
  let open = voxels;
  for (let s = list; s < list + steps && open !== 0; s++) {
    const from = lists[s];
    // The first of them lies on the ray itself: where no bone is near it none is aside of it.
    const asked = open & wordFrom(close, w, lists[from]);
    if (asked === 0) continue;
    let met = 0;
    for (let o = from, to = lists[s + 1]; o < to; o++) met |= wordFrom(solid, w, lists[o]);
    open &= ~(asked & met);
  }
  return open;
}

/** Of the voxels of a word those whose two sides are clear and whose rays all meet bone. */
function ringed(part: Part, w: number, voxels: number, probe: number, { clear, ray }: Doubts): number {
  const { lists, steps } = part.table;
  const first = probe * listsOfProbe(steps);
  const from = lists[first + clearList];
  const to = lists[first + clearList + 1];
  let alive = voxels & ~wordFrom(part.solid, w, lists[from + clear[probe]]);
  for (let n = from; n < to && alive !== 0; n++) {
    alive &= ~wordFrom(part.solid, w, lists[n]);
    if (alive === 0) clear[probe] = n - from;
  }
  if (alive === 0) return 0;
  const doubted = ray[probe];
  alive &= ~missed(part, w, alive, first + rayLists + doubted * steps);
  for (let n = 0; n < raysAround && alive !== 0; n++) {
    if (order[n] === doubted) continue;
    alive &= ~missed(part, w, alive, first + rayLists + order[n] * steps);
    if (alive === 0) ray[probe] = order[n];
  }
  return alive;
}

/** How thick bone is along the normal through a voxel of it on a ray, mm; Infinity where it is more than a wall, or goes on beside. */
function thicknessAt({ solid, stepMm, wallMm, table: { lists, steps } }: Part, at: number, ray: number, probe: number): number {
  const first = probe * listsOfProbe(steps);
  const along = lists[first + alongList];
  const most = lists[first + alongList + 1] - along - 2;
  let up = 0;
  let down = 0;
  while (up < most && has(solid, at + lists[along + up])) up++;
  while (down < most && has(solid, at - lists[along + down])) down++;
  if ((up + down) * stepMm > wallMm) return Number.POSITIVE_INFINITY;
  const above = at + lists[along + up + 1];
  const below = at - lists[along + down + 1];
  const beside = first + besideLists + ray;
  for (let n = lists[beside]; n < lists[beside + 1]; n++)
    if (has(solid, above + lists[n]) || has(solid, below + lists[n])) return Number.POSITIVE_INFINITY;
  return (up + down + 1) * stepMm;
}

/** Distances to the bone all round, mm, of a place all of whose rays meet some; null where too few of it is thin. */
function around(part: Part, at: number, probe: number): { mm: Float64Array; thick: number[] } | null {
  const { lists, steps } = part.table;
  const first = probe * listsOfProbe(steps) + rayLists;
  const mm = new Float64Array(raysAround);
  const thick: number[] = [];
  for (let n = 0; n < raysAround; n++) {
    const ray = order[n];
    const list = first + ray * steps;
    let hit = -1;
    for (let s = 0; s < steps && hit < 0; s++) {
      const from = lists[list + s];
      if (!has(part.close, at + lists[from])) continue;
      for (let o = from; o < lists[list + s + 1] && hit < 0; o++) if (has(part.solid, at + lists[o])) hit = at + lists[o];
      mm[ray] = (s + 1) * part.stepMm;
    }
    const wall = thicknessAt(part, hit, ray, probe);
    if (wall < Number.POSITIVE_INFINITY) thick.push(wall);
    else if (n + 1 - thick.length > raysAround - mustBeThin) return null;
  }
  return { mm, thick };
}

/** Area of the polygon that the rays span, and how far it reaches. */
function areaOf(mm: Float64Array, stepMm: number): { areaMm2: number; radiusMm: number } {
  // Bone was met at most a step beyond its face.
  const r = Array.from(mm, (value) => Math.max(stepMm / 2, value - stepMm / 2));
  const wedge = Math.sin((2 * Math.PI) / raysAround) / 2;
  return { areaMm2: r.reduce((sum, one, n) => sum + wedge * one * r[(n + 1) % raysAround], 0), radiusMm: Math.max(...r) };
}

/**
 * The places in a hole among the candidates of words from..to, in the order of their bits, each with the direction of the wall in which the
 * hole is smallest. Rays are followed for the 32 voxels of a word together; only what is ringed by bone is looked at alone.
 * Cost: some 2 to 10 µs for each word that has a candidate.
 */
export function gapPlacesPart(part: Part): GapPlace[] {
  const { candidates, stepMm } = part;
  const { probes } = part.table;
  const doubts: Doubts = { clear: new Int32Array(probes), ray: new Int32Array(probes) };
  const places: GapPlace[] = [];
  const best: (GapPlace | null)[] = new Array(32).fill(null);
  for (let w = part.from; w < part.to; w++) {
    if (candidates[w] === 0) continue;
    let found = 0;
    for (let n = 0; n < probes; n++)
      for (let bits = ringed(part, w, candidates[w], n, doubts); bits !== 0; bits &= bits - 1) {
        const bit = 31 - Math.clz32(bits & -bits);
        const seen = around(part, w * 32 + bit, n);
        if (!seen) continue;
        const size = areaOf(seen.mm, stepMm);
        const before = best[bit];
        if (!before || size.areaMm2 < before.areaMm2) best[bit] = { at: w * 32 + bit, probe: n, thick: seen.thick, ...size };
        found |= 1 << bit;
      }
    for (; found !== 0; found &= found - 1) {
      const bit = 31 - Math.clz32(found & -found);
      const place = best[bit];
      if (place) places.push(place);
      best[bit] = null;
    }
  }
  return places;
}

import { mustBeThin, raysAround } from './wall-gap-rays.ts';
import { type BitProbe, probesOf } from './wall-gap-table.ts';

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
  table: Int32Array;
  steps: number;
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

/** Of the voxels `alive` of a word those whose two sides are clear and whose rays all meet bone. */
function ringed({ solid, close }: Part, w: number, alive: number, { clear, rays }: BitProbe): number {
  for (let n = 0; n < clear.length && alive !== 0; n++) alive &= ~wordFrom(solid, w, clear[n]);
  for (let n = 0; n < raysAround && alive !== 0; n++) {
    const ray = rays[order[n]];
    let open = alive;
    for (let s = 0; s < ray.length && open !== 0; s++) {
      const step = ray[s];
      // The first of them lies on the ray itself: where no bone is near it none is aside of it.
      const asked = open & wordFrom(close, w, step[0]);
      if (asked === 0) continue;
      let met = 0;
      for (let o = 0; o < step.length; o++) met |= wordFrom(solid, w, step[o]);
      open &= ~(asked & met);
    }
    alive &= ~open;
  }
  return alive;
}

/** How thick bone is along the normal through a voxel of it on a ray, mm; Infinity where it is more than a wall, or goes on beside. */
function thicknessAt({ solid, stepMm, wallMm }: Part, at: number, ray: number, { along, beside }: BitProbe): number {
  let up = 0;
  let down = 0;
  while (up < along.length - 2 && has(solid, at + along[up])) up++;
  while (down < along.length - 2 && has(solid, at - along[down])) down++;
  if ((up + down) * stepMm > wallMm) return Number.POSITIVE_INFINITY;
  for (const side of beside[ray])
    if (has(solid, at + along[up + 1] + side) || has(solid, at - along[down + 1] + side)) return Number.POSITIVE_INFINITY;
  return (up + down + 1) * stepMm;
}

/** Distances to the bone all round, mm, of a place all of whose rays meet some; null where too few of it is thin. */
function around(part: Part, at: number, probe: BitProbe): { mm: Float64Array; thick: number[] } | null {
  const mm = new Float64Array(raysAround);
  const thick: number[] = [];
  for (let n = 0; n < raysAround; n++) {
    const ray = order[n];
    const steps = probe.rays[ray];
    let hit = -1;
    for (let s = 0; s < steps.length && hit < 0; s++) {
      const step = steps[s];
      if (!has(part.close, at + step[0])) continue;
      for (let o = 0; o < step.length && hit < 0; o++) if (has(part.solid, at + step[o])) hit = at + step[o];
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
  const probes = probesOf(part.table, part.steps);
  const places: GapPlace[] = [];
  const best: (GapPlace | null)[] = new Array(32).fill(null);
  for (let w = part.from; w < part.to; w++) {
    if (candidates[w] === 0) continue;
    let found = 0;
    for (let n = 0; n < probes.length; n++)
      for (let bits = ringed(part, w, candidates[w], probes[n]); bits !== 0; bits &= bits - 1) {
        const bit = 31 - Math.clz32(bits & -bits);
        const seen = around(part, w * 32 + bit, probes[n]);
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

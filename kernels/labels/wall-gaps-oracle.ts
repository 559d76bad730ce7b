import { inTurn, type RunParts } from '../parts.ts';
import { type Triple, voxelCount } from '../volume/geometry.ts';
import { type BitGrid, bitsAndNot, bitsNot, packMask, unpackMask } from './bits.ts';
import { withinDistance } from './distance.ts';
import { asideMm, mustBeThin, raysAround, type WallGapRules, type WallProbe, wallGapRules, wallProbes } from './wall-gap-rays.ts';
import type { WallGap } from './wall-gaps.ts';

/** Flat copies of a probe's offsets on one grid. */
interface Flat {
  normal: Triple;
  rays: { mm: number; offsets: Int32Array }[][];
  clear: Int32Array;
  along: Int32Array;
  beside: Int32Array[];
  stepMm: number;
}

function flatten(probe: WallProbe, [nx, ny]: Triple): Flat {
  const flat = (offsets: Triple[]) => Int32Array.from(offsets, ([i, j, k]) => i + nx * (j + ny * k));
  return {
    normal: probe.normal,
    rays: probe.rays.map((steps) => steps.map(({ mm, offsets }) => ({ mm, offsets: flat(offsets) }))),
    clear: flat(probe.clear),
    along: flat(probe.along),
    beside: probe.beside.map(flat),
    stepMm: probe.stepMm,
  };
}

/** What a byte of the padded grid says. */
const far = 0;
const bone = 1;
const near = 2;

/** Opposite rays first: what lies in the open fails at once. */
const order = [0, 6, 3, 9, 1, 7, 4, 10, 2, 8, 5, 11];

/** How thick bone is along the normal through a voxel of it on a ray, mm; Infinity where it is more than a wall, or goes on beside. */
function thicknessAt(mask: Uint8Array, at: number, ray: number, { along, beside, stepMm }: Flat, wallMm: number): number {
  let up = 0;
  let down = 0;
  while (up < along.length - 2 && mask[at + along[up]] === bone) up++;
  while (down < along.length - 2 && mask[at - along[down]] === bone) down++;
  if ((up + down) * stepMm > wallMm) return Number.POSITIVE_INFINITY;
  for (const side of beside[ray])
    if (mask[at + along[up + 1] + side] === bone || mask[at - along[down + 1] + side] === bone) return Number.POSITIVE_INFINITY;
  return (up + down + 1) * stepMm;
}

/** Distances to the bone all round, mm (Infinity where there is none); null where this is no place in a hole of such a wall. */
function around(mask: Uint8Array, at: number, probe: Flat, wallMm: number): { mm: Float64Array; thick: number[] } | null {
  for (let n = 0; n < probe.clear.length; n++) if (mask[at + probe.clear[n]] === bone) return null;
  const mm = new Float64Array(raysAround).fill(Number.POSITIVE_INFINITY);
  const thick: number[] = [];
  for (let n = 0; n < raysAround; n++) {
    const ray = order[n];
    let hit = -1;
    for (const step of probe.rays[ray]) {
      // The first of them lies on the ray itself: where no bone is near it none is aside of it.
      if (mask[at + step.offsets[0]] === far) continue;
      for (let o = 0; o < step.offsets.length && hit < 0; o++) if (mask[at + step.offsets[o]] === bone) hit = at + step.offsets[o];
      if (hit < 0) continue;
      mm[ray] = step.mm;
      break;
    }
    if (hit < 0) return null;
    const wall = thicknessAt(mask, hit, ray, probe, wallMm);
    if (wall < Number.POSITIVE_INFINITY) thick.push(wall);
    else if (n + 1 - thick.length > raysAround - mustBeThin) return null;
  }
  return thick.length >= mustBeThin ? { mm, thick } : null;
}

/** Area of the polygon that the rays span; a ray that met nothing goes as far as its neighbours. */
function areaOf(mm: Float64Array, stepMm: number): { areaMm2: number; radiusMm: number } {
  // Bone was met at most a step beyond its face.
  const r = Array.from(mm, (value, n) => {
    const of = Number.isFinite(value) ? value : (mm[(n + 1) % raysAround] + mm[(n + raysAround - 1) % raysAround]) / 2;
    return Math.max(stepMm / 2, of - stepMm / 2);
  });
  const wedge = Math.sin((2 * Math.PI) / raysAround) / 2;
  return { areaMm2: r.reduce((sum, one, n) => sum + wedge * one * r[(n + 1) % raysAround], 0), radiusMm: Math.max(...r) };
}

const medianOf = (list: number[]): number => list.toSorted((a, b) => a - b)[Math.floor(list.length / 2)] ?? 0;

/**
 * Voxels of a set that touch (26), group by group: every voxel begins as a group of its own, and whole groups are made one while any two
 * voxels of them touch. Every pair is asked.
 */
function groupsOf(set: Set<number>, [nx, ny]: Triple): number[][] {
  const list = [...set];
  const places = list.map((at): Triple => [at % nx, Math.floor(at / nx) % ny, Math.floor(at / (nx * ny))]);
  const of = list.map((_, n) => n);
  for (let a = 0; a < list.length; a++)
    for (let b = 0; b < a; b++) {
      if (of[a] === of[b] || places[a].some((v, axis) => Math.abs(v - places[b][axis]) > 1)) continue;
      const [kept, gone] = [of[b], of[a]];
      for (let n = 0; n < of.length; n++) if (of[n] === gone) of[n] = kept;
    }
  return [...new Set(of)].map((group) => list.filter((_, n) => of[n] === group));
}

/** Where a voxel of the mask lies on a grid with room around it. */
function padded(mask: BitGrid, spacingMm: Triple, reachMm: number): { bytes: Uint8Array; dimensions: Triple; offset: Triple } {
  const low: Triple = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
  const high: Triple = [-1, -1, -1];
  const bytes = unpackMask(mask);
  const [nx, ny, nz] = mask.dimensions;
  for (let k = 0, at = 0; k < nz; k++)
    for (let j = 0; j < ny; j++)
      for (let i = 0; i < nx; i++, at++)
        if (bytes[at] !== 0) {
          if (i < low[0]) low[0] = i;
          if (i > high[0]) high[0] = i;
          if (j < low[1]) low[1] = j;
          if (j > high[1]) high[1] = j;
          if (k < low[2]) low[2] = k;
          if (k > high[2]) high[2] = k;
        }
  if (high[0] < 0) return { bytes: new Uint8Array(0), dimensions: [0, 0, 0], offset: [0, 0, 0] };
  const room = spacingMm.map((mm) => Math.ceil(reachMm / mm) + 2) as Triple;
  const dimensions = low.map((v, n) => high[n] - v + 1 + 2 * room[n]) as Triple;
  const out = new Uint8Array(voxelCount(dimensions));
  for (let k = low[2]; k <= high[2]; k++)
    for (let j = low[1]; j <= high[1]; j++) {
      const from = (k * ny + j) * nx;
      const to = ((k - low[2] + room[2]) * dimensions[1] + j - low[1] + room[1]) * dimensions[0] + room[0];
      out.set(bytes.subarray(from + low[0], from + high[0] + 1), to);
    }
  return { bytes: out, dimensions, offset: low.map((v, n) => v - room[n]) as Triple };
}

/** Holes are first closed as by a ball of this radius: what a ball fills is asked ray by ray. */
const ballMm = 6;

/** The slow twin of `wallGaps`: voxel by voxel, ray by ray, over bytes, with exact distances. */
export async function wallGapsSlowly(
  mask: BitGrid,
  spacingMm: Triple,
  rules: WallGapRules = wallGapRules,
  run: RunParts = inTurn,
  tick: (share: number) => void = () => undefined,
): Promise<WallGap[]> {
  const probes = wallProbes(spacingMm, rules);
  const { bytes, dimensions, offset } = padded(
    mask,
    spacingMm,
    Math.max(ballMm, rules.reachMm * 1.5) + rules.wallMm + 3 * Math.max(...spacingMm),
  );
  if (bytes.length === 0) return [];
  const [nx, ny] = dimensions;
  const solid = packMask(bytes, dimensions);
  const grown = await withinDistance(solid, spacingMm, ballMm, run);
  tick(0.1);
  // Less than a voxel is left on flat faces, so that they are none of the places; in a hole it fills up to sqrt(2 ballMm voxel) from the edge.
  const closed = bitsNot(await withinDistance(bitsNot(grown), spacingMm, ballMm - 0.9 * Math.min(...spacingMm), run));
  tick(0.2);
  const candidates = bitsAndNot(closed, solid);
  const nearMm = asideMm(rules.reachMm, spacingMm) + Math.max(...spacingMm);
  const close = unpackMask(await withinDistance(solid, spacingMm, nearMm, run));
  for (let n = 0; n < bytes.length; n++) if (bytes[n] !== bone && close[n] !== 0) bytes[n] = near;
  tick(0.25);
  const flats = probes.map((probe) => flatten(probe, dimensions));
  const best = new Map<number, { probe: Flat; thick: number[]; areaMm2: number; radiusMm: number }>();
  for (let row = 0; row < dimensions[1] * dimensions[2]; row++) {
    if (row % 4096 === 0) tick(0.25 + (0.75 * row) / (dimensions[1] * dimensions[2]));
    const words = row * candidates.wordsPerRow;
    for (let w = 0; w < candidates.wordsPerRow; w++)
      for (let bits = candidates.words[words + w]; bits !== 0; bits &= bits - 1) {
        const at = row * nx + w * 32 + 31 - Math.clz32(bits & -bits);
        for (const probe of flats) {
          const found = around(bytes, at, probe, rules.wallMm);
          if (!found) continue;
          const size = areaOf(found.mm, probe.stepMm);
          const before = best.get(at);
          if (!before || size.areaMm2 < before.areaMm2) best.set(at, { probe, thick: found.thick, ...size });
        }
      }
  }
  const gaps: WallGap[] = [];
  for (const group of groupsOf(new Set(best.keys()), dimensions)) {
    // Off the wall's own plane rays go too far: of the places in a hole the smaller half of areas is believed.
    const areas = group.map((at) => best.get(at)!.areaMm2);
    const areaMm2 = medianOf(areas);
    const central = group.filter((_, n) => areas[n] <= areaMm2);
    const place = (at: number): Triple => [at % nx, Math.floor(at / nx) % ny, Math.floor(at / (nx * ny))];
    const middle = [0, 1, 2].map((n) => central.reduce((sum, at) => sum + place(at)[n], 0) / central.length);
    const away = (at: number) => Math.hypot(...place(at).map((v, n) => (v - middle[n]) * spacingMm[n]));
    const at = central.reduce((a, b) => (away(b) < away(a) - 1e-9 ? b : a));
    const { probe, thick, radiusMm } = best.get(at)!;
    const [i, j, k] = place(at).map((v, n) => v + offset[n]);
    if (i < 0 || j < 0 || k < 0 || i >= mask.dimensions[0] || j >= mask.dimensions[1] || k >= mask.dimensions[2]) continue;
    gaps.push({
      index: i + mask.dimensions[0] * (j + mask.dimensions[1] * k),
      normal: probe.normal,
      areaMm2,
      radiusMm,
      wallMm: medianOf(thick),
    });
  }
  tick(1);
  gaps.sort((a, b) => b.areaMm2 - a.areaMm2 || a.index - b.index);
  // Of a wide hole the ball fills a dish from either side: two groups, one hole.
  const apart = (a: WallGap, b: WallGap) => {
    const at = (index: number) => [
      index % mask.dimensions[0],
      Math.floor(index / mask.dimensions[0]) % mask.dimensions[1],
      Math.floor(index / (mask.dimensions[0] * mask.dimensions[1])),
    ];
    const [p, q] = [at(a.index), at(b.index)];
    return Math.hypot(...p.map((v, n) => (v - q[n]) * spacingMm[n]));
  };
  return gaps.filter((gap, n) => !gaps.slice(0, n).some((larger) => apart(larger, gap) < larger.radiusMm));
}

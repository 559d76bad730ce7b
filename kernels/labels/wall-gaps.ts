import { inTurn, type RunParts } from '../parts.ts';
import type { Triple } from '../volume/geometry.ts';
import type { BitGrid } from './bits.ts';
import { boxAround, cutBits, pasteBits } from './bits-box.ts';
import { filledByBall, widen } from './wall-gap-closing.ts';
import { type GapPlace, gapPlacesPart } from './wall-gap-parts.ts';
import { asideMm, type WallGapRules, wallGapRules, wallProbes } from './wall-gap-rays.ts';
import { probeTable } from './wall-gap-table.ts';

/** A hole in a thin sheet of a mask. */
export interface WallGap {
  /** A voxel in its midst, i + nx * (j + ny * k). */
  index: number;
  /** Unit normal of the wall, along the grid's axes. */
  normal: Triple;
  areaMm2: number;
  /** Of the bone around it, the middle of the rays' values. */
  wallMm: number;
  /** From the place to the edge, at most. */
  radiusMm: number;
}

const medianOf = (list: number[]): number => list.toSorted((a, b) => a - b)[Math.floor(list.length / 2)] ?? 0;

/** Voxels of a set that touch (26), group by group. */
function* groupsOf(set: Set<number>, [nx, ny]: Triple): Generator<number[]> {
  const left = new Set(set);
  for (const first of set) {
    if (!left.delete(first)) continue;
    const group = [first];
    for (let n = 0; n < group.length; n++)
      for (let dk = -1; dk <= 1; dk++)
        for (let dj = -1; dj <= 1; dj++)
          for (let di = -1; di <= 1; di++) {
            const next = group[n] + di + nx * (dj + ny * dk);
            if (left.delete(next)) group.push(next);
          }
    // Which of two voxels as near to the midst is named does not depend on the way through the group.
    yield group.sort((a, b) => a - b);
  }
}

/** The part of a mask that has voxels, with room around it. */
function padded(mask: BitGrid, spacingMm: Triple, reachMm: number): { solid: BitGrid; offset: Triple } | null {
  const box = boxAround(mask, [0, 0, 0]);
  if (!box) return null;
  const room = spacingMm.map((mm) => Math.ceil(reachMm / mm) + 2) as Triple;
  const dimensions = box.dimensions.map((size, n) => size + 2 * room[n]) as Triple;
  const solid = pasteBits(dimensions, { offsetIjk: room, dimensions: box.dimensions }, cutBits(mask, box));
  return { solid, offset: box.offsetIjk.map((v, n) => v - room[n]) as Triple };
}

/** Words that have a bit: so many make a part of three to eight milliseconds. */
const wordsOfPart = 256;

/** Stretches of words with about as many words that have a bit each. */
function evenStretches({ words }: BitGrid): [number, number][] {
  const cut: [number, number][] = [];
  let from = 0;
  let count = 0;
  for (let w = 0; w < words.length; w++) {
    if (words[w] === 0 || ++count < wordsOfPart) continue;
    cut.push([from, w + 1]);
    from = w + 1;
    count = 0;
  }
  if (count > 0) cut.push([from, words.length]);
  return cut;
}

/** Holes are first closed as by a ball of this radius: what a ball fills is asked ray by ray. */
const ballMm = 6;

/**
 * Holes in thin sheets of a mask (thin-wall gaps of the review, 9.1): places without bone from which bone is met all round in one plane
 * within `reachMm`, thin (`wallMm`) across that plane, while both sides of the plane are clear. A notch in an edge, a hollow, the corner of
 * two walls and a canal through thick bone are none. Holes wider than twice the reach are not found, nor ones narrower than a voxel.
 * A list of suspicions: that a place is not listed proves nothing. On the orbits of five synthetic heads at 200 HU 195 of 210 listed places
 * (93 %) lie within about 1 mm of thin bone that the mask lacks; 11 of 40 holes of 1 to 3 mm2 are found, 8 of 13 of
 * up to 10 mm2, 8 of 26 of up to 50 mm2, 17 of 21 larger ones (`npm run bench -- --gaps`).
 * @param tick called now and then with the share that is done; may throw to cancel
 * @returns largest first, equal ones by their index
 * @throws RangeError where a spacing or a rule is not above 0
 * Cost: some 4 s of processor for a head of 512 x 512 x 256 at 0.4 mm: under 1 s for the dilations by a ball of 6 mm, the rest some 2 to
 * 10 µs for each word of 32 voxels that has a place a ball fills. The result does not depend on the number of threads.
 */
export async function wallGaps(
  mask: BitGrid,
  spacingMm: Triple,
  rules: WallGapRules = wallGapRules,
  run: RunParts = inTurn,
  tick: (share: number) => void = () => undefined,
): Promise<WallGap[]> {
  tick(0);
  const probes = wallProbes(spacingMm, rules);
  tick(0);
  const room = padded(mask, spacingMm, Math.max(ballMm, rules.reachMm * 1.5) + rules.wallMm + 3 * Math.max(...spacingMm));
  if (!room) return [];
  const { solid, offset } = room;
  const { dimensions } = solid;
  const [nx, ny] = dimensions;
  let told = 0;
  const tell = (share: number): void => {
    told = Math.max(told, share);
    tick(told);
  };
  // Rounds of parts that take from one share of all to another.
  const heard =
    (from: number, to: number): RunParts =>
    (part, inputs) => {
      tell(from);
      return run(part, inputs, (share) => tell(from + (to - from) * share));
    };
  const candidates = await filledByBall(solid, spacingMm, ballMm, heard(0, 0.15), heard(0.15, 0.3));
  const nearMm = asideMm(rules.reachMm, spacingMm) + Math.max(...spacingMm);
  const close = await widen(solid, spacingMm, nearMm, heard(0.3, 0.35));
  const whole = {
    solid: solid.words,
    close: close.words,
    candidates: candidates.words,
    table: probeTable(probes, solid.wordsPerRow * 32, ny),
    stepMm: probes[0].stepMm,
    wallMm: rules.wallMm,
  };
  const places = await heard(0.35, 1)(
    gapPlacesPart,
    evenStretches(candidates).map(([from, to]) => ({ ...whole, from, to })),
  );
  const best = new Map<number, GapPlace>();
  for (const place of places.flat()) {
    const row = Math.floor(place.at / (solid.wordsPerRow * 32));
    best.set(row * nx + place.at - row * solid.wordsPerRow * 32, place);
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
      normal: probes[probe].normal,
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

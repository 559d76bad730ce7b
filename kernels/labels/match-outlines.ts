import type { BitGrid } from './bits.ts';
import { bitsAnd, bitsOr, countBits } from './bits.ts';
import { componentsOfBits, keepParts } from './components.ts';

/** An outline of one plane: a connected part, its area in voxels and its middle. */
export interface Outline {
  bits: BitGrid;
  area: number;
  middle: [number, number];
}
/** What of one plane becomes what of the next. */
export interface Match {
  from: BitGrid;
  to: BitGrid;
  /** How far the middle moves, in voxels of the plane; 0 where they overlap: there the distances do it. */
  shift: [number, number];
}

/** The outlines of a plane, joined across edges and corners. */
export async function outlinesOf(plane: BitGrid): Promise<Outline[]> {
  const parts = await componentsOfBits(plane, 8);
  return Array.from(parts.voxels, (area, n) => {
    const bits = keepParts(
      parts,
      Uint8Array.from(parts.voxels, (_, m) => (m === n ? 1 : 0)),
    ).bits;
    let [u, v] = [0, 0];
    for (let b = 0; b < plane.dimensions[1]; b++)
      for (let a = 0; a < plane.dimensions[0]; a++)
        if ((bits.words[b * bits.wordsPerRow + (a >> 5)] >>> (a & 31)) & 1) {
          u += a;
          v += b;
        }
    return { bits, area, middle: [u / area, v / area] };
  });
}

const apart = (a: Outline, b: Outline, spacingMm: readonly [number, number]): number =>
  Math.hypot((a.middle[0] - b.middle[0]) * spacingMm[0], (a.middle[1] - b.middle[1]) * spacingMm[1]);
const radiusMm = ({ area }: Outline, [u, v]: readonly [number, number]): number => Math.sqrt((area * u * v) / Math.PI);

/** The one of `others` that is nearest, no further than both together are wide; the first of equally near ones. */
function nearest(one: Outline, others: Outline[], spacingMm: readonly [number, number]): Outline | null {
  let best: Outline | null = null;
  for (const other of others) {
    const mm = apart(one, other, spacingMm);
    if (mm > 2 * (radiusMm(one, spacingMm) + radiusMm(other, spacingMm))) continue;
    if (best === null || mm < apart(one, best, spacingMm)) best = other;
  }
  return best;
}

const moved = (a: Outline, b: Outline): [number, number] => [b.middle[0] - a.middle[0], b.middle[1] - a.middle[1]];

/**
 * What becomes what between two drawn planes: outlines that overlap go together, in groups where one becomes several; of those that overlap
 * with none, two that are each other's nearest, no further apart than they are wide, go together as well. The rest ends in its plane.
 */
export function matchOutlines(from: Outline[], to: Outline[], spacingMm: readonly [number, number]): Match[] {
  const all = [...from, ...to];
  const group = all.map((_, n) => n);
  const alone = all.map(() => true);
  for (let a = 0; a < from.length; a++)
    for (let b = from.length; b < all.length; b++) {
      if (countBits(bitsAnd(all[a].bits, all[b].bits)) === 0) continue;
      alone[a] = alone[b] = false;
      const [keep, drop] = [Math.min(group[a], group[b]), Math.max(group[a], group[b])];
      for (let n = 0; n < group.length; n++) if (group[n] === drop) group[n] = keep;
    }
  const matches: Match[] = [];
  for (const name of new Set(group)) {
    const before = from.filter((_, n) => group[n] === name);
    const after = to.filter((_, n) => group[n + from.length] === name);
    if (before.length === 0 || after.length === 0) continue;
    matches.push({ from: before.map((one) => one.bits).reduce(bitsOr), to: after.map((one) => one.bits).reduce(bitsOr), shift: [0, 0] });
  }
  const left = from.filter((_, n) => alone[n]);
  const right = to.filter((_, n) => alone[n + from.length]);
  for (const one of left) {
    const other = nearest(one, right, spacingMm);
    if (other !== null && nearest(other, left, spacingMm) === one)
      matches.push({ from: one.bits, to: other.bits, shift: moved(one, other) });
  }
  return matches;
}

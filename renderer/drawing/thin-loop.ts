import type { Point } from '../stores/viewer.ts';

/** Distance of a point from the segment between two others. */
function distanceFrom([ax, ay, az]: Point, [bx, by, bz]: Point, [px, py, pz]: Point): number {
  const [dx, dy, dz] = [bx - ax, by - ay, bz - az];
  const squared = dx * dx + dy * dy + dz * dz;
  const along = squared > 0 ? ((px - ax) * dx + (py - ay) * dy + (pz - az) * dz) / squared : 0;
  const t = Math.min(1, Math.max(0, along));
  return Math.hypot(ax + t * dx - px, ay + t * dy - py, az + t * dz - pz);
}

/**
 * A closed line drawn by hand with as few of its own points as describe it: no point that is left out lies further than `toleranceMm` from
 * the side that stands in for it (Douglas and Peucker 1973). The journal keeps every point, so a line is thinned before it is sent. The first
 * point stays; at least three do where there are three. Throws RangeError where the tolerance is not positive. Cost: O(n log n) for a line
 * of a hand, O(n²) at worst.
 */
export function thinLoop(pointsLps: readonly Point[], toleranceMm: number): Point[] {
  if (!(toleranceMm > 0)) throw new RangeError(`not a tolerance: ${toleranceMm}`);
  const count = pointsLps.length;
  if (count <= 3) return [...pointsLps];
  const at = (n: number) => pointsLps[n % count] as Point;
  const farthest = (from: number, to: number): { n: number; mm: number } => {
    let [n, mm] = [-1, -1];
    for (let m = from + 1; m < to; m++) {
      const one = distanceFrom(at(from), at(to), at(m));
      if (one > mm) [n, mm] = [m, one];
    }
    return { n, mm };
  };
  const kept = new Set([0]);
  const split = (from: number, to: number) => {
    const open: [number, number][] = [[from, to]];
    for (let next = open.pop(); next; next = open.pop()) {
      const { n, mm } = farthest(...next);
      if (mm <= toleranceMm) continue;
      kept.add(n);
      open.push([next[0], n], [n, next[1]]);
    }
  };
  // From the first point to the one farthest from it, and home again: a closed line has no ends of its own.
  const { n: turn } = farthest(0, count);
  kept.add(turn);
  split(0, turn);
  split(turn, count);
  if (kept.size < 3) {
    const [out, home] = [farthest(0, turn), farthest(turn, count)];
    kept.add(out.mm > home.mm ? out.n : home.n);
  }
  return [...kept].sort((a, b) => a - b).map(at);
}

/** Thinned to a tenth of a voxel's shortest side, which changes no mask that a hand could tell. */
export const thinForGrid = (pointsLps: readonly Point[], spacingMm: Point): Point[] => thinLoop(pointsLps, Math.min(...spacingMm) / 10);

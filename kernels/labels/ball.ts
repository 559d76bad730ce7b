import type { Triple } from '../volume/geometry.ts';
import { reachSquaredMm } from './distance.ts';

/** The rows of a ball around a voxel: row at `dj`, `dk` from the middle, `half` voxels to either side. Sorted by `half`. */
export interface BallRow {
  dj: number;
  dk: number;
  half: number;
}

/**
 * The voxels whose centres lie within `mm` of a voxel's centre, as rows; a distance of exactly `mm` is within.
 * @throws RangeError where the radius or the spacing is none
 */
export function ballRows(mm: number, [sx, sy, sz]: Triple): BallRow[] {
  if (!(mm >= 0 && Number.isFinite(mm) && sx > 0 && sy > 0 && sz > 0)) throw new RangeError(`not a ball: ${mm} mm of ${[sx, sy, sz]}`);
  const limit = reachSquaredMm(mm);
  const rows: BallRow[] = [];
  const reach = (s: number): number => Math.floor(Math.sqrt(limit) / s) + 1;
  for (let dk = -reach(sz); dk <= reach(sz); dk++) {
    for (let dj = -reach(sy); dj <= reach(sy); dj++) {
      // In the order in which the exact distance adds up, so that both decide alike to the last digit.
      const inside = (di: number): boolean => di * sx * (di * sx) + dj * sy * (dj * sy) + dk * sz * (dk * sz) <= limit;
      if (!inside(0)) continue;
      let half = 0;
      while (inside(half + 1)) half++;
      rows.push({ dj, dk, half });
    }
  }
  return rows.sort((a, b) => a.half - b.half || a.dk - b.dk || a.dj - b.dj);
}

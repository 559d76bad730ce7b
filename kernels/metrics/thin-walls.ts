import { assertSameSize, type BitGrid, bitAt, ones } from '../labels/bits.ts';
import type { Triple } from '../volume/geometry.ts';

/** How much of the truth's thin walls a result holds. Shares are null where the truth has no thin wall. */
export interface ThinWallRecall {
  /** Voxels of thin wall in the truth. */
  voxels: number;
  /** Share of them that are bone in the result. */
  exact: number | null;
  /** Share of them whose centre lies within `nearMm` of a voxel of the result. */
  near: number | null;
  /** Half of a voxel's diagonal. */
  nearMm: number;
}

/** Offsets of voxels whose box comes within half a voxel's diagonal of the centre of the voxel at 0. */
function nearOffsets(spacingMm: Triple): Triple[] {
  const limit = Math.hypot(...spacingMm) / 2;
  const gap = (d: number, mm: number) => Math.max(0, Math.abs(d) - 0.5) * mm;
  const reach = spacingMm.map((mm) => Math.ceil(limit / mm + 0.5));
  const offsets: Triple[] = [];
  for (let k = -reach[2]; k <= reach[2]; k++) {
    for (let j = -reach[1]; j <= reach[1]; j++) {
      for (let i = -reach[0]; i <= reach[0]; i++) {
        const away = Math.hypot(gap(i, spacingMm[0]), gap(j, spacingMm[1]), gap(k, spacingMm[2]));
        // The corner neighbours lie at the limit itself, which rounding must not decide.
        if (away <= limit * (1 + 1e-9) && (i !== 0 || j !== 0 || k !== 0)) offsets.push([i, j, k]);
      }
    }
  }
  return offsets;
}

/**
 * Recall of true thin walls: the share of the truth's thin voxels that the result covers, exactly and nearly.
 * @param thin voxels of the truth that are thin wall (label 3)
 * @param roi voxels that count; null: the whole grid
 * @throws RangeError where the grids differ in size
 * Cost: a few ns a thin voxel that is covered, 0.1 µs one that is not.
 */
export function thinWallRecall(thin: BitGrid, result: BitGrid, spacingMm: Triple, roi: BitGrid | null): ThinWallRecall {
  assertSameSize(thin, result);
  if (roi) assertSameSize(thin, roi);
  const offsets = nearOffsets(spacingMm);
  const [, ny] = thin.dimensions;
  let voxels = 0;
  let exact = 0;
  let near = 0;
  for (let at = 0; at < thin.words.length; at++) {
    const wanted = thin.words[at] & (roi ? roi.words[at] : -1);
    if (wanted === 0) continue;
    voxels += ones(wanted);
    exact += ones(wanted & result.words[at]);
    const row = Math.floor(at / thin.wordsPerRow);
    const first = (at % thin.wordsPerRow) * 32;
    for (let bits = wanted & ~result.words[at]; bits !== 0; bits &= bits - 1) {
      const i = first + 31 - Math.clz32(bits & -bits);
      const j = row % ny;
      const k = (row - j) / ny;
      if (offsets.some((o) => bitAt(result, i + o[0], j + o[1], k + o[2]))) near++;
    }
  }
  const share = (count: number) => (voxels > 0 ? count / voxels : null);
  return { voxels, exact: share(exact), near: share(exact + near), nearMm: Math.hypot(...spacingMm) / 2 };
}

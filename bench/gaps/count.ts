import { dilateByBall } from '../../kernels/labels/ball-dilation.ts';
import { bitsAndNot, packMask } from '../../kernels/labels/bits.ts';
import { componentsOfBits } from '../../kernels/labels/components.ts';
import type { Triple } from '../../kernels/volume/geometry.ts';

/** Sizes by which holes are told, mm2: from one to less than the next. */
const sizesMm2 = [1, 3, 10, 50, Number.POSITIVE_INFINITY];

export interface GapCount {
  /** Places that were listed, and how many of them lie within about a millimetre of thin bone that the mask lacks. */
  listed: number;
  onMissingBone: number;
  /** Holes that there are, by size, and how many of them some listed place reaches. */
  holes: { fromMm2: number; toMm2: number | null; there: number; found: number }[];
}

interface Found {
  index: number;
  radiusMm: number;
}

/**
 * What a list of gaps says of the holes that are in truth there. A hole is a joined (26) part of the thin bone that the mask lacks, without
 * what lies within half a voxel's diagonal of the mask: the rim that a threshold leaves where slices are thicker than pixels. Its area is its volume over 1.5 voxels, about as
 * thick as a sheet is on a grid. A hole counts as found where a place's own radius reaches it, 1 mm or a voxel at least.
 * @param thin above 0: thin bone in truth
 * @param mask above 0: what is segmented
 * Cost: a dilation of the mask and a pass over the voxels near each place.
 */
export async function countGaps(
  listed: Found[],
  { thin, mask, dimensions, spacingMm }: { thin: Uint8Array; mask: Uint8Array; dimensions: Triple; spacingMm: Triple },
): Promise<GapCount> {
  const missing = packMask(
    Uint8Array.from(thin, (one, n) => (one !== 0 && mask[n] === 0 ? 1 : 0)),
    dimensions,
  );
  const rim = await dilateByBall(packMask(mask, dimensions), spacingMm, Math.hypot(...spacingMm) / 2);
  const { runs, part, voxels, count } = await componentsOfBits(bitsAndNot(missing, rim), 26);
  const [nx, ny, nz] = dimensions;
  const holeAt = new Int32Array(nx * ny * nz).fill(-1);
  for (let row = 0; row < runs.rowStart.length - 1; row++)
    for (let n = runs.rowStart[row] as number; n < (runs.rowStart[row + 1] as number); n++)
      holeAt.fill(part[n] as number, row * nx + (runs.ends[2 * n] as number), row * nx + (runs.ends[2 * n + 1] as number));
  const leastMm = Math.max(1, ...spacingMm);
  const found = new Uint8Array(count);
  let onMissingBone = 0;
  for (const { index, radiusMm } of listed) {
    const at = [index % nx, Math.floor(index / nx) % ny, Math.floor(index / (nx * ny))] as const;
    const reachMm = Math.max(leastMm, radiusMm);
    const [ri, rj, rk] = spacingMm.map((mm) => Math.floor(reachMm / mm)) as Triple;
    let lacks = false;
    for (let k = Math.max(0, at[2] - rk); k <= Math.min(nz - 1, at[2] + rk); k++)
      for (let j = Math.max(0, at[1] - rj); j <= Math.min(ny - 1, at[1] + rj); j++)
        for (let i = Math.max(0, at[0] - ri); i <= Math.min(nx - 1, at[0] + ri); i++) {
          const mm = Math.hypot((i - at[0]) * spacingMm[0], (j - at[1]) * spacingMm[1], (k - at[2]) * spacingMm[2]);
          const n = i + nx * (j + ny * k);
          if (mm <= leastMm && thin[n] !== 0 && mask[n] === 0) lacks = true;
          if (mm <= reachMm && (holeAt[n] as number) >= 0) found[holeAt[n] as number] = 1;
        }
    if (lacks) onMissingBone++;
  }
  const thickMm = (spacingMm[0] + spacingMm[1] + spacingMm[2]) / 2;
  const areasMm2 = Array.from(voxels, (of) => (of * spacingMm[0] * spacingMm[1] * spacingMm[2]) / thickMm);
  const holes = sizesMm2.slice(0, -1).map((fromMm2, n) => {
    const to = sizesMm2[n + 1] as number;
    const among = [...areasMm2.keys()].filter((hole) => (areasMm2[hole] as number) >= fromMm2 && (areasMm2[hole] as number) < to);
    return { fromMm2, toMm2: Number.isFinite(to) ? to : null, there: among.length, found: among.filter((hole) => found[hole]).length };
  });
  return { listed: listed.length, onMissingBone, holes };
}

/** Several counts as one. */
export function sumOfCounts([first, ...rest]: [GapCount, ...GapCount[]]): GapCount {
  return rest.reduce(
    (sum, one) => ({
      listed: sum.listed + one.listed,
      onMissingBone: sum.onMissingBone + one.onMissingBone,
      holes: sum.holes.map((of, n) => {
        const other = one.holes[n] as GapCount['holes'][number];
        return { ...of, there: of.there + other.there, found: of.found + other.found };
      }),
    }),
    first,
  );
}

import type { Box } from '../../kernels/volume/box.ts';

/** Voxels that only one of two masks has, over a box of the volume. */
export interface Difference {
  onlyOne: number;
  onlyOther: number;
  both: number;
}

/**
 * Counts in pieces of a few milliseconds. Resolves to null when `wanted` says that it came too late.
 * @param dimensions of the masks, i fastest
 */
export async function countDifference(
  one: Uint8Array,
  other: Uint8Array,
  dimensions: readonly [number, number, number],
  { offsetIjk: [i0, j0, k0], dimensions: [ni, nj, nk] }: Box,
  wanted: () => boolean,
): Promise<Difference | null> {
  const found: Difference = { onlyOne: 0, onlyOther: 0, both: 0 };
  const [nx, ny] = dimensions;
  let since = performance.now();
  for (let k = k0; k < k0 + nk; k++) {
    for (let j = j0; j < j0 + nj; j++) {
      const row = nx * (j + ny * k) + i0;
      for (let n = row; n < row + ni; n++) {
        if (one[n] === 1) {
          if (other[n] === 1) found.both++;
          else found.onlyOne++;
        } else if (other[n] === 1) found.onlyOther++;
      }
    }
    if (performance.now() - since < 8) continue;
    await new Promise((resolve) => setTimeout(resolve, 0));
    if (!wanted()) return null;
    since = performance.now();
  }
  return wanted() ? found : null;
}

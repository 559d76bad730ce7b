import type { Triple } from '../volume/geometry.ts';

/** Slow and obvious twins, voxel against voxel, on masks of bytes. Only for tests. */

export type IndexIjk = (n: number, dimensions: Triple) => Triple;
export const ijk: IndexIjk = (n, [nx, ny]) => [n % nx, Math.floor(n / nx) % ny, Math.floor(n / nx / ny)];

/** Squared mm from each voxel to the nearest that is set. */
export function distanceOracle(mask: Uint8Array, dimensions: Triple, [sx, sy, sz]: Triple): Float64Array {
  const out = new Float64Array(mask.length).fill(Number.POSITIVE_INFINITY);
  for (let n = 0; n < mask.length; n++) {
    const [i, j, k] = ijk(n, dimensions);
    for (let m = 0; m < mask.length; m++) {
      if (mask[m] === 0) continue;
      const [a, b, c] = ijk(m, dimensions);
      out[n] = Math.min(out[n], ((i - a) * sx) ** 2 + ((j - b) * sy) ** 2 + ((k - c) * sz) ** 2);
    }
  }
  return out;
}

/** Set where a voxel that is set comes within reach: `near` judges by the steps along i, j and k. */
export function dilateOracle(mask: Uint8Array, dimensions: Triple, near: (di: number, dj: number, dk: number) => boolean): Uint8Array {
  return mask.map((_, n) => {
    const [i, j, k] = ijk(n, dimensions);
    return mask.some((value, m) => {
      const [a, b, c] = ijk(m, dimensions);
      return value !== 0 && near(Math.abs(i - a), Math.abs(j - b), Math.abs(k - c));
    })
      ? 1
      : 0;
  });
}
export const complement = (mask: Uint8Array): Uint8Array => mask.map((value) => (value === 0 ? 1 : 0));

/** Kept where no voxel of the grid that is not set comes within reach. */
export const erodeOracle = (mask: Uint8Array, dimensions: Triple, near: (di: number, dj: number, dk: number) => boolean): Uint8Array =>
  complement(dilateOracle(complement(mask), dimensions, near));

/** What one step of a neighbourhood may be, and rounds of it. */
export function roundsOracle(mask: Uint8Array, dimensions: Triple, rounds: number, neighbours: 6 | 18 | 26): Uint8Array {
  const most = { 6: 1, 18: 2, 26: 3 }[neighbours];
  let at = mask;
  for (let n = 0; n < rounds; n++) at = dilateOracle(at, dimensions, (a, b, c) => Math.max(a, b, c) <= 1 && a + b + c <= most);
  return at;
}

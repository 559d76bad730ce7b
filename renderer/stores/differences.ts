/** Voxels that only one of two masks has, over the whole volume. */
export interface Difference {
  onlyOne: number;
  onlyOther: number;
  both: number;
}

/** Counts in pieces of a few milliseconds. Resolves to null when `wanted` says that it came too late. */
export async function countDifference(one: Uint8Array, other: Uint8Array, wanted: () => boolean): Promise<Difference | null> {
  const found: Difference = { onlyOne: 0, onlyOther: 0, both: 0 };
  const step = 4_000_000;
  for (let at = 0; at < one.length; at += step) {
    const end = Math.min(one.length, at + step);
    for (let n = at; n < end; n++) {
      if (one[n] === 1) {
        if (other[n] === 1) found.both++;
        else found.onlyOne++;
      } else if (other[n] === 1) found.onlyOther++;
    }
    await new Promise((resolve) => setTimeout(resolve, 0));
    if (!wanted()) return null;
  }
  return found;
}

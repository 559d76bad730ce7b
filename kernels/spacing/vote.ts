/** Shares that differ by less are equal: what is left of the last digits decides nothing. */
const equal = 1e-9;

/** Sums weights by label and tells the winner. */
export interface Vote {
  add(label: number, weight: number): void;
  /** The winner; begins the next vote. 0 where nothing was added. */
  take(): number;
}

/** @param anyBut0 label 0 wins only where no other label has a weight */
export function createVote(anyBut0: boolean): Vote {
  const sums = new Float64Array(256);
  const seen = new Uint8Array(256);
  let count = 0;
  const isBetter = (label: number, than: number): boolean => {
    if (anyBut0 && (label === 0) !== (than === 0)) return label !== 0;
    if (Math.abs(sums[label] - sums[than]) > equal) return sums[label] > sums[than];
    return label !== 0 && (than === 0 || label < than);
  };
  return {
    add(label, weight) {
      if (weight === 0) return;
      let n = 0;
      while (n < count && seen[n] !== label) n++;
      if (n === count) {
        seen[count++] = label;
        sums[label] = 0;
      }
      sums[label] += weight;
    },
    take() {
      let best = count > 0 ? seen[0] : 0;
      for (let n = 1; n < count; n++) if (isBetter(seen[n], best)) best = seen[n];
      count = 0;
      return best;
    },
  };
}

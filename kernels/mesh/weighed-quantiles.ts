/**
 * For each of `parts` the least value that at least this part of the weight does not exceed; values that are not numbers, and those
 * without weight, take no part. Throws RangeError where no value has weight. O(n log n).
 */
export function weighedQuantiles(values: Float32Array, weights: Float64Array, parts: readonly number[]): number[] {
  const order = new Uint32Array(values.length);
  let counted = 0;
  let whole = 0;
  for (let n = 0; n < values.length; n++) {
    if (Number.isNaN(values[n]) || !(weights[n] > 0)) continue;
    order[counted++] = n;
    whole += weights[n];
  }
  if (counted === 0) throw new RangeError('no value with weight');
  const sorted = order.subarray(0, counted).sort((a, b) => values[a] - values[b]);
  return parts.map((part) => {
    let below = 0;
    for (const n of sorted) {
      below += weights[n];
      if (below >= part * whole * (1 - 1e-12)) return values[n];
    }
    return values[sorted[counted - 1]];
  });
}

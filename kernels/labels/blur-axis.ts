/**
 * Half of a symmetric Gaussian, sampled at whole steps out to `cutAt` sigma: the weight at 0, 1, 2 ... steps. The peak is 1.
 * @param sigma in steps; 0 gives the single weight 1
 */
export function gaussianTaps(sigma: number, cutAt = 3): Float64Array {
  if (!(sigma >= 0 && Number.isFinite(sigma))) throw new RangeError(`not a width: ${sigma}`);
  const radius = Math.ceil(cutAt * sigma);
  return Float64Array.from({ length: radius + 1 }, (_, n) => (n === 0 ? 1 : Math.exp(-(n * n) / (2 * sigma * sigma))));
}

/** Weighted sums for a run of floats whose neighbours to both sides are all there. */
function blurInside(from: Float32Array, to: Float32Array, start: number, end: number, step: number, taps: Float64Array): void {
  const [t0, t1, t2, t3, t4] = taps;
  const [two, three, four] = [2 * step, 3 * step, 4 * step];
  // Written out for the usual widths: with a loop over the taps this takes three times as long.
  if (taps.length === 3) {
    for (let n = start; n < end; n++) to[n] = t0 * from[n] + t1 * (from[n - step] + from[n + step]) + t2 * (from[n - two] + from[n + two]);
  } else if (taps.length === 4) {
    for (let n = start; n < end; n++)
      to[n] =
        t0 * from[n] +
        t1 * (from[n - step] + from[n + step]) +
        t2 * (from[n - two] + from[n + two]) +
        t3 * (from[n - three] + from[n + three]);
  } else if (taps.length === 5) {
    for (let n = start; n < end; n++)
      to[n] =
        t0 * from[n] +
        t1 * (from[n - step] + from[n + step]) +
        t2 * (from[n - two] + from[n + two]) +
        t3 * (from[n - three] + from[n + three]) +
        t4 * (from[n - four] + from[n + four]);
  } else {
    for (let n = start; n < end; n++) {
      let sum = t0 * from[n];
      for (let k = 1, apart = step; k < taps.length; k++, apart += step) sum += taps[k] * (from[n - apart] + from[n + apart]);
      to[n] = sum;
    }
  }
}

/** The same for one place along the axis near an end. */
function blurNearEnd(
  from: Float32Array,
  to: Float32Array,
  row: number,
  [at, length, inner]: [at: number, length: number, inner: number],
  taps: Float64Array,
): void {
  for (let n = row; n < row + inner; n++) {
    let sum = taps[0] * from[n];
    for (let k = 1; k < taps.length; k++) {
      if (at >= k) sum += taps[k] * from[n - k * inner];
      if (at + k < length) sum += taps[k] * from[n + k * inner];
    }
    to[n] = sum;
  }
}

/**
 * Weighted sum along one axis of a block of floats, symmetric; what lies beyond an end counts as 0.
 * @param from [outer][length][inner], inner fastest
 * @param to as `from`, another array; overwritten
 * @param taps weights at 0, 1, 2 ... steps to either side
 * @throws RangeError where an array does not fit
 * Cost: half a multiplication a tap and float.
 */
export function blurAxis(
  from: Float32Array,
  to: Float32Array,
  [outer, length, inner]: [outer: number, length: number, inner: number],
  taps: Float64Array,
): void {
  const size = outer * length * inner;
  if (from.length < size || to.length < size || from === to) throw new RangeError('the block does not fit its arrays');
  const firstInside = Math.min(taps.length - 1, length);
  const firstAfter = Math.max(firstInside, length - taps.length + 1);
  for (let o = 0; o < outer; o++) {
    const base = o * length * inner;
    for (let a = 0; a < firstInside; a++) blurNearEnd(from, to, base + a * inner, [a, length, inner], taps);
    blurInside(from, to, base + firstInside * inner, base + firstAfter * inner, inner, taps);
    for (let a = firstAfter; a < length; a++) blurNearEnd(from, to, base + a * inner, [a, length, inner], taps);
  }
}

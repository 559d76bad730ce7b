/** Where a profile steps down from an object to what lies outside of it, in sample numbers; sample 0 lies innermost. */
export interface ProfileStep {
  /** The highest value inside of the step, and where. */
  peakAt: number;
  peak: number;
  /** The lowest value outside of the step, or the value of the shoulder it ends at, and where. */
  lowAt: number;
  low: number;
  /** The step ends at a shoulder: what lies outside ends again nearby and falls further, down to `beyond`. */
  shoulder: boolean;
  beyondAt: number;
  beyond: number;
  /** The lowest value behind the peak, and where; -1 where values do not fall again. */
  backAt: number;
  back: number;
  /** Half-maximum of the step, with fractions. */
  crossing: number;
}

/**
 * Finds the falling step nearest to the mask's surface in v[0..count): the steepest fall within `reach` samples of `zero`, falls near the
 * surface counting more, then out to where values stop falling, or fall less steeply than before and after (a shoulder: skin over bone),
 * and in to where they stop rising. A rise or fall of less than `slack`, or of a tenth of the step, is noise. NaN ends the profile. False where there is no fall of at least `least` from peak to low, or its
 * half-maximum lies further than `reach` from `zero`.
 */
export function findStep(
  v: Float64Array,
  count: number,
  zero: number,
  reach: number,
  slack: number,
  least: number,
  step: ProfileStep,
): boolean {
  let steepest = 0;
  let at = -1;
  const first = Math.max(0, Math.ceil(zero - reach) - 1);
  const last = Math.min(count - 2, Math.floor(zero + reach));
  for (let n = first; n <= last; n++) {
    const away = (n + 0.5 - zero) / reach;
    const fall = (v[n] - v[n + 1]) * (1 - 0.5 * away * away);
    if (fall > steepest) {
      steepest = fall;
      at = n;
    }
  }
  if (at < 0) return false;
  let low = v[at + 1];
  step.beyondAt = at + 1;
  let lowAt = at + 1;
  let peak = v[at];
  let peakAt = at;
  const fall = v[at] - v[at + 1];
  let gentlest = fall;
  let gentleAt = at + 1;
  step.shoulder = false;
  step.beyond = low;
  for (let n = at + 2; n < count; n++) {
    if (!(v[n] - step.beyond <= Math.max(slack, 0.1 * (peak - step.beyond)))) break;
    const here = v[n - 1] - v[n];
    if (!step.shoulder && here < gentlest) {
      gentlest = here;
      gentleAt = n;
    }
    if (!step.shoulder && gentlest < 0.6 * fall && here > Math.max(0.1 * fall, 1.5 * gentlest) + slack) {
      step.shoulder = true;
      // Halfway along the gentlest stretch.
      low = 0.5 * (v[gentleAt - 1] + v[gentleAt]);
      lowAt = gentleAt;
    }
    if (v[n] < step.beyond) {
      step.beyond = v[n];
      step.beyondAt = n;
      if (!step.shoulder) {
        low = v[n];
        lowAt = n;
      }
    }
  }
  for (let n = at - 1; n >= 0; n--) {
    if (!(peak - v[n] <= Math.max(slack, 0.1 * (peak - low)))) break;
    if (v[n] > peak) {
      peak = v[n];
      peakAt = n;
    }
  }
  if (!(peak - low >= least)) return false;
  const half = 0.5 * (peak + low);
  let n = at;
  // The steepest fall need not hold the half-maximum itself.
  while (n > peakAt && v[n] < half) n--;
  while (n + 1 < lowAt && v[n + 1] > half) n++;
  step.crossing = n + (v[n] - half) / Math.max(1e-9, v[n] - v[n + 1]);
  step.peak = peak;
  step.peakAt = peakAt;
  step.low = low;
  step.lowAt = lowAt;
  step.backAt = -1;
  step.back = peak;
  for (let back = peakAt - 1; back >= 0; back--) {
    if (!(v[back] - step.back <= Math.max(slack, 0.1 * (peak - step.back)))) break;
    if (v[back] < step.back) {
      step.back = v[back];
      step.backAt = back;
    }
  }
  if (step.backAt >= 0 && peak - step.back < Math.max(2 * slack, 0.1 * (peak - low))) step.backAt = -1;
  return Math.abs(step.crossing - zero) <= reach;
}

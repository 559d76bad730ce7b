/** One figure of one case; null where the case has none. */
export interface CaseFigure {
  state: 'ok' | 'missed' | 'undefined';
  value: number | null;
}

/** A figure over the cases of a cohort (11.3). Mean, SD and interval are of the `ok` cases that have the figure; the others are counted. */
export interface CohortFigure {
  cases: number;
  mean: number | null;
  /** Of the sample (n - 1); null below two cases. */
  sd: number | null;
  /** 95 % interval of the mean by Student's t; null below two cases. */
  interval95: [number, number] | null;
  least: number | null;
  most: number | null;
  missed: number;
  undefined: number;
  /** Cases that are `ok` and yet have no such figure. */
  without: number;
}

/** Continued fraction of the incomplete beta function (modified Lentz; Numerical Recipes 6.4). */
function betaFraction(a: number, b: number, x: number): number {
  const tiny = 1e-300;
  let c = 1;
  let d = 1 / Math.max(tiny, 1 - ((a + b) * x) / (a + 1));
  let h = d;
  for (let m = 1; m <= 1000; m++) {
    for (const numerator of [
      (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m)),
      (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1)),
    ]) {
      d = 1 + numerator * d;
      c = 1 + numerator / c;
      if (Math.abs(d) < tiny) d = tiny;
      if (Math.abs(c) < tiny) c = tiny;
      d = 1 / d;
      h *= d * c;
    }
    if (Math.abs(d * c - 1) < 1e-15) break;
  }
  return h;
}

/** ln Γ(n / 2) for whole n > 0, by its recurrence. */
function logGammaHalf(n: number): number {
  let log = n % 2 === 0 ? 0 : Math.log(Math.PI) / 2;
  for (let x = n % 2 === 0 ? 1 : 0.5; x < n / 2; x++) log += Math.log(x);
  return log;
}

/** Chance that a t of `freedom` degrees lies beyond |t|, both sides together. */
function twoSided(t: number, freedom: number): number {
  const x = freedom / (freedom + t * t);
  const a = freedom / 2;
  const b = 0.5;
  const front = Math.exp(logGammaHalf(freedom + 1) - logGammaHalf(freedom) - logGammaHalf(1) + a * Math.log(x) + b * Math.log1p(-x));
  return x < (a + 1) / (a + b + 2) ? (front * betaFraction(a, b, x)) / a : 1 - (front * betaFraction(b, a, 1 - x)) / b;
}

/**
 * The t that 95 % of Student's distribution lies within, on both sides of 0.
 * @param freedom degrees of freedom
 * @throws RangeError where it is not a whole number of at least 1
 */
export function studentT95(freedom: number): number {
  if (!Number.isInteger(freedom) || freedom < 1) throw new RangeError(`${freedom} degrees of freedom`);
  let low = 1.9;
  let high = 13;
  for (let n = 0; n < 60; n++) {
    const middle = (low + high) / 2;
    if (twoSided(middle, freedom) > 0.05) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

/** Mean, SD and 95 % interval of a figure over cases. Missed and undefined cases are counted apart, never averaged in. */
export function cohortFigure(figures: readonly CaseFigure[]): CohortFigure {
  const values = figures.flatMap(({ state, value }) => (state === 'ok' && value !== null ? [value] : []));
  const count = (state: CaseFigure['state']) => figures.filter((f) => f.state === state).length;
  const mean = values.length > 0 ? values.reduce((a, b) => a + b, 0) / values.length : null;
  const spread =
    mean !== null && values.length > 1 ? Math.sqrt(values.reduce((sum, v) => sum + (v - mean) ** 2, 0) / (values.length - 1)) : null;
  const half = spread === null ? null : (studentT95(values.length - 1) * spread) / Math.sqrt(values.length);
  return {
    cases: values.length,
    mean,
    sd: spread,
    interval95: mean === null || half === null ? null : [mean - half, mean + half],
    least: values.length > 0 ? Math.min(...values) : null,
    most: values.length > 0 ? Math.max(...values) : null,
    missed: count('missed'),
    undefined: count('undefined'),
    without: count('ok') - values.length,
  };
}

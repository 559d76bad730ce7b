/** Value below which the share q of a list lies; NaN of none. */
const quantile = (list: number[], q: number): number => {
  const sorted = [...list].sort((a, b) => a - b);
  return sorted.length === 0 ? Number.NaN : (sorted[Math.min(sorted.length - 1, Math.ceil(q * sorted.length) - 1)] as number);
};
/** Two decimals; null of what is not finite. */
export const tidy = (v: number) => (Number.isFinite(v) ? Number(v.toFixed(2)) : null);
/** What a list of times is told as. */
export const figures = (list: number[]) => ({
  n: list.length,
  median: tidy(quantile(list, 0.5)),
  p95: tidy(quantile(list, 0.95)),
  max: tidy(Math.max(...list)),
});

import type { Histogram } from '../../stores/histogram.ts';

/** HU outside of these are metal or padding, and would squeeze what matters. */
const drawnHu = { from: -1100, to: 2200 };
const finest = 120;

/**
 * What of a volume's values is drawn: all of them, or in HU those of tissue. As many columns as values are told apart, so that whole values
 * leave no gaps between them. `to` lies behind the highest value, so that it has a column of its own.
 */
export function drawnRange(
  h: Pick<Histogram, 'minimum' | 'maximum' | 'per'>,
  units: string,
): { from: number; to: number; columns: number } {
  const isHu = units === 'HU';
  const from = isHu ? Math.max(h.minimum, drawnHu.from) : h.minimum;
  const last = Math.max(from, isHu ? Math.min(h.maximum, drawnHu.to) : h.maximum);
  const to = last + 1 / h.per;
  return { from, to, columns: Math.max(1, Math.min(finest, Math.round((to - from) * h.per))) };
}

import type { GreyWindow } from './slice-paint.ts';
import type { SliceValues } from './slice-place.ts';

/**
 * The window of the picture after: the one of before where both have one unit, so that what differs is the image; normalized values are seen
 * from their lowest to their highest but for the outer half percent.
 */
export function afterWindow(after: SliceValues, unitsBefore: string, window: GreyWindow): GreyWindow {
  if (after.units === unitsBefore) return window;
  const sorted = Float32Array.from(after.values).sort();
  const [low, high] = [0.005, 0.995].map((share) => sorted[Math.round(share * (sorted.length - 1))] as number) as [number, number];
  const width = high > low ? high - low : 1;
  return { center: (low + high) / 2, width };
}

import type { LoopShape } from '../stores/tool-options.ts';

export type Place = readonly [number, number];
const roundPoints = 96;

/**
 * The closed line of a drag between two places, in the units of the places. Rectangle and ellipse lie in the box between the two; a circle
 * has its middle where the drag began.
 */
export function draggedLoop(shape: Exclude<LoopShape, 'freehand' | 'polygon'>, from: Place, to: Place): [number, number][] {
  const [ax, ay] = from;
  const [bx, by] = to;
  if (shape === 'rectangle')
    return [
      [ax, ay],
      [bx, ay],
      [bx, by],
      [ax, by],
    ];
  const radius = Math.hypot(bx - ax, by - ay);
  const [cx, cy, rx, ry] = shape === 'circle' ? [ax, ay, radius, radius] : [(ax + bx) / 2, (ay + by) / 2, (bx - ax) / 2, (by - ay) / 2];
  return Array.from({ length: roundPoints }, (_, n) => {
    const turn = (2 * Math.PI * n) / roundPoints;
    return [cx + rx * Math.cos(turn), cy + ry * Math.sin(turn)];
  });
}

/** Whether a line can enclose anything: three places and an extent of so much in both directions. */
export function encloses(places: readonly Place[], least: number): boolean {
  if (places.length < 3) return false;
  for (const axis of [0, 1] as const) {
    const along = places.map((p) => p[axis]);
    if (Math.max(...along) - Math.min(...along) < least) return false;
  }
  return true;
}

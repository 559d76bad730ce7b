import type { Plane } from '../../../stores/viewer.ts';
import { dot } from '../../camera/plane-axes.ts';
import { markupPlace } from '../../overlay/markup-place.ts';
import { handlesOf, type MarkupItem, markupScene } from '../../overlay/markup-scene.ts';
import { labelBoxes } from '../../overlay/markups.ts';
import type { Stage } from '../../stage.ts';

const handlePx = 9;
const linePx = 6;

/** Distance of a place from a segment, px. */
export function distancePx(x: number, y: number, [ax, ay]: readonly [number, number], [bx, by]: readonly [number, number]): number {
  const [dx, dy] = [bx - ax, by - ay];
  const t = Math.max(0, Math.min(1, ((x - ax) * dx + (y - ay) * dy) / (dx * dx + dy * dy || 1)));
  return Math.hypot(ax + t * dx - x, ay + t * dy - y);
}

/** The markup under the pointer, of those that lie on the slice; `handle` is the number of a point of the selected one. */
export function markupUnder(stage: Stage, plane: Plane, x: number, y: number): { item: MarkupItem; handle: number | null } | null {
  const { volume } = stage;
  if (!volume) return null;
  const { axes, camera, stack } = stage.panes[plane];
  const sliceMm = dot(camera.centreLps, axes.normalLps);
  let best: { item: MarkupItem; px: number } | null = null;
  for (const item of markupScene(volume)) {
    if (item.id === null) continue;
    const place = markupPlace(item, axes, sliceMm, stack.stepMm);
    if (place?.meets !== 'on') continue;
    if (item.selected) {
      const near = handlesOf(item).map((point) => Math.hypot(...stage.placeOf(plane, point).map((px, n) => px - (n === 0 ? x : y))));
      const handle = near.indexOf(Math.min(...near));
      if (handle >= 0 && near[handle]! <= handlePx) return { item, handle };
    }
    const line = place.lineLps.map((point) => stage.placeOf(plane, point));
    for (let n = place.closed || line.length === 1 ? 0 : 1; n < line.length; n++) {
      const px = distancePx(x, y, line.at(n - 1)!, line[n]!);
      if (px <= (line.length === 1 ? handlePx : linePx) && (!best || px < best.px)) best = { item, px };
    }
    const box = labelBoxes(plane).find((one) => one.id === item.id);
    if (!best && box && x >= box.left && x <= box.right && y >= box.top && y <= box.bottom) best = { item, px: linePx };
  }
  return best && { item: best.item, handle: null };
}

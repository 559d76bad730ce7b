import type { Plane } from '../../stores/viewer.ts';
import { toSlice } from '../navigation.ts';
import type { Stage } from '../stage.ts';

/** The bar at the right edge: press or drag to a slice. */
export function attachSliceBar(stage: Stage, plane: Plane): () => void {
  const pane = stage.panes[plane];
  const bar = pane.part('bar');
  const go = (event: PointerEvent) => {
    const box = pane.part('bar-track').getBoundingClientRect();
    const share = Math.min(1, Math.max(0, (event.clientY - box.top) / box.height));
    toSlice(stage, plane, Math.round((1 - share) * (pane.stack.count - 1)));
  };
  const onDown = (event: PointerEvent) => {
    if (event.button !== 0) return;
    event.preventDefault();
    event.stopPropagation();
    pane.root.focus({ preventScroll: true });
    bar.setPointerCapture(event.pointerId);
    go(event);
  };
  const onMove = (event: PointerEvent) => {
    if (!bar.hasPointerCapture(event.pointerId)) return;
    event.stopPropagation();
    go(event);
  };
  const onDouble = (event: Event) => event.stopPropagation();
  bar.addEventListener('pointerdown', onDown);
  bar.addEventListener('pointermove', onMove);
  bar.addEventListener('dblclick', onDouble);
  return () => {
    bar.removeEventListener('pointerdown', onDown);
    bar.removeEventListener('pointermove', onMove);
    bar.removeEventListener('dblclick', onDouble);
  };
}

import { type Plane, useViewer } from '../../stores/viewer.ts';
import { turn } from '../navigation.ts';
import type { Stage } from '../stage.ts';

/** Nearer to the crosshair a pixel would turn too far. CSS px */
const leastPx = 12;

/**
 * Alt and the left button turn the two other planes about the crosshair, whatever the tool is: their lines follow the pointer round it.
 * Attached before the view's other handlers, which then do not see these events.
 */
export function attachTurning(stage: Stage, plane: Plane): () => void {
  const { root } = stage.panes[plane];
  let last: number | null = null;

  /** Where the pointer is round the crosshair, degrees clockwise; null: too near to say. */
  const angle = (event: PointerEvent): number | null => {
    const box = root.getBoundingClientRect();
    const [cx, cy] = stage.placeOf(plane, useViewer.getState().crosshairLps);
    const [x, y] = [event.clientX - box.left - cx, event.clientY - box.top - cy];
    return Math.hypot(x, y) < leastPx ? null : (Math.atan2(y, x) * 180) / Math.PI;
  };
  const onDown = (event: PointerEvent) => {
    if (!event.altKey || event.button !== 0 || !stage.volume || stage.stroke || root.dataset.cover !== 'none') return;
    event.preventDefault();
    event.stopImmediatePropagation();
    root.focus({ preventScroll: true });
    stage.setActive(plane);
    root.setPointerCapture(event.pointerId);
    root.dataset.turning = '';
    last = angle(event);
    useViewer.getState().set({ crosshairShown: true });
  };
  const onMove = (event: PointerEvent) => {
    if (root.dataset.turning === undefined) return;
    event.stopImmediatePropagation();
    const now = angle(event);
    if (now !== null && last !== null) {
      const by = ((((now - last + 180) % 360) + 360) % 360) - 180;
      if (by !== 0) turn(stage, plane, by);
    }
    last = now ?? last;
  };
  const onEnd = (event: PointerEvent) => {
    if (root.dataset.turning === undefined) return;
    event.stopImmediatePropagation();
    delete root.dataset.turning;
    last = null;
  };
  root.addEventListener('pointerdown', onDown);
  root.addEventListener('pointermove', onMove);
  root.addEventListener('pointerup', onEnd);
  root.addEventListener('pointercancel', onEnd);
  return () => {
    root.removeEventListener('pointerdown', onDown);
    root.removeEventListener('pointermove', onMove);
    root.removeEventListener('pointerup', onEnd);
    root.removeEventListener('pointercancel', onEnd);
  };
}

import { type Plane, type Point, type Tool, useViewer } from '../../stores/viewer.ts';
import { typedElsewhere } from '../../typed-elsewhere.ts';
import type { PlaneCamera } from '../camera/plane-camera.ts';
import { pan, zoom } from '../navigation.ts';
import type { Stage } from '../stage.ts';
import { nearestValue } from '../voxel-at.ts';
import { beginStroke, brushAdds, cancelStroke, endStroke, extendStroke, paintRefusal } from './painting.ts';
import type { ToolPlace } from './plane-tool.ts';
import { planeTools } from './plane-tools.ts';
import { hidePopover, showBrushPopover, showReason } from './popover.ts';

type Drag = 'window' | 'pan' | 'zoom' | 'crosshair' | 'stroke' | 'tool' | 'refused' | null;
const smallestRingPx = 9;
const paints = (tool: Tool) => tool === 'brush' || tool === 'eraser';

/**
 * Pointer handlers of one view. Our own rather than Cornerstone's tools, which hold a mouse-down back while they wait for a double click:
 * a brush must answer to the first event, and every coalesced one counts.
 */
export function attachPointer(stage: Stage, plane: Plane): () => void {
  const pane = stage.panes[plane];
  const { root } = pane;
  let drag: Drag = null;
  let last = { x: 0, y: 0 };
  let began = { x: 0, y: 0, center: 0, width: 1 };
  let hover: { x: number; y: number } | null = null;
  let inverted = false;
  let frame = 0;
  let strokeCamera: PlaneCamera | null = null;
  /** Why a press was refused stays to be read after the button is up. */
  const readingMs = 2500;
  let reasonUntil = 0;
  let reading: ReturnType<typeof setTimeout> | undefined;

  const place = (event: MouseEvent) => {
    const box = root.getBoundingClientRect();
    return { x: event.clientX - box.left, y: event.clientY - box.top };
  };
  const at = (event: MouseEvent): Point => {
    const { x, y } = place(event);
    return stage.pointAt(plane, x, y);
  };

  const toolNow = () => planeTools[useViewer.getState().tool];
  const toolPlace = (event: MouseEvent): ToolPlace => {
    const { x, y } = place(event);
    return { stage, plane, lps: stage.pointAt(plane, x, y), x, y, ctrl: event.ctrlKey, shift: event.shiftKey, alt: event.altKey };
  };

  /** Once a frame: what stands under the pointer. React hears of it through the store alone. */
  const report = () => {
    frame = 0;
    const { tool, brush, set, cursor } = useViewer.getState();
    const { volume } = stage;
    if (!hover || !volume) {
      delete stage.rings[plane];
      stage.repaintMarks(plane);
      hidePopover(stage, plane);
      if (cursor?.plane === plane) set({ cursor: null });
      return;
    }
    const lps = stage.pointAt(plane, hover.x, hover.y);
    set({ cursor: { plane, lps, value: nearestValue(volume, lps) } });
    const free = drag === null || drag === 'stroke';
    const refused = (paints(tool) && paintRefusal(brushAdds(inverted)) !== null) || (toolNow()?.refusal() ?? null) !== null;
    root.style.cursor = refused ? 'not-allowed' : toolNow() ? 'crosshair' : '';
    if (paints(tool) && free && !refused) {
      const erases = stage.stroke ? stage.stroke.value === 0 : (tool === 'eraser') !== inverted;
      stage.rings[plane] = { ...hover, diameterMm: (stage.stroke?.brush ?? brush).diameterMm, erases };
      // The ring is the pointer, unless it is too small to be found.
      if (brush.diameterMm / pane.camera.mmPerPx >= smallestRingPx) root.style.cursor = 'none';
      showBrushPopover(stage, plane, hover.x, hover.y, lps);
    } else {
      delete stage.rings[plane];
      if (drag !== 'refused' && performance.now() >= reasonUntil) hidePopover(stage, plane);
    }
    stage.repaintMarks(plane);
  };
  const schedule = () => {
    if (frame === 0) frame = requestAnimationFrame(report);
  };

  /** What is under the pointer has moved since the stroke was begun: drawn on, it would cross the picture to there. */
  const endIfMoved = (): boolean => {
    if (pane.camera === strokeCamera) return false;
    drag = 'refused';
    if (!stage.stroke) return true;
    endStroke(stage);
    showReason(stage, plane, last.x, last.y, 'The view moved, so the stroke ends where it was. Press again to draw on.');
    return true;
  };

  const choose = (event: PointerEvent): Drag => {
    if (event.button === 1 || (event.button === 0 && event.shiftKey)) return 'pan';
    if (event.button === 2) return 'zoom';
    if (event.button !== 0) return null;
    const { tool } = useViewer.getState();
    if (tool === 'navigate') return 'window';
    if (tool === 'crosshair') return 'crosshair';
    return paints(tool) ? 'stroke' : null;
  };

  const onDown = (event: PointerEvent) => {
    if (drag !== null || !stage.volume || root.dataset.cover !== 'none') return;
    root.focus({ preventScroll: true });
    stage.setActive(plane);
    const state = useViewer.getState();
    last = place(event);
    began = { ...last, ...state.window };
    if (state.tool === 'point' && state.picker && !event.shiftKey) {
      if (event.button === 0) {
        state.picker.pick(at(event), plane);
        return;
      }
      if (event.button === 2 && state.picker.takeBack) {
        state.picker.takeBack();
        return;
      }
    }
    const drawn = toolNow();
    if (drawn && event.button === 2 && drawn.takeBack?.()) return;
    if (drawn && event.button === 0 && !event.shiftKey) {
      event.preventDefault();
      hover = last;
      const refusal = drawn.refusal(toolPlace(event));
      if (refusal !== null) {
        drag = 'refused';
        root.setPointerCapture(event.pointerId);
        showReason(stage, plane, last.x, last.y, refusal);
      } else if (drawn.down(toolPlace(event))) {
        drag = 'tool';
        root.setPointerCapture(event.pointerId);
      }
      schedule();
      return;
    }
    drag = choose(event);
    if (drag === null) return;
    event.preventDefault();
    root.setPointerCapture(event.pointerId);
    if (drag === 'crosshair') state.set({ crosshairLps: at(event) });
    if (drag !== 'stroke') return;
    const refusal = paintRefusal(brushAdds(event.ctrlKey));
    if (refusal === null) {
      strokeCamera = pane.camera;
      beginStroke(stage, plane, at(event), event.ctrlKey);
    } else {
      drag = 'refused';
      showReason(stage, plane, last.x, last.y, refusal);
    }
    hover = last;
    schedule();
  };

  const onMove = (event: PointerEvent) => {
    const here = place(event);
    hover = drag === null || drag === 'stroke' || drag === 'tool' || drag === 'crosshair' ? here : hover;
    inverted = event.ctrlKey;
    const dx = here.x - last.x;
    const dy = here.y - last.y;
    last = here;
    schedule();
    if (!stage.volume) return;
    const { set } = useViewer.getState();
    if (drag === null && event.buttons === 0) toolNow()?.hover?.(toolPlace(event));
    if (drag === 'tool') {
      const events = event.getCoalescedEvents();
      toolNow()?.drag?.((events.length > 0 ? events : [event]).map(toolPlace));
    } else if (drag === 'pan') pan(stage, plane, dx, dy);
    else if (drag === 'zoom') zoom(stage, plane, began.x, began.y, Math.exp(-dy * 0.006));
    else if (drag === 'crosshair' || (drag === null && event.shiftKey && event.buttons === 0)) set({ crosshairLps: at(event) });
    else if (drag === 'window') {
      // A picture's width of drag changes the window by about itself, so that bone and brain windows feel alike.
      const gain = began.width / 400;
      const tidy = (v: number) => (began.width > 20 ? Math.round(v) : v);
      const width = Math.max(began.width > 20 ? 1 : began.width / 1000, tidy(began.width + (here.x - began.x) * gain));
      set({ window: { center: tidy(began.center + (here.y - began.y) * gain), width } });
    } else if (drag === 'stroke' && !endIfMoved()) {
      const events = event.getCoalescedEvents();
      extendStroke(stage, (events.length > 0 ? events : [event]).map(at));
    }
  };

  const finish = (event: PointerEvent) => {
    if (drag === null) return;
    if (drag === 'stroke' && !endIfMoved()) {
      if (event.type === 'pointerup') extendStroke(stage, [at(event)]);
      endStroke(stage);
    }
    if (drag === 'tool') {
      if (event.type === 'pointerup') toolNow()?.up?.(toolPlace(event));
      else toolNow()?.cancel?.();
    }
    if (drag === 'refused') {
      reasonUntil = performance.now() + readingMs;
      clearTimeout(reading);
      reading = setTimeout(schedule, readingMs);
    }
    drag = null;
    hover = place(event);
    const inside = hover.x >= 0 && hover.y >= 0 && hover.x < pane.camera.widthPx && hover.y < pane.camera.heightPx;
    if (!inside) hover = null;
    schedule();
  };

  const onLeave = () => {
    if (drag !== null) return;
    toolNow()?.leave?.();
    hover = null;
    schedule();
  };

  const onDouble = (event: MouseEvent) => {
    const { tool, maximised, picker, set } = useViewer.getState();
    const onTitle = event.target instanceof Element && event.target.closest('[data-part="title"]') !== null;
    // Two quick dabs of a brush are two dabs; the title maximises whatever the tool is.
    if (onTitle || tool === 'navigate' || tool === 'crosshair') set({ maximised: maximised === plane ? null : plane });
    else if (tool === 'point') picker?.finish?.();
    else toolNow()?.finish?.();
  };

  const onKey = (event: KeyboardEvent) => {
    if (event.key === 'Control' && hover) {
      inverted = event.type === 'keydown';
      schedule();
    }
    if (event.type === 'keyup' || typedElsewhere(event)) return;
    if (event.key === 'Escape') {
      // All views hear of it: what one of them has answered is not answered again.
      const stroked = stage.stroke !== null && drag === 'stroke';
      if (stroked) cancelStroke(stage);
      if (!stroked && !event.defaultPrevented && !toolNow()?.cancel?.()) return;
      event.preventDefault();
      event.stopPropagation();
      if (drag === 'stroke' || drag === 'tool') drag = 'refused';
      schedule();
    } else if (event.key === 'Enter' && root.contains(document.activeElement) && toolNow()?.finish?.()) {
      event.preventDefault();
      event.stopPropagation();
    }
  };
  const onMenu = (event: Event) => event.preventDefault();
  const onFocus = () => stage.setActive(plane);

  root.addEventListener('pointerdown', onDown);
  root.addEventListener('pointermove', onMove);
  root.addEventListener('pointerup', finish);
  root.addEventListener('pointercancel', finish);
  root.addEventListener('pointerleave', onLeave);
  root.addEventListener('dblclick', onDouble);
  root.addEventListener('contextmenu', onMenu);
  root.addEventListener('focus', onFocus);
  window.addEventListener('keydown', onKey, true);
  window.addEventListener('keyup', onKey, true);
  const unsubscribe = useViewer.subscribe((now, before) => {
    const moved = now.brush !== before.brush || now.tool !== before.tool || now.crosshairLps !== before.crosshairLps;
    if (hover && moved) schedule();
  });
  return () => {
    cancelAnimationFrame(frame);
    clearTimeout(reading);
    unsubscribe();
    root.removeEventListener('pointerdown', onDown);
    root.removeEventListener('pointermove', onMove);
    root.removeEventListener('pointerup', finish);
    root.removeEventListener('pointercancel', finish);
    root.removeEventListener('pointerleave', onLeave);
    root.removeEventListener('dblclick', onDouble);
    root.removeEventListener('contextmenu', onMenu);
    root.removeEventListener('focus', onFocus);
    window.removeEventListener('keydown', onKey, true);
    window.removeEventListener('keyup', onKey, true);
  };
}

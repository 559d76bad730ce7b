import { type Plane, useViewer } from '../../stores/viewer.ts';
import { toSlice, zoom } from '../navigation.ts';
import type { Stage } from '../stage.ts';

export const brushLimitsMm = [0.5, 40] as const;
const notch = 50;

/** Steps of a wheel: a mouse's notch is one slice whatever the platform calls it; a touch pad's small moves add up. */
export function wheelSteps(deltaPx: number, left: number): { steps: number; left: number } {
  if (Math.abs(deltaPx) >= notch) return { steps: Math.sign(deltaPx) * Math.max(1, Math.round(Math.abs(deltaPx) / 120)), left: 0 };
  const sum = Math.sign(left) === Math.sign(deltaPx) ? left + deltaPx : deltaPx;
  const steps = Math.trunc(sum / notch) + 0;
  return { steps, left: sum - steps * notch };
}

/** One notch makes a brush a tenth larger or smaller, at least 0.1 mm, within its limits. */
export function nextBrushSize(diameterMm: number, steps: number): number {
  let size = diameterMm;
  for (let n = 0; n < Math.abs(steps); n++) size += Math.sign(steps) * Math.max(0.1, size * 0.1);
  return Math.min(brushLimitsMm[1], Math.max(brushLimitsMm[0], Math.round(size * 10) / 10));
}

export function attachWheel(stage: Stage, plane: Plane, afterChange: (event: WheelEvent) => void): () => void {
  const pane = stage.panes[plane];
  let left = 0;
  const onWheel = (event: WheelEvent) => {
    event.preventDefault();
    stage.setActive(plane);
    const scale = event.deltaMode === 1 ? 40 : event.deltaMode === 2 ? 400 : 1;
    // Chromium turns a wheel with Shift into a sideways one.
    const delta = (event.deltaY || event.deltaX) * scale;
    if (event.ctrlKey) {
      const box = pane.root.getBoundingClientRect();
      zoom(stage, plane, event.clientX - box.left, event.clientY - box.top, Math.exp(-delta * 0.0015));
      afterChange(event);
      return;
    }
    const turned = wheelSteps(delta, left);
    left = turned.left;
    if (turned.steps === 0) return;
    const { tool, brush, set } = useViewer.getState();
    if (event.shiftKey && (tool === 'brush' || tool === 'eraser')) {
      set({ brush: { ...brush, diameterMm: nextBrushSize(brush.diameterMm, -turned.steps) } });
    } else if (!stage.stroke) {
      toSlice(stage, plane, pane.sliceIndex - turned.steps);
    }
    afterChange(event);
  };
  pane.root.addEventListener('wheel', onWheel, { passive: false });
  return () => pane.root.removeEventListener('wheel', onWheel);
}

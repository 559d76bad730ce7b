import { useCase } from './case.ts';
import { useHistogram } from './histogram.ts';
import { useNotices } from './notices.ts';
import { useSettings } from './settings.ts';
import { type MaskLayer, type Tool, useViewer } from './viewer.ts';
import { type Step, useWorkspace } from './workspace.ts';

/** Why the active segment cannot be drawn on now, with the way out; null: it can. */
export function editRefusal(): string | null {
  const { state, busy, busyReads, loading } = useCase.getState();
  const { activeSegment, layers, volume } = useViewer.getState();
  if (!state) return 'No case is open.';
  if (state.readOnly)
    return state.heldBy ? `Read-only: ${state.heldBy}. Close it there and open it again.` : 'The case was opened read-only.';
  if (loading || !volume) return 'The voxels are still on their way.';
  if (busy && !busyReads) return `${busy} is running. Wait for it or cancel it below.`;
  if (useNotices.getState().lost) return 'The service does not answer, so nothing could be saved.';
  const layer = layers.find((l) => l.segmentId === activeSegment);
  if (!layer) return state.segments.length === 0 ? 'No segment yet. Make one in Segment.' : 'No segment is selected. Press Q or W.';
  if (!layer.visible) return `${layer.name} is hidden. Show it with S before you draw on it.`;
  if (layer.locked) return `${layer.name} is locked. Unlock it in the list of segments, or select another with Q or W.`;
  return null;
}

/** Keeps the viewports' `editRefusal` true. Call once; returns the function that stops it. */
export function watchEditRefusal(): () => void {
  const update = () => {
    const refusal = editRefusal();
    if (useViewer.getState().editRefusal !== refusal) useViewer.getState().set({ editRefusal: refusal });
  };
  update();
  const stops = [useCase.subscribe(update), useViewer.subscribe(update), useNotices.subscribe(update)];
  return () => {
    for (const stop of stops) stop();
  };
}

/** An island is picked in Correct to be taken away or kept, in Clean to be the one that stays. */
const picking: readonly (Step | null)[] = ['correct', 'clean'];
/** Tools of the step Correct. */
const correcting: readonly Tool[] = ['brush', 'eraser', 'scissors', 'flood-fill', 'level-trace', 'livewire', 'contour', 'markup'];
let lastTool: Tool = 'brush';
/** Takes a tool; drawing belongs to Correct, picking to Correct and Clean, so the step follows the hand. */
export function takeTool(tool: Tool): void {
  const viewer = useViewer.getState();
  // Picking places belongs to the step that asks for them: Space must not bring it back without one.
  if (viewer.tool !== tool && viewer.tool !== 'point') lastTool = viewer.tool;
  const { step, set } = useWorkspace.getState();
  if (correcting.includes(tool) && step !== 'correct') set({ step: 'correct' });
  if (tool === 'pick' && !picking.includes(step)) set({ step: 'correct' });
  viewer.set({ tool, ...(tool === 'navigate' ? {} : { preview: null }) });
}

/** Leaving Correct puts the drawing tools down: no other step draws. Call once; returns the function that stops it. */
export function watchStep(): () => void {
  return useWorkspace.subscribe(({ step }) => {
    const { tool, set } = useViewer.getState();
    const lost = (correcting.includes(tool) && step !== 'correct') || (tool === 'pick' && !picking.includes(step));
    if (lost) set({ tool: 'navigate' });
  });
}

export const nextTool = (): void => takeTool(lastTool);

/** Brush sizes that the keys step through, mm. */
const brushSteps = [0.5, 0.8, 1, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10, 12, 15, 20, 25, 30, 40];
export const brushRangeMm = { min: 0.3, max: 40 };

/** One step smaller (-1) or larger (1). */
export function setBrushMm(direction: -1 | 1): void {
  const { brush, set } = useViewer.getState();
  const now = brush.diameterMm;
  const next = direction > 0 ? brushSteps.find((s) => s > now + 1e-9) : brushSteps.findLast((s) => s < now - 1e-9);
  if (next === undefined) return;
  set({ brush: { ...brush, diameterMm: next } });
}

export function changeLayer(segment: string, change: Partial<Pick<MaskLayer, 'visible' | 'opacity'>>): void {
  const { layers, set } = useViewer.getState();
  set({ layers: layers.map((l) => (l.segmentId === segment ? { ...l, ...change } : l)) });
}

/** Shows or hides a segment; null: the active one. */
export function toggleVisible(segment: string | null): void {
  const { layers, activeSegment } = useViewer.getState();
  const layer = layers.find((l) => l.segmentId === (segment ?? activeSegment));
  if (layer) changeLayer(layer.segmentId, { visible: !layer.visible });
}

export function stepOpacity(by: number): void {
  const { layers, activeSegment } = useViewer.getState();
  const layer = layers.find((l) => l.segmentId === activeSegment);
  if (!layer) return;
  const opacity = Math.min(1, Math.max(0, Math.round((layer.opacity + by) * 10) / 10));
  changeLayer(layer.segmentId, { opacity });
  useSettings.getState().set({ opacity });
}

export function stepActiveSegment(by: -1 | 1): void {
  const { layers, activeSegment, set } = useViewer.getState();
  const at = layers.findIndex((l) => l.segmentId === activeSegment);
  const next = layers[(at + by + layers.length) % layers.length];
  if (next) set({ activeSegment: next.segmentId });
}

/** Threshold preview on all planes with the bounds used last; inverted it shows what lies below them. */
export function togglePreview(inverted: boolean): void {
  const { preview, set } = useViewer.getState();
  const low = useSettings.getState().lastLowHu;
  const lowest = useHistogram.getState().histogram?.minimum ?? -32768;
  const wanted = inverted
    ? ({ method: 'threshold', lowHu: lowest, highHu: low - 1 } as const)
    : ({ method: 'threshold', lowHu: low, highHu: null } as const);
  const same = preview?.method === 'threshold' && preview.lowHu === wanted.lowHu && preview.highHu === wanted.highHu;
  set({ preview: same ? null : wanted });
}

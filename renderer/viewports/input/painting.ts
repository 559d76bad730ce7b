import { type MaskLayer, type Plane, type Point, useViewer } from '../../stores/viewer.ts';
import type { Stage } from '../stage.ts';
import { longestPath, Stroke } from './stroke.ts';

/** Why a stroke cannot start now, in words with the way out; null: it can. `adds`: what is drawn would add voxels, not take them away. */
export function paintRefusal(adds = false): string | null {
  const { editRefusal, layers, activeSegment, volume, masking } = useViewer.getState();
  if (editRefusal !== null) return editRefusal;
  const layer = layers.find((l) => l.segmentId === activeSegment);
  if (!layer) return 'No segment is chosen. Choose one in the list.';
  if (!layer.visible) return `Segment ${layer.name} is hidden. Show it first.`;
  if (layer.locked) return `Segment ${layer.name} is locked. Unlock it in the list of segments first.`;
  if (layer.values.length !== volume?.values.length) return `Segment ${layer.name} lies on another grid than the image.`;
  if (maskingNow() === null) return 'Masking is inside a segment that this image does not have. Choose another under Masking.';
  if (adds && masking.insideSegment === activeSegment)
    return `Masking is inside ${layer.name} itself, where nothing can be added. Choose another segment, or everywhere, under Masking.`;
  return null;
}

/** Whether the brush or eraser in hand adds; `inverted`: Ctrl is held. */
export const brushAdds = (inverted: boolean): boolean => (useViewer.getState().tool === 'brush') !== inverted;

/** The layers that masking names now; null where it is inside a segment that is not on this image. */
export function maskingNow(): { inside: MaskLayer | null; notOver: MaskLayer[] } | null {
  const { layers, activeSegment, masking, volume } = useViewer.getState();
  const here = layers.filter((layer) => layer.values.length === volume?.values.length);
  const inside = masking.insideSegment === null ? null : here.find((layer) => layer.segmentId === masking.insideSegment);
  if (inside === undefined) return null;
  const notOver = masking.notOverLocked ? here.filter((layer) => layer.locked && layer.segmentId !== activeSegment) : [];
  return { inside, notOver };
}

/** Starts a stroke on the active segment. `inverted` (Ctrl held) makes the brush erase and the eraser paint. */
export function beginStroke(stage: Stage, plane: Plane, point: Point, inverted: boolean): void {
  const { layers, activeSegment, brush } = useViewer.getState();
  const layer = layers.find((l) => l.segmentId === activeSegment);
  const masks = maskingNow();
  const paints = brushAdds(inverted);
  if (!stage.volume || !layer || !masks || paintRefusal(paints) !== null) return;
  const { normalLps } = stage.panes[plane].axes;
  const oblique = stage.panes[plane].oblique;
  stage.stroke = new Stroke({ layer, volume: stage.volume, plane, normalLps, oblique, brush, value: paints ? 1 : 0, ...masks });
  extendStroke(stage, [point]);
}

export function extendStroke(stage: Stage, points: Point[]): void {
  let changed = 0;
  const low: Point = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
  const high: Point = [Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const point of points) {
    const stroke = stage.stroke;
    if (!stroke) return;
    const reach = stroke.reachMm;
    for (const end of [stroke.pathLps.at(-1) ?? point, point])
      for (let n = 0; n < 3; n++) {
        low[n] = Math.min(low[n]!, end[n]! - reach);
        high[n] = Math.max(high[n]!, end[n]! + reach);
      }
    changed += stroke.extend(point);
    if (stroke.pathLps.length >= longestPath) {
      handIn(stroke);
      stage.stroke = new Stroke(stroke);
      stage.stroke.extend(point);
    }
  }
  if (changed > 0) stage.repaintStroke(low, high);
}

/** The mouse went up: the journal gets the stroke. */
export function endStroke(stage: Stage): void {
  const { stroke } = stage;
  stage.stroke = null;
  if (stroke) handIn(stroke);
}

/**
 * Ends a stroke as soon as nothing may be drawn any more: an undo, or any act that changes the case, is asked for while the mouse is down.
 * The stroke is handed in before that act, for its voxels are told against the mask as it is now. Returns the function that stops it; that
 * too ends a stroke, since nobody draws it on.
 */
export function endStrokeWhenRefused(stage: Stage): () => void {
  const unsubscribe = useViewer.subscribe(({ editRefusal }) => {
    if (editRefusal !== null && stage.stroke) endStroke(stage);
  });
  return () => {
    unsubscribe();
    endStroke(stage);
  };
}

/** Esc: the voxels are as they were. */
export function cancelStroke(stage: Stage): void {
  stage.stroke?.cancel();
  stage.stroke = null;
  stage.repaintOverlays();
}

function handIn(stroke: Stroke): void {
  const finished = stroke.finished();
  if (!finished) return;
  const { revision, set, onStroke } = useViewer.getState();
  set({ revision: revision + 1 });
  onStroke(finished);
}

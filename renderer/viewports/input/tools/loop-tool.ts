import { LoopDrawing } from '../../../drawing/loop-drawing.ts';
import type { Place } from '../../../drawing/loop-shape.ts';
import { thinForGrid } from '../../../drawing/thin-loop.ts';
import { dropLooked } from '../../../stores/drawn-acts.ts';
import { useNotices } from '../../../stores/notices.ts';
import type { DrawnLoop } from '../../../stores/scissors-acts.ts';
import type { LoopShape } from '../../../stores/tool-options.ts';
import { type Plane, type Point, useViewer } from '../../../stores/viewer.ts';
import { along, dot, type PlaneAxes } from '../../camera/plane-axes.ts';
import { canvasToLps, type PlaneCamera } from '../../camera/plane-camera.ts';
import type { Stage } from '../../stage.ts';
import { paintRefusal } from '../painting.ts';
import type { PlaneTool, ToolPlace } from '../plane-tool.ts';
import { answerLooked, onOtherView } from './answers.ts';

interface LoopWish {
  shape: () => LoopShape;
  /** Whether a line that is begun like this takes away: it is then drawn dashed. */
  erases: (ctrl: boolean) => boolean;
  done: (loop: DrawnLoop) => void;
}

interface Drawn {
  drawing: LoopDrawing;
  stage: Stage;
  plane: Plane;
  firstLps: Point;
  axes: PlaneAxes;
  /** The line's pixels are of this view. */
  camera: PlaneCamera;
  ctrl: boolean;
}

const tell = (text: string) => useNotices.getState().tell({ kind: 'notice', title: 'What was drawn: not now', text });

/** Draws closed lines on the planes. The line lies on the slice that it was begun on, also where the view has moved on meanwhile. */
export function loopTool({ shape, erases, done }: LoopWish): PlaneTool {
  let now: Drawn | null = null;

  const lps = ([x, y]: Place): Point => {
    if (!now) throw new RangeError('nothing is being drawn');
    const { normalLps } = now.axes;
    const at = now.stage.pointAt(now.plane, x, y);
    return along(at, normalLps, dot(along(now.firstLps, at, -1), normalLps));
  };
  const show = () => {
    if (!now) return;
    const { drawing, plane, ctrl } = now;
    useViewer.getState().set({
      sketch: {
        points: [],
        outline: {
          plane,
          pointsLps: drawing.line.map(lps),
          closed: drawing.closed,
          cornersLps: drawing.corners.map(lps),
          erases: erases(ctrl),
        },
      },
    });
  };
  const drop = () => {
    now = null;
    useViewer.getState().set({ sketch: null });
  };
  /** A zoom, another layout or size moves what is under a pixel: the line goes along. A turned plane shows another cut, so the line goes. */
  const follow = (): void => {
    if (!now) return;
    const { stage, plane, camera, axes } = now;
    const pane = stage.panes[plane];
    if (pane.axes !== axes) {
      drop();
      tell('The planes were turned, so the line that was begun is gone. Draw it on the turned plane.');
    } else if (pane.camera !== camera) {
      now.drawing.carry(([x, y]) => stage.placeOf(plane, canvasToLps(axes, camera, x, y)));
      now.camera = pane.camera;
    }
  };
  const close = () => {
    follow();
    if (!now) return;
    const line = now.drawing.finished();
    if (!line) {
      if (now.drawing.shape === 'polygon')
        tell('A polygon needs three corners that enclose something. Click the next one, or Esc to drop it.');
      else drop();
      return;
    }
    const refusal = paintRefusal(!erases(now.ctrl));
    if (refusal !== null) {
      tell(refusal);
      if (now.drawing.shape !== 'polygon') drop();
      return;
    }
    const { plane, axes, ctrl, stage, drawing } = now;
    const drawn = line.map(lps);
    const pointsLps = drawing.shape === 'freehand' && stage.volume ? thinForGrid(drawn, stage.volume.geometry.spacingMm) : drawn;
    now = null;
    useViewer.getState().set({
      sketch: { points: [], outline: { plane, pointsLps, closed: true, cornersLps: [], erases: erases(ctrl) } },
    });
    done({ pointsLps, normalLps: axes.normalLps, ctrl });
  };

  return {
    refusal(place) {
      if (now && place && now.plane !== place.plane) return onOtherView('The polygon', now.plane);
      return now ? null : paintRefusal(!erases(place?.ctrl ?? false));
    },
    down({ stage, plane, lps: firstLps, x, y, ctrl }: ToolPlace) {
      follow();
      if (now && now.drawing.shape !== 'polygon') drop();
      if (now) {
        if (now.drawing.click([x, y])) close();
        else show();
        return false;
      }
      dropLooked();
      const { axes, camera } = stage.panes[plane];
      now = { drawing: new LoopDrawing(shape(), [x, y]), stage, plane, firstLps, axes, camera, ctrl };
      show();
      return now.drawing.shape !== 'polygon';
    },
    drag(places) {
      follow();
      if (!now) return;
      for (const { x, y } of places) now.drawing.move([x, y]);
      show();
    },
    up() {
      if (now && now.drawing.shape !== 'polygon') close();
    },
    hover({ plane, x, y }) {
      if (now?.plane !== plane || now.drawing.shape !== 'polygon') return;
      follow();
      now?.drawing.move([x, y]);
      show();
    },
    takeBack() {
      follow();
      if (now?.drawing.shape !== 'polygon') return false;
      if (now.drawing.takeBack()) show();
      else drop();
      return true;
    },
    finish() {
      if (now?.drawing.shape !== 'polygon') return answerLooked.finish();
      close();
      return true;
    },
    cancel() {
      if (!now) return answerLooked.cancel();
      drop();
      return true;
    },
  };
}

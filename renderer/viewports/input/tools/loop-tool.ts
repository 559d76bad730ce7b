import { LoopDrawing } from '../../../drawing/loop-drawing.ts';
import type { Place } from '../../../drawing/loop-shape.ts';
import { thinForGrid } from '../../../drawing/thin-loop.ts';
import { dropLooked } from '../../../stores/drawn-acts.ts';
import { useNotices } from '../../../stores/notices.ts';
import type { DrawnLoop } from '../../../stores/scissors-acts.ts';
import type { LoopShape } from '../../../stores/tool-options.ts';
import { type Plane, type Point, useViewer } from '../../../stores/viewer.ts';
import { along, dot } from '../../camera/plane-axes.ts';
import type { Stage } from '../../stage.ts';
import { paintRefusal } from '../painting.ts';
import type { PlaneTool, ToolPlace } from '../plane-tool.ts';
import { answerLooked } from './answers.ts';

interface LoopWish {
  shape: () => LoopShape;
  /** Whether a line that is begun like this takes away: it is then drawn dashed. */
  erases: (ctrl: boolean) => boolean;
  done: (loop: DrawnLoop) => void;
}

/** Draws closed lines on the planes. The line lies on the slice that it was begun on, also where the view has moved on meanwhile. */
export function loopTool({ shape, erases, done }: LoopWish): PlaneTool {
  let now: { drawing: LoopDrawing; stage: Stage; plane: Plane; firstLps: Point; normalLps: Point; ctrl: boolean } | null = null;

  const lps = ([x, y]: Place): Point => {
    if (!now) throw new RangeError('nothing is being drawn');
    const at = now.stage.pointAt(now.plane, x, y);
    return along(at, now.normalLps, dot(along(now.firstLps, at, -1), now.normalLps));
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
  const close = () => {
    if (!now) return;
    const line = now.drawing.finished();
    if (!line) {
      drop();
      return;
    }
    const refusal = paintRefusal();
    if (refusal !== null) {
      useNotices.getState().tell({ kind: 'notice', title: 'What was drawn: not now', text: refusal });
      if (now.drawing.shape !== 'polygon') drop();
      return;
    }
    const { plane, normalLps, ctrl, stage, drawing } = now;
    const drawn = line.map(lps);
    const pointsLps = drawing.shape === 'freehand' && stage.volume ? thinForGrid(drawn, stage.volume.geometry.spacingMm) : drawn;
    now = null;
    useViewer.getState().set({
      sketch: { points: [], outline: { plane, pointsLps, closed: true, cornersLps: [], erases: erases(ctrl) } },
    });
    done({ pointsLps, normalLps, ctrl });
  };

  return {
    refusal: () => (now ? null : paintRefusal()),
    down({ stage, plane, lps: firstLps, x, y, ctrl }: ToolPlace) {
      if (now && (now.plane !== plane || now.drawing.shape !== 'polygon')) drop();
      if (now) {
        if (now.drawing.click([x, y])) close();
        else show();
        return false;
      }
      dropLooked();
      const { normalLps } = stage.panes[plane].axes;
      now = { drawing: new LoopDrawing(shape(), [x, y]), stage, plane, firstLps, normalLps, ctrl };
      show();
      return now.drawing.shape !== 'polygon';
    },
    drag(places) {
      if (!now) return;
      for (const { x, y } of places) now.drawing.move([x, y]);
      show();
    },
    up() {
      if (now && now.drawing.shape !== 'polygon') close();
    },
    hover({ plane, x, y }) {
      if (now?.plane !== plane || now.drawing.shape !== 'polygon') return;
      now.drawing.move([x, y]);
      show();
    },
    takeBack() {
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

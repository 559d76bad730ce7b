import { carryOut, dropLooked } from '../../../stores/drawn-acts.ts';
import { useNotices } from '../../../stores/notices.ts';
import { type Plane, type Point, useViewer } from '../../../stores/viewer.ts';
import { along, dot } from '../../camera/plane-axes.ts';
import type { Stage } from '../../stage.ts';
import type { PlaneTool, ToolPlace } from '../plane-tool.ts';
import { answerLooked, onOtherView, outsideImage } from './answers.ts';
import { drawnOperation, drawnRefusal } from './operation.ts';
import { sliceValues } from './slice-values.ts';
import { type Wire, wireFrom } from './wire.ts';

const nearPx = 8;
const samePx = 3;
/** The contract takes no longer line. */
const mostPoints = 8192;

interface Drawing {
  stage: Stage;
  plane: Plane;
  normalLps: Point;
  ctrl: boolean;
  /** Clicked places, and from the second on the edge that leads there from the one before. */
  anchors: Point[];
  pieces: Point[][];
  /** Edges from the last anchor. */
  wire: Wire;
  /** From the last anchor along edges to the first: what closing would add. */
  home: Point[];
}
let now: Drawing | null = null;

/** On the slice of the first anchor, also where the view has moved on. */
function onFirst({ anchors, normalLps }: Drawing, lps: Point): Point {
  const first = anchors[0] as Point;
  return along(lps, normalLps, dot(along(first, lps, -1), normalLps));
}
function wireAt(lps: Point, normalLps: Point): Wire | null {
  const { volume } = useViewer.getState();
  const slice = volume && sliceValues(volume, normalLps, lps);
  return slice ? wireFrom(slice, lps) : null;
}
/** The way from the last anchor on, and the way home from it. */
function turnTo(drawing: Drawing, wire: Wire): void {
  const [first, last] = [drawing.anchors[0] as Point, drawing.anchors.at(-1) as Point];
  drawing.wire = wire;
  drawing.home = drawing.anchors.length > 1 ? [last, ...wire.to(first)] : [];
}
const pathOf = ({ anchors, pieces }: Drawing): Point[] => [anchors[0] as Point, ...pieces.flat()];

function show(drawing: Drawing, ahead: Point[]): void {
  const { plane, ctrl, anchors, home } = drawing;
  const pointsLps = [...pathOf(drawing), ...ahead];
  const erases = drawnOperation(ctrl) === 'erase';
  useViewer
    .getState()
    .set({ sketch: { points: [], outline: { plane, pointsLps, closed: false, cornersLps: [...anchors], erases, closingLps: home } } });
}
function drop(): void {
  now = null;
  useViewer.getState().set({ sketch: null });
}

function close(): void {
  if (!now) return;
  const drawing = now;
  const refusal = drawnRefusal(drawing);
  if (refusal !== null || drawing.anchors.length < 2) {
    const text = refusal ?? 'Click a second place along the edge first.';
    useNotices.getState().tell({ kind: 'notice', title: 'Livewire: not now', text });
    return;
  }
  const { plane, ctrl, normalLps } = drawing;
  const whole = [...pathOf(drawing), ...drawing.home.slice(1, -1)];
  const every = Math.ceil(whole.length / mostPoints);
  const line = whole.filter((_, n) => n % every === 0);
  if (line.length < 3) return;
  const operation = drawnOperation(ctrl);
  now = null;
  useViewer.getState().set({
    sketch: { points: [], outline: { plane, pointsLps: line, closed: true, cornersLps: [], erases: operation === 'erase' } },
  });
  void carryOut(() => ({ effect: 'contour', operation, contoursLps: [line], normalLps, tool: 'livewire' }), false);
}

function begin({ stage, plane, lps, ctrl }: ToolPlace): void {
  dropLooked();
  const { normalLps } = stage.panes[plane].axes;
  const wire = wireAt(lps, normalLps);
  if (!wire) return;
  now = { stage, plane, normalLps, ctrl, anchors: [lps], pieces: [], wire, home: [] };
  show(now, []);
}

/** Clicks along an edge: the line between them follows it. Enter, double click or the first place closes and fills it on the slice. */
export const livewire: PlaneTool = {
  refusal(place) {
    if (now && place && now.plane !== place.plane) return onOtherView('The livewire', now.plane);
    return now ? null : (drawnRefusal(place) ?? outsideImage(place));
  },
  down(place) {
    const { stage, plane, lps, x, y } = place;
    if (!now) {
      begin(place);
      return false;
    }
    const near = (point: Point | undefined, px: number) => {
      const [px0, py0] = point ? stage.placeOf(plane, point) : [Number.NaN, Number.NaN];
      return Math.hypot(px0 - x, py0 - y) <= px;
    };
    if (now.anchors.length > 2 && near(now.anchors[0], nearPx)) {
      close();
      return false;
    }
    // The second click of a double click.
    if (near(now.anchors.at(-1), samePx)) return false;
    const to = onFirst(now, lps);
    const wire = wireAt(to, now.normalLps);
    if (!wire) return false;
    now.pieces.push(now.wire.to(to));
    now.anchors.push(to);
    turnTo(now, wire);
    show(now, []);
    return false;
  },
  hover({ plane, lps }) {
    if (now?.plane === plane) show(now, now.wire.toward(onFirst(now, lps)));
  },
  takeBack() {
    if (!now) return false;
    now.anchors.pop();
    now.pieces.pop();
    const last = now.anchors.at(-1);
    const wire = last && wireAt(last, now.normalLps);
    if (!wire) {
      drop();
      return true;
    }
    turnTo(now, wire);
    show(now, []);
    return true;
  },
  finish() {
    if (!now) return answerLooked.finish();
    close();
    return true;
  },
  cancel() {
    if (!now) return answerLooked.cancel();
    drop();
    return true;
  },
};

import { closedKinds, type MarkupKind, markupNames, markupPoints } from '../../../../contract/markups.ts';
import { useCase } from '../../../stores/case.ts';
import { addMarkup, changeMarkup, markupRefusal } from '../../../stores/markup-acts.ts';
import { useMarkups } from '../../../stores/markups.ts';
import { useNotices } from '../../../stores/notices.ts';
import type { Plane, Point } from '../../../stores/viewer.ts';
import { along, dot, type PlaneAxes } from '../../camera/plane-axes.ts';
import type { MarkupItem } from '../../overlay/markup-scene.ts';
import type { Stage } from '../../stage.ts';
import type { PlaneTool, ToolPlace } from '../plane-tool.ts';
import { onOtherView } from './answers.ts';
import { markupUnder } from './markup-hit.ts';
import { draggedPoints, drawnBy, shifted, withHandle } from './markup-shape.ts';
import { askText, dropText, writing } from './text-field.ts';

/** Nearer than this to each other two clicks are one, and a drag is none. CSS px */
const samePx = 4;
const thinPx = 2;
const mostPoints = 4000;

interface Drawing {
  kind: MarkupKind;
  stage: Stage;
  plane: Plane;
  axes: PlaneAxes;
  points: Point[];
  /** Where the last point is on the screen. */
  lastPx: [number, number];
  firstPx: [number, number];
  /** Follows the pointer. */
  rubber: Point | null;
  /** A drag that has left the place where it began. */
  far: boolean;
  held: boolean;
}
interface Moving {
  item: MarkupItem & { id: string };
  handle: number | null;
  fromLps: Point;
  fromPx: [number, number];
  far: boolean;
}

let drawing: Drawing | null = null;
let moving: Moving | null = null;
/** A text that was clicked last: a double click writes in it. */
let clicked: { stage: Stage; plane: Plane; id: string; x: number; y: number } | null = null;

const near = ({ x, y }: { x: number; y: number }, [ax, ay]: readonly [number, number], px: number) => Math.hypot(x - ax, y - ay) <= px;
const show = () => useMarkups.getState().set({ drawn: drawing && drawnNow(drawing) });

/** What encloses an area stays in the plane that it was begun on, also where the slice was changed meanwhile. */
function placed({ kind, axes, points: [first] }: Drawing, lps: Point): Point {
  if (!first || !closedKinds.includes(kind)) return lps;
  return along(lps, axes.normalLps, dot(along(first, lps, -1), axes.normalLps));
}

function drawnNow(now: Drawing) {
  const { kind, axes, points, rubber } = now;
  const pointsLps =
    drawnBy[kind] === 'drag' ? draggedPoints(kind, points[0]!, rubber ?? points[0]!, axes) : rubber ? [...points, rubber] : points;
  const heights = pointsLps.map((point) => dot(point, axes.normalLps));
  const flat = Math.max(...heights) - Math.min(...heights) < 1e-3;
  const free = kind === 'point' || kind === 'text';
  return { kind, pointsLps, normalLps: flat && !free ? axes.normalLps : null, text: '' };
}

function drop(): boolean {
  const was = drawing !== null || moving !== null;
  drawing = null;
  moving = null;
  if (was) useMarkups.getState().set({ drawn: null, moved: null });
  return was;
}

/** What was drawn goes to the case; a text is asked for first. */
function complete(now: Drawing): void {
  const done = drawnNow(now);
  drawing = null;
  if (!now.kind.startsWith('text')) {
    void addMarkup(done);
    return;
  }
  useMarkups.getState().set({ drawn: done });
  const [x, y] = now.stage.placeOf(now.plane, done.pointsLps.at(-1)!);
  askText(now.stage, now.plane, x, y, '', (text) => {
    useMarkups.getState().set({ drawn: null });
    if (text !== null) void addMarkup({ ...done, text });
  });
}

function rewrite({ stage, plane, id, x, y }: NonNullable<typeof clicked>): void {
  const markup = useCase.getState().state?.markups.find((one) => one.id === id);
  if (!markup) return;
  const at = stage.placeOf(plane, markup.pointsLps.at(-1)!);
  askText(stage, plane, at[0] || x, at[1] || y, markup.text, (text) => {
    if (text !== null && text !== markup.text) void changeMarkup(markup, { text });
  });
}

function begin(place: ToolPlace): void {
  const { kind, set } = useMarkups.getState();
  const { stage, plane, lps, x, y } = place;
  set({ selected: null });
  const px: [number, number] = [x, y];
  drawing = {
    kind,
    stage,
    plane,
    axes: stage.panes[plane].axes,
    points: [lps],
    lastPx: px,
    firstPx: px,
    rubber: null,
    far: false,
    held: true,
  };
  show();
}

/** One more click of a kind that is drawn by clicks. */
function click(now: Drawing, place: ToolPlace): void {
  const { least, most } = markupPoints[now.kind];
  const closes =
    closedKinds.includes(now.kind) && now.points.length >= least && near(place, now.stage.placeOf(now.plane, now.points[0]!), 2 * samePx);
  if (!closes && !near(place, now.lastPx, samePx) && now.points.length < mostPoints) {
    now.points.push(placed(now, place.lps));
    now.lastPx = [place.x, place.y];
  }
  now.rubber = null;
  if (closes || now.points.length === most) complete(now);
  else show();
}

function move(now: Drawing, { x, y, lps }: ToolPlace): void {
  if (!near({ x, y }, now.firstPx, samePx)) now.far = true;
  if (drawnBy[now.kind] !== 'hand') {
    now.rubber = placed(now, lps);
    return;
  }
  if (near({ x, y }, now.lastPx, thinPx)) return;
  now.points.push(placed(now, lps));
  now.lastPx = [x, y];
  // Every second point is enough for a line that long.
  if (now.points.length >= mostPoints) now.points = now.points.filter((_, n) => n % 2 === 0);
}

/** The annotation tool (9.1): draws the kind that is chosen; what is there already is taken hold of, unless Ctrl is held. */
export const markup: PlaneTool = {
  refusal(place) {
    const other = drawing && place && place.plane !== drawing.plane && closedKinds.includes(drawing.kind);
    if (other) return onOtherView(`The ${markupNames[drawing!.kind].toLowerCase()}`, drawing!.plane);
    return drawing || moving ? null : markupRefusal();
  },
  down(place) {
    const { stage, plane, x, y, lps, ctrl } = place;
    clicked = null;
    if (drawing) {
      if (drawnBy[drawing.kind] === 'clicks') {
        click(drawing, place);
        return false;
      }
      // The second click of what can also be dragged.
      drawing.held = true;
      move(drawing, place);
      show();
      return true;
    }
    const under = ctrl ? null : markupUnder(stage, plane, x, y);
    if (under?.item.id) {
      const { id, kind } = under.item;
      useMarkups.getState().set({ selected: id });
      moving = { item: { ...under.item, id }, handle: under.handle, fromLps: lps, fromPx: [x, y], far: false };
      if (kind.startsWith('text')) clicked = { stage, plane, id, x, y };
      return true;
    }
    begin(place);
    return drawnBy[useMarkups.getState().kind] !== 'clicks';
  },
  drag(places) {
    const last = places.at(-1);
    if (!last) return;
    if (drawing) {
      for (const place of places) move(drawing, place);
      show();
      return;
    }
    if (!moving) return;
    if (!near(last, moving.fromPx, samePx / 2)) moving.far = true;
    if (!moving.far) return;
    const { item, handle, fromLps } = moving;
    const by = along(last.lps, fromLps, -1);
    const pointsLps = handle === null ? shifted(item.pointsLps, by) : withHandle(item, handle, along(item.pointsLps[handle]!, by, 1));
    useMarkups.getState().set({ moved: { id: item.id, pointsLps } });
  },
  up() {
    if (moving) {
      const { item, far } = moving;
      const { moved } = useMarkups.getState();
      const before = useCase.getState().state?.markups.find((one) => one.id === item.id);
      moving = null;
      if (far && moved && before) void changeMarkup(before, { pointsLps: moved.pointsLps });
      return;
    }
    if (!drawing) return;
    drawing.held = false;
    const by = drawnBy[drawing.kind];
    if (by === 'click') complete(drawing);
    else if (by === 'hand') {
      if (drawing.far && drawing.points.length >= markupPoints[drawing.kind].least) complete(drawing);
      else drop();
    } else if (by === 'drag' && drawing.far) complete(drawing);
  },
  hover(place) {
    if (!drawing || (place.plane !== drawing.plane && closedKinds.includes(drawing.kind))) return;
    move(drawing, place);
    show();
  },
  takeBack() {
    if (!drawing) return false;
    drawing.points = drawing.points.slice(0, -1);
    const last = drawing.points.at(-1);
    if (!last) return drop();
    drawing.lastPx = drawing.stage.placeOf(drawing.plane, last);
    show();
    return true;
  },
  finish() {
    if (writing()) return false;
    if (!drawing) {
      const { selected } = useMarkups.getState();
      if (!clicked || clicked.id !== selected) return false;
      rewrite(clicked);
      return true;
    }
    if (drawnBy[drawing.kind] !== 'clicks') return false;
    const { kind, points } = drawing;
    const { least } = markupPoints[kind];
    if (points.length < least) {
      const text = `It needs ${least} points. Click the next one, or Esc to drop it.`;
      useNotices.getState().tell({ kind: 'notice', title: `${markupNames[kind]}: not now`, text });
      return true;
    }
    drawing.rubber = null;
    complete(drawing);
    return true;
  },
  cancel() {
    if (dropText() || drop()) return true;
    const { selected, set } = useMarkups.getState();
    if (selected !== null) set({ selected: null });
    return selected !== null;
  },
};

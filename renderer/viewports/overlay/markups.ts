import type { Plane, Point } from '../../stores/viewer.ts';
import { dot, type PlaneAxes } from '../camera/plane-axes.ts';
import { lpsToCanvas, type PlaneCamera } from '../camera/plane-camera.ts';
import { type Box, type LabelPlace, labelPlaces, type WantedLabel } from './label-places.ts';
import { type MarkupPlace, markupPlace } from './markup-place.ts';
import { handlesOf, type MarkupItem } from './markup-scene.ts';

type Place = [number, number];
/** Where a written text stands, CSS pixels: a click on it is a click on its markup. Figures let the click through. */
export interface LabelBox extends Box {
  id: string;
}
const boxes: Record<Plane, LabelBox[]> = { axial: [], coronal: [], sagittal: [] };
export const labelBoxes = (plane: Plane): readonly LabelBox[] => boxes[plane];

const selectedColour = '#a79dff';
const plainColour = '#f1f2f4';
const nameColour = '#b7bdc6';
const lineHeight = 14;
const mostLetters = 44;

/** What a view draws with. */
interface Pen {
  context: CanvasRenderingContext2D;
  at: (lps: Point) => Place;
  scale: number;
  colour: string;
}

/** A text with the pen of its markup, to be written when all lines are drawn. */
interface Label {
  pen: Pen;
  /** Of a markup that is its text: a click on it is a click on the markup. */
  id: string | null;
  lines: string[];
  named: boolean;
  wanted: WantedLabel;
}

/** All markups that meet the slice of a view: on it in full with their figures, a slice or two away fainter, elsewhere where they pass. */
export function drawMarkups(
  context: CanvasRenderingContext2D,
  plane: Plane,
  axes: PlaneAxes,
  camera: PlaneCamera,
  items: readonly MarkupItem[],
  stepMm: number,
  scale: number,
): void {
  boxes[plane] = [];
  if (items.length === 0) return;
  const sliceMm = dot(camera.centreLps, axes.normalLps);
  context.save();
  context.lineJoin = 'round';
  context.lineCap = 'round';
  const labels: Label[] = [];
  const drawn: Place[][] = [];
  // What is in the hand comes last: its label makes way for the others, which stand still meanwhile.
  for (const item of [...items].sort((a, b) => Number(a.selected) - Number(b.selected))) {
    const place = markupPlace(item, axes, sliceMm, stepMm);
    if (!place) continue;
    const pen: Pen = {
      context,
      at: (lps) => lpsToCanvas(axes, camera, lps).map((px) => px * scale) as Place,
      scale,
      colour: item.selected ? selectedColour : (item.colour ?? plainColour),
    };
    context.globalAlpha = place.meets === 'near' ? 0.4 : 1;
    if (place.meets === 'through') {
      drawPassing(pen, place);
      continue;
    }
    drawWhole(pen, item, place);
    if (place.meets !== 'on') continue;
    const line = place.lineLps.map((lps) => lpsToCanvas(axes, camera, lps) as Place);
    // Outlines of a segment come by the dozen: their figures would hide the slice, and the mask's own outline is there anyway.
    const outline = item.colour !== null && place.closed;
    if (!outline) drawn.push(place.closed && item.pointsLps.length > 2 ? [...line, line[0]!] : line);
    const label = outline && !item.selected ? null : labelOf(pen, item, line, camera);
    if (label) labels.push(label);
  }
  context.globalAlpha = 1;
  const { view, kept } = roomOf(camera.widthPx, camera.heightPx);
  const places = labelPlaces(
    labels.map((label) => label.wanted),
    drawn,
    view,
    kept,
  );
  for (const [n, label] of labels.entries()) drawLabel(plane, label, places[n]!);
  context.restore();
}

/** Where labels may stand in a view of this size: below its title, beside its slice bar, off its letters and its scale. */
function roomOf(width: number, height: number): { view: Box; kept: Box[] } {
  const letter = (x: number, y: number): Box => ({ left: x - 18, top: y - 11, right: x + 18, bottom: y + 11 });
  const view = { left: 6, top: 30, right: width - 20, bottom: height - 6 };
  const scaleBar = { left: 0, top: height - 30, right: Math.min(110, width * 0.22) + 68, bottom: height };
  return { view, kept: [letter(width / 2, height - 16), letter(18, height / 2), letter(width - 30, height / 2), scaleBar] };
}

function drawWhole(pen: Pen, item: MarkupItem, { lineLps, closed, meets }: MarkupPlace): void {
  const points = lineLps.map(pen.at);
  const full = meets === 'on';
  if (item.kind === 'pointer' || item.kind === 'text-pointer') drawArrow(pen, points);
  else if (points.length > 1) stroke(pen, points, closed && item.pointsLps.length > 2, full ? [] : [2, 4]);
  if (item.kind === 'angle' && points.length === 3) drawArc(pen, points);
  if (item.kind === 'point' || item.kind === 'text') drawPoint(pen, points[0]!, item.kind === 'text');
  if (!full) return;
  if (item.selected) for (const handle of handlesOf(item)) drawHandle(pen, pen.at(handle));
  else if (item.kind === 'line' || item.kind === 'polyline') for (const end of [points[0]!, points.at(-1)!]) drawEnd(pen, end);
}

/** Where an outline of another plane passes through this slice; of a line, also how it runs. */
function drawPassing(pen: Pen, place: Extract<MarkupPlace, { meets: 'through' }>): void {
  const { context, scale } = pen;
  if (!place.closed) {
    context.globalAlpha = 0.35;
    stroke(pen, place.lineLps.map(pen.at), false, [2, 4]);
  }
  context.globalAlpha = 0.9;
  for (const point of place.atLps) {
    const [x, y] = pen.at(point);
    context.fillStyle = '#000000a0';
    context.fillRect(x - 3 * scale, y - 3 * scale, 6 * scale, 6 * scale);
    context.fillStyle = pen.colour;
    context.fillRect(x - 2 * scale, y - 2 * scale, 4 * scale, 4 * scale);
  }
}

function stroke({ context, scale, colour }: Pen, points: readonly Place[], closed: boolean, dash: number[]): void {
  context.beginPath();
  for (const [n, [x, y]] of points.entries()) n === 0 ? context.moveTo(x, y) : context.lineTo(x, y);
  if (closed) context.closePath();
  context.setLineDash([]);
  context.lineWidth = 3.5 * scale;
  context.strokeStyle = '#000000a0';
  context.stroke();
  context.setLineDash(dash.map((px) => px * scale));
  context.lineWidth = 1.5 * scale;
  context.strokeStyle = colour;
  context.stroke();
  context.setLineDash([]);
}

function drawEnd({ context, scale, colour }: Pen, [x, y]: Place): void {
  context.beginPath();
  context.arc(x, y, 2.5 * scale, 0, 2 * Math.PI);
  context.fillStyle = colour;
  context.fill();
}

function drawHandle({ context, scale }: Pen, [x, y]: Place): void {
  context.beginPath();
  context.arc(x, y, 4 * scale, 0, 2 * Math.PI);
  context.fillStyle = '#0e0f11';
  context.fill();
  context.lineWidth = 1.5 * scale;
  context.strokeStyle = selectedColour;
  context.stroke();
}

function drawPoint({ context, scale, colour }: Pen, [x, y]: Place, small: boolean): void {
  const arm = (small ? 3 : 6) * scale;
  for (const [width, ink] of [
    [3.5, '#000000a0'],
    [1.5, colour],
  ] as const) {
    context.beginPath();
    context.moveTo(x - arm, y);
    context.lineTo(x + arm, y);
    context.moveTo(x, y - arm);
    context.lineTo(x, y + arm);
    context.lineWidth = width * scale;
    context.strokeStyle = ink;
    context.stroke();
  }
}

/** From its tail to what it points at. */
function drawArrow(pen: Pen, [tip, tail]: Place[]): void {
  if (!tip || !tail) return;
  stroke(pen, [tail, tip], false, []);
  const { context, scale, colour } = pen;
  const angle = Math.atan2(tip[1] - tail[1], tip[0] - tail[0]);
  const side = (turn: number): Place => [tip[0] - 10 * scale * Math.cos(angle + turn), tip[1] - 10 * scale * Math.sin(angle + turn)];
  context.beginPath();
  context.moveTo(tip[0], tip[1]);
  context.lineTo(...side(0.4));
  context.lineTo(...side(-0.4));
  context.closePath();
  context.lineWidth = 2 * scale;
  context.strokeStyle = '#000000a0';
  context.stroke();
  context.fillStyle = colour;
  context.fill();
}

function drawArc({ context, scale, colour }: Pen, [a, vertex, b]: Place[]): void {
  if (!a || !vertex || !b) return;
  const [from, to] = [a, b].map(([x, y]) => Math.atan2(y - vertex[1], x - vertex[0])) as [number, number];
  const turn = (to - from + 4 * Math.PI) % (2 * Math.PI);
  context.beginPath();
  context.arc(vertex[0], vertex[1], 16 * scale, from, to, turn > Math.PI);
  context.lineWidth = scale;
  context.strokeStyle = colour;
  context.stroke();
}

/** Name and figures of a markup, or its own text; null where it has nothing to say or is out of sight. `points` are CSS pixels. */
function labelOf({ context, ...pen }: Pen, item: MarkupItem, points: readonly Place[], { widthPx, heightPx }: PlaneCamera): Label | null {
  const written = item.kind === 'text' || item.kind === 'text-pointer';
  const figures = written ? [] : item.words();
  // A pointer points; its name is told in the list, and while it is held.
  const named = !written && item.name !== '' && (figures.length > 0 || item.selected);
  const lines = written ? wrapped(item.text) : named ? [item.name, ...figures] : figures;
  if (lines.length === 0) return null;
  // Zoomed in, a label belongs to the part that is seen.
  const seen = points.filter(([x, y]) => x >= 0 && y >= 0 && x <= widthPx && y <= heightPx);
  if (seen.length === 0) return null;
  context.font = `500 ${11 * pen.scale}px Inter Variable, Inter, sans-serif`;
  const width = Math.max(...lines.map((line) => context.measureText(line).width)) / pen.scale;
  const corner = item.kind === 'text-pointer' || item.kind === 'angle' ? points[1] : undefined;
  const at = corner && seen.includes(corner) ? corner : null;
  const wanted = { width, height: lines.length * lineHeight, points: seen, at, gap: item.kind === 'angle' ? 22 : 10 };
  return { pen: { context, ...pen }, id: written ? item.id : null, lines, named, wanted };
}

function drawLabel(plane: Plane, { pen, id, lines, named }: Label, { box, leader }: LabelPlace): void {
  const { context, scale, colour } = pen;
  if (id !== null) boxes[plane].push({ id, left: box.left - 3, top: box.top - 2, right: box.right + 3, bottom: box.bottom + 2 });
  if (leader) {
    context.globalAlpha = 0.7;
    context.beginPath();
    for (const [x, y] of leader) context.lineTo(x * scale, y * scale);
    for (const [width, ink] of [
      [2.5, '#000000a0'],
      [1, colour],
    ] as const) {
      context.lineWidth = width * scale;
      context.strokeStyle = ink;
      context.stroke();
    }
    context.globalAlpha = 1;
  }
  context.font = `500 ${11 * scale}px Inter Variable, Inter, sans-serif`;
  context.textBaseline = 'middle';
  for (const [n, line] of lines.entries()) {
    const [x, y] = [box.left * scale, (box.top + (n + 0.5) * lineHeight) * scale];
    context.lineWidth = 3 * scale;
    context.strokeStyle = '#000000c8';
    context.strokeText(line, x, y);
    context.fillStyle = named && n === 0 ? (colour === plainColour ? nameColour : colour) : '#ffffff';
    context.fillText(line, x, y);
  }
}

/** A text in lines as it was written, long ones broken between words. */
function wrapped(text: string): string[] {
  const lines: string[] = [];
  for (const paragraph of text.split('\n')) {
    let line = '';
    for (const word of paragraph.split(' ')) {
      if (line && line.length + 1 + word.length > mostLetters) {
        lines.push(line);
        line = word;
      } else line = line ? `${line} ${word}` : word;
    }
    lines.push(line);
  }
  return lines;
}

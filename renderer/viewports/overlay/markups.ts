import type { Plane, Point } from '../../stores/viewer.ts';
import { dot, type PlaneAxes } from '../camera/plane-axes.ts';
import { lpsToCanvas, type PlaneCamera } from '../camera/plane-camera.ts';
import { type MarkupPlace, markupPlace } from './markup-place.ts';
import { handlesOf, type MarkupItem } from './markup-scene.ts';

type Place = [number, number];
/** Where a written text stands, CSS pixels: a click on it is a click on its markup. Figures let the click through. */
export interface LabelBox {
  id: string;
  left: number;
  top: number;
  right: number;
  bottom: number;
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
  width: number;
  height: number;
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
  for (const item of [...items].sort((a, b) => Number(a.selected) - Number(b.selected))) {
    const place = markupPlace(item, axes, sliceMm, stepMm);
    if (!place) continue;
    const pen: Pen = {
      context,
      at: (lps) => lpsToCanvas(axes, camera, lps).map((px) => px * scale) as Place,
      scale,
      colour: item.selected ? selectedColour : (item.colour ?? plainColour),
      width: camera.widthPx,
      height: camera.heightPx,
    };
    context.globalAlpha = place.meets === 'near' ? 0.4 : 1;
    if (place.meets === 'through') drawPassing(pen, place);
    else drawWhole(pen, plane, item, place);
  }
  context.restore();
}

function drawWhole(pen: Pen, plane: Plane, item: MarkupItem, { lineLps, closed, meets }: MarkupPlace): void {
  const points = lineLps.map(pen.at);
  const full = meets === 'on';
  if (item.kind === 'pointer' || item.kind === 'text-pointer') drawArrow(pen, points);
  else if (points.length > 1) stroke(pen, points, closed && item.pointsLps.length > 2, full ? [] : [2, 4]);
  if (item.kind === 'angle' && points.length === 3) drawArc(pen, points);
  if (item.kind === 'point' || item.kind === 'text') drawPoint(pen, points[0]!, item.kind === 'text');
  if (!full) return;
  if (item.selected) for (const handle of handlesOf(item)) drawHandle(pen, pen.at(handle));
  else if (item.kind === 'line' || item.kind === 'polyline') for (const end of [points[0]!, points.at(-1)!]) drawEnd(pen, end);
  // Outlines of a segment come by the dozen: their figures would hide the slice.
  if (item.colour === null || !closed || item.selected) drawLabel(pen, plane, item, points);
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

/** Name and figures beside it: right of it, left of it where there is no room, never cut off. */
function drawLabel(pen: Pen, plane: Plane, item: MarkupItem, points: readonly Place[]): void {
  const { context, scale } = pen;
  const written = item.kind === 'text' || item.kind === 'text-pointer';
  const figures = written ? [] : item.words();
  // A pointer points; its name is told in the list, and while it is held.
  const named = !written && item.name !== '' && (figures.length > 0 || item.selected);
  const lines = written ? wrapped(item.text) : named ? [item.name, ...figures] : figures;
  if (lines.length === 0) return;
  context.font = `500 ${11 * scale}px Inter Variable, Inter, sans-serif`;
  context.textBaseline = 'middle';
  const width = Math.max(...lines.map((line) => context.measureText(line).width)) / scale;
  const height = lines.length * lineHeight;
  const css = points.map(([x, y]): Place => [x / scale, y / scale]);
  const beside =
    item.kind === 'text-pointer'
      ? css[1]!
      : item.kind === 'angle' && css[1]
        ? css[1]
        : css.reduce((best, p) => (p[0] > best[0] ? p : best), css[0]!);
  const other =
    item.kind === 'text-pointer' || item.kind === 'angle' ? beside : css.reduce((best, p) => (p[0] < best[0] ? p : best), css[0]!);
  const gap = item.kind === 'angle' ? 22 : 10;
  const fits = beside[0] + gap + width + 24 <= pen.width;
  const anchor = fits ? beside : other;
  const left = Math.max(6, fits ? anchor[0] + gap : anchor[0] - gap - width);
  const top = Math.min(pen.height - height - 6, Math.max(6, anchor[1] - height / 2));
  if (item.id !== null && written)
    boxes[plane].push({ id: item.id, left: left - 3, top: top - 2, right: left + width + 3, bottom: top + height + 2 });
  for (const [n, line] of lines.entries()) {
    const [x, y] = [left * scale, (top + (n + 0.5) * lineHeight) * scale];
    context.lineWidth = 3 * scale;
    context.strokeStyle = '#000000c8';
    context.strokeText(line, x, y);
    context.fillStyle = named && n === 0 ? (pen.colour === plainColour ? nameColour : pen.colour) : '#ffffff';
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

import type { Plane, Point, Sketch } from '../../stores/viewer.ts';
import { along, dot, type PlaneAxes, planes } from '../camera/plane-axes.ts';
import { lpsToCanvas, type PlaneCamera } from '../camera/plane-camera.ts';
import { cutDirection } from '../camera/turning.ts';
import type { MarkupItem } from './markup-scene.ts';
import { drawMarkups } from './markups.ts';
import { drawSketch } from './sketch.ts';

const freeMm = 5;

export interface Marks {
  /** Of all planes, as they stand now. */
  axes: Record<Plane, PlaneAxes>;
  crosshairLps: Point | null;
  /** The brush under the pointer; `erases` draws it dashed, so that it is told apart without colour. */
  ring: { x: number; y: number; diameterMm: number; erases: boolean } | null;
  /** Box in LPS mm that is outlined where the slice cuts it. */
  regionLps: readonly number[] | null;
  sketch: Sketch | null;
  /** What is drawn and written beside the masks; `stepMm` is the thickness of this view's slices. */
  markups: { items: readonly MarkupItem[]; stepMm: number };
}

/** Draws crosshair and brush ring. `canvas` is in device pixels; the camera in CSS pixels. */
export function drawMarks(canvas: HTMLCanvasElement, plane: Plane, camera: PlaneCamera, marks: Marks, colourOf: (plane: Plane) => string) {
  const context = canvas.getContext('2d');
  if (!context) return;
  const scale = canvas.width / camera.widthPx;
  context.setTransform(1, 0, 0, 1, 0, 0);
  context.clearRect(0, 0, canvas.width, canvas.height);
  if (marks.regionLps) drawRegion(context, marks.axes[plane], camera, marks.regionLps, scale);
  if (marks.crosshairLps) drawCrosshair(context, plane, marks.axes, camera, marks.crosshairLps, scale, colourOf);
  drawMarkups(context, plane, marks.axes[plane], camera, marks.markups.items, marks.markups.stepMm, scale);
  if (marks.sketch) drawSketch(context, plane, marks.axes[plane], camera, marks.sketch, scale);
  if (marks.ring) drawRing(context, camera, marks.ring, scale);
}

/** One line for each of the other planes, where it cuts this one; 5 mm round the point stay free. */
function drawCrosshair(
  context: CanvasRenderingContext2D,
  plane: Plane,
  axes: Record<Plane, PlaneAxes>,
  camera: PlaneCamera,
  point: Point,
  scale: number,
  colourOf: (plane: Plane) => string,
) {
  const [cx, cy] = lpsToCanvas(axes[plane], camera, point);
  const free = freeMm / camera.mmPerPx;
  const line = Math.max(1, Math.round(scale));
  const width = context.canvas.width;
  const height = context.canvas.height;
  // Half a device pixel keeps a line of odd width crisp.
  const snap = (v: number) => Math.round(v * scale - line / 2);
  for (const other of planes) {
    if (other === plane) continue;
    const cut = cutDirection(axes[plane], axes[other]);
    if (!cut) continue;
    context.fillStyle = colourOf(other);
    if (Math.abs(cut[0]) > 1e-3 && Math.abs(cut[1]) > 1e-3) {
      // Twice the view's sides reach past every corner.
      const far = 2 * (width + height);
      context.strokeStyle = colourOf(other);
      context.lineWidth = 1.25 * line;
      context.setLineDash([]);
      for (const way of [-1, 1]) {
        context.beginPath();
        context.moveTo(cx * scale + way * cut[0] * free * scale, cy * scale + way * cut[1] * free * scale);
        context.lineTo(cx * scale + way * cut[0] * far, cy * scale + way * cut[1] * far);
        context.stroke();
      }
      continue;
    }
    const vertical = Math.abs(cut[1]) > 0.5;
    const middle = (vertical ? cy : cx) * scale;
    const length = vertical ? height : width;
    const parts: [number, number][] = [
      [0, Math.min(length, Math.round(middle - free * scale))],
      [Math.max(0, Math.round(middle + free * scale)), length],
    ];
    for (const [from, to] of parts) {
      if (to <= from) continue;
      if (vertical) context.fillRect(snap(cx), from, line, to - from);
      else context.fillRect(from, snap(cy), to - from, line);
    }
  }
}

/** Where a network works or worked: a dashed grey line, quieter than any segment. */
function drawRegion(context: CanvasRenderingContext2D, axes: PlaneAxes, camera: PlaneCamera, box: readonly number[], scale: number) {
  const corners = boxCut(axes, dot(camera.centreLps, axes.normalLps), box).map((point) => lpsToCanvas(axes, camera, point));
  if (corners.length < 3) return;
  const snap = (v: number) => Math.round(v * scale) + 0.5;
  context.lineWidth = Math.max(1, Math.round(scale));
  context.setLineDash([5 * scale, 4 * scale]);
  context.strokeStyle = '#b7bdc6b0';
  context.beginPath();
  for (const [n, [x, y]] of corners.entries()) n === 0 ? context.moveTo(snap(x), snap(y)) : context.lineTo(snap(x), snap(y));
  context.closePath();
  context.stroke();
  context.setLineDash([]);
}

/** The polygon in which a plane cuts a box of the patient's axes (xmin, ymin, zmin, xmax, ymax, zmax), its corners in order; empty: it does not. */
export function boxCut(axes: PlaneAxes, planeMm: number, box: readonly number[]): Point[] {
  const corner = (n: number): Point => [box[n & 1 ? 3 : 0]!, box[n & 2 ? 4 : 1]!, box[n & 4 ? 5 : 2]!];
  const found: Point[] = [];
  for (let n = 0; n < 8; n++)
    for (const bit of [1, 2, 4]) {
      if (n & bit) continue;
      const [a, b] = [corner(n), corner(n | bit)];
      const [below, above] = [dot(a, axes.normalLps) - planeMm, dot(b, axes.normalLps) - planeMm];
      if (below * above > 0 || below === above) continue;
      found.push(along(a, along(b, a, -1), below / (below - above)));
    }
  const middle = found.reduce<Point>((sum, p) => along(sum, p, 1 / found.length), [0, 0, 0]);
  const angle = (p: Point) => Math.atan2(dot(along(p, middle, -1), axes.downLps), dot(along(p, middle, -1), axes.rightLps));
  return found.sort((p, q) => angle(p) - angle(q));
}

function drawRing(context: CanvasRenderingContext2D, camera: PlaneCamera, ring: NonNullable<Marks['ring']>, scale: number) {
  const radius = (ring.diameterMm / 2 / camera.mmPerPx) * scale;
  const x = ring.x * scale;
  const y = ring.y * scale;
  context.setLineDash([]);
  context.beginPath();
  context.arc(x, y, radius, 0, 2 * Math.PI);
  context.lineWidth = 3.5 * scale;
  context.strokeStyle = '#000000a0';
  context.stroke();
  context.lineWidth = 1.5 * scale;
  context.strokeStyle = '#ffffff';
  if (ring.erases) context.setLineDash([4 * scale, 3 * scale]);
  context.stroke();
  context.setLineDash([]);
}

import type { Plane, Point, Sketch } from '../../stores/viewer.ts';
import { dot, planeAxes, planes } from '../camera/plane-axes.ts';
import { lpsToCanvas, type PlaneCamera } from '../camera/plane-camera.ts';
import { drawSketch } from './sketch.ts';

const freeMm = 5;

export interface Marks {
  crosshairLps: Point | null;
  /** The brush under the pointer; `erases` draws it dashed, so that it is told apart without colour. */
  ring: { x: number; y: number; diameterMm: number; erases: boolean } | null;
  /** Box in LPS mm that is outlined where the slice cuts it. */
  regionLps: readonly number[] | null;
  sketch: Sketch | null;
}

/** Draws crosshair and brush ring. `canvas` is in device pixels; the camera in CSS pixels. */
export function drawMarks(canvas: HTMLCanvasElement, plane: Plane, camera: PlaneCamera, marks: Marks, colourOf: (plane: Plane) => string) {
  const context = canvas.getContext('2d');
  if (!context) return;
  const scale = canvas.width / camera.widthPx;
  context.setTransform(1, 0, 0, 1, 0, 0);
  context.clearRect(0, 0, canvas.width, canvas.height);
  if (marks.regionLps) drawRegion(context, plane, camera, marks.regionLps, scale);
  if (marks.crosshairLps) drawCrosshair(context, plane, camera, marks.crosshairLps, scale, colourOf);
  if (marks.sketch) drawSketch(context, plane, camera, marks.sketch, scale);
  if (marks.ring) drawRing(context, camera, marks.ring, scale);
}

/** One line for each of the other planes, where it cuts this one; 5 mm round the point stay free. */
function drawCrosshair(
  context: CanvasRenderingContext2D,
  plane: Plane,
  camera: PlaneCamera,
  point: Point,
  scale: number,
  colourOf: (plane: Plane) => string,
) {
  const [cx, cy] = lpsToCanvas(planeAxes[plane], camera, point);
  const free = freeMm / camera.mmPerPx;
  const line = Math.max(1, Math.round(scale));
  const width = context.canvas.width;
  const height = context.canvas.height;
  // Half a device pixel keeps a line of odd width crisp.
  const snap = (v: number) => Math.round(v * scale - line / 2);
  for (const other of planes) {
    if (other === plane) continue;
    context.fillStyle = colourOf(other);
    const vertical = Math.abs(dot(planeAxes[other].normalLps, planeAxes[plane].rightLps)) > 0.5;
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
function drawRegion(context: CanvasRenderingContext2D, plane: Plane, camera: PlaneCamera, box: readonly number[], scale: number) {
  const axes = planeAxes[plane];
  const at = dot(camera.centreLps, axes.normalLps);
  const [low, high] = [0, 3].map((n) => dot(box.slice(n, n + 3) as Point, axes.normalLps)) as [number, number];
  if (at < low || at > high) return;
  const [ax, ay] = lpsToCanvas(axes, camera, box.slice(0, 3) as Point);
  const [bx, by] = lpsToCanvas(axes, camera, box.slice(3, 6) as Point);
  const snap = (v: number) => Math.round(v * scale) + 0.5;
  context.lineWidth = Math.max(1, Math.round(scale));
  context.setLineDash([5 * scale, 4 * scale]);
  context.strokeStyle = '#b7bdc6b0';
  context.strokeRect(snap(Math.min(ax, bx)), snap(Math.min(ay, by)), Math.abs(bx - ax) * scale, Math.abs(by - ay) * scale);
  context.setLineDash([]);
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

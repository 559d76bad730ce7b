import type { Plane, Point, Sketch } from '../../stores/viewer.ts';
import { along, dot, type PlaneAxes } from '../camera/plane-axes.ts';
import { lpsToCanvas, type PlaneCamera } from '../camera/plane-camera.ts';

/** A place this near to the slice is drawn as lying on it. mm */
const onSliceMm = 1.5;
/** A line of one slice: what the last digits of a spacing make of it is the same slice. mm */
const sameSliceMm = 0.05;

/**
 * Places with their names, and an outline, over one plane. A place that lies off the slice stays as a faint ring, so that the eye keeps
 * the four of them together; an outline is drawn on every slice of its plane, since it is taken through the volume.
 * `scale`: device pixels to a CSS pixel.
 */
export function drawSketch(
  context: CanvasRenderingContext2D,
  plane: Plane,
  axes: PlaneAxes,
  camera: PlaneCamera,
  { points, outline }: Sketch,
  scale: number,
) {
  const at = (lps: Point): Point => {
    const [x, y] = lpsToCanvas(axes, camera, lps);
    return [x * scale, y * scale, Math.abs(dot(along(lps, camera.centreLps, -1), axes.normalLps))];
  };
  context.setLineDash([]);
  if (outline && outline.plane === plane) {
    const line = outline.pointsLps.map(at);
    if (!outline.sliceOnly || (line[0]?.[2] ?? 0) < sameSliceMm) {
      drawOutline(context, line, outline.closed, outline.erases ?? false, scale, outline.closingLps?.map(at));
      drawCorners(context, outline.cornersLps ? outline.cornersLps.map(at) : line, scale);
    }
  }
  context.font = `500 ${11 * scale}px Inter Variable, Inter, sans-serif`;
  context.textBaseline = 'middle';
  for (const { lps, label } of points) {
    const [x, y, offMm] = at(lps);
    const near = offMm <= onSliceMm;
    context.beginPath();
    context.arc(x, y, (near ? 4 : 3) * scale, 0, 2 * Math.PI);
    context.lineWidth = 3 * scale;
    context.strokeStyle = '#000000b0';
    context.stroke();
    context.lineWidth = 1.5 * scale;
    context.strokeStyle = near ? '#ffffff' : '#ffffff70';
    context.stroke();
    if (!near) continue;
    context.lineWidth = 3 * scale;
    context.strokeStyle = '#000000c0';
    context.strokeText(label, x + 8 * scale, y);
    context.fillStyle = '#ffffff';
    context.fillText(label, x + 8 * scale, y);
  }
}

function drawOutline(
  context: CanvasRenderingContext2D,
  points: Point[],
  closed: boolean,
  erases: boolean,
  scale: number,
  closing: Point[] | undefined,
) {
  const first = points[0];
  if (!first) return;
  const line = () => {
    context.beginPath();
    for (const [n, [x, y]] of points.entries()) n === 0 ? context.moveTo(x, y) : context.lineTo(x, y);
    if (closed) context.closePath();
    context.stroke();
  };
  context.lineWidth = 3.5 * scale;
  context.strokeStyle = '#000000a0';
  line();
  context.lineWidth = 1.5 * scale;
  context.strokeStyle = '#ffffff';
  if (erases) context.setLineDash([5 * scale, 3 * scale]);
  line();
  context.setLineDash([]);
  const last = points.at(-1);
  if (!closed && last && points.length > 2) {
    // where Enter would close it
    context.setLineDash([4 * scale, 4 * scale]);
    context.beginPath();
    for (const [n, [x, y]] of (closing ?? [last, first]).entries()) n === 0 ? context.moveTo(x, y) : context.lineTo(x, y);
    context.strokeStyle = '#ffffff90';
    context.stroke();
    context.setLineDash([]);
  }
}

function drawCorners(context: CanvasRenderingContext2D, points: Point[], scale: number) {
  context.fillStyle = '#ffffff';
  for (const [x, y] of points) context.fillRect(x - 2 * scale, y - 2 * scale, 4 * scale, 4 * scale);
}

import { type Plane, type Point, useViewer } from '../stores/viewer.ts';
import { along, dot, planes } from './camera/plane-axes.ts';
import { panned, zoomed } from './camera/plane-camera.ts';
import { sliceMm } from './camera/slices.ts';
import { tiltDegrees, turnedPlanes } from './camera/turning.ts';
import type { Stage } from './stage.ts';

/** Shows a slice. The crosshair is where the three planes meet, so it comes along. */
export function toSlice(stage: Stage, plane: Plane, index: number): void {
  if (!stage.volume) return;
  const { stack, axes } = stage.panes[plane];
  const { crosshairLps, set } = useViewer.getState();
  const mm = sliceMm(stack, Math.min(stack.count - 1, Math.max(0, index)));
  const lift = mm - dot(crosshairLps, axes.normalLps);
  if (Math.abs(lift) > 1e-9) set({ crosshairLps: along(crosshairLps, axes.normalLps, lift) });
}

export function pan(stage: Stage, plane: Plane, dx: number, dy: number): void {
  if (!stage.volume) return;
  const pane = stage.panes[plane];
  pane.camera = panned(pane.axes, pane.camera, dx, dy);
  stage.look(plane);
}

export function zoom(stage: Stage, plane: Plane, x: number, y: number, factor: number): void {
  if (!stage.volume) return;
  const pane = stage.panes[plane];
  pane.camera = zoomed(pane.axes, pane.camera, x, y, factor);
  stage.look(plane);
}

/** Turns the two other planes about the crosshair, clockwise as this view shows their lines. */
export function turn(stage: Stage, held: Plane, degrees: number): void {
  if (!stage.volume || stage.stroke) return;
  const { axial, coronal, sagittal } = stage.panes;
  const turned = turnedPlanes({ axial: axial.axes, coronal: coronal.axes, sagittal: sagittal.axes }, held, degrees);
  const square = planes.every((plane) => tiltDegrees(plane, turned[plane]) === 0);
  // What turns them is seen by their lines.
  useViewer.getState().set({ turned: square ? null : turned, crosshairShown: true });
}

/** Fits every view to the volume, square to the patient; the crosshair stays. */
export function reset(stage: Stage): void {
  if (!stage.volume) return;
  useViewer.getState().set({ turned: null });
  for (const plane of planes) {
    stage.panes[plane].fit(useViewer.getState().crosshairLps);
    stage.look(plane);
  }
}

/** Brings the crosshair to a point and every view to where it can be seen. */
export function goToPoint(stage: Stage, point: Point): void {
  if (!stage.volume) return;
  useViewer.getState().set({ crosshairLps: point });
  for (const plane of planes) {
    stage.panes[plane].reveal(point);
    stage.look(plane);
  }
}

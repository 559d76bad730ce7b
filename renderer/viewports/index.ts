import type { Point } from '../stores/viewer.ts';
import { goToPoint, reset, turn } from './navigation.ts';
import { stageNow } from './stage.ts';

export { orientationLetters } from './camera/orientation-letters.ts';
export { dot, planeAxes, planeNames, planes } from './camera/plane-axes.ts';
export { scaleBar } from './camera/scale-bar.ts';
export { wheelSteps } from './input/wheel.ts';
export { rgbOf as colourOf } from './overlay/css-colour.ts';
export { mapStops, spreadFull } from './overlay/heat.ts';
export { difference, greys, outline, type SliceView, sliceGrid } from './overlay/slice-picture.ts';
export { sliceThrough } from './slice-through.ts';
export { ViewerGrid } from './ViewerGrid.tsx';

/** Brings the crosshair, and with it all three planes, to a patient point; views that do not show it move there. */
export function goTo(pointLps: Point): void {
  const stage = stageNow();
  if (stage) goToPoint(stage, pointLps);
}

/** The slice of the view that was worked in last: its normal and a point of it. Null: there is no image. */
export function sliceInHand(): { normalLps: Point; atLps: Point } | null {
  const stage = stageNow();
  if (!stage?.volume) return null;
  const { axes, camera } = stage.panes[stage.active];
  return { normalLps: axes.normalLps, atLps: camera.centreLps };
}

/** Turns the two other planes about the crosshair, clockwise as the view that was worked in last shows their lines. */
export function turnViews(degrees: number): void {
  const stage = stageNow();
  if (stage) turn(stage, stage.active, degrees);
}

/** Fits every view to the volume again, square to the patient; crosshair and window stay. */
export function resetViews(): void {
  const stage = stageNow();
  if (stage) reset(stage);
}

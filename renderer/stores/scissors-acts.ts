import { thinForGrid } from '../drawing/thin-loop.ts';
import { carryOut, type DrawnSettings } from './drawn-acts.ts';
import { useToolOptions } from './tool-options.ts';
import { type Point, useViewer } from './viewer.ts';

/** A closed line in one plane, as a hand drew it. */
export interface DrawnLoop {
  pointsLps: Point[];
  normalLps: Point;
  /** Ctrl was held when it was begun. */
  ctrl: boolean;
}

/** Erase or fill, as the options have it; Ctrl turns it round. */
export const scissorsOperation = (ctrl: boolean): 'erase' | 'fill' =>
  (useToolOptions.getState().scissors.operation === 'erase') === ctrl ? 'fill' : 'erase';

/** What a line cuts, as the options have it now. */
function scissorsOf({ pointsLps, normalLps, ctrl }: DrawnLoop, eyeLps: Point | null, depth: 'slice' | 'through'): DrawnSettings {
  const { region } = useToolOptions.getState().scissors;
  return { effect: 'scissors', operation: scissorsOperation(ctrl), region, loopLps: pointsLps, normalLps, depth, eyeLps };
}

/** Scissors on a slice: at once on the slice, after a look through the volume. */
export function cutOnSlice(loop: DrawnLoop): Promise<void> {
  const { scissors, look } = useToolOptions.getState();
  return carryOut(() => scissorsOf(loop, null, useToolOptions.getState().scissors.depth), look && scissors.depth === 'through');
}

/** Scissors of the 3D view: they cut all that is seen through the line. `eyeLps`: null where the view is parallel. */
export function cutInSpace(loop: DrawnLoop, eyeLps: Point | null): Promise<void> {
  const { scissors, look } = useToolOptions.getState();
  const { volume } = useViewer.getState();
  const pointsLps = scissors.shape === 'freehand' && volume ? thinForGrid(loop.pointsLps, volume.geometry.spacingMm) : loop.pointsLps;
  return carryOut(() => scissorsOf({ ...loop, pointsLps }, eyeLps, 'through'), look);
}

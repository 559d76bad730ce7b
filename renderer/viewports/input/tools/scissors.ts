import { carryOut, type DrawnSettings } from '../../../stores/drawn-acts.ts';
import { type ToolOptions, useToolOptions } from '../../../stores/tool-options.ts';
import type { Point } from '../../../stores/viewer.ts';
import { type DrawnLoop, loopTool } from './loop-tool.ts';

/** Ctrl turns erase into fill and back. */
const operation = ({ scissors }: Pick<ToolOptions, 'scissors'>, ctrl: boolean): 'erase' | 'fill' =>
  (scissors.operation === 'erase') === ctrl ? 'fill' : 'erase';

/** What a closed line cuts, as the options have it. `eyeLps`: of a view in perspective; its line goes through all that is seen. */
export function scissorsOf({ pointsLps, normalLps, ctrl }: DrawnLoop, eyeLps: Point | null, inSpace: boolean): DrawnSettings {
  const options = useToolOptions.getState();
  return {
    effect: 'scissors',
    operation: operation(options, ctrl),
    region: options.scissors.region,
    loopLps: pointsLps,
    normalLps,
    depth: inSpace ? 'through' : options.scissors.depth,
    eyeLps,
  };
}

/** Scissors of the 3D view: they cut all that is seen through the line. */
export function cutInSpace(loop: DrawnLoop, eyeLps: Point | null): Promise<void> {
  return carryOut(() => scissorsOf(loop, eyeLps, true), useToolOptions.getState().look);
}

export const scissors = loopTool({
  shape: () => useToolOptions.getState().scissors.shape,
  erases: (ctrl) => operation(useToolOptions.getState(), ctrl) === 'erase',
  done: (loop) => {
    const { scissors: chosen, look } = useToolOptions.getState();
    void carryOut(() => scissorsOf(loop, null, false), look && chosen.depth === 'through');
  },
});

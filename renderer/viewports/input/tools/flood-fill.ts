import { carryOut, type DrawnSettings, dropLooked } from '../../../stores/drawn-acts.ts';
import { useToolOptions } from '../../../stores/tool-options.ts';
import { type Point, useViewer } from '../../../stores/viewer.ts';
import type { PlaneTool, ToolPlace } from '../plane-tool.ts';
import { answerLooked, outsideImage } from './answers.ts';
import { drawnOperation, drawnRefusal } from './operation.ts';

function floodOf(seedLps: Point, normalLps: Point, operation: 'add' | 'erase'): DrawnSettings {
  const { fill } = useToolOptions.getState();
  return {
    effect: 'flood-fill',
    operation,
    seedsLps: [seedLps],
    normalLps: fill.extent === 'slice' ? normalLps : null,
    lowHu: fill.by === 'range' ? fill.lowHu : null,
    highHu: fill.by === 'range' ? fill.highHu : null,
    toleranceHu: fill.toleranceHu,
    connectivity: fill.connectivity,
    reachMm: fill.reachMm,
  };
}

/** A click fills what hangs together with it and is like it: on the slice at once, in all directions after a look. */
export const floodFill: PlaneTool = {
  refusal: (place) => drawnRefusal(place) ?? outsideImage(place),
  down({ stage, plane, lps, ctrl }: ToolPlace) {
    dropLooked();
    const { normalLps } = stage.panes[plane].axes;
    const operation = drawnOperation(ctrl);
    const { fill, look } = useToolOptions.getState();
    useViewer.getState().set({ sketch: { points: [{ lps, label: '' }], outline: null } });
    void carryOut(() => floodOf(lps, normalLps, operation), look && fill.extent === 'volume');
    return false;
  },
  ...answerLooked,
};

import { carryOut, dropLooked } from '../../../stores/drawn-acts.ts';
import { useToolOptions } from '../../../stores/tool-options.ts';
import { type Point, useViewer } from '../../../stores/viewer.ts';
import { useWorkspace } from '../../../stores/workspace.ts';
import { voxelAt } from '../../voxel-at.ts';
import { paintRefusal } from '../painting.ts';
import type { PlaneTool, ToolPlace } from '../plane-tool.ts';
import { answerLooked } from './answers.ts';

/** Clean asks for a place; Correct takes the island away, keeps it alone or makes it a segment. */
const inClean = () => useWorkspace.getState().step === 'clean';

function offMask(pointLps: Point): string | null {
  const { layers, activeSegment, volume } = useViewer.getState();
  const layer = layers.find((l) => l.segmentId === activeSegment);
  const at = volume && voxelAt(volume, pointLps);
  return layer && at !== null && layer.values[at] === 1 ? null : `Click inside an island of ${layer?.name ?? 'the segment'}.`;
}

export const pick: PlaneTool = {
  refusal: (place) => (inClean() ? null : (paintRefusal() ?? (place ? offMask(place.lps) : null))),
  down({ lps }: ToolPlace) {
    if (inClean()) {
      useViewer.getState().onPick(lps);
      return false;
    }
    dropLooked();
    useViewer.getState().set({ sketch: { points: [{ lps, label: '' }], outline: null } });
    void carryOut(() => ({ effect: 'island', ...useToolOptions.getState().island, seedLps: lps }), useToolOptions.getState().look);
    return false;
  },
  ...answerLooked,
};

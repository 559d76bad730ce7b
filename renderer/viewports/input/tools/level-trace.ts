import { levelOutline } from '../../../../kernels/labels/level-trace.ts';
import { carryOut } from '../../../stores/drawn-acts.ts';
import { type Point, type Sketch, useViewer } from '../../../stores/viewer.ts';
import type { PlaneTool, ToolPlace } from '../plane-tool.ts';
import { outsideImage } from './answers.ts';
import { drawnOperation, drawnRefusal } from './operation.ts';
import { sliceValues } from './slice-values.ts';

function outlineAt({ stage, plane, lps }: ToolPlace): Point[] | null {
  const { volume } = useViewer.getState();
  const slice = volume && sliceValues(volume, stage.panes[plane].axes.normalLps, lps);
  return slice ? levelOutline(slice, lps) : null;
}

/** What the pointer's last move has drawn. */
let hovered: Sketch | null = null;
function show(sketch: Sketch | null): void {
  const { sketch: now, set } = useViewer.getState();
  // Another's drawing is not taken away with it.
  if (sketch === null && now !== hovered) return;
  hovered = sketch;
  if (now !== sketch) set({ sketch });
}

const sketchOf = ({ plane, ctrl }: ToolPlace, pointsLps: Point[]): Sketch => ({
  points: [],
  outline: { plane, pointsLps, closed: true, cornersLps: [], erases: drawnOperation(ctrl) === 'erase', sliceOnly: true },
});

/** The closed line of equal value under the pointer is shown as it moves; a click fills it on the slice. */
export const levelTrace: PlaneTool = {
  refusal: (place) =>
    drawnRefusal(place) ??
    outsideImage(place) ??
    (place && outlineAt(place) === null ? 'The line of equal value does not close here. Point nearer to an edge.' : null),
  down(place) {
    const { stage, plane, lps, ctrl } = place;
    const outline = outlineAt(place);
    if (!outline) return false;
    const operation = drawnOperation(ctrl);
    const { normalLps } = stage.panes[plane].axes;
    show(sketchOf(place, outline));
    hovered = null;
    void carryOut(() => ({ effect: 'level-trace', operation, seedLps: lps, normalLps }), false);
    return false;
  },
  hover(place) {
    // The line that is being filled stays until it is.
    if (drawnRefusal(place) !== null) return;
    const outline = outlineAt(place);
    show(outline && sketchOf(place, outline));
  },
  leave: () => show(null),
  cancel() {
    show(null);
    return false;
  },
};

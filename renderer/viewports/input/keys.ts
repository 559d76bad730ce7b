import type { Plane } from '../../stores/viewer.ts';
import { toSlice } from '../navigation.ts';
import type { Stage } from '../stage.ts';

const pageSlices = 10;

/** Keys of a focused view that cannot be given to anything else; all others are the window's, where they can be chosen. */
export function attachKeys(stage: Stage, plane: Plane): () => void {
  const pane = stage.panes[plane];
  const step = (by: number) => () => toSlice(stage, plane, pane.sliceIndex + by);
  const keys: Record<string, () => void> = {
    ArrowUp: step(1),
    ArrowRight: step(1),
    ArrowDown: step(-1),
    ArrowLeft: step(-1),
    PageUp: step(pageSlices),
    PageDown: step(-pageSlices),
    Home: () => toSlice(stage, plane, 0),
    End: () => toSlice(stage, plane, pane.stack.count - 1),
  };
  const onKey = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.altKey || event.metaKey || event.shiftKey) return;
    const act = keys[event.key];
    if (!act) return;
    event.preventDefault();
    event.stopPropagation();
    act();
  };
  pane.root.addEventListener('keydown', onKey);
  return () => pane.root.removeEventListener('keydown', onKey);
}

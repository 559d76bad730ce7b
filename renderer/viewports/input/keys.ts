import type { Plane } from '../../stores/viewer.ts';
import { toSlice } from '../navigation.ts';
import type { Stage } from '../stage.ts';

const pageSlices = 10;

/** Slices of a view by key. Only keys that cannot be given to anything else: all others are the window's, where they can be chosen. */
export function stepByKey(stage: Stage, plane: Plane, event: KeyboardEvent): void {
  if (event.ctrlKey || event.altKey || event.metaKey || event.shiftKey) return;
  const { sliceIndex, stack } = stage.panes[plane];
  const to: Record<string, number> = {
    ArrowUp: sliceIndex + 1,
    ArrowRight: sliceIndex + 1,
    ArrowDown: sliceIndex - 1,
    ArrowLeft: sliceIndex - 1,
    PageUp: sliceIndex + pageSlices,
    PageDown: sliceIndex - pageSlices,
    Home: 0,
    End: stack.count - 1,
  };
  const index = to[event.key];
  if (index === undefined) return;
  event.preventDefault();
  event.stopPropagation();
  toSlice(stage, plane, index);
}

export function attachKeys(stage: Stage, plane: Plane): () => void {
  const { root } = stage.panes[plane];
  const onKey = (event: KeyboardEvent) => stepByKey(stage, plane, event);
  root.addEventListener('keydown', onKey);
  return () => root.removeEventListener('keydown', onKey);
}

import { useToolOptions } from '../../../stores/tool-options.ts';
import { paintRefusal } from '../painting.ts';
import type { ToolPlace } from '../plane-tool.ts';

/** Add or erase, as the options have it; Ctrl turns it round. */
export const drawnOperation = (ctrl: boolean): 'add' | 'erase' =>
  (useToolOptions.getState().operation === 'add') === ctrl ? 'erase' : 'add';

/** Why nothing can be drawn now with add or erase as it is, at this place with what is held there; null: it can. */
export const drawnRefusal = (place?: Pick<ToolPlace, 'ctrl'>): string | null =>
  paintRefusal(drawnOperation(place?.ctrl ?? false) === 'add');

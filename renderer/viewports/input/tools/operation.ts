import { useToolOptions } from '../../../stores/tool-options.ts';

/** Add or erase, as the options have it; Ctrl turns it round. */
export const drawnOperation = (ctrl: boolean): 'add' | 'erase' =>
  (useToolOptions.getState().operation === 'add') === ctrl ? 'erase' : 'add';

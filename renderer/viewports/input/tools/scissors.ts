import { cutOnSlice, scissorsOperation } from '../../../stores/scissors-acts.ts';
import { useToolOptions } from '../../../stores/tool-options.ts';
import { loopTool } from './loop-tool.ts';

/** A closed line that cuts: on its slice, or through the volume along the view's normal. */
export const scissors = loopTool({
  shape: () => useToolOptions.getState().scissors.shape,
  erases: (ctrl) => scissorsOperation(ctrl) === 'erase',
  done: (loop) => void cutOnSlice(loop),
});

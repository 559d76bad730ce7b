import { carryOut } from '../../../stores/drawn-acts.ts';
import { useToolOptions } from '../../../stores/tool-options.ts';
import { loopTool } from './loop-tool.ts';
import { drawnOperation } from './operation.ts';

/** A closed line, filled on the slice that it was drawn on. */
export const contour = loopTool({
  shape: () => useToolOptions.getState().contour.shape,
  erases: (ctrl) => drawnOperation(ctrl) === 'erase',
  done: ({ pointsLps, normalLps, ctrl }) => {
    const operation = drawnOperation(ctrl);
    void carryOut(() => ({ effect: 'contour', operation, contoursLps: [pointsLps], normalLps }), false);
  },
});

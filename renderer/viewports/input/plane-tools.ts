import type { Tool } from '../../stores/viewer.ts';
import type { PlaneTool } from './plane-tool.ts';
import { contour } from './tools/contour.ts';
import { floodFill } from './tools/flood-fill.ts';
import { levelTrace } from './tools/level-trace.ts';
import { livewire } from './tools/livewire.ts';
import { markup } from './tools/markup.ts';
import { pick } from './tools/pick.ts';
import { scissors } from './tools/scissors.ts';

/** One line for each tool; brush, eraser and the views' own drags are the pointer's. */
export const planeTools: Partial<Record<Tool, PlaneTool>> = {
  pick,
  scissors,
  'flood-fill': floodFill,
  'level-trace': levelTrace,
  livewire,
  contour,
  markup,
};

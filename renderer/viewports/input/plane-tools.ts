import type { Tool } from '../../stores/viewer.ts';
import type { PlaneTool } from './plane-tool.ts';

/** One line for each tool; brush, eraser and the views' own drags are the pointer's. */
export const planeTools: Partial<Record<Tool, PlaneTool>> = {};

import { Box, Bubbles, ChartColumn, Pencil, ScanLine, Share, SlidersHorizontal, SquareSplitHorizontal } from 'lucide-react';
import type { Step } from '../stores/workspace.ts';

export const icon = { size: 16, strokeWidth: 1.5, 'aria-hidden': true } as const;

/** The steps as the rail names them; `later` says why a step cannot be entered in this version. */
export const stepNames: Record<Step, { name: string; icon: typeof Box; later: string | null }> = {
  prepare: { name: 'Prepare', icon: ScanLine, later: null },
  preprocess: { name: 'Preprocess', icon: SlidersHorizontal, later: null },
  segment: { name: 'Segment', icon: SquareSplitHorizontal, later: null },
  correct: { name: 'Correct', icon: Pencil, later: null },
  clean: { name: 'Clean', icon: Bubbles, later: null },
  evaluate: { name: 'Evaluate', icon: ChartColumn, later: null },
  model: { name: 'Model', icon: Box, later: null },
  export: { name: 'Export', icon: Share, later: null },
};

import { CircleCheck, CircleDashed, CircleDot, Flag } from 'lucide-react';
import type { ReviewState } from '../../contract/labels.ts';

/** Each state has its own shape beside its colour. */
export const reviewMarks: Record<ReviewState, { icon: typeof Flag; words: string; className: string }> = {
  'not started': { icon: CircleDashed, words: 'Not started', className: 's-off' },
  'in progress': { icon: CircleDot, words: 'In progress', className: 's-info' },
  completed: { icon: CircleCheck, words: 'Completed', className: 's-ok' },
  flagged: { icon: Flag, words: 'Flagged', className: 's-warn' },
};

import type { Author } from '../../contract/review.ts';

/** How each author is drawn: a colour of the tokens and a pattern, so that it is told without colour too. */
export const authorLooks: Record<
  Author,
  { name: string; colour: string; pattern: 'plain' | 'rising' | 'solid' | 'dots' | 'level' | 'upright' }
> = {
  threshold: { name: 'Threshold', colour: 'var(--seg-8)', pattern: 'plain' },
  network: { name: 'Network', colour: 'var(--seg-2)', pattern: 'rising' },
  hand: { name: 'Hand', colour: 'var(--seg-1)', pattern: 'solid' },
  fill: { name: 'Filling', colour: 'var(--seg-3)', pattern: 'dots' },
  clean: { name: 'Clean and effects', colour: 'var(--seg-4)', pattern: 'level' },
  file: { name: 'File', colour: 'var(--seg-7)', pattern: 'upright' },
};

import type { JournalEntry } from '../../../contract/case.ts';
import { undoneSequences } from './undone.ts';

/**
 * Sequences of the strokes that stand in a segment, oldest first: not undone, and not overwritten by a run that was told to. A clean
 * folds strokes into the mask; here they are still known as the hand's (who set which voxel is read off the journal). Cost: linear.
 */
export function handStrokes(entries: readonly JournalEntry[], segment: string): number[] {
  const undone = undoneSequences(entries);
  let strokes: number[] = [];
  for (const { act, parameters, sequence } of entries) {
    if (undone.has(sequence)) continue;
    if (act === 'stroke' && parameters.segment === segment) strokes.push(sequence);
    const settings = parameters.settings as { overwriteHand?: unknown } | undefined;
    const adjusted = act === 'adjust' && parameters.segment === segment && settings?.overwriteHand === true;
    const rerun = act === 'segment' && parameters.into === segment && parameters.overwriteHand === true;
    if (adjusted || rerun) strokes = [];
  }
  return strokes;
}

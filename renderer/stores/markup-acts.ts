import { z } from 'zod';
import { type CaseState, caseState } from '../../contract/case.ts';
import { type Markup, type MarkupRequest, markupNames } from '../../contract/markups.ts';
import { api } from '../api/client.ts';
import { act, open } from './acts.ts';
import { adopt, useCase } from './case.ts';
import { runJob } from './jobs.ts';
import { type DrawnMarkup, useMarkups } from './markups.ts';
import { applyEffect } from './mask-acts.ts';
import { useNotices } from './notices.ts';
import { useViewer } from './viewer.ts';

/** Why nothing can be drawn beside the masks now, with the way out; null: it can. A segment is not needed for it. */
export function markupRefusal(): string | null {
  const { state, loading } = useCase.getState();
  if (!state) return 'No case is open.';
  if (state.readOnly)
    return state.heldBy ? `Read-only: ${state.heldBy}. Close it there and open it again.` : 'The case was opened read-only.';
  if (loading || !useViewer.getState().volume) return 'The voxels are still on their way.';
  if (useNotices.getState().lost) return 'The service does not answer, so nothing could be saved.';
  return useMarkups.getState().shown ? null : 'Annotations are hidden. Show them with M before you draw.';
}

/** Carries an act out on the case that it was begun on; where another one is open when its turn comes, there is none. */
async function onThisCase(words: string, ask: (id: string) => Promise<CaseState>): Promise<CaseState | null> {
  const { id } = open();
  return act(words, async () => {
    const now = useCase.getState().state;
    if (now?.id !== id) return null;
    const next = await ask(id);
    await adopt(next);
    return next;
  });
}

/** Sends what was drawn; it stays on the planes meanwhile, and is selected when the case has it. */
export async function addMarkup(drawn: DrawnMarkup): Promise<void> {
  const series = useViewer.getState().volume?.seriesInstanceUid;
  if (series === undefined) return;
  const { pending, set } = useMarkups.getState();
  set({ pending: [...pending, drawn], drawn: null });
  const next = await onThisCase(markupNames[drawn.kind], (id) => api.addMarkup(id, { ...drawn, series, name: '', segment: null }));
  useMarkups.getState().set({
    pending: useMarkups.getState().pending.filter((one) => one !== drawn),
    ...(next ? { selected: next.markups.at(-1)?.id ?? null } : {}),
  });
}

/** Moves, renames or rewrites a markup. */
export async function changeMarkup({ id: markup, ...before }: Markup, change: Partial<MarkupRequest>): Promise<void> {
  await onThisCase('Annotation', (id) => api.changeMarkup(id, markup, { ...before, ...change }));
  if (useMarkups.getState().moved?.id === markup) useMarkups.getState().set({ moved: null });
}

export async function removeMarkup(id: string): Promise<void> {
  if (useMarkups.getState().selected === id) useMarkups.getState().set({ selected: null });
  await onThisCase('Remove the annotation', (open) => api.removeMarkup(open, id));
}

/** Contour to mask: adds what a closed markup encloses to a segment, or takes it away, on the slice that it lies on. */
export function fillWith(markup: string, segment: string, operation: 'add' | 'erase'): Promise<CaseState | null> {
  return applyEffect(segment, { settings: { effect: 'contour', operation }, markups: [markup] }, 'Contour');
}

const contoured = z.object({ markups: z.string().array(), case: caseState });
/** Mask to contours: the outlines of a segment on the slice through a point become polygons. Answers how many. */
export function contoursOf(segment: string, normalLps: [number, number, number], atLps: [number, number, number]): Promise<number | null> {
  return act('Contours of the segment', async () => {
    const made = contoured.parse(await runJob(api.contours(open().id, segment, { normalLps, atLps })));
    await adopt(made.case);
    useMarkups.getState().set({ selected: made.markups.at(-1) ?? null });
    return made.markups.length;
  });
}

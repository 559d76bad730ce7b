import { create } from 'zustand';
import type { Segment } from '../../contract/case.ts';
import type { DescribeRequest, LabelList, ReviewState } from '../../contract/labels.ts';
import { api } from '../api/client.ts';
import { act, open, remove } from './acts.ts';
import { activeSegmentOf, adopt, useCase } from './case.ts';
import { tellProblem, useNotices } from './notices.ts';
import { useViewer } from './viewer.ts';
import { useWorkspace } from './workspace.ts';

/** What is open of a segment in the list; one at a time. */
export type SegmentPart = 'details' | 'colour' | 'name';
interface SegmentListState {
  open: { segment: string; part: SegmentPart } | null;
  /** The label table; null: not asked for yet. */
  labels: LabelList | null;
}
export const useSegmentList = create<SegmentListState>()(() => ({ open: null, labels: null }));

export function toggleSegmentPart(segment: string, part: SegmentPart): void {
  const { open: now } = useSegmentList.getState();
  useSegmentList.setState({ open: now?.segment === segment && now.part === part ? null : { segment, part } });
}
export const closeSegmentPart = (): void => useSegmentList.setState({ open: null });

/** Changes what a segment is called, shown as or stands for; what is refused is told. Answers whether it was done. */
export async function describe(segment: string, words: string, change: DescribeRequest): Promise<boolean> {
  const done = await act<true>(words, async () => {
    await adopt(await api.describe(open().id, segment, change));
    return true;
  });
  return done === true;
}

export const setLocked = (segment: Pick<Segment, 'id' | 'name'>, locked: boolean): Promise<boolean> =>
  describe(segment.id, `${locked ? 'Lock' : 'Unlock'} ${segment.name}`, { locked });

/** Says that a locked segment is left alone, with the way out. */
export function tellLocked(segment: Pick<Segment, 'id' | 'name'>, what: string): void {
  useNotices.getState().tell({
    kind: 'notice',
    title: `${what}: not now`,
    text: `${segment.name} is locked, so that nothing changes it by accident.`,
    action: { label: 'Unlock', run: () => void setLocked(segment, false) },
  });
}

/** Fetches the label table once; a fault in a hospital's own table is told. */
export async function loadLabels(): Promise<void> {
  if (useSegmentList.getState().labels) return;
  try {
    const labels = await api.labels();
    useSegmentList.setState({ labels });
    for (const { text } of labels.faults) useNotices.getState().tell({ kind: 'finding', title: 'Label table', text });
  } catch (cause) {
    tellProblem('Reading the label table', cause);
  }
}

const active = (): Segment | null => activeSegmentOf(useCase.getState().state, useViewer.getState().activeSegment);

export async function lockActive(): Promise<void> {
  const segment = active();
  if (segment) await setLocked(segment, !segment.locked);
}
export async function reviewActive(review: ReviewState): Promise<void> {
  const segment = active();
  if (segment) await describe(segment.id, `Review state of ${segment.name}`, { review });
}
export const lockedActive = (): string | null => {
  const segment = active();
  return segment?.locked ? `${segment.name} is locked. Unlock it first.` : null;
};
export async function removeActive(): Promise<void> {
  const segment = active();
  if (segment) await remove(segment.id);
}
/** Opens a part of the active segment's row, in a step that shows the list. */
export function openActive(part: SegmentPart): void {
  const segment = active();
  if (!segment) return;
  const { step, set } = useWorkspace.getState();
  if (step !== 'segment' && step !== 'correct' && step !== 'clean') set({ step: 'correct' });
  toggleSegmentPart(segment.id, part);
}

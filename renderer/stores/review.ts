import { create } from 'zustand';
import type { Segment } from '../../contract/case.ts';
import type { DoubtfulPlace, ReviewQueue } from '../../contract/review.ts';
import { activeSegmentOf, useCase } from './case.ts';
import { useViewer } from './viewer.ts';

interface ReviewStore {
  /** Doubtful places as they were found in one mask; null: nobody has looked in this case. */
  found: { caseId: string; segment: string; mask: string; queue: ReviewQueue } | null;
  /** Id of the place that is looked at now. */
  at: string | null;
}
export const useReview = create<ReviewStore>()(() => ({ found: null, at: null }));

/** Names a mask as it stands: another text, another mask. */
export const maskText = ({ mask, network }: Segment): string =>
  JSON.stringify([mask.base, mask.strokes.length, mask.strokes.at(-1) ?? null, network?.settings ?? null]);

const isIn = (place: DoubtfulPlace, looked: Segment['reviewed'][number]): boolean =>
  place.kind === looked.kind && Math.hypot(...place.centreLps.map((mm, n) => mm - looked.centreLps[n]!)) <= Math.max(looked.radiusMm, 0.1);

interface ReviewView {
  segment: Segment;
  /** Null: not looked for yet. */
  places: DoubtfulPlace[] | null;
  total: number;
  reviewed: number;
  /** The mask is another than the one that was searched. */
  stale: boolean;
  at: DoubtfulPlace | null;
}

const views = new WeakMap<object, { found: unknown; at: string | null; view: ReviewView }>();

/** The queue of the active segment with what the case says was looked at. The same object until something of it changes. */
export function reviewView(
  state: ReturnType<typeof useCase.getState>['state'],
  active: string | null,
  { found, at }: ReviewStore,
): ReviewView | null {
  const segment = activeSegmentOf(state, active);
  if (!state || !segment) return null;
  const before = views.get(segment);
  if (before && before.found === found && before.at === at) return before.view;
  const own = found?.caseId === state.id && found.segment === segment.id ? found : null;
  const places = own?.queue.places.map((place) => ({ ...place, reviewed: segment.reviewed.some((looked) => isIn(place, looked)) })) ?? null;
  const view: ReviewView = {
    segment,
    places,
    total: own?.queue.total ?? 0,
    reviewed: places?.filter((place) => place.reviewed).length ?? 0,
    stale: own !== null && own.mask !== maskText(segment),
    at: places?.find((place) => place.id === at) ?? null,
  };
  views.set(segment, { found, at, view });
  return view;
}

export const reviewNow = (): ReviewView | null =>
  reviewView(useCase.getState().state, useViewer.getState().activeSegment, useReview.getState());

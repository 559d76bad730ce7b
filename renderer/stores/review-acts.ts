import { type DoubtfulPlace, type ReviewQueue, reviewQueue } from '../../contract/review.ts';
import { api } from '../api/client.ts';
import { goTo } from '../viewports/index.ts';
import { act, open } from './acts.ts';
import { adopt } from './case.ts';
import { runJob } from './jobs.ts';
import { maskText, reviewNow, useReview } from './review.ts';

/** Looks for the doubtful places of the active segment as it stands; not an act of the case. */
export function findDoubts(segmentId: string): Promise<ReviewQueue | null> {
  return act(
    'Find doubtful places',
    async () => {
      const { id } = open();
      const segment = open().segments.find((one) => one.id === segmentId);
      if (!segment) throw new RangeError(`no segment ${segmentId}`);
      const mask = maskText(segment);
      const queue = reviewQueue.parse(await runJob(api.doubts(id, segmentId)));
      useReview.setState({ found: { caseId: id, segment: segmentId, mask, queue }, at: null });
      return queue;
    },
    { reads: true },
  );
}

export function lookAtPlace(place: DoubtfulPlace): void {
  useReview.setState({ at: place.id });
  goTo(place.centreLps);
}

/** The next or the one before among places that nobody has looked at; among all where there is none left. Searches first where nobody has. */
export async function stepPlace(by: 1 | -1): Promise<void> {
  const view = reviewNow();
  if (!view) return;
  if (!view.places && !(await findDoubts(view.segment.id))) return;
  const now = reviewNow();
  const places = now?.places;
  if (!now || !places?.length) return;
  const from = places.findIndex((place) => place.id === now.at?.id);
  const left = places.some((place) => !place.reviewed && place.id !== now.at?.id);
  for (let n = 1; n <= places.length; n++) {
    const start = from < 0 && by < 0 ? places.length : from;
    const place = places[(start + by * n + n * places.length * 2) % places.length]!;
    if (!left || !place.reviewed) return lookAtPlace(place);
  }
}

/** Keeps that places were looked at, or takes it back; an act that undo takes back. */
export function markReviewed(segmentId: string, places: DoubtfulPlace[], reviewed: boolean): Promise<true | null> {
  return act<true>('Review', async () => {
    const named = places.map(({ kind, centreLps, radiusMm }) => ({ kind, centreLps, radiusMm }));
    await adopt(await api.review(open().id, segmentId, { places: named, reviewed }));
    return true;
  });
}

/** The place that is looked at is seen; on to the next. */
export async function confirmPlace(): Promise<void> {
  const view = reviewNow();
  if (!view?.at) return;
  if (!view.at.reviewed && !(await markReviewed(view.segment.id, [view.at], true))) return;
  if (reviewNow()?.places?.some((place) => !place.reviewed)) await stepPlace(1);
}

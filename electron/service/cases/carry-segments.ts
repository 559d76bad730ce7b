import { Refusal } from '../../../contract/errors.ts';
import type { ReviewedPlace } from '../../../contract/review.ts';
import { changeMarkups } from './change-markups.ts';
import { type Carries, editableSegment, type LivingCase, livingSegments, parametersOf, segmentOf } from './living.ts';

/** A place found again counts as the one that was looked at where its centre lies in it. */
const isAt = (a: ReviewedPlace, b: ReviewedPlace): boolean =>
  a.kind === b.kind && Math.hypot(...a.centreLps.map((mm, n) => mm - b.centreLps[n]!)) <= Math.max(a.radiusMm, 0.1);

/** Acts beside the masks: on a segment's details, and on markups (9.1). */
export const carrySegments = (living: LivingCase): Carries<'rename' | 'describe' | 'remove' | 'review' | 'markup'> => ({
  rename: (entry) => {
    const renamed = parametersOf('rename', entry);
    const segment = segmentOf(living, renamed.segment);
    return () => {
      const before = segment.name;
      segment.name = renamed.to;
      return () => {
        segment.name = before;
      };
    };
  },
  remove: (entry) => {
    const segment = editableSegment(living, parametersOf('remove', entry).segment);
    return () => {
      segment.removed = true;
      return () => {
        segment.removed = false;
      };
    };
  },
  describe: (entry) => {
    const { segment: id, to } = parametersOf('describe', entry);
    const segment = segmentOf(living, id);
    const twin = livingSegments(living).find((one) => one !== segment && one.series === segment.series && one.number === to.number);
    if (twin)
      throw new Refusal('CASE_EXISTS', `${twin.name} has the number ${to.number} already. Choose another, or change that one first.`);
    return () => {
      const before = Object.fromEntries(Object.keys(to).map((key) => [key, segment[key as keyof typeof to]]));
      Object.assign(segment, to);
      return () => Object.assign(segment, before);
    };
  },
  review: (entry) => {
    const { segment: id, places, reviewed } = parametersOf('review', entry);
    const segment = segmentOf(living, id);
    return () => {
      const before = segment.reviewed;
      const others = before.filter((one) => !places.some((place) => isAt(one, place)));
      segment.reviewed = reviewed ? [...others, ...places] : others;
      return () => {
        segment.reviewed = before;
      };
    };
  },
  markup: (entry) => changeMarkups(living, entry, parametersOf('markup', entry).changes),
});

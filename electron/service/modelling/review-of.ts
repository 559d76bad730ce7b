import type { Segment } from '../../../contract/case.ts';
import { authors } from '../../../contract/review.ts';
import type { JobContext } from '../jobs.ts';
import type { Session } from '../open-cases.ts';
import type { Ports } from '../ports.ts';
import { authorCounts } from '../steps/annotation/authorship.ts';
import { unreviewedOf, unreviewedWords } from '../steps/annotation/doubts.ts';

/** What a report says of who drew a segment and of its doubtful places. */
export async function reviewOf(ports: Ports, session: Session, segment: Segment, context?: JobContext) {
  const { voxels, total, removedByHand } = await authorCounts(ports, session, segment.id, context ?? {});
  const percent = Object.fromEntries(authors.map((one) => [one, total > 0 ? Math.round((1000 * voxels[one]) / total) / 10 : 0]));
  const unreviewed = await unreviewedOf(ports, session, segment);
  return { authorship: { percent, voxels, removedByHand }, doubtfulPlaces: { ...unreviewed, statement: unreviewedWords(unreviewed) } };
}

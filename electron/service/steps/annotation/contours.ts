import type { z } from 'zod';
import type { CaseState } from '../../../../contract/case.ts';
import { Refusal } from '../../../../contract/errors.ts';
import type { MarkupDraft } from '../../../../contract/markups.ts';
import type { contoursRequest } from '../../../../contract/routes.ts';
import { markupAct } from '../../cases/acts.ts';
import { chooseSegment, seriesOf } from '../../choose.ts';
import type { JobContext } from '../../jobs.ts';
import type { Session } from '../../open-cases.ts';
import type { Ports } from '../../ports.ts';

/** As many contours as one act takes, and as many points as a markup has. */
const mostContours = 4096;
const mostPoints = 4096;

/**
 * 9.1: a mask's contours as polygons, on one slice or on all, in one step. Filled on their slices by the even-odd rule (effect `contour`)
 * they give the mask again. Throws Refusal NOT_FOUND, GRID_MISMATCH, EMPTY_SEGMENT, and TOO_LARGE where there are more of them, or one has
 * more points, than markups hold.
 */
export async function contourSegment(
  ports: Ports,
  session: Session,
  nameOrId: string | null,
  { normalLps, atLps }: z.infer<typeof contoursRequest>,
  context: JobContext,
): Promise<{ markups: string[]; case: CaseState }> {
  session.assertWritable();
  const before = session.state();
  const segment = chooseSegment(before, nameOrId);
  const series = seriesOf(before, segment);
  const { slices, normalLps: across } = await ports.compute.run(
    'contours',
    { mask: await session.maskFile(segment), name: segment.name, geometry: series, normalLps, atLps },
    { onProgress: context.progress, signal: context.signal },
  );
  const count = slices.reduce((sum, one) => sum + one.contoursLps.length, 0);
  if (count > mostContours)
    throw new Refusal(
      'TOO_LARGE',
      `${segment.name} has ${count} contours, and ${mostContours} can be kept at once. Choose one slice, or leave out small parts first.`,
    );
  const drafts = slices.flatMap(({ number, contoursLps }) =>
    contoursLps.map((pointsLps, n): MarkupDraft => {
      if (pointsLps.length > mostPoints)
        throw new Refusal(
          'TOO_LARGE',
          `A contour on slice ${number} has ${pointsLps.length} points, and a markup holds ${mostPoints}. Smooth ${segment.name} first.`,
        );
      const name = `${segment.name.slice(0, 40)} slice ${number}${contoursLps.length > 1 ? ` (${n + 1})` : ''}`;
      return { kind: 'polygon', name, series: series.seriesInstanceUid, pointsLps, normalLps: across, text: '', segment: segment.id };
    }),
  );
  const title = `Contours of ${segment.name}, ${slices.length === 1 ? `slice ${slices[0]!.number}` : `${slices.length} slices`}`;
  return session.exclusive(async () => {
    session.assertWritable();
    const known = new Set(session.state().markups.map((one) => one.id));
    await session.append(
      markupAct(
        drafts.map((markup) => ({ id: null, markup })),
        title,
      ),
    );
    const state = session.state();
    return { markups: state.markups.flatMap((one) => (known.has(one.id) ? [] : [one.id])), case: state };
  });
}

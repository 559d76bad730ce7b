import type { CaseState } from '../../../../contract/case.ts';
import { Refusal } from '../../../../contract/errors.ts';
import { closedKinds, type Markup, type MarkupDraft, type MarkupMeasures, type MarkupRequest } from '../../../../contract/markups.ts';
import { markupAct } from '../../cases/acts.ts';
import { chooseSegment } from '../../choose.ts';
import type { JobContext } from '../../jobs.ts';
import type { Session } from '../../open-cases.ts';
import type { Ports } from '../../ports.ts';
import { BadRequest } from '../../problems.ts';
import { changeTitle, freeName } from './markup-words.ts';

/** A corner may lie this far off the plane that is named with it. mm */
const offPlaneMm = 0.1;
/** Further from the image than this no place of a patient lies. mm */
const farthestMm = 10_000;

/** The markup that a request means: by id, or the newest of this name. Throws Refusal NOT_FOUND. */
export function chooseMarkup({ markups }: Pick<CaseState, 'markups'>, nameOrId: string): Markup {
  const found = markups.find((one) => one.id === nameOrId) ?? markups.findLast((one) => one.name === nameOrId);
  if (found) return found;
  throw new Refusal('NOT_FOUND', `There is no markup ${nameOrId}. There are: ${markups.map((one) => one.name).join(', ') || 'none'}`);
}

function assertFlat({ kind, pointsLps, normalLps }: MarkupRequest): void {
  if (normalLps === null) return;
  const length = Math.hypot(...normalLps);
  if (Math.abs(length - 1) > 1e-3) throw new BadRequest(`normalLps: a unit normal has the length 1, not ${Number(length.toPrecision(4))}`);
  if (!closedKinds.includes(kind)) return;
  const heights = pointsLps.map((point) => point.reduce((sum, mm, n) => sum + mm * normalLps[n]!, 0));
  const apart = Math.max(...heights) - Math.min(...heights);
  if (apart > offPlaneMm)
    throw new BadRequest(
      `pointsLps: what encloses an area lies in one plane, and these points lie ${apart.toFixed(2)} mm apart along normalLps. Draw it on one slice.`,
    );
}

/** The request as the journal takes it. Throws Refusal NOT_FOUND of a series or a segment that there is none of, BadRequest of points that cannot be. */
function draftOf(state: CaseState, request: MarkupRequest, name: string): MarkupDraft {
  const series = state.series.find((one) => one.seriesInstanceUid === request.series);
  if (!series)
    throw new Refusal(
      'NOT_FOUND',
      `There is no series ${request.series} in this case, so nothing can be drawn on it. Choose one that is listed.`,
    );
  const far = request.pointsLps.find((point) => Math.hypot(...point.map((mm, n) => mm - series.originLps[n]!)) > farthestMm);
  if (far) throw new BadRequest(`pointsLps: ${far.join(', ')} lies more than 10 m from the image. Points are LPS, in mm.`);
  assertFlat(request);
  const segment = request.segment === null ? null : chooseSegment(state, request.segment).id;
  return { ...request, segment, name };
}

/** 9.1: a new markup. Without a name it gets the next one of its kind: 'Line 1'. */
export function addMarkup(session: Session, request: MarkupRequest): Promise<CaseState> {
  return session.exclusive(async () => {
    const state = session.state();
    const draft = draftOf(state, request, request.name || freeName(request.kind, state.markups));
    await session.append(markupAct([{ id: null, markup: draft }], draft.name));
    return session.state();
  });
}

/** Moves, renames or rewrites a markup; without a name it keeps its own. What changes nothing is no act. */
export function changeMarkup(session: Session, nameOrId: string, request: MarkupRequest): Promise<CaseState> {
  return session.exclusive(async () => {
    const state = session.state();
    const before = chooseMarkup(state, nameOrId);
    const draft = draftOf(state, request, request.name || before.name);
    const title = changeTitle(before, draft);
    if (title !== null) await session.append(markupAct([{ id: before.id, markup: draft }], title));
    return session.state();
  });
}

export function removeMarkup(session: Session, nameOrId: string): Promise<CaseState> {
  return session.exclusive(async () => {
    const { id, name } = chooseMarkup(session.state(), nameOrId);
    await session.append(markupAct([{ id, markup: null }], `Remove ${name}`));
    return session.state();
  });
}

/** Measures of markups, in their order; each image is read once, however many lie on it. */
export async function measureMarkups(
  ports: Pick<Ports, 'compute'>,
  session: Session,
  markups: readonly Markup[],
  context?: Pick<JobContext, 'progress' | 'signal'>,
): Promise<MarkupMeasures[]> {
  const measured = new Map<Markup, MarkupMeasures>();
  for (const series of session.state().series) {
    const on = markups.filter((one) => one.series === series.seriesInstanceUid);
    if (on.length === 0) continue;
    const { measures } = await ports.compute.run(
      'measureMarkup',
      {
        volume: { ...session.volumeFile(series), units: series.voxels.units },
        markups: on.map(({ kind, pointsLps, normalLps }) => ({ kind, pointsLps, normalLps })),
      },
      context && { onProgress: context.progress, signal: context.signal },
    );
    for (const [n, one] of on.entries()) measured.set(one, measures[n]!);
  }
  return markups.map((one) => {
    const found = measured.get(one);
    if (!found) throw new RangeError(`markup ${one.id} names a series that the case does not hold`);
    return found;
  });
}

import type { CaseSeries, CaseState, Segment } from '../../contract/case.ts';
import { Refusal } from '../../contract/errors.ts';
import { bornAt } from './cases/segment-ids.ts';

/**
 * The series that a verb acts on: the one named, else the only CT volume, else a refusal with the list. A series that preprocessing made
 * counts beside the one it came from: which of them is meant is never guessed.
 */
export function chooseSeries(state: CaseState, uid: string | null): CaseSeries {
  const list = state.series.map((s) => `${s.seriesInstanceUid} (${s.modality} ${s.dimensions.join('x')})`).join(', ');
  if (uid !== null) {
    const named = state.series.find((s) => s.seriesInstanceUid === uid);
    if (named) return named;
    throw new Refusal('NOT_FOUND', `There is no series ${uid} in this case. It holds: ${list}`);
  }
  const ct = state.series.filter((s) => s.modality === 'CT');
  const candidates = ct.length ? ct : state.series;
  if (candidates.length === 1 && candidates[0]) return candidates[0];
  throw new Refusal('SERIES_AMBIGUOUS', `This case holds ${candidates.length} volumes; name one: ${list}`);
}

/** The segment that a verb acts on: by id or name, else the newest. */
export function chooseSegment(state: CaseState, nameOrId: string | null): Segment {
  const segments = state.segments;
  const newest = (list: Segment[]) =>
    list.reduce<Segment | undefined>((best, s) => (!best || sequenceOf(s) > sequenceOf(best) ? s : best), undefined);
  // Of two with one name the newer is meant, as without a name.
  const found =
    nameOrId === null ? newest(segments) : (segments.find((s) => s.id === nameOrId) ?? newest(segments.filter((s) => s.name === nameOrId)));
  if (found) return found;
  throw new Refusal(
    'NOT_FOUND',
    nameOrId === null
      ? 'This case has no segment yet. Segment first.'
      : `There is no segment ${nameOrId}. There are: ${segments.map((s) => s.name).join(', ') || 'none'}`,
  );
}

/** Sequence of the newest act on a segment's voxels. */
function sequenceOf(s: Segment): number {
  return Math.max(bornAt(s), s.mask.strokes.at(-1) ?? 0, s.technique.at(-1)?.sequence ?? 0);
}

export function seriesOf(state: CaseState, segment: Segment): CaseSeries {
  const series = state.series.find((s) => s.seriesInstanceUid === segment.series);
  if (!series) throw new RangeError(`segment ${segment.id} names a series that the case does not hold`);
  return series;
}

/** For an act that changes a segment's voxels, before the work of it begins. Throws Refusal SEGMENT_LOCKED. */
export function assertUnlocked(segment: Pick<Segment, 'name' | 'locked'>): void {
  if (segment.locked)
    throw new Refusal('SEGMENT_LOCKED', `${segment.name} is locked, so nothing was changed. Unlock it in the list of segments.`);
}

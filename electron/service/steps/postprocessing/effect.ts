import type { CaseState, Segment } from '../../../../contract/case.ts';
import type { EffectSettings } from '../../../../contract/effects.ts';
import { Refusal } from '../../../../contract/errors.ts';
import type { EffectRequest, MaskPreview } from '../../../../contract/routes.ts';
import type { MaskFile, Tasks } from '../../../processes/protocol.ts';
import { counted } from '../../cases/act-names.ts';
import { effectAct, markOf } from '../../cases/acts.ts';
import { bornAt, segmentIdOf } from '../../cases/segment-ids.ts';
import { assertUnlocked, chooseSegment, seriesOf } from '../../choose.ts';
import type { JobContext } from '../../jobs.ts';
import type { Session } from '../../open-cases.ts';
import type { Ports } from '../../ports.ts';
import { BadRequest } from '../../problems.ts';
import { withRoundedPoints } from './drawn-points.ts';
import { effectTitle, unchangedWords } from './effect-words.ts';
import { keptLimits, type Limits, limitsOf, maskingFiles, namedLimits, withMarkups } from './masking.ts';
import { keepPreview } from './preview.ts';

const withOf = (settings: EffectSettings): string[] => ('with' in settings ? (settings.with ?? []) : []);

/** The segments that the settings name, once each. Throws Refusal NOT_FOUND, GRID_MISMATCH where one lies on another series, BadRequest where one is the segment itself. */
function othersOf(state: CaseState, segment: Segment, settings: EffectSettings): Segment[] {
  const others: Segment[] = [];
  for (const name of withOf(settings)) {
    const other = chooseSegment(state, name);
    if (other.id === segment.id)
      throw new BadRequest(`with: a segment cannot be combined with itself; name another one than ${segment.name}`);
    if (other.series !== segment.series)
      throw new Refusal(
        'GRID_MISMATCH',
        `${other.name} lies on another series than ${segment.name}. Choose a segment of the same series, or carry it over first (Preprocess).`,
      );
    if (!others.includes(other)) others.push(other);
  }
  return others;
}

/**
 * The masks in the order in which an effect takes them: those that are smoothed together by their age, so that it is the same from whichever
 * of them it is asked for; otherwise the segment, then the others as named.
 */
export function inEffectOrder<S extends { id: string }>(segment: S, others: S[], settings: EffectSettings): { group: S[]; at: number } {
  const group = [segment, ...others];
  if (settings.effect === 'smooth') group.sort((a, b) => bornAt(a) - bornAt(b));
  return { group, at: group.indexOf(segment) };
}

const ofTheImage = new Set<string>(['grow-from-seeds', 'flood-fill', 'level-trace']);
export const asksForImage = (settings: EffectSettings, masking: { gateHu: unknown } | null): boolean =>
  ofTheImage.has(settings.effect) || (masking !== null && masking.gateHu !== null);

async function taskInput(
  session: Session,
  state: CaseState,
  segment: Segment,
  { group, at }: { group: Segment[]; at: number },
  settings: EffectSettings,
  limits: Limits | null,
): Promise<Omit<Tasks['effect']['in'], 'into' | 'together'>> {
  const series = seriesOf(state, segment);
  const masks: MaskFile[] = await Promise.all(group.map((one) => session.maskFile(one)));
  const volume = asksForImage(settings, limits) ? session.volumeFile(series) : null;
  const masking = limits && (await maskingFiles(session, limits));
  return { masks, names: group.map((one) => one.name), at, geometry: series, volume, settings, masking };
}

/** Names of new segments: '<segment> part 1' and on (of an island 'island 1'), going on after those that there are. */
function* newNames(state: CaseState, of: Segment, what: 'part' | 'island'): Generator<string> {
  const taken = new Set(state.segments.map((one) => one.name));
  // A name of 64 letters is the longest that a segment can have.
  const stem = of.name.slice(0, 52);
  for (let n = 1; ; n++) if (!taken.has(`${stem} ${what} ${n}`)) yield `${stem} ${what} ${n}`;
}

/** The masks that an effect may replace: the segment's own (of a split none), and where several are smoothed together theirs. Throws Refusal SEGMENT_LOCKED. */
function assertAllUnlocked(segment: Segment, group: readonly Segment[], settings: EffectSettings): void {
  if (settings.effect === 'split') return;
  for (const one of settings.effect === 'smooth' ? group : [segment]) assertUnlocked(one);
}

/**
 * M-combine, 13: one effect on a segment. All the masks that it makes and changes are one act, worked out from the masks as they stood. A
 * mask that stays as it was is not in it; where all do, there is none: `changed` is false and `notice` says why. Throws Refusal
 * NOT_FOUND, GRID_MISMATCH, EMPTY_SEGMENT, SEGMENT_LOCKED where a mask that would be replaced is locked or became so meanwhile, and
 * CASE_LOCKED where one has changed meanwhile.
 */
export async function effectSegment(
  ports: Ports,
  session: Session,
  nameOrId: string | null,
  request: EffectRequest,
  context: JobContext,
): Promise<{ segment: Segment; segments: Segment[]; voxelsBefore: number; changed: boolean; notice: string | null; case: CaseState }> {
  session.assertWritable();
  const before = session.state();
  const segment = chooseSegment(before, nameOrId);
  const settings = withRoundedPoints(withMarkups(ports, before, segment, request));
  const order = inEffectOrder(segment, othersOf(before, segment, settings), settings);
  const { group } = order;
  assertAllUnlocked(segment, group, settings);
  const limits = limitsOf(before, segment, request.masking);
  const input = await taskInput(session, before, segment, order, settings, limits);
  const { made: all, voxelsBefore } = await ports.compute.run(
    'effect',
    { ...input, together: false, into: session.files.stagingFolder() },
    { onProgress: context.progress, signal: context.signal },
  );
  const made = all.filter((one) => one.changed);
  for (const { mask } of all.filter((one) => !one.changed)) await ports.files.remove(mask.path);
  const image = asksForImage(settings, limits) ? [seriesOf(before, segment).voxels.sha256] : [];
  const inputs = [...group.flatMap((one) => (one.mask.base === null ? [] : [one.mask.base])), ...image];
  const names = newNames(before, segment, settings.effect === 'split' ? 'part' : 'island');
  const others = group.filter((one) => one !== segment);
  const told = others.length > 0 ? ({ ...settings, with: others.map((one) => one.name) } as EffectSettings) : settings;
  const changes = made.map((one) => ({
    into: one.of === null ? null : group[one.of]!.id,
    // Which of all that the effect makes: what was left out counts, so that it is found when the act is carried out again.
    made: one.of === null ? { name: names.next().value as string, part: all.indexOf(one) + 1 } : null,
    change: one.change,
    voxels: one.voxels,
    volumeMm3: one.volumeMm3,
    output: one.mask.sha256,
  }));
  const title = settings.effect === 'split' ? `Split ${segment.name} into ${counted(made.length, 'part')}` : effectTitle(told);
  let sequence = before.sequence;
  // The case itself refuses the act where one of its masks was changed or locked meanwhile.
  if (changes.length > 0)
    ({ sequence } = await session.record(
      made.map((one) => one.mask),
      effectAct({
        segment: segment.id,
        title,
        from: markOf(segment.mask),
        settings: told,
        with: others.map((one) => ({ segment: one.id, from: markOf(one.mask) })),
        masking: keptLimits(limits),
        changes,
        inputs,
      }),
    ));
  const state = session.state();
  const touched = changes.map(({ into }, n) => into ?? segmentIdOf(sequence, n, changes.length));
  return {
    segment: chooseSegment(state, segment.id),
    segments: touched.map((id) => chooseSegment(state, id)),
    voxelsBefore,
    changed: made.length > 0,
    notice: made.length > 0 ? null : unchangedWords(settings, segment.name, seriesOf(before, segment).spacingMm, namedLimits(limits)),
    case: state,
  };
}

/** What an effect would make of a segment, not journalled. Of parts that would be segments of their own: all of them together. */
export async function previewEffect(
  ports: Ports,
  session: Session,
  nameOrId: string,
  request: EffectRequest,
  context: JobContext,
): Promise<MaskPreview> {
  const state = session.state();
  const segment = chooseSegment(state, nameOrId);
  const settings = withRoundedPoints(withMarkups(ports, state, segment, request));
  const order = inEffectOrder(segment, othersOf(state, segment, settings), settings);
  const input = await taskInput(session, state, segment, order, settings, limitsOf(state, segment, request.masking));
  return keepPreview(ports, session, async (into) => {
    const { made, voxelsBefore, partsAfter } = await ports.compute.run(
      'effect',
      { ...input, together: true, into },
      { onProgress: context.progress, signal: context.signal },
    );
    const [one] = made;
    if (!one || partsAfter === null) throw new RangeError('the effect made nothing');
    return { mask: one.mask, voxelsBefore, voxels: one.voxels, volumeMm3: one.volumeMm3, partsAfter };
  });
}

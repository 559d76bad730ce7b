import type { CaseState, Segment } from '../../../../contract/case.ts';
import type { EffectSettings } from '../../../../contract/effects.ts';
import { Refusal } from '../../../../contract/errors.ts';
import type { EffectRequest, MaskPreview } from '../../../../contract/routes.ts';
import type { MaskFile, Tasks } from '../../../processes/protocol.ts';
import { effectAct, markOf } from '../../cases/acts.ts';
import { assertUnlocked, chooseSegment, seriesOf } from '../../choose.ts';
import type { JobContext } from '../../jobs.ts';
import type { Session } from '../../open-cases.ts';
import type { Ports } from '../../ports.ts';
import { BadRequest } from '../../problems.ts';
import { withRoundedPoints } from './drawn-points.ts';
import { effectTitle, unchangedWords } from './effect-words.ts';
import { keptLimits, type Limits, limitsOf, maskingFiles, withMarkups } from './masking.ts';
import { keepPreview } from './preview.ts';

const withOf = (settings: EffectSettings): string[] => ('with' in settings ? (settings.with ?? []) : []);
const born = (segment: { id: string }): number => Number(segment.id.replace(/^segment-/, ''));

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
  if (settings.effect === 'smooth') group.sort((a, b) => born(a) - born(b));
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

const sameMark = (a: Segment, b: Segment | undefined): boolean =>
  b !== undefined && JSON.stringify(markOf(a.mask)) === JSON.stringify(markOf(b.mask));

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

/** What one of an effect's acts is called. */
function actTitle(settings: EffectSettings, segment: Segment, made: boolean, part: number): string {
  if (settings.effect === 'split') return `Split ${segment.name}: part ${part}`;
  if (settings.effect === 'island' && settings.operation === 'take-out' && !made) return `Take an island off ${segment.name}`;
  return effectTitle(settings);
}

/**
 * M-combine, 13: one effect on a segment. Every mask that it makes is an act of its own, all worked out from the masks as they stood; all
 * are journalled or none. A mask that stays as it was is no act; where all do, `changed` is false and `notice` says why. Throws Refusal
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
  const acts = made.map(({ of, mask, change, voxels, volumeMm3 }, n) => {
    const target = of === null ? segment : group[of]!;
    const rest = group.filter((one) => one !== target);
    const told = withOf(settings).length > 0 ? { ...settings, with: rest.map((one) => one.name) } : settings;
    return effectAct({
      segment: target.id,
      title: actTitle(told as EffectSettings, segment, of === null, n + 1),
      from: markOf(target.mask),
      settings: told as EffectSettings,
      with: rest.map((one) => ({ segment: one.id, from: markOf(one.mask) })),
      made: of === null ? { name: names.next().value as string, part: n + 1 } : null,
      masking: keptLimits(limits),
      change,
      output: mask.sha256,
      inputs,
      voxels,
      volumeMm3,
    });
  });
  const sequences: number[] = [];
  await session.exclusive(async () => {
    try {
      session.assertWritable();
      const now = session.state();
      // Asked before the first is journalled: the second may not fail then.
      for (const { of } of made) {
        const target = of === null ? segment : group[of]!;
        const found = now.segments.find((one) => one.id === target.id);
        if (found && of !== null) assertUnlocked(found);
        if (sameMark(target, found)) continue;
        throw new Refusal(
          'CASE_LOCKED',
          `${target.name} was changed while '${effectTitle(settings)}' was under way; nothing was replaced. Do it again.`,
        );
      }
      for (const [n, act] of acts.entries()) {
        await session.files.adopt(made[n]!.mask);
        sequences.push((await session.append(act)).sequence);
      }
    } finally {
      for (const { mask } of made) await ports.files.remove(mask.path);
    }
  });
  const state = session.state();
  const touched = made.map(({ of }, n) => (of === null ? `segment-${sequences[n]}` : group[of]!.id));
  return {
    segment: chooseSegment(state, segment.id),
    segments: touched.map((id) => chooseSegment(state, id)),
    voxelsBefore,
    changed: made.length > 0,
    notice: made.length > 0 ? null : unchangedWords(settings, segment.name, seriesOf(before, segment).spacingMm),
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

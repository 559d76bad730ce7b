import type { CaseState, JournalEntry } from '../../contract/case.ts';
import { Refusal } from '../../contract/errors.ts';
import type { ReplayResult } from '../../contract/preprocessing.ts';
import { isNetwork, type MaskDelta, withCrf } from '../../contract/segmentation.ts';
import type { MaskFile } from '../processes/protocol.ts';
import type { ActParameters, MaskMark } from './cases/act-parameters.ts';
import { actParameters } from './cases/act-parameters.ts';
import { markOf } from './cases/acts.ts';
import { registrationOf } from './cases/derivations.ts';
import { maskDelta } from './cases/mask-deltas.ts';
import { createFold } from './cases/state.ts';
import type { JobContext } from './jobs.ts';
import type { Session } from './open-cases.ts';
import type { Ports } from './ports.ts';
import { asksForImage, inEffectOrder } from './steps/postprocessing/effect.ts';
import { chainInput } from './steps/preprocessing/preprocess.ts';

/** Hash that an act comes to when it is carried out again (of several masks that of each, null: it came to nothing), or why it was not. */
type Again = { sha256: string } | { all: (string | null)[] } | { why: string };

/**
 * Carries a case's journal out again on the case's own inputs and compares every result with the hash that the journal names: the same
 * inputs and settings must give the same bytes (8.1: parameters are recorded with the result). Changes nothing. Networks are not run again
 * (another machine may round another way) and acts without a computed result have nothing to compare.
 */
export async function replayCase(ports: Ports, session: Session, context: JobContext): Promise<ReplayResult> {
  const entries = session.entries();
  const now = session.state();
  const fold = createFold({ id: now.id, name: now.name, folder: now.folder, readOnly: true, heldBy: null, notices: [] });
  const out: ReplayResult['entries'] = [];
  const stood: Stood = new Map();
  const into = await ports.files.temporary();
  try {
    for (const [n, entry] of entries.entries()) {
      context.signal.throwIfAborted();
      context.progress(n / entries.length, entry.name);
      const state = fold.state();
      remember(stood, state);
      const again = await carryOut(ports, session, state, stood, entry, into, context.signal);
      if (again) out.push(verdictOf(entry, again));
      fold.apply(entry);
    }
  } finally {
    await ports.files.remove(into);
  }
  const count = (verdict: ReplayResult['entries'][number]['verdict']) => out.filter((one) => one.verdict === verdict).length;
  return { entries: out, same: count('same'), different: count('different') };
}

function verdictOf({ sequence, name, outputs }: JournalEntry, again: Again): ReplayResult['entries'][number] {
  if ('why' in again) return { sequence, name, verdict: 'not replayed', why: again.why };
  const all = 'all' in again ? again.all : [again.sha256];
  const other = all.findIndex((sha256, n) => sha256 !== outputs[n]);
  if (other < 0) return { sequence, name, verdict: 'same', why: '' };
  return { sequence, name, verdict: 'different', why: `${all[other] ?? 'nothing'} in place of ${outputs[other]}` };
}

/** Every mask as it stood at some time, by segment and mark. */
type Stood = Map<string, { base: string | null; strokes: number[] }>;
const markKey = (segment: string, { base, stroke }: MaskMark): string => `${segment} ${base} ${stroke}`;

function remember(stood: Stood, state: CaseState): void {
  for (const { id, mask } of state.segments) stood.set(markKey(id, markOf(mask)), mask);
}

function stoodAt(stood: Stood, segment: string, mark: MaskMark, entry: JournalEntry): { base: string | null; strokes: number[] } {
  const mask = stood.get(markKey(segment, mark));
  if (!mask) throw new RangeError(`entry ${entry.sequence} names a mask of ${segment} that never stood`);
  return mask;
}

/** Null: the act has no result of its own to compare. */
async function carryOut(
  ports: Ports,
  session: Session,
  state: CaseState,
  stood: Stood,
  entry: JournalEntry,
  into: string,
  signal: AbortSignal,
): Promise<Again | null> {
  const options = { signal };
  const seriesOf = (uid: string) => {
    const found = state.series.find((one) => one.seriesInstanceUid === uid);
    if (!found) throw new Refusal('NOT_FOUND', `Entry ${entry.sequence} names a series that is not there.`);
    return found;
  };
  switch (entry.act) {
    case 'import':
      return { why: 'the files that were imported are not part of the case' };
    case 'preprocess': {
      const { series } = parsed('preprocess', entry);
      const { derivation } = series;
      if (!derivation) return { why: 'it names no settings' };
      const input = chainInput(session, state, seriesOf(derivation.from), derivation.settings);
      return (await ports.compute.run('preprocess', { ...input, into }, options)).file;
    }
    case 'carry': {
      const { segment, series, labels } = parsed('carry', entry);
      const target = seriesOf(series);
      const from = state.segments.find((one) => one.id === segment);
      if (!from) return { why: 'its segment is not there' };
      const registration = registrationOf(target);
      const mask = await maskOf(session, from.id, from.mask);
      return (await ports.compute.run('carry', { mask, geometry: seriesOf(from.series), registration, target, labels, into }, options))
        .mask;
    }
    case 'segment': {
      const { series, settings } = parsed('segment', entry);
      if (isNetwork(settings)) return { why: 'a network is not run again' };
      if (settings.method === 'manual') return null;
      return (await ports.compute.run('segment', { volume: session.volumeFile(seriesOf(series)), settings, into }, options)).mask;
    }
    case 'clean': {
      const { segment, settings, change } = parsed('clean', entry);
      if (withCrf(settings)) return { why: 'the field is not run again' };
      const of = state.segments.find((one) => one.id === segment);
      if (!of) return { why: 'its segment is not there' };
      const mask = await maskOf(session, of.id, of.mask);
      return (
        await ports.compute.run(
          'clean',
          { mask, geometry: seriesOf(of.series), settings, field: null, whole: change === 'mask', into },
          options,
        )
      ).mask;
    }
    case 'effect': {
      const { segment, from, settings, with: named, changes, masking: limits } = parsed('effect', entry);
      const of = state.segments.find((one) => one.id === segment);
      if (!of) return { why: 'its segment is not there' };
      const own = { id: segment, from };
      const rest = named.map((one) => ({ id: one.segment, from: one.from }));
      const { group, at } = inEffectOrder(own, rest, settings);
      const masks = await Promise.all(group.map((one) => maskOf(session, one.id, stoodAt(stood, one.id, one.from, entry))));
      const names = group.map((one) => one.id);
      const series = seriesOf(of.series);
      const volume = asksForImage(settings, limits) ? session.volumeFile(series) : null;
      const stoodOf = async (one: { segment: string; from: MaskMark }) =>
        maskOf(session, one.segment, stoodAt(stood, one.segment, one.from, entry));
      const masking = limits && {
        inside: limits.inside && (await stoodOf(limits.inside)),
        notOver: await Promise.all(limits.notOver.map(stoodOf)),
        gateHu: limits.gateHu,
      };
      const again = await ports.compute.run(
        'effect',
        { masks, names, at, geometry: series, volume, settings, masking, together: false, into },
        options,
      );
      const found = changes.map(({ into, made }) =>
        made === null ? again.made.find((mask) => mask.of !== null && group[mask.of]?.id === into) : again.made[made.part - 1],
      );
      return { all: found.map((one) => one?.mask.sha256 ?? null) };
    }
    case 'load':
      return { why: 'the file that was loaded is not part of the case' };
    case 'stroke':
      return { why: 'what a hand drew is in the journal itself and is not worked out' };
    default:
      return null;
  }
}

function parsed<A extends keyof ActParameters>(act: A, entry: JournalEntry): ActParameters[A] {
  return actParameters[act].parse(entry.parameters) as ActParameters[A];
}

/** A mask as it stood: its base and the strokes on it. */
async function maskOf(session: Session, segment: string, { base, strokes }: { base: string | null; strokes: number[] }): Promise<MaskFile> {
  const deltas: MaskDelta[] = await Promise.all(
    strokes.map((sequence) => maskDelta(session.entries()[sequence] as JournalEntry, segment, (sha256) => session.files.readBlob(sha256))),
  );
  return { base: base === null ? null : session.files.blobPath(base), deltas };
}

import type { JournalEntry, Segment } from '../../../contract/case.ts';
import { Refusal } from '../../../contract/errors.ts';
import { changeMarkups } from './change-markups.ts';
import { type Carries, editableSegment, type LivingCase, markNow, parametersOf, same, segmentOf } from './living.ts';
import { addSegment, allOf, assertUnchanged, changeMask, editMask, outputOf, replaceMask } from './make-mask.ts';
import { byHand, byProgram, noOrigin, type Origin, originOfEffect, originOfFile, together } from './origin.ts';
import { segmentIdOf } from './segment-ids.ts';
import type { Making } from './technique.ts';

/** Acts that make or change a segment's mask. */
export const carryMasks = (living: LivingCase): Carries<'carry' | 'segment' | 'adjust' | 'clean' | 'effect' | 'load' | 'stroke'> => ({
  carry: (entry) => {
    const carried = parametersOf('carry', entry);
    const source = segmentOf(living, carried.segment);
    if (!same(carried.from, markNow(source)))
      throw new Refusal('CASE_LOCKED', `${source.name} was changed while it was carried over; nothing was made. Do it again.`);
    const { labels, segment: of, fromMm3 } = carried;
    return addSegment(living, entry, {
      ...carried,
      id: segmentIdOf(entry.sequence),
      base: outputOf(entry),
      name: `${source.name}, preprocessed`,
      label: source.label,
      network: null,
      origin: source.origin,
      parameters: { segment: of, labels, fromMm3 },
    });
  },
  segment: (entry) => {
    const made = parametersOf('segment', entry);
    const network = made.network && { ...made.network, settings: made.settings };
    const parameters = made.cavity ? { ...made.settings, cavity: made.cavity } : made.settings;
    const run: Origin = made.settings.method === 'manual' ? noOrigin : { ...byProgram, networkWording: network?.wording ?? null };
    const origin = withHand(run, made.keptByHand);
    // One by hand begins empty.
    const base = entry.outputs.length === 0 && made.settings.method === 'manual' ? null : outputOf(entry);
    if (made.into === null)
      return addSegment(living, entry, { ...made, id: segmentIdOf(entry.sequence), base, network, origin, parameters });
    if (base === null) throw new RangeError(`entry ${entry.sequence} names no mask`);
    const making: Making = { kind: 'act', sequence: entry.sequence, name: entry.name, parameters: made.settings };
    const segment = editableSegment(living, made.into);
    if (segment.series !== made.series) throw new RangeError(`entry ${entry.sequence} runs into a segment of another series`);
    return replaceMask(segment, entry, { base, from: made.from, voxels: made.voxels, network, origin, making, anew: true });
  },
  adjust: (entry) => {
    const { settings, from, voxels, keptByHand, segment: id } = parametersOf('adjust', entry);
    const segment = editableSegment(living, id);
    const base = outputOf(entry);
    if (!segment.network) throw new RangeError(`entry ${entry.sequence} adjusts ${id}, which no network made`);
    const { overwriteHand, ...moved } = settings;
    const network = {
      ...segment.network,
      settings: { ...segment.network.settings, ...moved } as NonNullable<Segment['network']>['settings'],
    };
    const making: Making = { kind: 'act', sequence: entry.sequence, name: entry.name, parameters: { ...settings, keptByHand } };
    const origin = withHand({ ...byProgram, networkWording: segment.network.wording }, keptByHand);
    return replaceMask(segment, entry, { base, from, voxels, network, origin, making, anew: true });
  },
  clean: (entry) => {
    const cleaned = parametersOf('clean', entry);
    const segment = editableSegment(living, cleaned.segment);
    const { change, from, voxels, partsBefore, partsAfter, crf } = cleaned;
    const did = crf && { crfAdded: crf.added, crfRemoved: crf.removed, crfHeld: crf.held };
    const { crf: field, ...settings } = cleaned.settings;
    const parameters = { ...(field ? { crf: field } : {}), ...settings, ...did, partsBefore, partsAfter };
    const making: Making = { kind: 'clean', sequence: entry.sequence, name: entry.name, parameters };
    const origin = together(segment.origin, byProgram);
    return editMask(segment, entry, { change, output: outputOf(entry), from, voxels, origin, making });
  },
  effect: (entry) => {
    const { segment: id, from, settings, with: named, changes, masking } = parametersOf('effect', entry);
    const group = [{ segment: id, from }, ...named];
    const others = group.map((one) => originOf(living, one.segment));
    const did = together(originOfEffect(settings.effect), ...others, limitOf(living, masking?.inside?.segment ?? null));
    const told = withoutPoints(settings);
    assertOnce(entry, changes);
    const carries = changes.map(({ into, made, change, voxels, volumeMm3 }, n) => {
      const output = outputOf(entry, n);
      if (made !== null) {
        const segment = segmentOf(living, id);
        assertUnchanged(segment, from, entry, 'made');
        return addSegment(living, entry, {
          id: segmentIdOf(entry.sequence, n, changes.length),
          base: output,
          series: segment.series,
          name: made.name,
          voxels,
          network: null,
          origin: together(segment.origin, did),
          parameters: { ...told, segment: id, part: made.part },
          label: segment.label,
        });
      }
      const one = group.find((of) => of.segment === into);
      if (!one) throw new RangeError(`entry ${entry.sequence} changes ${into}, which is none of its segments`);
      const segment = editableSegment(living, one.segment);
      const making: Making = { kind: 'clean', sequence: entry.sequence, name: entry.name, parameters: { ...told, volumeMm3 } };
      const origin = together(segment.origin, did);
      return editMask(segment, entry, { change, output, from: one.from, voxels, origin, making });
    });
    return allOf(carries);
  },
  load: (entry) => {
    const { series, source, changes, markups } = parametersOf('load', entry);
    if (changes.length + markups.length === 0) throw new RangeError(`entry ${entry.sequence} loads nothing`);
    assertOnce(entry, changes);
    const carries = changes.map(({ name, value, label, into, from, change, voxels, changed, networkWording, algorithmType }, n) => {
      const output = outputOf(entry, n);
      const parameters = { file: source.name, kind: source.kind, value, changed };
      const said = originOfFile({ networkWording, algorithmType });
      const id = segmentIdOf(entry.sequence, n, changes.length);
      if (into === null)
        return addSegment(living, entry, {
          id,
          base: output,
          series,
          name,
          label,
          voxels,
          network: null,
          origin: said,
          parameters,
        });
      const segment = editableSegment(living, into);
      if (segment.series !== series) throw new RangeError(`entry ${entry.sequence} loads into a segment of another series`);
      const making: Making = { kind: 'clean', sequence: entry.sequence, name: entry.name, parameters };
      return editMask(segment, entry, { change, output, from, voxels, origin: together(segment.origin, said), making });
    });
    return allOf([...carries, changeMarkups(living, entry, markups)]);
  },
  stroke: (entry) => {
    const stroke = parametersOf('stroke', entry);
    const segment = editableSegment(living, stroke.segment);
    if (stroke.runs === null && entry.outputs.length === 0) throw new RangeError(`entry ${entry.sequence} names no runs`);
    const change = stroke.value === 1 ? stroke.voxels : -stroke.voxels;
    if (segment.voxels + change < 0)
      throw new Refusal('INVALID_VOXELS', `The stroke takes away more voxels than ${segment.name} has. Draw it again.`);
    const making: Making = { kind: 'stroke', sequence: entry.sequence, voxels: change };
    const origin = together(segment.origin, byHand, limitOf(living, stroke.inside));
    return changeMask(segment, entry, { voxels: segment.voxels + change, origin, making });
  },
});

/** Two changes of one mask in one act would not say which is on top. */
function assertOnce(entry: JournalEntry, changes: readonly { into: string | null }[]): void {
  const into = changes.flatMap((one) => (one.into === null ? [] : [one.into]));
  if (new Set(into).size < into.length) throw new RangeError(`entry ${entry.sequence} changes a segment twice`);
}

/** A mask that was made anew, with what a hand had drawn laid over it. */
const withHand = (run: Origin, keptByHand: number): Origin => (keptByHand > 0 ? together(run, byHand) : run);

/** Also of a segment that is gone by now. */
const originOf = ({ segments }: LivingCase, id: string): Origin => segments.find((one) => one.id === id)?.origin ?? noOrigin;

/** What is drawn inside of a network's segment has that one's borders. */
const limitOf = (living: LivingCase, inside: string | null): Origin =>
  inside === null ? noOrigin : { ...originOf(living, inside), way: null };

/** Settings for the list of techniques: what was drawn is counted, the journal has its points. */
function withoutPoints(settings: object): Record<string, unknown> {
  const points = (value: unknown): number =>
    Array.isArray(value) ? value.reduce((sum: number, v) => sum + (Array.isArray(v) ? points(v) : 1), 0) : 1;
  const long = (value: unknown): boolean => Array.isArray(value) && points(value) > 12;
  return Object.fromEntries(
    Object.entries(settings).map(([name, value]) => [name, long(value) ? `${Math.round(points(value) / 3)} points` : value]),
  );
}

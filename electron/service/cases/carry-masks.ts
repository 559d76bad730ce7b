import type { Segment } from '../../../contract/case.ts';
import { Refusal } from '../../../contract/errors.ts';
import { type Carries, editableSegment, type LivingCase, markNow, parametersOf, same, segmentOf } from './living.ts';
import { addSegment, assertUnchanged, changeMask, replaceMask } from './make-mask.ts';
import { byHand, byProgram, noOrigin, type Origin, originOfEffect, originOfFile, together } from './origin.ts';
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
    if (made.into === null) return addSegment(living, entry, { ...made, network, origin, parameters });
    const base = entry.outputs[0];
    if (base === undefined) throw new RangeError(`entry ${entry.sequence} names no mask`);
    const making: Making = { kind: 'act', sequence: entry.sequence, name: entry.name, parameters: made.settings };
    const segment = editableSegment(living, made.into);
    if (segment.series !== made.series) throw new RangeError(`entry ${entry.sequence} runs into a segment of another series`);
    return replaceMask(segment, entry, { base, from: made.from, voxels: made.voxels, network, origin, making, anew: true });
  },
  adjust: (entry) => {
    const { settings, from, voxels, keptByHand, segment: id } = parametersOf('adjust', entry);
    const segment = editableSegment(living, id);
    const base = entry.outputs[0];
    if (base === undefined) throw new RangeError(`entry ${entry.sequence} names no mask`);
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
    const base = entry.outputs[0];
    if (base === undefined) throw new RangeError(`entry ${entry.sequence} names no mask`);
    const { partsBefore, partsAfter, crf } = cleaned;
    const did = crf && { crfAdded: crf.added, crfRemoved: crf.removed, crfHeld: crf.held };
    const { crf: field, ...settings } = cleaned.settings;
    const parameters = { ...(field ? { crf: field } : {}), ...settings, ...did, partsBefore, partsAfter };
    const making: Making = { kind: 'clean', sequence: entry.sequence, name: entry.name, parameters };
    const origin = together(segment.origin, byProgram);
    if (cleaned.change === 'flips') {
      assertUnchanged(segment, cleaned.from, entry);
      return changeMask(segment, entry, { voxels: cleaned.voxels, origin, making });
    }
    return replaceMask(segment, entry, {
      base,
      from: cleaned.from,
      voxels: cleaned.voxels,
      network: segment.network,
      origin,
      making,
      anew: false,
    });
  },
  effect: (entry) => {
    const { segment: id, from, settings, with: named, made, masking, voxels, volumeMm3, change } = parametersOf('effect', entry);
    const others = named.map((one) => originOf(living, one.segment));
    const did = together(originOfEffect(settings.effect), ...others, limitOf(living, masking?.inside?.segment ?? null));
    const told = withoutPoints(settings);
    if (made !== null) {
      const segment = segmentOf(living, id);
      assertUnchanged(segment, from, entry, 'made');
      const parameters = { ...told, segment: id, part: made.part };
      return addSegment(living, entry, {
        series: segment.series,
        name: made.name,
        voxels,
        network: null,
        origin: together(segment.origin, did),
        parameters,
        label: segment.label,
      });
    }
    const segment = editableSegment(living, id);
    const base = entry.outputs[0];
    if (base === undefined) throw new RangeError(`entry ${entry.sequence} names no mask`);
    const making: Making = { kind: 'clean', sequence: entry.sequence, name: entry.name, parameters: { ...told, volumeMm3 } };
    const origin = together(segment.origin, did);
    if (change === 'flips') {
      assertUnchanged(segment, from, entry);
      return changeMask(segment, entry, { voxels, origin, making });
    }
    return replaceMask(segment, entry, { base, from, voxels, network: segment.network, origin, making, anew: false });
  },
  load: (entry) => {
    const { series, name, source, label, into, from, change, voxels, changed } = parametersOf('load', entry);
    const parameters = { file: source.name, kind: source.kind, value: source.value, changed };
    const said = originOfFile(source);
    if (into === null) return addSegment(living, entry, { series, name, label, voxels, network: null, origin: said, parameters });
    const segment = editableSegment(living, into);
    if (segment.series !== series) throw new RangeError(`entry ${entry.sequence} loads into a segment of another series`);
    const base = entry.outputs[0];
    if (base === undefined) throw new RangeError(`entry ${entry.sequence} names no mask`);
    const making: Making = { kind: 'clean', sequence: entry.sequence, name: entry.name, parameters };
    const origin = together(segment.origin, said);
    if (change === 'flips') {
      assertUnchanged(segment, from, entry);
      return changeMask(segment, entry, { voxels, origin, making });
    }
    return replaceMask(segment, entry, { base, from, voxels, network: segment.network, origin, making, anew: false });
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

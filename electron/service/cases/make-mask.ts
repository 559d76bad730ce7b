import type { JournalEntry, Segment } from '../../../contract/case.ts';
import { Refusal } from '../../../contract/errors.ts';
import { boneLabel, type LabelEntry } from '../../../contract/labels.ts';
import { voxelVolumeOf } from '../geometry.ts';
import type { MaskMark } from './act-parameters.ts';
import { type Carry, type LivingCase, type LivingSegment, livingSegments, markNow, same, seriesOf } from './living.ts';
import type { Origin } from './origin.ts';
import type { Making } from './technique.ts';

function freeColour(living: LivingCase): number {
  const taken = livingSegments(living).map((one) => one.colour);
  for (let colour = 1; colour <= 8; colour++) if (!taken.includes(colour)) return colour;
  // Nine segments and more share colours; the least used comes next.
  const uses = (colour: number): number => taken.filter((one) => one === colour).length;
  return [1, 2, 3, 4, 5, 6, 7, 8].reduce((best, colour) => (uses(colour) < uses(best) ? colour : best));
}

function freeName(living: LivingCase): string {
  const taken = new Set(livingSegments(living).map((one) => one.name));
  let n = 1;
  while (taken.has(n === 1 ? 'Bone' : `Bone ${n}`)) n++;
  return n === 1 ? 'Bone' : `Bone ${n}`;
}

function freeNumber(living: LivingCase, series: string): number {
  const taken = new Set(livingSegments(living).flatMap((one) => (one.series === series ? [one.number] : [])));
  let n = 1;
  while (taken.has(n)) n++;
  return n;
}

/** The blob of an act's `nth` change. Throws RangeError where the entry names none. */
export function outputOf(entry: JournalEntry, nth = 0): string {
  const output = entry.outputs[nth];
  if (output === undefined) throw new RangeError(`entry ${entry.sequence} names no mask`);
  return output;
}

/** Several changes as one: all are carried out, and taken back from the last. */
export const allOf =
  (carries: Carry[]): Carry =>
  () => {
    const back = carries.map((out) => out()).reverse();
    return () => {
      for (const revert of back) revert();
    };
  };

/** An act that makes a new segment of the mask `base`; one by hand begins empty. */
export function addSegment(
  living: LivingCase,
  entry: JournalEntry,
  made: {
    id: string;
    base: string | null;
    series: string;
    name: string | null;
    label?: LabelEntry | null;
    voxels: number;
    network: Segment['network'];
    origin: Origin;
    parameters: Record<string, unknown>;
  },
): Carry {
  const on = seriesOf(living, made.series);
  const making: Making = { kind: 'act', sequence: entry.sequence, name: entry.name, parameters: made.parameters };
  return () => {
    living.segments.push({
      id: made.id,
      name: made.name ?? freeName(living),
      colour: freeColour(living),
      number: freeNumber(living, made.series),
      locked: false,
      review: 'not started',
      label: made.label ?? boneLabel,
      reviewed: [],
      series: made.series,
      voxelMm3: voxelVolumeOf(on),
      base: made.base,
      strokes: [],
      making: [making],
      meshes: [],
      network: made.network,
      origin: made.origin,
      voxels: made.voxels,
      removed: false,
    });
    return () => living.segments.pop();
  };
}

/** Refused where a mask has changed since an act began with it, so that no stroke is lost. */
export function assertUnchanged(segment: LivingSegment, from: MaskMark | null, entry: JournalEntry, what = 'replaced'): void {
  if (from !== null && !same(from, markNow(segment)))
    throw new Refusal('CASE_LOCKED', `${segment.name} was changed while '${entry.name}' was under way; nothing was ${what}. Do it again.`);
}

/** An act that makes a segment's mask anew from the mask `from`. */
export function replaceMask(
  segment: LivingSegment,
  entry: JournalEntry,
  next: {
    base: string;
    from: MaskMark | null;
    voxels: number;
    network: Segment['network'];
    origin: Origin;
    making: Making;
    anew: boolean;
  },
): Carry {
  const { base, from, voxels, network, origin, making, anew } = next;
  assertUnchanged(segment, from, entry);
  return () => {
    const before = {
      base: segment.base,
      strokes: segment.strokes,
      voxels: segment.voxels,
      network: segment.network,
      origin: segment.origin,
      making: segment.making,
    };
    // A mask made anew of probabilities has no clean in it any more; what a hand drew is laid over it again.
    const kept = anew ? segment.making.filter((one) => one.kind !== 'clean') : segment.making;
    const cleansDropped = segment.making.length - kept.length;
    const told =
      cleansDropped > 0 && making.kind !== 'stroke' ? { ...making, parameters: { ...making.parameters, cleansDropped } } : making;
    Object.assign(segment, { base, strokes: [], voxels, network, origin, making: [...kept, told] });
    return () => Object.assign(segment, before);
  };
}

/** An act that changes a mask by what its entry keeps as runs, on top of what stands: a stroke, a tool, a file that came back. */
export function changeMask(segment: LivingSegment, entry: JournalEntry, next: { voxels: number; origin: Origin; making: Making }): Carry {
  return () => {
    const { voxels, origin } = segment;
    segment.strokes.push(entry.sequence);
    segment.making.push(next.making);
    segment.voxels = next.voxels;
    segment.origin = next.origin;
    return () => {
      segment.strokes.pop();
      segment.making.pop();
      segment.voxels = voxels;
      segment.origin = origin;
    };
  };
}

/** An act that leaves a segment in its place: `output` is its new mask, or, with `change` 'flips', what it turned of the mask `from`. */
export function editMask(
  segment: LivingSegment,
  entry: JournalEntry,
  next: { change: 'mask' | 'flips'; output: string; from: MaskMark | null; voxels: number; origin: Origin; making: Making },
): Carry {
  const { change, output, ...rest } = next;
  if (change === 'mask') return replaceMask(segment, entry, { ...rest, base: output, network: segment.network, anew: false });
  assertUnchanged(segment, next.from, entry);
  return changeMask(segment, entry, rest);
}

import type { CaseMesh, CaseSeries, JournalEntry, Segment, SignOff } from '../../../contract/case.ts';
import type { Coded } from '../../../contract/errors.ts';
import { Refusal } from '../../../contract/errors.ts';
import type { CaseEvaluation } from '../../../contract/evaluation.ts';
import type { LabelEntry, ReviewState } from '../../../contract/labels.ts';
import type { Markup } from '../../../contract/markups.ts';
import type { ReviewedPlace } from '../../../contract/review.ts';
import type { ImportReport } from '../../../contract/volume.ts';
import { assertUnlocked } from '../choose.ts';
import type { ActParameters, MaskMark } from './act-parameters.ts';
import { actParameters } from './act-parameters.ts';
import type { Origin } from './origin.ts';
import type { Making } from './technique.ts';

interface LivingMesh {
  id: string;
  sequence: number;
  from: MaskMark;
  settings: CaseMesh['settings'];
  reasons: CaseMesh['reasons'];
  report: CaseMesh['report'];
}
export interface LivingSegment {
  id: string;
  name: string;
  colour: number;
  number: number;
  locked: boolean;
  review: ReviewState;
  label: LabelEntry;
  reviewed: ReviewedPlace[];
  series: string;
  voxelMm3: number;
  base: string | null;
  strokes: number[];
  making: Making[];
  meshes: LivingMesh[];
  network: Segment['network'];
  origin: Origin;
  voxels: number;
  removed: boolean;
}
/** The case while its journal is carried out, entry by entry. */
export interface LivingCase {
  series: CaseSeries[];
  segments: LivingSegment[];
  markups: Markup[];
  signs: SignOff[];
  evaluations: (Omit<CaseEvaluation, 'current'> & { from: MaskMark })[];
  report: ImportReport | null;
  unacknowledged: Coded[];
}

/** Carries an act out and returns how to take it back. */
export type Carry = () => () => void;
/** Checks an entry against the case and changes nothing; what it returns carries the entry out. */
export type Carries<A extends string> = Record<A, (entry: JournalEntry) => Carry>;

export const same = (a: MaskMark, b: MaskMark): boolean => a.base === b.base && a.stroke === b.stroke;
export const markNow = (segment: LivingSegment): MaskMark => ({ base: segment.base, stroke: segment.strokes.at(-1) ?? null });

export function parametersOf<A extends keyof ActParameters>(act: A, entry: JournalEntry): ActParameters[A] {
  const checked = actParameters[act].safeParse(entry.parameters);
  if (checked.success) return checked.data as ActParameters[A];
  const at = checked.error.issues[0]?.path.join('.') ?? '';
  throw new RangeError(`entry ${entry.sequence} (${act}): parameters${at ? `.${at}` : ''} not as they must be`);
}

export const livingSegments = ({ segments }: LivingCase): LivingSegment[] => segments.filter((one) => !one.removed);

export function segmentOf({ segments }: LivingCase, id: string): LivingSegment {
  const found = segments.find((one) => one.id === id && !one.removed);
  if (!found) throw new Refusal('NOT_FOUND', `This case has no segment ${id}. Choose one that is listed.`);
  return found;
}

/** A segment whose voxels an act is about to change. Throws Refusal SEGMENT_LOCKED. */
export function editableSegment(living: LivingCase, id: string): LivingSegment {
  const segment = segmentOf(living, id);
  assertUnlocked(segment);
  return segment;
}

export function seriesOf({ series }: LivingCase, uid: string): CaseSeries {
  const found = series.find((one) => one.seriesInstanceUid === uid);
  if (!found) throw new Refusal('NOT_FOUND', `This case has no series ${uid}. Choose one that is listed.`);
  return found;
}

/** The newest mesh of every segment. */
export function meshesOf(living: LivingCase): CaseMesh[] {
  return livingSegments(living).flatMap((segment) => {
    const newest = segment.meshes.at(-1);
    if (!newest) return [];
    const { from, ...mesh } = newest;
    return [{ ...mesh, segment: segment.id, segmentName: segment.name, current: same(from, markNow(segment)) }];
  });
}

export function meshOf(living: LivingCase, id: string): CaseMesh {
  const found = meshesOf(living).find((one) => one.id === id);
  if (!found) throw new Refusal('NOT_FOUND', `This case has no mesh ${id}. Choose one that is listed, or make it again.`);
  return found;
}

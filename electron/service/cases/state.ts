import type { ActName, CaseMesh, CaseSeries, CaseState, JournalEntry, JournalLine, Segment, SignOff } from '../../../contract/case.ts';
import { undoableActs } from '../../../contract/case.ts';
import type { Coded, Finding } from '../../../contract/errors.ts';
import { Refusal } from '../../../contract/errors.ts';
import type { CaseEvaluation } from '../../../contract/evaluation.ts';
import type { ImportReport } from '../../../contract/volume.ts';
import { voxelVolumeOf } from '../geometry.ts';
import type { ActParameters, MaskMark } from './act-parameters.ts';
import { actParameters } from './act-parameters.ts';
import type { Making } from './technique.ts';
import { techniqueLines } from './technique.ts';
import { undoneSequences } from './undone.ts';

/** What the journal does not say of a case: where it lies and how it was opened. */
export interface CaseView {
  id: string;
  name: string;
  folder: string;
  readOnly: boolean;
  heldBy: string | null;
  notices: Finding[];
}

interface LivingMesh {
  id: string;
  sequence: number;
  from: MaskMark;
  settings: CaseMesh['settings'];
  reasons: CaseMesh['reasons'];
  report: CaseMesh['report'];
}
interface LivingSegment {
  id: string;
  name: string;
  colour: number;
  series: string;
  voxelMm3: number;
  base: string | null;
  strokes: number[];
  making: Making[];
  meshes: LivingMesh[];
  network: Segment['network'];
  voxels: number;
  removed: boolean;
}
interface Done {
  entry: JournalEntry;
  revert(): void;
}
/** Carries an act out and returns how to take it back. */
type Carry = () => () => void;

/** The case as it stands after some entries. `plan` checks an entry and changes nothing; what it returns carries the entry out. */
export interface CaseFold {
  /** Throws Refusal or RangeError where the entry makes no sense after those before it. */
  plan(entry: JournalEntry): () => void;
  /** plan and carry out. */
  apply(entry: JournalEntry): void;
  /** A snapshot; cost linear in segments and their strokes. */
  state(): CaseState;
  /** The entries that undo and redo would take. */
  undoable(): JournalEntry | null;
  redoable(): JournalEntry | null;
  /** The signature under one mesh that is listed and current (CaseState.signOff is the newest of all). */
  signOff(mesh: string): SignOff | null;
}

const isUndoable = (act: ActName): boolean => (undoableActs as readonly string[]).includes(act);
const same = (a: MaskMark, b: MaskMark): boolean => a.base === b.base && a.stroke === b.stroke;
const markNow = (segment: LivingSegment): MaskMark => ({ base: segment.base, stroke: segment.strokes.at(-1) ?? null });

function parametersOf<A extends keyof ActParameters>(act: A, entry: JournalEntry): ActParameters[A] {
  const checked = actParameters[act].safeParse(entry.parameters);
  if (checked.success) return checked.data as ActParameters[A];
  const at = checked.error.issues[0]?.path.join('.') ?? '';
  throw new RangeError(`entry ${entry.sequence} (${act}): parameters${at ? `.${at}` : ''} not as they must be`);
}

/** An empty case; feed it the journal's entries in order. */
export function createFold(view: CaseView): CaseFold {
  const series: CaseSeries[] = [];
  const segments: LivingSegment[] = [];
  const signs: SignOff[] = [];
  const evaluations: (Omit<CaseEvaluation, 'current'> & { from: MaskMark })[] = [];
  const done: Done[] = [];
  const undone: JournalEntry[] = [];
  let report: ImportReport | null = null;
  let unacknowledged: Coded[] = [];
  let last: JournalEntry | null = null;

  const living = (): LivingSegment[] => segments.filter((one) => !one.removed);
  function segmentOf(id: string): LivingSegment {
    const found = segments.find((one) => one.id === id && !one.removed);
    if (!found) throw new Refusal('NOT_FOUND', `This case has no segment ${id}. Choose one that is listed.`);
    return found;
  }
  function meshOf(id: string): CaseMesh {
    const found = meshes().find((one) => one.id === id);
    if (!found) throw new Refusal('NOT_FOUND', `This case has no mesh ${id}. Choose one that is listed, or make it again.`);
    return found;
  }
  function freeColour(): number {
    const taken = living().map((one) => one.colour);
    for (let colour = 1; colour <= 8; colour++) if (!taken.includes(colour)) return colour;
    // Nine segments and more share colours; the least used comes next.
    const uses = (colour: number): number => taken.filter((one) => one === colour).length;
    return [1, 2, 3, 4, 5, 6, 7, 8].reduce((best, colour) => (uses(colour) < uses(best) ? colour : best));
  }
  function freeName(): string {
    const taken = new Set(living().map((one) => one.name));
    let n = 1;
    while (taken.has(n === 1 ? 'Bone' : `Bone ${n}`)) n++;
    return n === 1 ? 'Bone' : `Bone ${n}`;
  }

  function seriesOf(uid: string): CaseSeries {
    const found = series.find((one) => one.seriesInstanceUid === uid);
    if (!found) throw new Refusal('NOT_FOUND', `This case has no series ${uid}. Choose one that is listed.`);
    return found;
  }

  /** An act that makes a new segment of the mask that it names. */
  function addSegment(
    entry: JournalEntry,
    made: { series: string; name: string | null; voxels: number; network: Segment['network']; parameters: Record<string, unknown> },
  ): Carry {
    const on = seriesOf(made.series);
    const base = entry.outputs[0];
    if (base === undefined) throw new RangeError(`entry ${entry.sequence} names no mask`);
    const making: Making = { kind: 'act', sequence: entry.sequence, name: entry.name, parameters: made.parameters };
    return () => {
      segments.push({
        id: `segment-${entry.sequence}`,
        name: made.name ?? freeName(),
        colour: freeColour(),
        series: made.series,
        voxelMm3: voxelVolumeOf(on),
        base,
        strokes: [],
        making: [making],
        meshes: [],
        network: made.network,
        voxels: made.voxels,
        removed: false,
      });
      return () => segments.pop();
    };
  }

  /** An act that makes a segment's mask anew from the mask `from`; refused where that has changed meanwhile, so that no stroke is lost. */
  function replaceMask(
    segment: LivingSegment,
    entry: JournalEntry,
    next: { base: string; from: MaskMark | null; voxels: number; network: Segment['network']; making: Making; anew: boolean },
  ): Carry {
    const { base, from, voxels, network, making, anew } = next;
    if (from && !same(from, markNow(segment)))
      throw new Refusal(
        'CASE_LOCKED',
        `${segment.name} was changed while '${entry.name}' was under way; nothing was replaced. Do it again.`,
      );
    return () => {
      const before = {
        base: segment.base,
        strokes: segment.strokes,
        voxels: segment.voxels,
        network: segment.network,
        making: segment.making,
      };
      // A mask made anew of probabilities has no clean in it any more; what a hand drew is laid over it again.
      const kept = anew ? segment.making.filter((one) => one.kind !== 'clean') : segment.making;
      const cleansDropped = segment.making.length - kept.length;
      const told =
        cleansDropped > 0 && making.kind !== 'stroke' ? { ...making, parameters: { ...making.parameters, cleansDropped } } : making;
      Object.assign(segment, { base, strokes: [], voxels, network, making: [...kept, told] });
      return () => Object.assign(segment, before);
    };
  }

  const carry: Record<keyof ActParameters, (entry: JournalEntry) => Carry> = {
    create: (entry) => {
      parametersOf('create', entry);
      if (entry.sequence !== 0) throw new RangeError(`entry ${entry.sequence} creates a case that exists`);
      return () => () => {};
    },
    import: (entry) => {
      const taken = parametersOf('import', entry);
      for (const one of taken.series)
        if (series.some((known) => known.seriesInstanceUid === one.seriesInstanceUid))
          throw new Refusal('CASE_EXISTS', `This case already holds series ${one.seriesInstanceUid}. Import it into a new case.`);
      return () => {
        series.push(...taken.series);
        report = { ...taken.report, series: taken.series };
        unacknowledged = [...unacknowledged, ...taken.report.warnings];
        return () => {};
      };
    },
    preprocess: (entry) => {
      const { series: made } = parametersOf('preprocess', entry);
      const from = made.derivation?.from;
      if (!series.some((one) => one.seriesInstanceUid === from))
        throw new Refusal('CASE_LOCKED', 'The series that this was made of was taken back meanwhile; nothing was made. Do it again.');
      if (series.some((one) => one.seriesInstanceUid === made.seriesInstanceUid))
        throw new Refusal('CASE_EXISTS', 'This case already holds the series that these settings make. Choose it from the list of series.');
      return () => {
        series.push(made);
        return () => series.pop();
      };
    },
    carry: (entry) => {
      const carried = parametersOf('carry', entry);
      const source = segmentOf(carried.segment);
      if (!same(carried.from, markNow(source)))
        throw new Refusal('CASE_LOCKED', `${source.name} was changed while it was carried over; nothing was made. Do it again.`);
      const { labels, segment: of, fromMm3 } = carried;
      return addSegment(entry, {
        ...carried,
        name: `${source.name}, preprocessed`,
        network: null,
        parameters: { segment: of, labels, fromMm3 },
      });
    },
    acknowledge: (entry) => {
      const { codes } = parametersOf('acknowledge', entry);
      return () => {
        unacknowledged = unacknowledged.filter((one) => !codes.includes(one.code));
        return () => {};
      };
    },
    segment: (entry) => {
      const made = parametersOf('segment', entry);
      const network = made.network && { ...made.network, settings: made.settings };
      const parameters = made.cavity ? { ...made.settings, cavity: made.cavity } : made.settings;
      if (made.into === null) return addSegment(entry, { ...made, network, parameters });
      const base = entry.outputs[0];
      if (base === undefined) throw new RangeError(`entry ${entry.sequence} names no mask`);
      const making: Making = { kind: 'act', sequence: entry.sequence, name: entry.name, parameters: made.settings };
      const segment = segmentOf(made.into);
      if (segment.series !== made.series) throw new RangeError(`entry ${entry.sequence} runs into a segment of another series`);
      return replaceMask(segment, entry, { base, from: made.from, voxels: made.voxels, network, making, anew: true });
    },
    adjust: (entry) => {
      const { settings, from, voxels, keptByHand, segment: id } = parametersOf('adjust', entry);
      const segment = segmentOf(id);
      const base = entry.outputs[0];
      if (base === undefined) throw new RangeError(`entry ${entry.sequence} names no mask`);
      if (!segment.network) throw new RangeError(`entry ${entry.sequence} adjusts ${id}, which no network made`);
      const { overwriteHand, ...moved } = settings;
      const network = {
        ...segment.network,
        settings: { ...segment.network.settings, ...moved } as NonNullable<Segment['network']>['settings'],
      };
      const making: Making = { kind: 'act', sequence: entry.sequence, name: entry.name, parameters: { ...settings, keptByHand } };
      return replaceMask(segment, entry, { base, from, voxels, network, making, anew: true });
    },
    clean: (entry) => {
      const cleaned = parametersOf('clean', entry);
      const segment = segmentOf(cleaned.segment);
      const base = entry.outputs[0];
      if (base === undefined) throw new RangeError(`entry ${entry.sequence} names no mask`);
      const { partsBefore, partsAfter, crf } = cleaned;
      const did = crf && { crfAdded: crf.added, crfRemoved: crf.removed, crfHeld: crf.held };
      const { crf: field, ...settings } = cleaned.settings;
      const parameters = { ...(field ? { crf: field } : {}), ...settings, ...did, partsBefore, partsAfter };
      const making: Making = { kind: 'clean', sequence: entry.sequence, name: entry.name, parameters };
      return replaceMask(segment, entry, {
        base,
        from: cleaned.from,
        voxels: cleaned.voxels,
        network: segment.network,
        making,
        anew: false,
      });
    },
    effect: (entry) => {
      const { segment: id, from, settings, made, voxels, volumeMm3 } = parametersOf('effect', entry);
      const segment = segmentOf(id);
      if (made !== null) {
        if (!same(from, markNow(segment)))
          throw new Refusal(
            'CASE_LOCKED',
            `${segment.name} was changed while '${entry.name}' was under way; nothing was made. Do it again.`,
          );
        const parameters = { ...settings, segment: id, part: made.part };
        return addSegment(entry, { series: segment.series, name: made.name, voxels, network: null, parameters });
      }
      const base = entry.outputs[0];
      if (base === undefined) throw new RangeError(`entry ${entry.sequence} names no mask`);
      const parameters = { ...settings, volumeMm3 };
      const making: Making = { kind: 'clean', sequence: entry.sequence, name: entry.name, parameters };
      return replaceMask(segment, entry, { base, from, voxels, network: segment.network, making, anew: false });
    },
    stroke: (entry) => {
      const stroke = parametersOf('stroke', entry);
      const segment = segmentOf(stroke.segment);
      if (stroke.runs === null && entry.outputs.length === 0) throw new RangeError(`entry ${entry.sequence} names no runs`);
      const change = stroke.value === 1 ? stroke.voxels : -stroke.voxels;
      if (segment.voxels + change < 0)
        throw new Refusal('INVALID_VOXELS', `The stroke takes away more voxels than ${segment.name} has. Draw it again.`);
      return () => {
        segment.strokes.push(entry.sequence);
        segment.making.push({ kind: 'stroke', sequence: entry.sequence, voxels: change });
        segment.voxels += change;
        return () => {
          segment.strokes.pop();
          segment.making.pop();
          segment.voxels -= change;
        };
      };
    },
    mesh: (entry) => {
      const { from, settings, report: measured, reasons, segment: id } = parametersOf('mesh', entry);
      const segment = segmentOf(id);
      return () => {
        segment.meshes.push({
          id: `mesh-${entry.sequence}`,
          sequence: entry.sequence,
          from: from ?? markNow(segment),
          settings,
          report: measured,
          reasons,
        });
        return () => segment.meshes.pop();
      };
    },
    rename: (entry) => {
      const renamed = parametersOf('rename', entry);
      const segment = segmentOf(renamed.segment);
      return () => {
        const before = segment.name;
        segment.name = renamed.to;
        return () => {
          segment.name = before;
        };
      };
    },
    remove: (entry) => {
      const segment = segmentOf(parametersOf('remove', entry).segment);
      return () => {
        segment.removed = true;
        return () => {
          segment.removed = false;
        };
      };
    },
    sign: (entry) => {
      const { mesh, name, remark } = parametersOf('sign', entry);
      const signed = meshOf(mesh);
      if (!signed.current)
        throw new Refusal('NOT_FOUND', `${signed.segmentName} has changed since this mesh was made. Make the mesh again and sign that.`);
      return () => {
        signs.push({ sequence: entry.sequence, mesh, name, time: entry.time, remark });
        return () => {};
      };
    },
    export: (entry) => {
      const { mesh, segment } = parametersOf('export', entry);
      if (mesh !== null) meshOf(mesh);
      else if (segment !== null) segmentOf(segment);
      else throw new RangeError(`entry ${entry.sequence} exports nothing`);
      return () => () => {};
    },
    evaluate: (entry) => {
      const { segment, segmentName, from, figures } = parametersOf('evaluate', entry);
      return () => {
        evaluations.push({ sequence: entry.sequence, time: entry.time, segment, segmentName, from, figures });
        return () => {};
      };
    },
    undo: (entry) => {
      const { undoes } = parametersOf('undo', entry);
      if (done.at(-1)?.entry.sequence !== undoes)
        throw new RangeError(`entry ${entry.sequence} undoes ${undoes}, which is not the last act`);
      return () => {
        const { entry: target, revert } = done.pop()!;
        revert();
        undone.push(target);
        return () => {};
      };
    },
    redo: (entry) => {
      const { redoes } = parametersOf('redo', entry);
      const target = undone.at(-1);
      if (target?.sequence !== redoes) throw new RangeError(`entry ${entry.sequence} redoes ${redoes}, which is not the last act undone`);
      const again = carry[target.act](target);
      return () => {
        undone.pop();
        done.push({ entry: target, revert: again() });
        return () => {};
      };
    },
  };

  function plan(entry: JournalEntry): () => void {
    const sequence = last ? last.sequence + 1 : 0;
    if (entry.sequence !== sequence) throw new RangeError(`entry ${entry.sequence} came where ${sequence} was due`);
    const out = carry[entry.act](entry);
    return () => {
      const revert = out();
      last = entry;
      if (!isUndoable(entry.act)) return;
      done.push({ entry, revert });
      undone.length = 0;
    };
  }

  function meshes(): CaseMesh[] {
    return living().flatMap((segment) => {
      const newest = segment.meshes.at(-1);
      if (!newest) return [];
      const { from, ...mesh } = newest;
      return [{ ...mesh, segment: segment.id, segmentName: segment.name, current: same(from, markNow(segment)) }];
    });
  }

  function shown(segment: LivingSegment): Segment {
    const { id, name, colour, series: on, base, strokes, voxels, network } = segment;
    const technique = techniqueLines(segment.making);
    return {
      id,
      name,
      colour,
      series: on,
      technique,
      network,
      mask: { base, strokes: [...strokes] },
      voxels,
      volumeMm3: voxels * segment.voxelMm3,
    };
  }

  function validSign(wanted: (sign: SignOff) => boolean): SignOff | null {
    const signable = new Set(meshes().flatMap((mesh) => (mesh.current ? [mesh.id] : [])));
    return signs.findLast((sign) => signable.has(sign.mesh) && wanted(sign)) ?? null;
  }

  return {
    plan,
    apply: (entry) => plan(entry)(),
    undoable: () => done.at(-1)?.entry ?? null,
    redoable: () => undone.at(-1) ?? null,
    signOff: (mesh) => validSign((sign) => sign.mesh === mesh),
    state: () => ({
      id: view.id,
      name: view.name,
      folder: view.folder,
      readOnly: view.readOnly,
      heldBy: view.heldBy,
      notices: [...view.notices],
      sequence: last?.sequence ?? 0,
      series: [...series],
      importReport: report,
      unacknowledged: [...unacknowledged],
      segments: living().map(shown),
      meshes: meshes(),
      evaluations: evaluations.map(({ from, ...one }) => {
        const segment = living().find((s) => s.id === one.segment);
        return { ...one, current: segment !== undefined && same(from, markNow(segment)) };
      }),
      signOff: validSign(() => true),
      undo: done.at(-1)?.entry.name ?? null,
      redo: undone.at(-1)?.name ?? null,
      savedAt: last?.time ?? '',
    }),
  };
}

/** The entries that undo and redo would take: undoing piles up, a new undoable act clears what could be redone. Cost: linear. */
function piles(entries: readonly JournalEntry[]): { done: JournalEntry[]; undone: JournalEntry[] } {
  const done: JournalEntry[] = [];
  const undone: JournalEntry[] = [];
  for (const entry of entries) {
    if (entry.act === 'undo') undone.push(...done.splice(-1));
    else if (entry.act === 'redo') done.push(...undone.splice(-1));
    else if (isUndoable(entry.act)) {
      done.push(entry);
      undone.length = 0;
    }
  }
  return { done, undone };
}
export const nextUndo = (entries: readonly JournalEntry[]): JournalEntry | null => piles(entries).done.at(-1) ?? null;
export const nextRedo = (entries: readonly JournalEntry[]): JournalEntry | null => piles(entries).undone.at(-1) ?? null;

/** The whole journal at once. Deterministic. Throws what `CaseFold.plan` throws. Cost: linear in the entries. */
export function foldCase(entries: readonly JournalEntry[], view: CaseView): CaseState {
  const fold = createFold(view);
  for (const entry of entries) fold.apply(entry);
  return fold.state();
}

/** The journal as the window lists it: an entry that is taken back stays visible, as undone. Cost: linear. */
export function journalLines(entries: readonly JournalEntry[]): JournalLine[] {
  const undone = undoneSequences(entries);
  return entries.map(({ sequence, time, who, act, clause, name }) => ({
    sequence,
    time,
    who,
    act,
    clause,
    name,
    state: undone.has(sequence) ? 'undone' : 'done',
  }));
}

import type { ActName, CaseState, JournalEntry, JournalLine, Segment, SignOff } from '../../../contract/case.ts';
import { undoableActs } from '../../../contract/case.ts';
import type { Finding } from '../../../contract/errors.ts';
import { carryMasks } from './carry-masks.ts';
import { carryModels } from './carry-models.ts';
import { carrySegments } from './carry-segments.ts';
import { carrySeries } from './carry-series.ts';
import { type Carries, type LivingCase, type LivingSegment, livingSegments, markNow, meshesOf, parametersOf, same } from './living.ts';
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

interface Done {
  entry: JournalEntry;
  revert(): void;
}

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
/** An empty case; feed it the journal's entries in order. */
export function createFold(view: CaseView): CaseFold {
  const living: LivingCase = { series: [], segments: [], markups: [], signs: [], evaluations: [], report: null, unacknowledged: [] };
  const done: Done[] = [];
  const undone: JournalEntry[] = [];
  let last: JournalEntry | null = null;

  const carry: Carries<ActName> = {
    ...carrySeries(living),
    ...carryMasks(living),
    ...carrySegments(living),
    ...carryModels(living),
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

  function shown(segment: LivingSegment): Segment {
    const { id, name, colour, number, locked, review, label, reviewed, series: on, base, strokes, voxels, network, origin } = segment;
    const technique = techniqueLines(segment.making);
    return {
      id,
      name,
      colour,
      number,
      locked,
      review,
      label,
      reviewed: [...reviewed],
      series: on,
      technique,
      network,
      networkWording: origin.networkWording,
      // Nothing but a hand's segment begins with nothing in it.
      algorithmType: origin.way ?? 'MANUAL',
      mask: { base, strokes: [...strokes] },
      voxels,
      volumeMm3: voxels * segment.voxelMm3,
    };
  }

  function validSign(wanted: (sign: SignOff) => boolean): SignOff | null {
    const signable = new Set(meshesOf(living).flatMap((mesh) => (mesh.current ? [mesh.id] : [])));
    return living.signs.findLast((sign) => signable.has(sign.mesh) && wanted(sign)) ?? null;
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
      series: [...living.series],
      importReport: living.report,
      unacknowledged: [...living.unacknowledged],
      segments: livingSegments(living).map(shown),
      markups: [...living.markups],
      meshes: meshesOf(living),
      evaluations: living.evaluations.map(({ from, ...one }) => {
        const segment = livingSegments(living).find((s) => s.id === one.segment);
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

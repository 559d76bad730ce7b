import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Act, CaseState, JournalEntry } from '../../../contract/case.ts';
import { caseState } from '../../../contract/case.ts';
import { meshSettings } from '../../../contract/mesh.ts';
import { adjustSettings } from '../../../contract/segmentation.ts';
import { cleanAct, createAct, describeAct, markOf, meshAct, redoAct, signAct, undoAct } from './acts.ts';
import { handStrokes } from './hand-strokes.ts';
import {
  sampleAct,
  sampleAdjust,
  sampleEffect,
  sampleImport,
  sampleNetworkSegment,
  sampleReport,
  sampleSegment,
  sampleStroke,
} from './sample.ts';
import type { CaseView } from './state.ts';
import { createFold, foldCase, journalLines, nextRedo, nextUndo } from './state.ts';

const view: CaseView = { id: 'id', name: 'Case', folder: 'case', readOnly: false, heldBy: null, notices: [] };
const blob = (seed: number): string => seed.toString(16).padStart(64, '0');

/** A case that grows act by act, as the service lets it grow. */
function session() {
  const fold = createFold(view);
  const entries: JournalEntry[] = [];
  function add(act: Act): JournalEntry {
    const sequence = entries.length;
    const entry = { ...act, sequence, time: `t${sequence}`, elapsedMs: sequence, who: 'me', previousHash: '', hash: '' };
    fold.apply(entry);
    entries.push(entry);
    return entry;
  }
  const undo = (): JournalEntry => add(undoAct(fold.undoable()!));
  const redo = (): JournalEntry => add(redoAct(fold.redoable()!));
  add(createAct({ schemaVersion: 1, id: 'id', name: 'Case', caseSha256: blob(99) }));
  add(sampleImport(blob(0)));
  return { fold, entries, add, undo, redo, state: () => fold.state() };
}

const picks = fc.array(fc.tuple(fc.nat(21), fc.nat(1000)), { maxLength: 60 });
function play(list: [number, number][]) {
  const on = session();
  const take = (entry: JournalEntry | null, make: (entry: JournalEntry) => Act): Act | null => entry && make(entry);
  const next = { undo: () => take(on.fold.undoable(), undoAct), redo: () => take(on.fold.redoable(), redoAct) };
  for (const [pick, size] of list) {
    const act = sampleAct(pick, size, on.state(), next, blob);
    if (act) on.add(act);
  }
  return on;
}
/** What undo and redo may not change: all but the journal's own position. */
const picture = ({ sequence: _, savedAt: __, ...rest }: CaseState) => rest;

/** The slow twin: knows nothing of stacks of changes; takes the acts that stand now and carries them out from nothing. */
function masksByTwin(entries: JournalEntry[]): Map<string, { base: string | null; strokes: number[]; voxels: number }> {
  const undone = new Set(journalLines(entries).flatMap((line) => (line.state === 'undone' ? [line.sequence] : [])));
  const masks = new Map<string, { base: string | null; strokes: number[]; voxels: number }>();
  for (const { sequence, act, parameters: p, outputs } of entries) {
    if (undone.has(sequence)) continue;
    const mask = masks.get(String(p.segment));
    if (act === 'adjust') masks.set(String(p.segment), { base: outputs[0]!, strokes: [], voxels: Number(p.voxels) });
    if (act === 'segment')
      masks.set(p.into ? String(p.into) : `segment-${sequence}`, { base: outputs[0]!, strokes: [], voxels: Number(p.voxels) });
    if (act === 'clean') masks.set(String(p.segment), { base: outputs[0]!, strokes: [], voxels: Number(p.voxels) });
    if (act === 'carry') masks.set(`segment-${sequence}`, { base: outputs[0]!, strokes: [], voxels: Number(p.voxels) });
    if (act === 'effect' || act === 'load') {
      const changes = p.changes as { into: string | null; change: string; voxels: number }[];
      for (const [n, { into, change, voxels }] of changes.entries()) {
        const id = into ?? (changes.length === 1 ? `segment-${sequence}` : `segment-${sequence}-${n + 1}`);
        const under = change === 'flips' ? masks.get(id)! : { base: outputs[n]!, strokes: [] };
        masks.set(id, { ...under, strokes: change === 'flips' ? [...under.strokes, sequence] : [], voxels });
      }
    }
    if (act === 'remove') masks.delete(String(p.segment));
    if (act === 'stroke' && mask) {
      mask.strokes.push(sequence);
      mask.voxels += p.value === 1 ? Number(p.voxels) : -Number(p.voxels);
    }
  }
  return masks;
}

describe('the state folded from the journal', () => {
  it('agrees with a twin that carries out only the acts that stand, and with the contract', () => {
    fc.assert(
      fc.property(picks, (list) => {
        const { entries, state } = play(list);
        const folded = state();
        caseState.parse(folded);
        const masks = new Map(folded.segments.map((one) => [one.id, { ...one.mask, voxels: one.voxels }]));
        expect(masks).toEqual(masksByTwin(entries));
        for (const one of folded.segments) expect(one.volumeMm3).toBeCloseTo(one.voxels * 0.5, 9);
      }),
      { numRuns: 300 },
    );
  });

  it('is the same after closing and opening, and undo and redo know the same acts then', () => {
    fc.assert(
      fc.property(picks, (list) => {
        const { entries, fold } = play(list);
        expect(foldCase(structuredClone(entries), view)).toEqual(fold.state());
        expect(nextUndo(entries)).toEqual(fold.undoable());
        expect(nextRedo(entries)).toEqual(fold.redoable());
      }),
    );
  });

  it('comes back after any number of undos and as many redos, also with a reopening in between', () => {
    fc.assert(
      fc.property(picks, fc.nat(20), (list, wanted) => {
        const { entries, fold, state, undo, redo, add } = play(list);
        const steps: CaseState[] = [state()];
        while (steps.length <= wanted && fold.undoable()) {
          undo();
          steps.push(state());
        }
        const reopened = createFold(view);
        for (const entry of entries) reopened.apply(entry);
        expect(reopened.redoable()).toEqual(fold.redoable());
        const beforeAll = steps.length > 1 ? steps[0]!.undo : null;
        while (steps.length > 1) {
          expect(picture(state())).toEqual(picture(steps.pop()!));
          redo();
        }
        // What could be redone before the first undo is on the pile again; all else is as it was.
        expect(picture(state())).toEqual(picture(steps[0]!));
        if (beforeAll !== null) expect(state().undo).toBe(beforeAll);
        add(sampleSegment(blob(1), blob(0), 1));
        expect(state().redo).toBeNull();
      }),
    );
  });

  it('undone to the beginning there is nothing but the import, and no undo of that', () => {
    fc.assert(
      fc.property(picks, (list) => {
        const { fold, state, undo } = play(list);
        while (fold.undoable()) undo();
        expect(state()).toMatchObject({ segments: [], meshes: [], signOff: null, undo: null });
        expect(state().series).toHaveLength(1);
      }),
    );
  });
});

describe('segments', () => {
  it('takes the next free colour and default name', () => {
    const { add, state, undo } = session();
    for (let n = 0; n < 3; n++) add(sampleSegment(blob(n), blob(0), 10));
    expect(state().segments.map(({ id, name, colour }) => [id, name, colour])).toEqual([
      ['segment-2', 'Bone', 1],
      ['segment-3', 'Bone 2', 2],
      ['segment-4', 'Bone 3', 3],
    ]);
    const second = state().segments[1]!;
    add({ act: 'remove', clause: '9.1', name: 'Remove Bone 2', parameters: { segment: second.id }, inputs: [], outputs: [] });
    add(sampleSegment(blob(5), blob(0), 10));
    expect(state().segments.map(({ name, colour }) => [name, colour])).toEqual([
      ['Bone', 1],
      ['Bone 3', 3],
      ['Bone 2', 2],
    ]);
    undo();
    undo();
    expect(state().segments.map((one) => one.id)).toEqual(['segment-2', 'segment-3', 'segment-4']);
    for (let n = 0; n < 7; n++) add(sampleSegment(blob(n), blob(0), 10));
    expect(state().segments.map((one) => one.colour)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 1, 2]);
  });

  it('[I-technique] lists the technique and what was done since, strokes in a row as one line with their counts', () => {
    const { add, state, undo } = session();
    add(sampleSegment(blob(1), blob(0), 100));
    const bone = state().segments[0]!;
    for (const [value, voxels] of [
      [1, 7],
      [0, 3],
      [1, 5],
    ] as const)
      add(sampleStroke(bone, value, voxels));
    expect(state().segments[0]).toMatchObject({ voxels: 109, volumeMm3: 54.5, mask: { base: blob(1), strokes: [3, 4, 5] } });
    expect(state().segments[0]!.technique).toEqual([
      { sequence: 2, name: 'Threshold 200 HU and above', parameters: { method: 'threshold', lowHu: 200, highHu: null } },
      { sequence: 3, name: '3 strokes by hand', parameters: { strokes: 3, addedVoxels: 12, removedVoxels: 3 } },
    ]);
    undo();
    expect(state().segments[0]!.technique[1]).toMatchObject({
      name: '2 strokes by hand',
      parameters: { addedVoxels: 7, removedVoxels: 3 },
    });
  });

  it('refuses a clean whose mask has changed since it began, and a stroke that takes away more than there is', () => {
    const { add, state } = session();
    add(sampleSegment(blob(1), blob(0), 10));
    const began = state().segments[0]!;
    add(sampleStroke(began, 1, 5));
    const parameters = { segment: began.id, from: markOf(began.mask), settings: { keep: 'all', connectivity: 26, fillHoles: true } };
    const figures = { voxels: 9, volumeMm3: 4.5, partsBefore: 1, partsAfter: 1 };
    const clean: Act = {
      act: 'clean',
      clause: '13',
      name: 'Fill holes',
      parameters: { ...parameters, ...figures },
      inputs: [],
      outputs: [blob(3)],
    };
    expect(() => add(clean)).toThrow(expect.objectContaining({ code: 'CASE_LOCKED' }));
    expect(() => add(sampleStroke(began, 0, 16))).toThrow(expect.objectContaining({ code: 'INVALID_VOXELS' }));
    expect(state().segments[0]).toMatchObject({ voxels: 15, mask: { base: blob(1), strokes: [3] } });
  });

  it('[M-combine] refuses an effect on a mask that has changed since; an effect goes with a clean when the mask is made anew', () => {
    const { add, state } = session();
    add(sampleNetworkSegment(blob, 100));
    const began = state();
    const on = began.segments[0]!;
    add(sampleStroke(on, 1, 5));
    const parts = { name: 'Bone part 1', part: 1 };
    for (const made of [null, parts])
      expect(() => add(sampleEffect(on, began, blob(3), 7, made))).toThrow(expect.objectContaining({ code: 'CASE_LOCKED' }));
    const now = state();
    add(sampleEffect(now.segments[0]!, now, blob(3), 7, parts));
    expect(state().segments.map((one) => [one.name, one.voxels])).toEqual([
      ['Bone', 105],
      ['Bone part 1', 7],
    ]);
    add(sampleEffect(state().segments[0]!, state(), blob(4), 112, null));
    expect(state().segments[0]!.technique.at(-1)).toMatchObject({ name: 'An effect', parameters: { with: ['Bone part 1'] } });
    add(sampleAdjust(state().segments[0]!, blob(5), 90));
    expect(state().segments[0]!.technique.at(-1)).toMatchObject({ name: 'Probability 0.4', parameters: { cleansDropped: 1 } });
  });

  it('refuses acts on what is not there and an undo out of order, and stays as it was', () => {
    const { add, state, entries } = session();
    add(sampleSegment(blob(1), blob(0), 10));
    add(sampleStroke(state().segments[0]!, 1, 5));
    const before = state();
    expect(() => add(sampleStroke({ id: 'segment-9', name: 'x' }, 1, 5))).toThrow(expect.objectContaining({ code: 'NOT_FOUND' }));
    expect(() => add(undoAct(entries[2]!))).toThrow(RangeError);
    expect(() => add(redoAct(entries[2]!))).toThrow(RangeError);
    expect(() => add({ ...undoAct(entries[3]!), parameters: { undoes: 'last' } })).toThrow(RangeError);
    expect(state()).toEqual(before);
  });
});

describe('segments of a network', () => {
  it('[12-process] keeps the run and its probabilities through another threshold, and undo brings the first one back', () => {
    const { add, state, undo } = session();
    const made = add(sampleNetworkSegment(blob, 100));
    expect(made.outputs).toEqual([blob(42), blob(41)]);
    const before = state().segments[0]!;
    expect(before.network).toMatchObject({ provider: 'cpu', settings: { method: 'default', probability: 0.5 } });
    add(sampleAdjust(before, blob(60), 120));
    expect(state().segments[0]).toMatchObject({
      voxels: 120,
      mask: { base: blob(60), strokes: [] },
      network: { probabilities: [{ model: 'orbit', sha256: blob(41) }], settings: { method: 'default', probability: 0.4 } },
    });
    expect(state().segments[0]!.network!.settings).not.toHaveProperty('overwriteHand');
    undo();
    expect(picture(state()).segments[0]).toEqual(before);
  });

  it('a run into a segment keeps its name and colour, and refuses when it was drawn on meanwhile', () => {
    const { add, state } = session();
    add(sampleSegment(blob(1), blob(0), 10, 'Orbit'));
    const began = state().segments[0]!;
    const into = { id: began.id, from: markOf(began.mask) };
    add(sampleNetworkSegment(blob, 100, into));
    expect(state().segments).toHaveLength(1);
    expect(state().segments[0]).toMatchObject({ id: began.id, name: 'Orbit', colour: began.colour, voxels: 100 });
    add(sampleStroke(began, 1, 5));
    expect(() => add(sampleNetworkSegment(blob, 100, into))).toThrow(expect.objectContaining({ code: 'CASE_LOCKED' }));
  });

  it('[I-technique] a mask made anew from probabilities lists no clean that is no longer in it, says how many, and undo lists them again', () => {
    const { add, state, undo } = session();
    add(sampleNetworkSegment(blob, 100));
    const bone = () => state().segments[0]!;
    const figures = { voxels: 90, volumeMm3: 45, partsBefore: 3, partsAfter: 1 };
    const settings = { keep: 'largest' as const, connectivity: 26 as const, fillHoles: false, crf: false };
    add(cleanAct({ segment: bone().id, title: 'Keep largest part', settings, output: blob(70), inputs: [], ...figures }));
    add(sampleStroke(bone(), 1, 4));
    const before = bone().technique.map((line) => line.name);
    expect(before).toEqual(['Orbit network', 'Keep largest part', '1 stroke by hand']);
    add(sampleAdjust(bone(), blob(60), 120));
    expect(bone().technique.map((line) => line.name)).toEqual(['Orbit network', '1 stroke by hand', 'Probability 0.4']);
    expect(bone().technique.at(-1)!.parameters.cleansDropped).toBe(1);
    undo();
    expect(bone().technique.map((line) => line.name)).toEqual(before);
  });

  it('an overlap band that is the wrong way round is refused, so that a case never holds one', () => {
    expect(adjustSettings.safeParse({ overlapHu: [300, 200] }).success).toBe(false);
    expect(adjustSettings.safeParse({ overlapHu: [200, 300] }).success).toBe(true);
  });

  it('a segment that no network made has nothing to adjust', () => {
    const { add, state } = session();
    add(sampleSegment(blob(1), blob(0), 10));
    expect(() => add(sampleAdjust(state().segments[0]!, blob(2), 5))).toThrow(RangeError);
  });

  it('[9.1-values] a lock keeps out another threshold and a run into the segment; undo of the lock lets them again', () => {
    const { add, state, undo } = session();
    add(sampleNetworkSegment(blob, 100));
    const bone = () => state().segments[0]!;
    add(describeAct({ segment: bone().id, segmentName: bone().name, to: { locked: true } }));
    const into = { id: bone().id, from: markOf(bone().mask) };
    const before = picture(state());
    const locked = expect.objectContaining({ code: 'SEGMENT_LOCKED' });
    expect(() => add(sampleAdjust(bone(), blob(60), 120))).toThrow(locked);
    expect(() => add(sampleNetworkSegment(blob, 90, into))).toThrow(locked);
    expect(picture(state())).toEqual(before);
    undo();
    add(sampleAdjust(bone(), blob(60), 120));
    add(sampleNetworkSegment(blob, 90, { id: bone().id, from: markOf(bone().mask) }));
    expect(bone().voxels).toBe(90);
  });

  it('knows what a hand has set: also after a clean or an adjustment, not after undo or after it was told to overwrite', () => {
    const { add, state, undo, entries } = session();
    add(sampleNetworkSegment(blob, 100));
    const id = state().segments[0]!.id;
    const first = add(sampleStroke(state().segments[0]!, 1, 5)).sequence;
    add(sampleAdjust(state().segments[0]!, blob(60), 120));
    const second = add(sampleStroke(state().segments[0]!, 0, 3)).sequence;
    expect(handStrokes(entries, id)).toEqual([first, second]);
    expect(handStrokes(entries, 'segment-99')).toEqual([]);
    add(sampleAdjust(state().segments[0]!, blob(61), 110, true));
    expect(handStrokes(entries, id)).toEqual([]);
    undo();
    expect(handStrokes(entries, id)).toEqual([first, second]);
    undo();
    expect(handStrokes(entries, id)).toEqual([first]);
  });
});

describe('meshes and the signature', () => {
  function withMesh() {
    const on = session();
    on.add(sampleSegment(blob(1), blob(0), 100));
    const bone = on.state().segments[0]!;
    const settings = meshSettings.parse({ smoothIterations: 16 });
    const mesh = (stl: string) =>
      meshAct({ segment: bone.id, segmentName: bone.name, settings, reasons: [], inputs: [], stl, report: sampleReport(stl) });
    on.add(mesh(blob(7)));
    return { ...on, bone, mesh };
  }
  it('lists the newest mesh of a segment and says whether the mask is still the one it was made of', () => {
    const { add, state, undo, redo, bone, mesh } = withMesh();
    expect(state().meshes).toMatchObject([{ id: 'mesh-3', segment: bone.id, segmentName: 'Bone', current: true }]);
    add(sampleStroke(bone, 1, 5));
    expect(state().meshes).toMatchObject([{ id: 'mesh-3', current: false }]);
    undo();
    expect(state().meshes).toMatchObject([{ id: 'mesh-3', current: true }]);
    redo();
    add(mesh(blob(8)));
    expect(state().meshes).toMatchObject([{ id: 'mesh-7', current: true }]);
    undo();
    expect(state().meshes).toMatchObject([{ id: 'mesh-3', current: false }]);
  });

  it('[I-verify] keeps a signature only while its mesh is there and of the present mask', () => {
    const { add, state, undo, redo, bone, mesh, fold } = withMesh();
    const sign = (id: string, stl: string): JournalEntry => add(signAct({ mesh: id, stl, name: 'R. Reviewer', remark: 'walls seen' }));
    const { sequence } = sign('mesh-3', blob(7));
    expect(state().signOff).toMatchObject({ sequence, mesh: 'mesh-3', name: 'R. Reviewer', remark: 'walls seen' });
    add(sampleStroke(bone, 0, 1));
    expect(state().signOff).toBeNull();
    expect(() => sign('mesh-3', blob(7))).toThrow(expect.objectContaining({ code: 'NOT_FOUND' }));
    undo();
    expect(state().signOff).toMatchObject({ sequence });
    undo();
    expect(state()).toMatchObject({ signOff: null, meshes: [] });
    redo();
    expect(state().signOff).toMatchObject({ sequence });
    add(mesh(blob(8)));
    expect(state().signOff).toBeNull();
    expect(fold.signOff('mesh-3')).toBeNull();
    add({ act: 'remove', clause: '9.1', name: 'Remove', parameters: { segment: bone.id }, inputs: [], outputs: [] });
    expect(state().meshes).toEqual([]);
  });

  it('keeps warnings until somebody has acknowledged them', () => {
    const { add, state } = session();
    expect(state().unacknowledged.map((one) => one.code)).toEqual(['LOSSY_COMPRESSED', 'MISSING_PATIENT_ID']);
    const act = { act: 'acknowledge' as const, clause: '7.3', name: 'Acknowledge', inputs: [], outputs: [] };
    add({ ...act, parameters: { codes: ['LOSSY_COMPRESSED'] } });
    expect(state().unacknowledged.map((one) => one.code)).toEqual(['MISSING_PATIENT_ID']);
    expect(state().importReport?.warnings).toHaveLength(2);
  });

  it('shows undone entries in the journal as undone, redone ones as done', () => {
    const { add, entries, undo, redo, bone } = withMesh();
    add(sampleStroke(bone, 1, 5));
    undo();
    undo();
    redo();
    expect(journalLines(entries).map(({ act, state: how }) => `${act} ${how}`)).toEqual([
      'create done',
      'import done',
      'segment done',
      'mesh done',
      'stroke undone',
      'undo done',
      'undo done',
      'redo done',
    ]);
  });
});

describe('a journal of an earlier version', () => {
  it('opens: its import has no facts, no quality and no list of files, its export names a mesh and nothing besides', () => {
    const { add, entries, state } = session();
    const segment = add(sampleSegment(blob(1), blob(0), 1));
    const stl = blob(2);
    const settings = meshSettings.parse({ smoothIterations: 16 });
    const made = { segment: `segment-${segment.sequence}`, segmentName: 'Bone', settings, reasons: [], inputs: [], stl };
    add(meshAct({ ...made, report: sampleReport(stl) }));
    const mesh = state().meshes[0]!.id;
    const old: JournalEntry[] = structuredClone(entries);
    const [, imported] = old;
    const { files: _, series, ...parameters } = imported!.parameters as { files?: unknown; series: Record<string, unknown>[] };
    const bare = series.map(({ acquisition: _a, quality: _q, derivation: _d, ...rest }) => rest);
    imported!.parameters = { ...parameters, series: bare };
    const last = old.at(-1)!;
    const written = { mesh, kind: 'stl', signed: false, checkPassed: true };
    const exported = {
      ...last,
      sequence: last.sequence + 1,
      act: 'export' as const,
      name: 'Export STL, unsigned',
      inputs: [stl],
      outputs: [],
    };
    old.push({ ...exported, parameters: written });
    const folded = foldCase(old, view);
    caseState.parse(folded);
    expect(folded.series[0]).toMatchObject({ acquisition: null, quality: null, derivation: null });
    expect(folded.meshes.map((one) => one.id)).toEqual([mesh]);
    expect(journalLines(old).at(-1)).toMatchObject({ act: 'export', state: 'done' });
    // The old entry is asked for what it does name.
    old.at(-1)!.parameters = { ...written, mesh: 'mesh-99' };
    expect(() => foldCase(old, view)).toThrow();
  });
});

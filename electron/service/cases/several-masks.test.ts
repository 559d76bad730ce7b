import { expect, test } from 'vitest';
import type { Act, CaseState } from '../../../contract/case.ts';
import { effectSettings } from '../../../contract/effects.ts';
import { actParameters } from './act-parameters.ts';
import { effectAct, loadAct, markOf, redoAct, undoAct } from './acts.ts';
import { blob, journal, view } from './journal.fixture.ts';
import { hasDelta, maskDelta } from './mask-deltas.ts';
import { sampleSegment, sampleSeriesUid, sampleStroke } from './sample.ts';
import { bornAt, segmentIdOf } from './segment-ids.ts';
import { foldCase } from './state.ts';

/** Acts that make and change several masks, and the same written by earlier versions, which wrote an act for each. */

function session() {
  const { fold, entries, add } = journal();
  add(sampleSegment(blob(1), blob(0), 100, 'Skull'));
  add(sampleSegment(blob(2), blob(0), 50, 'Jaw'));
  const state = () => fold.state();
  const named = (name: string) => state().segments.find((one) => one.name === name)!;
  return { fold, entries, add, state, named, undo: () => add(undoAct(fold.undoable()!)), redo: () => add(redoAct(fold.redoable()!)) };
}
const picture = ({ sequence: _, savedAt: __, ...rest }: CaseState) => rest;
const island = effectSettings.parse({ effect: 'island', seedLps: [0, 0, 0], operation: 'take-out' });

/** A new segment, one changed by what turned and one by a whole mask; and a point. */
function loadOf(on: ReturnType<typeof session>): Act {
  const said = { networkWording: null, algorithmType: null, label: null };
  const change = (name: string, n: number, how: 'mask' | 'flips') => {
    const into = name === 'New' ? null : on.named(name);
    const figures = { voxels: 60 + n, changed: 9, volumeMm3: 30 };
    return {
      name,
      value: n,
      ...said,
      into: into?.id ?? null,
      from: into && markOf(into.mask),
      change: how,
      ...figures,
      output: blob(20 + n),
    };
  };
  return loadAct({
    series: sampleSeriesUid,
    source: { kind: 'DICOM SEG', name: 'a.dcm', sha256: blob(9) },
    changes: [change('Skull', 1, 'flips'), change('New', 2, 'mask'), change('Jaw', 3, 'mask')],
    markups: [
      {
        id: null,
        markup: {
          kind: 'point',
          name: 'Spot',
          text: '',
          series: sampleSeriesUid,
          segment: null,
          normalLps: null,
          pointsLps: [[1, 2, 3]],
        },
      },
    ],
  });
}

test('[9.1-interop] a file of three segments and a markup is one act, undone and redone in one step, the same after opening again', () => {
  const on = session();
  const before = picture(on.state());
  on.add(loadOf(on));
  const after = picture(on.state());
  expect(after.undo).toBe('Load 3 segments and 1 markup from a.dcm');
  expect(after.segments.map(({ id, name, mask, voxels }) => [id, name, mask, voxels])).toEqual([
    ['segment-2', 'Skull', { base: blob(1), strokes: [4] }, 61],
    ['segment-3', 'Jaw', { base: blob(23), strokes: [] }, 63],
    ['segment-4-2', 'New', { base: blob(22), strokes: [] }, 62],
  ]);
  expect(after.markups.map((one) => one.name)).toEqual(['Spot']);
  on.undo();
  expect(picture(on.state())).toEqual({ ...before, redo: after.undo });
  on.redo();
  expect(picture(on.state())).toEqual(after);
  expect(foldCase(structuredClone(on.entries), view)).toEqual(on.state());
});

test('[9.1-interop] of a file one locked or changed segment refuses all of it', () => {
  const on = session();
  const late = loadOf(on);
  on.add(sampleStroke(on.named('Jaw'), 1, 5));
  const before = on.state();
  expect(() => on.add(late)).toThrow(expect.objectContaining({ code: 'CASE_LOCKED' }));
  expect(on.state()).toEqual(before);
});

test('an act that changes a mask twice, or a segment that it does not name, is none', () => {
  const on = session();
  const act = loadOf(on);
  const { changes } = actParameters.load.parse(act.parameters);
  const twice = { ...act, parameters: { ...act.parameters, changes: [changes[0], changes[0], changes[2]] } };
  expect(() => on.add(twice)).toThrow(RangeError);
  expect(() => on.add({ ...act, outputs: act.outputs.slice(0, 2) })).toThrow(RangeError);
  expect(() => on.add({ ...act, parameters: { ...act.parameters, changes: [], markups: [] } })).toThrow(RangeError);
  const [skull, jaw] = [on.named('Skull'), on.named('Jaw')];
  const stray = effectAct({
    segment: skull.id,
    from: markOf(skull.mask),
    settings: island,
    with: [],
    masking: null,
    title: 'Island',
    inputs: [],
    changes: [{ into: jaw.id, made: null, change: 'mask', voxels: 1, volumeMm3: 1, output: blob(5) }],
  });
  expect(() => on.add(stray)).toThrow(RangeError);
});

test('[9.1-types] of several masks in one act each segment has its own runs', async () => {
  const on = session();
  on.add(loadOf(on));
  const entry = on.entries.at(-1)!;
  const readBlob = async (sha256: string) => new TextEncoder().encode(sha256);
  expect(await maskDelta(entry, 'segment-2', readBlob)).toEqual({ value: 'flip', runs: blob(21) });
  expect(['segment-2', 'segment-3', 'segment-4-2', 'segment-9', null].map((id) => hasDelta(entry, id))).toEqual([
    true,
    false,
    false,
    false,
    false,
  ]);
  await expect(maskDelta(entry, null, readBlob)).rejects.toThrow(RangeError);
});

test('ids of segments sort by their making, also of one act', () => {
  const made = [segmentIdOf(9), segmentIdOf(10, 0, 12), segmentIdOf(10, 1, 12), segmentIdOf(10, 11, 12), segmentIdOf(11)];
  expect(made).toEqual(['segment-9', 'segment-10-1', 'segment-10-2', 'segment-10-12', 'segment-11']);
  expect([...made].reverse().sort((a, b) => bornAt({ id: a }) - bornAt({ id: b }))).toEqual(made);
});

/** As earlier versions wrote them, key by key. */
function earlierActs(on: ReturnType<typeof session>): Act[] {
  const [skull, jaw] = [on.named('Skull'), on.named('Jaw')];
  const base = { clause: '9.1', inputs: [] };
  const source = { kind: 'DICOM SEG', name: 'a.dcm', sha256: blob(9), value: 1 };
  const told = { ...source, networkWording: 'a network', algorithmType: 'AUTOMATIC' };
  const load = { series: sampleSeriesUid, label: null, change: 'mask', voxels: 60, changed: 60, volumeMm3: 30 };
  const island2 = {
    segment: skull.id,
    from: { base: blob(1), stroke: null },
    settings: island,
    with: [],
    masking: null,
    voxels: 7,
    volumeMm3: 3.5,
  };
  return [
    {
      ...base,
      act: 'load',
      name: 'Load New from a.dcm (1 of 2)',
      parameters: { ...load, name: 'New', source, into: null, from: null },
      outputs: [blob(31)],
    },
    {
      ...base,
      act: 'load',
      name: 'Take over Jaw as changed in a.dcm (2 of 2)',
      parameters: { ...load, name: 'Jaw', source: told, into: jaw.id, from: markOf(jaw.mask), change: 'flips', voxels: 61, changed: 11 },
      outputs: [blob(32)],
    },
    {
      ...base,
      act: 'effect',
      name: 'Island to a segment of its own',
      parameters: { ...island2, made: { name: 'Skull island 1', part: 1 }, change: 'mask' },
      outputs: [blob(33)],
    },
    // Before masks were kept as what turned the entry did not say which it was.
    { ...base, act: 'effect', name: 'Take an island off Skull', parameters: { ...island2, made: null, voxels: 93 }, outputs: [blob(34)] },
  ];
}

test('[9.1-interop] a journal of an earlier version, with an act for each mask, opens, folds and is undone as it was', () => {
  const on = session();
  const pictures = [picture(on.state())];
  for (const act of earlierActs(on)) {
    on.add(act);
    pictures.push(picture(on.state()));
  }
  expect(on.state().segments.map(({ id, name, mask, voxels, networkWording }) => [id, name, mask, voxels, networkWording])).toEqual([
    ['segment-2', 'Skull', { base: blob(34), strokes: [] }, 93, null],
    ['segment-3', 'Jaw', { base: blob(2), strokes: [5] }, 61, 'a network'],
    ['segment-4', 'New', { base: blob(31), strokes: [] }, 60, null],
    ['segment-6', 'Skull island 1', { base: blob(33), strokes: [] }, 7, null],
  ]);
  expect(foldCase(structuredClone(on.entries), view)).toEqual(on.state());
  expect(hasDelta(on.entries[5]!, 'segment-3')).toBe(true);
  for (let n = 3; n >= 0; n--) {
    on.undo();
    const { redo: _, ...was } = pictures[n]!;
    expect(picture(on.state())).toMatchObject(was);
  }
  for (let n = 0; n < 4; n++) on.redo();
  expect(picture(on.state())).toEqual(pictures[4]);
});

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Act, Segment } from '../../../contract/case.ts';
import { effectSettings } from '../../../contract/effects.ts';
import { networkWording } from '../../../contract/model.ts';
import type { AlgorithmType } from '../../../contract/object-files.ts';
import { cleanAct, effectAct, loadAct, markOf, redoAct, segmentAct, undoAct } from './acts.ts';
import { blob, journal, view } from './journal.fixture.ts';
import { noOrigin, type Origin, together } from './origin.ts';
import {
  sampleAdjust,
  sampleCarry,
  sampleNetworkSegment,
  samplePreprocess,
  sampleSegment,
  sampleSeriesUid,
  sampleStroke,
} from './sample.ts';
import { foldCase } from './state.ts';

function session() {
  const { fold, entries, add } = journal();
  const newest = (): Segment => fold.state().segments.at(-1)!;
  const made = (act: Act): Segment => {
    add(act);
    return newest();
  };
  const again = (segment: Segment): Segment => fold.state().segments.find((one) => one.id === segment.id)!;
  const effect = (segment: Segment, settings: object, with_: Segment[] = [], name: string | null = null): void =>
    add(
      effectAct({
        segment: segment.id,
        from: markOf(again(segment).mask),
        settings: effectSettings.parse(settings),
        with: with_.map((one) => ({ segment: one.id, from: markOf(again(one).mask) })),
        title: 'An effect',
        masking: null,
        inputs: [],
        changes: [
          {
            into: name === null ? segment.id : null,
            made: name === null ? null : { name, part: 1 },
            change: 'mask',
            output: blob(80),
            voxels: 10,
            volumeMm3: 5,
          },
        ],
      }),
    );
  return {
    add,
    effect,
    again,
    newest,
    state: () => fold.state(),
    folded: () => foldCase(structuredClone(entries), view),
    threshold: () => made(sampleSegment(blob(1), blob(0), 100)),
    network: () => made(sampleNetworkSegment(blob, 100)),
    manual: () =>
      made(
        segmentAct({
          series: sampleSeriesUid,
          input: blob(0),
          name: null,
          title: 'By hand',
          settings: { method: 'manual' },
          mask: null,
          voxels: 0,
          volumeMm3: 0,
        }),
      ),
    load: (said: { networkWording: string | null; algorithmType: AlgorithmType | null }, into: Segment | null = null) => {
      const source = { kind: 'DICOM SEG', name: 'a.dcm', sha256: blob(3) };
      const figures = { change: 'mask' as const, voxels: 9, changed: 9, volumeMm3: 4.5, output: blob(4) };
      const from = into && markOf(again(into).mask);
      const changes = [{ name: 'Loaded', value: 1, label: null, into: into?.id ?? null, from, ...said, ...figures }];
      return made(loadAct({ series: sampleSeriesUid, source, changes, markups: [] }));
    },
    undo: () => add(undoAct(fold.undoable()!)),
    redo: () => add(redoAct(fold.redoable()!)),
  };
}
const wordingOf = (segment: Segment) => segment.networkWording;
const clean = (segment: Segment): Act =>
  cleanAct({
    segment: segment.id,
    from: markOf(segment.mask),
    title: 'Keep largest part',
    settings: { keep: 'largest', connectivity: 26, fillHoles: false, crf: false },
    voxels: 9,
    volumeMm3: 4.5,
    partsBefore: 2,
    partsAfter: 1,
    inputs: [],
    output: blob(11),
  });
const island = { effect: 'island', seedLps: [0, 0, 0] };
const scissors = {
  effect: 'scissors',
  loopLps: [
    [0, 0, 0],
    [1, 0, 0],
    [0, 1, 0],
  ],
  normalLps: [0, 0, 1],
};
const box = { effect: 'roi', roiLps: [0, 0, 0, 1, 1, 1] };

describe("a network's wording", () => {
  test.each([{ effect: 'split' }, { ...island, operation: 'take-out' }])(
    '[12-risk] goes with the new segment that an effect makes: $effect',
    (settings) => {
      const on = session();
      on.effect(on.network(), settings, [], 'Part 1');
      expect(on.newest()).toMatchObject({ name: 'Part 1', network: null, networkWording });
    },
  );

  test.each([
    { effect: 'combine', operation: 'union', with: 'Other' },
    { effect: 'combine', operation: 'intersect', with: 'Other' },
    { effect: 'grow-from-seeds', with: 'Other' },
    { effect: 'smooth', filter: 'joint', mm: 1, with: 'Other' },
  ])('[12-risk] stays where a mask is made with that of a network, goes with undo and comes with redo: $effect $operation', (settings) => {
    const on = session();
    const other = on.network();
    const own = on.threshold();
    expect(wordingOf(own)).toBeNull();
    on.effect(own, settings, [other]);
    expect(wordingOf(on.again(own))).toBe(networkWording);
    on.add(sampleStroke(own, 1, 5));
    on.add(clean(on.again(own)));
    expect(wordingOf(on.again(own))).toBe(networkWording);
    for (let n = 0; n < 3; n++) on.undo();
    expect(wordingOf(on.again(own))).toBeNull();
    on.redo();
    expect(wordingOf(on.again(own))).toBe(networkWording);
    expect(on.folded()).toEqual(on.state());
  });

  test("[12-risk] is carried onto a preprocessed grid, and is not lost on the network's own segment", () => {
    const on = session();
    const from = on.network();
    on.add(samplePreprocess(on.state().series[0]!, blob(60), `${sampleSeriesUid}.1`));
    on.add(sampleCarry(from, `${sampleSeriesUid}.1`, blob(70), 20));
    expect(wordingOf(on.newest())).toBe(networkWording);
    on.effect(from, { effect: 'dilate', mm: 1 });
    expect(wordingOf(on.again(from))).toBe(networkWording);
  });

  test('[12-risk] comes back with a file that tells it, new or into a segment that knew of none', () => {
    const on = session();
    const own = on.threshold();
    expect(wordingOf(on.load({ networkWording: null, algorithmType: null }))).toBeNull();
    expect(wordingOf(on.load({ networkWording, algorithmType: null }))).toBe(networkWording);
    on.load({ networkWording, algorithmType: null }, own);
    expect(wordingOf(on.again(own))).toBe(networkWording);
    on.undo();
    expect(wordingOf(on.again(own))).toBeNull();
  });

  test('[12-risk] what is drawn inside of its segment has it too; what no network had a part in has none', () => {
    const on = session();
    const network = on.network();
    const own = on.manual();
    on.add(sampleStroke(own, 1, 5));
    expect(wordingOf(on.again(own))).toBeNull();
    const stroke = sampleStroke(own, 1, 5);
    on.add({ ...stroke, parameters: { ...stroke.parameters, inside: network.id } });
    expect(wordingOf(on.again(own))).toBe(networkWording);
  });
});

describe('SegmentAlgorithmType', () => {
  const typeOf = (on: ReturnType<typeof session>, segment: Segment) => on.again(segment).algorithmType;

  test('[9.1-interop] by hand alone, with strokes and drawn tools, is MANUAL; a program that follows makes it half automatic', () => {
    const on = session();
    const own = on.manual();
    expect(typeOf(on, own)).toBe('MANUAL');
    on.add(sampleStroke(own, 1, 5));
    for (const settings of [scissors, island]) on.effect(own, settings);
    expect(typeOf(on, own)).toBe('MANUAL');
    on.add(clean(on.again(own)));
    expect(typeOf(on, own)).toBe('SEMIAUTOMATIC');
    on.undo();
    expect(typeOf(on, own)).toBe('MANUAL');
    on.effect(own, { effect: 'flood-fill', seedsLps: [0, 0, 0] });
    expect(typeOf(on, own)).toBe('SEMIAUTOMATIC');
  });

  test('[9.1-interop] a program alone, cleans and whole effects with it, is AUTOMATIC; a stroke, a drawn tool or a box is not', () => {
    const on = session();
    for (const own of [on.threshold(), on.network()]) {
      on.add(clean(on.again(own)));
      on.effect(own, { effect: 'dilate', mm: 1 });
      expect(typeOf(on, own)).toBe('AUTOMATIC');
      for (const settings of [scissors, box]) {
        on.effect(own, settings);
        expect(typeOf(on, own)).toBe('SEMIAUTOMATIC');
        on.undo();
      }
      on.add(sampleStroke(own, 0, 5));
      expect(typeOf(on, own)).toBe('SEMIAUTOMATIC');
    }
  });

  test('[9.1-interop] what is made of seeds or parts that a hand drew knows of the hand', () => {
    const on = session();
    const drawn = on.manual();
    on.add(sampleStroke(drawn, 1, 5));
    const own = on.threshold();
    on.effect(own, { effect: 'combine', operation: 'union', with: 'Other' }, [drawn]);
    expect(typeOf(on, own)).toBe('SEMIAUTOMATIC');
    on.effect(drawn, { effect: 'split' }, [], 'Part');
    expect(on.newest().algorithmType).toBe('SEMIAUTOMATIC');
  });

  test('[9.1-interop] a network made anew knows of the hand only where it kept what the hand had drawn', () => {
    const on = session();
    const own = on.network();
    on.add(sampleStroke(own, 1, 5));
    const adjusted = sampleAdjust(on.again(own), blob(50), 90);
    on.add({ ...adjusted, parameters: { ...adjusted.parameters, keptByHand: 5 } });
    expect(typeOf(on, own)).toBe('SEMIAUTOMATIC');
    on.add(sampleAdjust(on.again(own), blob(51), 90, true));
    expect(typeOf(on, own)).toBe('AUTOMATIC');
  });

  test('[9.1-interop] a file is what it says it is, else half automatic, until somebody draws on it', () => {
    const on = session();
    expect(on.load({ networkWording: null, algorithmType: null }).algorithmType).toBe('SEMIAUTOMATIC');
    const manual = on.load({ networkWording: null, algorithmType: 'MANUAL' });
    const automatic = on.load({ networkWording: null, algorithmType: 'AUTOMATIC' });
    expect([manual, automatic].map((one) => one.algorithmType)).toEqual(['MANUAL', 'AUTOMATIC']);
    for (const one of [manual, automatic]) on.add(sampleStroke(one, 1, 5));
    expect([manual, automatic].map((one) => typeOf(on, one))).toEqual(['MANUAL', 'SEMIAUTOMATIC']);
  });
});

test('[12-risk] what is made of several does not depend on their order, and nothing adds nothing', () => {
  const origin: fc.Arbitrary<Origin> = fc.record({
    networkWording: fc.constantFrom(null, networkWording),
    way: fc.constantFrom(null, 'AUTOMATIC', 'SEMIAUTOMATIC', 'MANUAL'),
  });
  fc.assert(
    fc.property(fc.array(origin, { minLength: 1, maxLength: 5 }), (all) => {
      const made = together(...all);
      expect(together(...all.toReversed())).toEqual(made);
      expect(together(made, noOrigin)).toEqual(made);
      expect(made.networkWording).toBe(all.some((one) => one.networkWording !== null) ? networkWording : null);
      const ways = new Set(all.flatMap((one) => one.way ?? []));
      expect(made.way).toBe(ways.size > 1 ? 'SEMIAUTOMATIC' : ([...ways][0] ?? null));
    }),
  );
});

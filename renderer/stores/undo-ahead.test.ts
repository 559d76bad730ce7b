import fc from 'fast-check';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { MaskDelta } from '../../contract/segmentation.ts';
import { encodeRuns, runsToText } from '../../kernels/labels/runs.ts';
import { enter, leave, redo, rename, saveStroke, undo } from './acts.ts';
import { useCase } from './case.ts';
import { caseAt, segmentWith } from './case-state.fixture.ts';
import { drawDelta } from './mask-plan.ts';
import { useNotices } from './notices.ts';
import { watchEditRefusal } from './tools.ts';
import { useViewer } from './viewer.ts';

const length = 12;
const names = ['bone', 'wall'] as const;
type Name = (typeof names)[number];
interface Entry {
  sequence: number;
  stroke: { segment: string; delta: MaskDelta } | null;
}

/** The case as the service keeps it; changes wait until the test lets them be answered. */
class Service {
  done: Entry[] = [];
  undone: Entry[] = [];
  sequence = 4;
  waiting: { line: string; answer: (refused: boolean) => void }[] = [];
  asked: string[] = [];

  mask(segment: string): Uint8Array<ArrayBuffer> {
    const mask = new Uint8Array(length).fill(1, 0, 3);
    for (const { stroke } of this.done) if (stroke?.segment === segment) drawDelta(mask, stroke.delta);
    return mask;
  }
  state() {
    const strokes = (id: string) => this.done.filter((e) => e.stroke?.segment === id).map((e) => e.sequence);
    return {
      ...caseAt(
        length,
        this.sequence,
        names.map((id) => segmentWith(id, strokes(id))),
      ),
      undo: this.done.length > 0 ? 'x' : null,
      redo: this.undone.length > 0 ? 'x' : null,
    };
  }
  #change(line: string, body: { segment: string; delta: MaskDelta }): void {
    const sequence = ++this.sequence;
    if (line.endsWith('/undo')) this.undone.push(...this.done.splice(-1));
    else if (line.endsWith('/redo')) this.done.push(...this.undone.splice(-1));
    else {
      this.done.push({ sequence, stroke: line.endsWith('/strokes') ? body : null });
      this.undone.length = 0;
    }
  }
  fetch = async (url: string, { method, body }: { method: string; body?: string }): Promise<Response> => {
    const line = `${method} ${url}`;
    this.asked.push(line);
    if (method === 'POST' || method === 'PATCH')
      return new Promise((resolve) => {
        const answer = (refused: boolean) => {
          if (!refused) this.#change(line, JSON.parse(body ?? '{}'));
          const told = { code: 'DISK_FULL', message: 'The disk is full.' };
          resolve(refused ? Response.json(told, { status: 507 }) : Response.json(this.state()));
        };
        this.waiting.push({ line, answer });
      });
    if (method === 'DELETE') return new Response(null, { status: 204 });
    if (url.endsWith('/voxels')) return new Response(new Int16Array(length));
    const [, id] = /segments\/(\w+)\/mask$/.exec(url) ?? [];
    if (id) return new Response(this.mask(id));
    if (url.includes('/journal')) return Response.json([]);
    const [, sequence] = /strokes\/(\d+)/.exec(url) ?? [];
    if (sequence) return Response.json([...this.done, ...this.undone].find((e) => e.sequence === Number(sequence))?.stroke?.delta);
    return Response.json(this.state());
  };
  /** Answers the request that waits longest. */
  async answer(refused = false): Promise<void> {
    await quiet();
    this.waiting.shift()?.answer(refused);
    await quiet();
  }
  /** Answers all that was asked for. */
  async answerAll(): Promise<void> {
    await quiet();
    while (this.waiting.length > 0) await this.answer();
  }
}
const quiet = async () => {
  for (let n = 0; n < 3; n++) await new Promise((done) => setTimeout(done, 0));
};

let service: Service;
let stop = () => {};
async function opened(): Promise<Service> {
  service = new Service();
  vi.stubGlobal('fetch', service.fetch);
  await enter(service.state());
  useViewer.getState().set({ activeSegment: 'bone' });
  return service;
}
beforeEach(async () => {
  await opened();
  stop = watchEditRefusal();
});
afterEach(async () => {
  await service.answerAll();
  stop();
  await leave();
  vi.unstubAllGlobals();
});

const onScreen = (id: Name) => [...(useViewer.getState().layers.find((l) => l.segmentId === id)?.values ?? [])];
const screen = () => names.map(onScreen);
const saved = () => names.map((id) => [...service.mask(id)]);

/** A stroke as the brush makes it: drawn on screen, told as what it changed there. False where drawing is off or nothing changed. */
function draw(segment: Name, from: number, to: number, value: 0 | 1): boolean {
  const mask = useViewer.getState().layers.find((l) => l.segmentId === segment)?.values;
  if (useViewer.getState().editRefusal !== null || !mask) return false;
  const changed = Array.from({ length: Math.max(0, to - from) }, (_, n) => from + n).filter((v) => mask[v] !== value);
  if (changed.length === 0) return false;
  const delta = { value, runs: runsToText(encodeRuns(changed)) };
  drawDelta(mask, delta);
  saveStroke({
    segment,
    brush: { shape: 'sphere', diameterMm: 2, gateHu: null, edgeHu: null },
    tool: value === 1 ? 'brush' : 'eraser',
    plane: 'axial',
    normalLps: null,
    inside: null,
    notOver: [],
    pathLps: [[from, 0, 0]],
    voxels: changed.length,
    delta,
  });
  return true;
}

it('a stroke leaves the screen when undo is asked for, before the case answers, and the answer draws nothing again', async () => {
  draw('bone', 5, 8, 1);
  await service.answer();
  const { revision } = useViewer.getState();
  void undo();
  expect(onScreen('bone')).toEqual([1, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
  expect(useViewer.getState().revision).toBe(revision + 1);
  await quiet();
  expect(service.waiting).toHaveLength(1);
  await service.answer();
  expect(useViewer.getState().revision).toBe(revision + 1);
  expect(screen()).toEqual(saved());
  expect(useCase.getState().state?.segments[0]?.mask.strokes).toEqual([]);
});

it('undo pressed thrice fast takes three strokes off at once; no answer on the way brings one of them back for a moment', async () => {
  for (let n = 0; n < 3; n++) draw(names[n % 2]!, 4 + n, 8 + n, 1);
  for (let n = 0; n < 3; n++) await service.answer();
  const bare = names.map(() => [1, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
  for (let n = 0; n < 3; n++) void undo();
  expect(screen()).toEqual(bare);
  const seen: number[][][] = [];
  const unwatch = useViewer.subscribe(() => seen.push(screen()));
  for (let n = 0; n < 3; n++) {
    await service.answer();
    expect(screen()).toEqual(bare);
  }
  unwatch();
  expect(seen.every((s) => JSON.stringify(s) === JSON.stringify(bare))).toBe(true);
  expect(saved()).toEqual(bare);
});

it('undo while the stroke is still being written takes it off at once; its answer does not bring it back', async () => {
  draw('bone', 5, 8, 1);
  void undo();
  const bare = [1, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0];
  expect(onScreen('bone')).toEqual(bare);
  await quiet();
  expect(service.waiting.map((w) => w.line)).toEqual(['POST /api/cases/a/strokes']);
  await service.answer();
  expect(onScreen('bone')).toEqual(bare);
  expect(service.waiting.map((w) => w.line)).toEqual(['POST /api/cases/a/undo']);
  await service.answer();
  expect(screen()).toEqual(saved());
  expect(onScreen('bone')).toEqual(bare);
});

it('a refused undo puts the stroke back on screen and says so; the next one takes it', async () => {
  draw('bone', 5, 8, 1);
  await service.answer();
  void undo();
  await service.answer(true);
  expect(onScreen('bone')).toEqual([1, 1, 1, 0, 0, 1, 1, 1, 0, 0, 0, 0]);
  expect(useNotices.getState().notices.map((n) => n.title)).toContainEqual(expect.stringMatching(/Undo/));
  void undo();
  await service.answer();
  expect(onScreen('bone')).toEqual([1, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
  expect(screen()).toEqual(saved());
});

it('undo of a stroke that the case then refuses takes nothing else back', async () => {
  draw('bone', 5, 8, 1);
  await service.answer();
  draw('bone', 9, 11, 1);
  void undo();
  await service.answer(true);
  expect(service.waiting).toEqual([]);
  expect(service.asked.some((line) => line.endsWith('/undo'))).toBe(false);
  expect(onScreen('bone')).toEqual([1, 1, 1, 0, 0, 1, 1, 1, 0, 0, 0, 0]);
  expect(screen()).toEqual(saved());
});

it('another act on top is what undo takes: the stroke below it stays on screen', async () => {
  draw('bone', 5, 8, 1);
  await service.answer();
  void rename('bone', 'Skull');
  void undo();
  expect(onScreen('bone')[6]).toBe(1);
  await service.answer();
  await service.answer();
  expect(onScreen('bone')[6]).toBe(1);
  expect(screen()).toEqual(saved());
});

it('a stroke taken back is drawn over and taken back again; one done again goes at once as well', async () => {
  draw('bone', 2, 6, 1);
  await service.answer();
  void undo();
  await service.answer();
  expect(draw('bone', 1, 5, 1)).toBe(true);
  await service.answer();
  expect(screen()).toEqual(saved());
  void undo();
  await service.answer();
  void redo();
  await service.answer();
  expect(onScreen('bone')).toEqual([1, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0]);
  void undo();
  expect(onScreen('bone')).toEqual([1, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
  await service.answer();
  expect(screen()).toEqual(saved());
});

const stroke = fc.record({
  kind: fc.constant('draw' as const),
  segment: fc.constantFrom(...names),
  from: fc.nat(length - 1),
  size: fc.integer({ min: 1, max: 6 }),
  value: fc.constantFrom(0 as const, 1 as const),
});
const turn = fc.oneof(
  { weight: 5, arbitrary: stroke },
  { weight: 4, arbitrary: fc.constant({ kind: 'undo' as const }) },
  { weight: 1, arbitrary: fc.constant({ kind: 'redo' as const }) },
  { weight: 1, arbitrary: fc.constant({ kind: 'rename' as const }) },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('answer' as const), refused: fc.boolean() }) },
);
const drawIt = (s: { segment: Name; from: number; size: number; value: 0 | 1 }) =>
  draw(s.segment, s.from, Math.min(length, s.from + s.size), s.value);

it('whatever is drawn, taken back, done again, refused and answered, in any order: in the end the screen has what is saved', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(turn, { maxLength: 16 }), async (turns) => {
      await service.answerAll();
      await leave();
      await opened();
      for (const one of turns) {
        if (one.kind === 'draw') drawIt(one);
        else if (one.kind === 'undo') void undo();
        else if (one.kind === 'redo') void redo();
        else if (one.kind === 'rename') void rename('bone', 'Skull');
        else await service.answer(one.refused);
      }
      await service.answerAll();
      await vi.waitFor(() => expect(useCase.getState().busy).toBeNull());
      expect(screen()).toEqual(saved());
    }),
    { numRuns: 50 },
  );
});

it('with strokes and undos alone the screen is at every moment what it will be once all that was asked for is answered', async () => {
  const quick = fc.oneof(stroke, fc.constant({ kind: 'undo' as const }), fc.constant({ kind: 'answer' as const }));
  await fc.assert(
    fc.asyncProperty(fc.array(quick, { maxLength: 16 }), async (turns) => {
      await service.answerAll();
      await leave();
      await opened();
      const pile = [screen()];
      for (const one of turns) {
        if (one.kind === 'answer') await service.answer();
        else if (one.kind === 'undo') {
          if (pile.length > 1) pile.pop();
          void undo();
        } else if (drawIt(one)) pile.push(screen());
        expect(screen()).toEqual(pile.at(-1));
      }
      await service.answerAll();
      expect(screen()).toEqual(pile.at(-1));
      expect(screen()).toEqual(saved());
    }),
    { numRuns: 40 },
  );
});

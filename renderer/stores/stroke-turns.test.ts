import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { encodeRuns, runsToText } from '../../kernels/labels/runs.ts';
import { patience } from '../patience.fixture.ts';
import { enter, leave, saveStroke, undo } from './acts.ts';
import { adopt, rememberStroke, useCase } from './case.ts';
import { caseAt, segmentWith as segment } from './case-state.fixture.ts';
import { drawDelta } from './mask-plan.ts';
import { useNotices } from './notices.ts';
import { pileUp } from './own-strokes.ts';
import { watchEditRefusal } from './tools.ts';
import { type FinishedStroke, useViewer } from './viewer.ts';

const first = caseAt(4, 4, [segment('bone', []), segment('wall', [])]);

let asked: string[] = [];
let answerStroke: () => Response | Promise<Response>;
beforeEach(async () => {
  asked = [];
  vi.stubGlobal('fetch', async (url: string, { method }: { method: string }) => {
    asked.push(`${method} ${url}`);
    if (url.endsWith('/strokes')) return answerStroke();
    if (url.endsWith('/voxels')) return new Response(new Int16Array(4));
    if (url.endsWith('/mask')) return new Response(Uint8Array.from([1, 0, 0, 0]));
    if (url.includes('/journal')) return Response.json([]);
    if (url.endsWith('/undo')) return Response.json(caseAt(4, 6, first.segments));
    return method === 'DELETE' ? new Response(null, { status: 204 }) : Response.json(first);
  });
  await enter(first);
  useViewer.getState().set({ activeSegment: 'bone' });
  stop = watchEditRefusal();
});
let stop = () => {};
afterEach(async () => {
  stop();
  await leave();
  vi.unstubAllGlobals();
});

/** Draws a voxel on screen, as the brush does, and hands it in. */
function draw(id: string, voxel: number): FinishedStroke {
  const stroke: FinishedStroke = {
    segment: id,
    brush: { shape: 'sphere', diameterMm: 2, gateHu: null, edgeHu: null },
    tool: 'brush',
    plane: 'axial',
    normalLps: null,
    inside: null,
    notOver: [],
    pathLps: [[voxel, 0, 0]],
    voxels: 1,
    delta: { value: 1, runs: runsToText(encodeRuns([voxel])) },
  };
  drawDelta(useViewer.getState().layers.find((l) => l.segmentId === id)!.values, stroke.delta);
  saveStroke(stroke);
  return stroke;
}
const masks = () => useViewer.getState().layers.map((l) => [...l.values]);
const held = () => {
  let send = (_: Response) => {};
  const answer = new Promise<Response>((resolve) => {
    send = resolve;
  });
  answerStroke = () => answer;
  return (response: Response) => send(response);
};

it('from the moment that an undo is asked for nothing can be drawn, also while a stroke before it is still being written', async () => {
  const send = held();
  draw('bone', 1);
  expect(useViewer.getState().editRefusal).toBeNull();
  const undone = undo();
  expect(useViewer.getState().editRefusal).toMatch(/^Undo/);
  send(Response.json(caseAt(4, 5, [segment('bone', [5]), segment('wall', [])])));
  await undone;
  expect(asked.filter((line) => line.startsWith('POST'))).toEqual(['POST /api/cases/a/strokes', 'POST /api/cases/a/undo']);
  expect(masks()).toEqual([
    [1, 0, 0, 0],
    [1, 0, 0, 0],
  ]);
  expect(useViewer.getState().editRefusal).toBeNull();
});

it('a refused stroke takes all that were drawn after it off the screen, those of other segments too', async () => {
  const send = held();
  draw('bone', 1);
  draw('wall', 2);
  send(Response.json({ code: 'DISK_FULL', message: 'The disk is full.' }, { status: 507 }));
  await vi.waitFor(() => expect(asked).toContain('GET /api/cases/a'), patience);
  await vi.waitFor(() => expect(useCase.getState().busy).toBeNull(), patience);
  expect(asked.filter((line) => line.endsWith('/strokes'))).toHaveLength(1);
  expect(masks()).toEqual([
    [1, 0, 0, 0],
    [1, 0, 0, 0],
  ]);
  expect(useNotices.getState().notices.map((n) => n.title)).toEqual([expect.stringMatching(/brush stroke/)]);
});

it('a stroke that was drawn into a mask which has been read anew since is drawn into the new one', async () => {
  const stroke = { delta: { value: 1 as const, runs: runsToText(encodeRuns([3])) } };
  rememberStroke(pileUp('bone', stroke.delta, new Uint8Array(4)), 5);
  await adopt(caseAt(4, 5, [segment('bone', [5]), segment('wall', [])]));
  expect(masks()[0]).toEqual([1, 0, 0, 1]);
  // What was drawn into the mask on screen is there already and is not asked for.
  const bone = useViewer.getState().layers[0]!.values;
  drawDelta(bone, { value: 1, runs: runsToText(encodeRuns([2])) });
  rememberStroke(pileUp('bone', { value: 1, runs: runsToText(encodeRuns([2])) }, bone), 6);
  await adopt(caseAt(4, 6, [segment('bone', [5, 6]), segment('wall', [])]));
  expect(masks()[0]).toEqual([1, 0, 1, 1]);
  expect(asked.some((line) => line.includes('/strokes/'))).toBe(false);
});

it('the answer to a stroke that is on the screen leaves the layers as they are, so that nothing is drawn again', async () => {
  const bone = useViewer.getState().layers[0]!.values;
  const { delta } = { delta: { value: 1 as const, runs: runsToText(encodeRuns([2])) } };
  drawDelta(bone, delta);
  rememberStroke(pileUp('bone', delta, bone), 5);
  const { layers, revision } = useViewer.getState();
  await adopt(caseAt(4, 5, [segment('bone', [5]), segment('wall', [])]));
  expect(useViewer.getState().layers).toBe(layers);
  expect(useViewer.getState().revision).toBe(revision);
  // Taken back, it is drawn again; a lock is told as well.
  await adopt(caseAt(4, 6, [segment('bone', []), segment('wall', [])]));
  expect(useViewer.getState().revision).toBe(revision + 1);
  expect(masks()[0]).toEqual([1, 0, 0, 0]);
  await adopt(caseAt(4, 7, [{ ...segment('bone', []), locked: true }, segment('wall', [])]));
  expect(useViewer.getState().layers[0]?.locked).toBe(true);
});

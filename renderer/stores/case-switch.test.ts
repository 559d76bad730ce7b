import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { CaseState } from '../../contract/case.ts';
import { patience } from '../patience.fixture.ts';
import { enter, leave, openCase, redo, saveStroke, undo } from './acts.ts';
import { adopt, useCase } from './case.ts';
import { caseAt, segmentWith } from './case-state.fixture.ts';
import { useNotices } from './notices.ts';
import { useScan } from './scan.ts';
import { type FinishedStroke, useViewer } from './viewer.ts';
import { useWorkspace } from './workspace.ts';

/** Two folders that are copies: everything is equal but the id of the opening. */
const copy = (id: string): CaseState => ({
  ...caseAt(2, 4, [{ ...segmentWith('segment-3', []), name: 'Bone' }]),
  id,
  folder: `/${id}.lamina`,
});

let asked: string[] = [];
/** Answers of the service; the masks of A and B differ, so that a stale one shows. */
const answers: Record<string, () => Response | Promise<Response>> = {};
beforeEach(() => {
  asked = [];
  for (const key of Object.keys(answers)) delete answers[key];
  vi.stubGlobal('fetch', async (url: string, { method }: { method: string }) => {
    asked.push(`${method} ${url}`);
    const own = answers[`${method} ${url}`];
    if (own) return own();
    const [, id] = /^\/api\/cases\/(\w)/.exec(url) ?? [];
    if (url.endsWith('/voxels')) return new Response(new Int16Array(id === 'a' ? [10, 20] : [30, 40]));
    if (url.endsWith('/mask')) return new Response(Uint8Array.from(id === 'a' ? [1, 0] : [0, 1]));
    if (url.includes('/journal')) return Response.json([]);
    if (method === 'DELETE') return new Response(null, { status: 204 });
    if (url === '/api/open') return Response.json(copy('b'));
    return Response.json({ ...copy(id as string), sequence: 5, undo: null, redo: 'Threshold' });
  });
});
afterEach(async () => {
  await leave();
  vi.unstubAllGlobals();
});

const shown = () => {
  const { volume, layers, activeSegment } = useViewer.getState();
  return { values: [...(volume?.values ?? [])], masks: layers.map((l) => [...l.values]), activeSegment };
};
const stroke: FinishedStroke = {
  segment: 'segment-3',
  brush: { shape: 'sphere', diameterMm: 4, gateHu: null, edgeHu: null },
  tool: 'brush',
  plane: 'axial',
  normalLps: null,
  inside: null,
  notOver: [],
  pathLps: [[0, 0, 0]],
  voxels: 1,
  delta: { value: 1, runs: '' },
};

it('entering a copy of the open case closes the first and reads volume, masks and undo anew', async () => {
  await enter(copy('a'));
  expect(shown()).toEqual({ values: [10, 20], masks: [[1, 0]], activeSegment: 'segment-3' });
  await undo();
  expect(useCase.getState().state).toMatchObject({ undo: null, redo: 'Threshold' });
  useViewer.getState().set({ tool: 'brush', preview: { method: 'threshold', lowHu: 1, highHu: null } });
  useScan.setState({ paths: ['/elsewhere'], selected: '2.25.9' });
  await openCase('/b.lamina');
  expect(useScan.getState()).toMatchObject({ paths: [], selected: null });
  expect(asked).toContain('DELETE /api/cases/a');
  expect(shown()).toEqual({ values: [30, 40], masks: [[0, 1]], activeSegment: 'segment-3' });
  expect(useViewer.getState()).toMatchObject({ tool: 'navigate', preview: null });
  expect(useCase.getState()).toMatchObject({ busy: null, state: { id: 'b', sequence: 4, undo: 'Threshold', redo: null } });
  await redo();
  expect(asked.filter((line) => line.startsWith('POST') && line.includes('/a/'))).toEqual(['POST /api/cases/a/undo']);
});

it('an answer of a case that was left is dropped', async () => {
  await enter(copy('a'));
  await leave();
  await adopt({ ...copy('a'), sequence: 9 });
  expect(useCase.getState().state).toBeNull();
  expect(shown()).toEqual({ values: [], masks: [], activeSegment: null });
  expect(useWorkspace.getState().step).toBeNull();
});

it('a mask that comes after its case was left is not drawn', async () => {
  let send = (_: Response) => {};
  answers['GET /api/cases/a/segments/segment-3/mask'] = () =>
    new Promise((resolve) => {
      send = resolve;
    });
  const entering = enter(copy('a'));
  await vi.waitFor(() => expect(asked).toContain('GET /api/cases/a/segments/segment-3/mask'), patience);
  await leave();
  send(new Response(Uint8Array.from([1, 0])));
  await entering;
  expect(shown().masks).toEqual([]);
});

it('a stroke that waits goes to the case that it was drawn on, before that is closed', async () => {
  await enter(copy('a'));
  saveStroke(stroke);
  await leave();
  await enter(copy('b'));
  expect(asked.filter((line) => line.includes('/strokes'))).toEqual(['POST /api/cases/a/strokes']);
  expect(asked.indexOf('POST /api/cases/a/strokes')).toBeLessThan(asked.indexOf('DELETE /api/cases/a'));
  expect(shown()).toEqual({ values: [30, 40], masks: [[0, 1]], activeSegment: 'segment-3' });
  expect(useNotices.getState().lost).toBe(false);
});

import { beforeEach, expect, test, vi } from 'vitest';
import type { CaseState } from '../../../../contract/case.ts';
import { type MarkupDraft, type MarkupKind, markupRequest } from '../../../../contract/markups.ts';
import { api } from '../../../api/client.ts';
import { patience } from '../../../patience.fixture.ts';
import { useCase } from '../../../stores/case.ts';
import { useMarkups } from '../../../stores/markups.ts';
import { useNotices } from '../../../stores/notices.ts';
import { type LoadedVolume, type Point, useViewer } from '../../../stores/viewer.ts';
import { type PlaneAxes, planeAxes } from '../../camera/plane-axes.ts';
import { canvasToLps, lpsToCanvas } from '../../camera/plane-camera.ts';
import type { Stage } from '../../stage.ts';
import type { ToolPlace } from '../plane-tool.ts';
import { markup } from './markup.ts';

const volume: LoadedVolume = {
  seriesInstanceUid: '2.25.1',
  geometry: { dimensions: [20, 20, 20], spacingMm: [1, 1, 1], originLps: [0, 0, 0], directionLps: [1, 0, 0, 0, 1, 0, 0, 0, 1] },
  values: new Int16Array(8000),
  units: 'HU',
};
const caseOf = (sequence: number, markups: CaseState['markups']): CaseState => ({
  id: 'one',
  name: 'head',
  folder: '/one.lamina',
  readOnly: false,
  heldBy: null,
  notices: [],
  sequence,
  series: [],
  importReport: null,
  unacknowledged: [],
  markups,
  segments: [],
  meshes: [],
  evaluations: [],
  signOff: null,
  undo: null,
  redo: null,
  savedAt: '',
});

/** A view of 0.1 mm a pixel, its middle on the patient's point 10, 10, 10. */
function stageOf(axes: PlaneAxes): Stage {
  const camera = { centreLps: [10, 10, 10] as Point, mmPerPx: 0.1, widthPx: 200, heightPx: 200 };
  const pane = { axes, camera, stack: { firstMm: 0, stepMm: 1, count: 20 } };
  return {
    volume,
    panes: { axial: pane, coronal: pane, sagittal: pane },
    pointAt: (_: string, x: number, y: number) => canvasToLps(axes, camera, x, y),
    placeOf: (_: string, point: Point) => lpsToCanvas(axes, camera, point),
  } as unknown as Stage;
}
let stage = stageOf(planeAxes.axial);
const at = (x: number, y: number, held: Partial<ToolPlace> = {}): ToolPlace => {
  const lps = stage.pointAt('axial', x, y);
  return { stage, plane: 'axial', lps, x, y, ctrl: false, shift: false, alt: false, ...held };
};
const drag = (...places: [number, number][]) => {
  const [first, ...rest] = places.map(([x, y]) => at(x, y));
  if (markup.down(first!)) for (const place of rest) markup.drag?.([place]);
  markup.up?.(at(...places.at(-1)!));
};
const click = (x: number, y: number, held: Partial<ToolPlace> = {}) => {
  if (markup.down(at(x, y, held))) markup.up?.(at(x, y, held));
};
const take = (kind: MarkupKind) => useMarkups.getState().set({ kind });

let sent: MarkupDraft[] = [];
/** What the case holds, as a service would answer. */
const held = () => useCase.getState().state!.markups;
const settled = () => vi.waitFor(() => expect(useMarkups.getState().pending).toEqual([]), patience);

beforeEach(() => {
  sent = [];
  stage = stageOf(planeAxes.axial);
  markup.cancel?.();
  useMarkups.getState().set({ kind: 'line', selected: null, shown: true, drawn: null, pending: [], moved: null });
  useCase.setState({ state: caseOf(1, []), series: '2.25.1', loading: null, busy: null });
  useViewer.getState().set({ volume });
  vi.spyOn(api, 'journal').mockResolvedValue([]);
  const answer = (markups: CaseState['markups']) => caseOf(useCase.getState().state!.sequence + 1, markups);
  vi.spyOn(api, 'addMarkup').mockImplementation(async (_, request) => {
    const draft = { ...markupRequest.parse(request), name: `${request.kind} ${held().length + 1}` };
    sent.push(draft);
    return answer([...held(), { id: `markup-${held().length + 2}`, ...draft }]);
  });
  vi.spyOn(api, 'changeMarkup').mockImplementation(async (_, id, request) => {
    const draft = markupRequest.parse(request);
    sent.push(draft);
    return answer(held().map((one) => (one.id === id ? { id, ...draft } : one)));
  });
});

test('[9.1-types] a drag and two clicks draw the same line, in LPS mm on the slice', async () => {
  drag([100, 100], [120, 110], [150, 120]);
  await settled();
  click(100, 60);
  markup.hover?.(at(130, 70));
  expect(useMarkups.getState().drawn?.pointsLps).toEqual([
    [10, 6, 10],
    [13, 7, 10],
  ]);
  drag([150, 80]);
  await settled();
  expect(sent.map((one) => one.pointsLps)).toEqual([
    [
      [10, 10, 10],
      [15, 12, 10],
    ],
    [
      [10, 6, 10],
      [15, 8, 10],
    ],
  ]);
  expect(sent[0]).toMatchObject({ kind: 'line', series: '2.25.1', normalLps: [0, 0, 1], segment: null });
  expect(useMarkups.getState().selected).toBe(held().at(-1)?.id);
});

test('[9.1-types] a line between slices has no plane; what encloses an area stays in the plane that it was begun on', async () => {
  click(100, 60);
  const lifted: Point = [12, 9, 15];
  markup.down(at(120, 90, { lps: lifted }));
  markup.up?.(at(120, 90, { lps: lifted }));
  await settled();
  expect(sent[0]).toMatchObject({ normalLps: null, pointsLps: [[10, 6, 10], lifted] });
  take('polygon');
  click(20, 20);
  click(60, 20);
  click(60, 60, { lps: [6, 6, 14] });
  expect(markup.finish?.()).toBe(true);
  await settled();
  expect(sent[1]).toMatchObject({
    normalLps: [0, 0, 1],
    pointsLps: [
      [2, 2, 10],
      [6, 2, 10],
      [6, 6, 10],
    ],
  });
  click(20, 120);
  expect(markup.refusal(at(5, 5, { plane: 'coronal' }))).toContain('axial');
  expect(markup.refusal(at(5, 5))).toBeNull();
});

test('[9.1-types] clicks make a polygon: taken back, closed on its first corner, doubled points left out, dropped by Esc', async () => {
  take('polygon');
  for (const [x, y] of [
    [20, 20],
    [60, 20],
    [90, 90],
    [91, 91],
  ] as const)
    click(x, y);
  expect(useMarkups.getState().drawn?.pointsLps).toHaveLength(3);
  expect(markup.takeBack?.()).toBe(true);
  click(60, 60);
  click(22, 21);
  await settled();
  expect(sent[0]?.pointsLps).toEqual([
    [2, 2, 10],
    [6, 2, 10],
    [6, 6, 10],
  ]);
  click(20, 120);
  click(60, 120);
  expect(markup.cancel?.()).toBe(true);
  expect(useMarkups.getState().drawn).toBeNull();
  // Two corners enclose nothing: what is missing is said, and what is drawn stays.
  click(20, 120);
  click(60, 120);
  expect(markup.finish?.()).toBe(true);
  expect(useNotices.getState().notices.at(-1)).toMatchObject({ title: 'Polygon: not now', text: expect.stringMatching('3 points') });
  expect(useMarkups.getState().drawn?.pointsLps).toHaveLength(2);
  expect(markup.cancel?.()).toBe(true);
  expect(useMarkups.getState().drawn).toBeNull();
  expect(sent).toHaveLength(1);
});

test('[9.1-types] an angle ends with its third click, a point with its first, a freehand line where it is let go', async () => {
  take('angle');
  click(20, 20);
  click(20, 60);
  click(60, 60);
  await settled();
  take('point');
  click(150, 150);
  await settled();
  take('freehand');
  drag([100, 20], [140, 20], [140, 60], [100, 60]);
  await settled();
  expect(sent.map((one) => [one.kind, one.pointsLps.length, one.normalLps])).toEqual([
    ['angle', 3, [0, 0, 1]],
    ['point', 1, null],
    ['freehand', 4, [0, 0, 1]],
  ]);
  // A tap of the freehand tool is no outline.
  click(180, 20);
  expect([useMarkups.getState().drawn, sent.length]).toEqual([null, 3]);
});

test('[9.1-types] on a turned plane the points lie on it and the normal is its own', async () => {
  const s = Math.SQRT1_2;
  stage = stageOf({ rightLps: [1, 0, 0], downLps: [0, s, s], normalLps: [0, -s, s] });
  take('rectangle');
  drag([80, 80], [120, 120]);
  await settled();
  expect(sent[0]?.normalLps).toEqual([0, -s, s]);
  const [a, , c] = sent[0]!.pointsLps;
  for (const [n, mm] of [8, 10 - 2 * s, 10 - 2 * s].entries()) expect(a![n]).toBeCloseTo(mm, 9);
  for (const [n, mm] of [12, 10 + 2 * s, 10 + 2 * s].entries()) expect(c![n]).toBeCloseTo(mm, 9);
});

test('[9.1-types] what is there is taken hold of: its handle, then its line; Ctrl draws over it; a click alone moves nothing', async () => {
  drag([50, 100], [150, 100]);
  await settled();
  drag([150, 100], [150, 130]);
  await vi.waitFor(() => expect(held()[0]?.pointsLps[1]).toEqual([15, 13, 10]), patience);
  expect(held()[0]?.pointsLps[0]).toEqual([5, 10, 10]);
  drag([100, 115], [110, 125]);
  await vi.waitFor(
    () =>
      expect(held()[0]?.pointsLps).toEqual([
        [6, 11, 10],
        [16, 14, 10],
      ]),
    patience,
  );
  const before = sent.length;
  click(110, 125);
  expect([sent.length, useMarkups.getState().selected, useMarkups.getState().moved]).toEqual([before, held()[0]?.id, null]);
  markup.down(at(110, 125, { ctrl: true }));
  markup.drag?.([at(110, 160)]);
  markup.up?.(at(110, 160));
  await settled();
  expect(held()).toHaveLength(2);
  expect(markup.cancel?.()).toBe(true);
  expect(useMarkups.getState().selected).toBeNull();
});

test('[9.1-types] a case that is read-only, and hidden annotations, say why nothing is drawn', () => {
  useCase.setState({ state: { ...caseOf(1, []), readOnly: true } });
  expect(markup.refusal()).toContain('read-only');
  useCase.setState({ state: caseOf(1, []) });
  useMarkups.getState().set({ shown: false });
  expect(markup.refusal()).toContain('hidden');
});

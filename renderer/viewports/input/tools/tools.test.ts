import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Job } from '../../../../contract/job.ts';
import { effectRequest } from '../../../../contract/routes.ts';
import { api, type EffectWish } from '../../../api/client.ts';
import { patience } from '../../../patience.fixture.ts';
import { useCase } from '../../../stores/case.ts';
import { caseAt, segmentWith } from '../../../stores/case-state.fixture.ts';
import { useDrawn } from '../../../stores/drawn-acts.ts';
import { useMarkups } from '../../../stores/markups.ts';
import { useNotices } from '../../../stores/notices.ts';
import { firstOptions, type ToolOptions, useToolOptions } from '../../../stores/tool-options.ts';
import { type Point, type Tool, useViewer } from '../../../stores/viewer.ts';
import { useWorkspace } from '../../../stores/workspace.ts';
import { type PlaneAxes, planeAxes } from '../../camera/plane-axes.ts';
import { canvasToLps, lpsToCanvas } from '../../camera/plane-camera.ts';
import type { Stage } from '../../stage.ts';
import type { PlaneTool, ToolPlace } from '../plane-tool.ts';
import { planeTools } from '../plane-tools.ts';
import { dropWhatIsLeft } from './drop-left.ts';

const segment = (id: string, locked: boolean) => ({ ...segmentWith(id, []), locked, voxels: 8, volumeMm3: 8 });
const state = { ...caseAt(8, 4, [segment('bone', false), segment('teeth', true)]), series: [] };
const layer = (segmentId: string) => ({
  segmentId,
  name: segmentId,
  colour: 'red',
  values: new Uint8Array(8000).fill(1),
  visible: true,
  opacity: 1,
});
const job = (result: unknown) => ({ id: 'j', title: 'x', state: 'done', fraction: 1, note: '', durationMs: 5, result }) as unknown as Job;

/** A view of 1 mm a pixel, its middle on the patient's point 10, 10, 10. */
function stageOf(axes: PlaneAxes = planeAxes.axial): Stage {
  const camera = { centreLps: [10, 10, 10] as Point, mmPerPx: 1, widthPx: 200, heightPx: 200 };
  return {
    panes: { axial: { axes, camera }, coronal: { axes, camera }, sagittal: { axes, camera } },
    pointAt: (_: string, x: number, y: number) => canvasToLps(axes, camera, x, y),
    placeOf: (_: string, point: Point) => lpsToCanvas(axes, camera, point),
  } as unknown as Stage;
}
let stage = stageOf();
const at = (x: number, y: number, held: Partial<ToolPlace> = {}): ToolPlace => ({
  stage,
  plane: 'axial',
  lps: stage.pointAt('axial', x, y),
  x,
  y,
  ctrl: false,
  shift: false,
  alt: false,
  ...held,
});
const tool = (name: Tool): PlaneTool => {
  const found = planeTools[name];
  if (!found) throw new RangeError(name);
  return found;
};
const drag = (one: PlaneTool, from: ToolPlace, ...rest: ToolPlace[]) => {
  expect(one.down(from)).toBe(true);
  one.drag?.(rest);
  one.up?.(rest.at(-1) ?? from);
};
/** What the service was asked for, as it reads it. */
const asked = () => vi.mocked(api.effect).mock.calls.map(([, id, request]) => ({ id, ...effectRequest.parse(request) }));
const looked = () => vi.mocked(api.effectPreview).mock.calls.map(([, id, request]) => ({ id, ...effectRequest.parse(request) }));
const options = (change: Partial<ToolOptions>) => useToolOptions.setState({ ...firstOptions, ...change });
const settled = () => vi.waitFor(() => expect(useCase.getState().busy).toBeNull(), patience);

const before = useViewer.getState();
beforeEach(() => {
  stage = stageOf();
  options({});
  useCase.setState({ state, series: '2.25.1', busy: null, busyReads: false });
  useNotices.setState({ notices: [] });
  useWorkspace.setState({ step: 'correct' });
  before.set({
    volume: {
      seriesInstanceUid: '2.25.1',
      geometry: { dimensions: [20, 20, 20], spacingMm: [1, 1, 1], originLps: [0, 0, 0], directionLps: [1, 0, 0, 0, 1, 0, 0, 0, 1] },
      values: new Int16Array(8000),
      units: 'HU',
    },
    layers: [layer('bone'), { ...layer('teeth'), locked: true }],
    activeSegment: 'bone',
    editRefusal: null,
    sketch: null,
  });
  vi.spyOn(api, 'effect').mockImplementation(async (_: string, __: string, _request: EffectWish) =>
    job({ segment: state.segments[0], segments: [], notice: null, case: state }),
  );
  vi.spyOn(api, 'effectPreview').mockImplementation(async () =>
    job({ voxelsBefore: 8000, voxels: 7000, volumeMm3: 7000, partsAfter: 1, mask: '/m' }),
  );
  vi.spyOn(api, 'previewBytes').mockImplementation(async () => new Uint8Array(8000));
});
afterEach(async () => {
  await settled();
  for (const one of Object.values(planeTools)) one.cancel?.();
  vi.restoreAllMocks();
  useViewer.setState(before, true);
  useCase.setState({ state: null });
});

test('[9.1-types] scissors: a rectangle on a slice is asked for at once, in mm on the slice, with the masking in force', async () => {
  options({ scissors: { shape: 'rectangle', operation: 'erase', region: 'inside', depth: 'slice' } });
  before.set({ brush: { ...before.brush, gateHu: [200, 3000] }, masking: { insideSegment: 'bone', notOverLocked: true } });
  drag(tool('scissors'), at(98, 97), at(104, 105));
  expect(useViewer.getState().sketch?.outline).toMatchObject({ plane: 'axial', closed: true, erases: true });
  await settled();
  expect(asked()).toEqual([
    {
      id: 'bone',
      settings: {
        effect: 'scissors',
        operation: 'erase',
        region: 'inside',
        loopLps: [
          [8, 7, 10],
          [14, 7, 10],
          [14, 15, 10],
          [8, 15, 10],
        ],
        normalLps: [0, 0, 1],
        depth: 'slice',
        eyeLps: null,
      },
      masking: { inside: 'bone', notOver: ['teeth'], gateHu: [200, 3000] },
      markups: [],
    },
  ]);
  expect(useViewer.getState().sketch).toBeNull();
});

test('[9.1-types] scissors: Ctrl turns erase into fill; over locked segments when masking says so', async () => {
  options({ scissors: { ...firstOptions.scissors, shape: 'circle' } });
  before.set({ masking: { insideSegment: null, notOverLocked: false } });
  drag(tool('scissors'), at(100, 100, { ctrl: true }), at(106, 100));
  expect(useViewer.getState().sketch?.outline?.erases).toBe(false);
  await settled();
  expect(asked()).toMatchObject([{ settings: { operation: 'fill' }, masking: { inside: null, notOver: [], gateHu: null } }]);
});

test('[9.1-types] scissors through the volume are looked at: Enter applies, Esc puts away, changed options are looked at again', async () => {
  options({ scissors: { ...firstOptions.scissors, depth: 'through' } });
  const scissors = tool('scissors');
  const hand = [at(110, 100), at(110, 110), at(100, 110)];
  drag(scissors, at(100, 100), ...hand);
  await settled();
  expect(asked()).toEqual([]);
  expect(looked()).toMatchObject([
    {
      settings: {
        effect: 'scissors',
        depth: 'through',
        loopLps: [
          [10, 10, 10],
          [20, 10, 10],
          [20, 20, 10],
          [10, 20, 10],
        ],
      },
    },
  ]);
  expect(useDrawn.getState().looked?.told.voxels).toBe(7000);
  expect(useViewer.getState().maskPreview?.segmentId).toBe('bone');
  expect(useViewer.getState().sketch).not.toBeNull();

  expect(scissors.cancel?.()).toBe(true);
  expect(useViewer.getState()).toMatchObject({ maskPreview: null, sketch: null });
  expect(scissors.cancel?.()).toBe(false);

  drag(scissors, at(100, 100), ...hand);
  await settled();
  expect(scissors.finish?.()).toBe(true);
  await settled();
  expect(asked()).toMatchObject([{ settings: { effect: 'scissors', depth: 'through' } }]);
  expect(useViewer.getState()).toMatchObject({ maskPreview: null, sketch: null });
  expect(scissors.finish?.()).toBe(false);
});

test('[9.1-types] a polygon: clicks, right click takes the last back, Enter closes, Esc drops; it lies on the slice it was begun on', async () => {
  options({ contour: { shape: 'polygon' } });
  const contour = tool('contour');
  const click = (x: number, y: number) => contour.down(at(x, y));
  expect(click(100, 100)).toBe(false);
  click(120, 100);
  // The view scrolls on by 4 mm.
  const { pointAt } = stage;
  stage.pointAt = (plane, x, y) => pointAt(plane, x, y).with(2, 14) as Point;
  click(120, 120);
  click(90, 130);
  expect(contour.takeBack?.()).toBe(true);
  contour.hover?.(at(100, 120));
  expect(useViewer.getState().sketch?.outline?.pointsLps).toHaveLength(4);
  expect(useViewer.getState().sketch?.outline?.cornersLps).toHaveLength(3);
  expect(contour.finish?.()).toBe(true);
  await settled();
  expect(asked()).toMatchObject([
    {
      settings: {
        effect: 'contour',
        operation: 'add',
        normalLps: [0, 0, 1],
        contoursLps: [
          [
            [10, 10, 10],
            [30, 10, 10],
            [30, 30, 10],
          ],
        ],
      },
    },
  ]);
  click(100, 100);
  click(120, 100);
  expect(contour.cancel?.()).toBe(true);
  expect(contour.takeBack?.()).toBe(false);
  expect(useViewer.getState().sketch).toBeNull();
  expect(asked()).toHaveLength(1);
});

/** The same view, magnified and larger, as a layout of one view shows it. */
function zoomTo(mmPerPx: number, sizePx: number): void {
  const camera = { centreLps: [12, 9, 10] as Point, mmPerPx, widthPx: sizePx, heightPx: sizePx };
  stage.panes.axial.camera = camera;
  stage.pointAt = (_, x, y) => canvasToLps(planeAxes.axial, camera, x, y);
  stage.placeOf = (_, point) => lpsToCanvas(planeAxes.axial, camera, point);
}

test('[9.1-types] a zoom or another layout in the middle of a polygon leaves its corners on what they were clicked on', async () => {
  options({ contour: { shape: 'polygon' } });
  const contour = tool('contour');
  contour.down(at(100, 100));
  contour.down(at(105, 100));
  zoomTo(0.25, 640);
  const [x, y] = stage.placeOf('axial', [15, 16, 10]);
  contour.hover?.(at(x, y));
  contour.down(at(x, y));
  zoomTo(0.5, 320);
  expect(contour.finish?.()).toBe(true);
  await settled();
  const [{ settings }] = asked() as [ReturnType<typeof asked>[number]];
  if (settings.effect !== 'contour') throw new RangeError(settings.effect);
  const wanted: Point[] = [
    [10, 10, 10],
    [15, 10, 10],
    [15, 16, 10],
  ];
  expect(settings.contoursLps[0]).toHaveLength(3);
  for (const [n, point] of wanted.entries()) for (const a of [0, 1, 2]) expect(settings.contoursLps[0]?.[n]?.[a]).toBeCloseTo(point[a]!, 9);
});

test('[9.1-types] planes turned in the middle of a polygon: it goes, and that is said', () => {
  options({ contour: { shape: 'polygon' } });
  const contour = tool('contour');
  contour.down(at(100, 100));
  contour.down(at(120, 100));
  stage.panes.axial.axes = { ...planeAxes.axial };
  contour.hover?.(at(120, 120));
  expect(useViewer.getState().sketch).toBeNull();
  expect(useNotices.getState().notices[0]?.text).toMatch('turned');
  expect(contour.cancel?.()).toBe(false);
});

test('[9.1-types] a click on another view does not lose what is half drawn; Enter on too few corners says what is missing', () => {
  options({ contour: { shape: 'polygon' } });
  for (const [name, word] of [
    ['contour', 'polygon'],
    ['livewire', 'livewire'],
  ] as const) {
    const one = tool(name);
    one.down(at(100, 100));
    expect(one.refusal({ ...at(60, 60), plane: 'coronal' })).toBe(
      `The ${word} lies on the axial view. Finish it there (Enter) or drop it (Esc).`,
    );
    expect(one.refusal(at(60, 60))).toBeNull();
    expect(one.finish?.()).toBe(true);
    expect(useNotices.getState().notices.at(-1)?.text).toMatch(name === 'contour' ? 'three corners' : 'second place');
    expect(useViewer.getState().sketch).not.toBeNull();
    expect(one.cancel?.()).toBe(true);
  }
});

test('[9.1-types] on a turned plane the normal and the points are those of the view as it stands', async () => {
  const [c, s] = [Math.cos(0.3), Math.sin(0.3)];
  const axes: PlaneAxes = { rightLps: [c, s, 0], downLps: [0, 0, -1], normalLps: [-s, c, 0] };
  stage = stageOf(axes);
  options({ contour: { shape: 'ellipse' }, operation: 'erase' });
  drag(tool('contour'), at(95, 95), at(105, 103));
  await settled();
  const [{ settings }] = asked() as [ReturnType<typeof asked>[number]];
  if (settings.effect !== 'contour') throw new RangeError(settings.effect);
  expect(settings).toMatchObject({ operation: 'erase', normalLps: axes.normalLps });
  for (const p of settings.contoursLps[0] ?? []) expect((p[0] - 10) * -s + (p[1] - 10) * c).toBeCloseTo(0, 9);
});

test('[9.1-types] flood fill: the slice at once, all directions after a look, Ctrl erases; range or tolerance', async () => {
  const fill = tool('flood-fill');
  expect(fill.down(at(103, 102, { ctrl: true }))).toBe(false);
  await settled();
  expect(asked()).toMatchObject([
    {
      settings: {
        effect: 'flood-fill',
        operation: 'erase',
        seedsLps: [[13, 12, 10]],
        normalLps: [0, 0, 1],
        lowHu: null,
        highHu: null,
        toleranceHu: 100,
      },
    },
  ]);
  options({ fill: { ...firstOptions.fill, extent: 'volume', by: 'range', lowHu: 150, highHu: null, connectivity: 26, reachMm: 12 } });
  fill.down(at(103, 102));
  await settled();
  expect(asked()).toHaveLength(1);
  expect(looked()).toMatchObject([
    { settings: { operation: 'add', normalLps: null, lowHu: 150, highHu: null, connectivity: 26, reachMm: 12 } },
  ]);
});

test('[9.1-types] an island is picked inside of the segment alone, looked at, and left to Clean where Clean asks', async () => {
  const pick = tool('pick');
  expect(pick.refusal(at(400, 100))).toMatch('Click inside an island of bone');
  expect(pick.refusal(at(103, 102))).toBeNull();
  pick.down(at(103, 102));
  await settled();
  expect(looked()).toMatchObject([{ settings: { effect: 'island', operation: 'remove', seedLps: [13, 12, 10], connectivity: 26 } }]);
  const picked: Point[] = [];
  useWorkspace.setState({ step: 'clean' });
  before.set({ onPick: (lps) => picked.push(lps) });
  expect(pick.refusal(at(400, 100))).toBeNull();
  pick.down(at(103, 102));
  expect(picked).toEqual([[13, 12, 10]]);
  expect(looked()).toHaveLength(1);
});

test('[9.1-types] a tool that cannot draw says why: busy, hidden, locked, outside of the image', () => {
  const fill = tool('flood-fill');
  expect(fill.refusal(at(400, 100))).toMatch('no image here');
  before.set({ layers: [{ ...layer('bone'), visible: false }] });
  expect(fill.refusal()).toMatch('hidden');
  before.set({ layers: [{ ...layer('bone'), locked: true }] });
  expect(tool('scissors').refusal()).toMatch('locked');
  before.set({ editRefusal: 'Undo is running.' });
  for (const name of ['scissors', 'flood-fill', 'contour', 'pick'] as const) expect(tool(name).refusal()).toBe('Undo is running.');
});

test('[9.1-types] what is half drawn goes with the tool and with the segment; a stroke that encloses nothing asks for nothing', async () => {
  const stop = dropWhatIsLeft();
  options({ contour: { shape: 'polygon' } });
  for (const change of [{ tool: 'brush' as const }, { activeSegment: 'teeth' }]) {
    before.set({ tool: 'contour', activeSegment: 'bone' });
    tool('contour').down(at(100, 100));
    expect(useViewer.getState().sketch).not.toBeNull();
    useNotices.setState({ notices: [] });
    before.set(change);
    expect(useViewer.getState().sketch).toBeNull();
    const why = 'tool' in change ? 'Another tool was taken' : 'Another segment was selected';
    expect(useNotices.getState().notices).toMatchObject([
      { title: 'Half drawn and dropped', text: `${why} before what was begun was finished, so it is gone. Draw it again.` },
    ]);
  }
  // With nothing drawn there is nothing to tell.
  useNotices.setState({ notices: [] });
  before.set({ tool: 'scissors' });
  expect(useNotices.getState().notices).toEqual([]);
  // An annotation of clicks, and another kind taken in the middle of it.
  before.set({ tool: 'markup' });
  useMarkups.getState().set({ kind: 'polyline', shown: true });
  tool('markup').down(at(100, 100));
  expect(useMarkups.getState().drawn?.kind).toBe('polyline');
  useMarkups.getState().set({ kind: 'angle' });
  expect(useMarkups.getState().drawn).toBeNull();
  expect(useNotices.getState().notices).toMatchObject([{ text: expect.stringContaining('Another kind of annotation was taken') }]);
  stop();
  before.set({ activeSegment: 'bone' });
  drag(tool('scissors'), at(100, 100), at(101, 100));
  await settled();
  expect(asked()).toEqual([]);
});

/** A bright disc of 6 mm about (10, 10) on every slice, with a soft edge. */
function disc(): void {
  const volume = useViewer.getState().volume;
  if (!volume) throw new RangeError('no volume');
  const values = new Int16Array(8000).map((_, at) => {
    const [i, j] = [at % 20, Math.floor(at / 20) % 20];
    return Math.round(1000 / (1 + Math.exp(2 * (Math.hypot(i - 10, j - 10) - 6))));
  });
  before.set({ volume: { ...volume, values } });
}
const radii = (points: readonly Point[]) => points.map(([x, y]) => Math.hypot(x - 10, y - 10));

test('[9.1-types] level tracing shows the line through the pointer, on its own slice; a click asks for it, leaving takes it away', async () => {
  disc();
  const trace = tool('level-trace');
  trace.hover?.(at(106, 100));
  const shown = useViewer.getState().sketch?.outline;
  expect(shown).toMatchObject({ plane: 'axial', closed: true, sliceOnly: true, erases: false });
  for (const r of radii(shown?.pointsLps ?? [])) expect(Math.abs(r - 6)).toBeLessThan(0.3);
  expect(shown?.pointsLps.every((p) => p[2] === 10)).toBe(true);
  trace.leave?.();
  expect(useViewer.getState().sketch).toBeNull();

  trace.hover?.(at(106, 100, { ctrl: true }));
  expect(useViewer.getState().sketch?.outline?.erases).toBe(true);
  // Esc then drops the tool: a line that only follows the pointer is nothing half drawn.
  expect(trace.cancel?.()).toBe(false);
  expect(trace.refusal(at(106, 100))).toBeNull();
  expect(trace.down(at(106, 100))).toBe(false);
  expect(useViewer.getState().sketch).not.toBeNull();
  await settled();
  expect(asked()).toMatchObject([{ settings: { effect: 'level-trace', operation: 'add', seedLps: [16, 10, 10], normalLps: [0, 0, 1] } }]);
  expect(useViewer.getState().sketch).toBeNull();
});

test('[9.1-types] level tracing says where no line closes', () => {
  expect(tool('level-trace').refusal(at(100, 100))).toMatch('does not close');
  expect(tool('level-trace').down(at(100, 100))).toBe(false);
  expect(asked()).toEqual([]);
});

test('[9.1-types] livewire follows the edge between clicks, takes a place back, and Enter closes and fills on the slice', async () => {
  disc();
  const wire = tool('livewire');
  const click = (x: number, y: number) => wire.down(at(x, y));
  click(106, 100);
  // A double click is one place.
  click(107, 101);
  wire.hover?.(at(94, 100));
  const ahead = useViewer.getState().sketch?.outline;
  expect(ahead?.cornersLps).toEqual([[16, 10, 10]]);
  // Along the edge, not across the disc.
  for (const r of radii(ahead?.pointsLps ?? [])) expect(Math.abs(r - 6)).toBeLessThan(1.6);
  click(100, 106);
  click(108, 108);
  expect(wire.takeBack?.()).toBe(true);
  const back = useViewer.getState().sketch?.outline;
  expect(back?.cornersLps).toEqual([
    [16, 10, 10],
    [10, 16, 10],
  ]);
  // What Enter would add is shown: from the last place home.
  expect([back?.closingLps?.[0], back?.closingLps?.at(-1)]).toEqual([
    [10, 16, 10],
    [16, 10, 10],
  ]);
  click(94, 100);
  click(100, 94);
  expect(wire.finish?.()).toBe(true);
  await settled();
  const [{ settings }] = asked() as [ReturnType<typeof asked>[number]];
  if (settings.effect !== 'contour') throw new RangeError(settings.effect);
  expect(settings).toMatchObject({ operation: 'add', normalLps: [0, 0, 1], tool: 'livewire' });
  const [loop] = settings.contoursLps as [Point[]];
  for (const r of radii(loop)) expect(Math.abs(r - 6)).toBeLessThan(1.6);
  // Once round: the line comes through every quarter, and its first point is not told again.
  expect(new Set(loop.map(([x, y]) => `${x > 10} ${y > 10}`)).size).toBe(4);
  expect(loop.at(-1)).not.toEqual(loop[0]);
});

test('[9.1-types] livewire: Esc drops what is half drawn, the last place taken back ends it, one place cannot be closed', () => {
  disc();
  const wire = tool('livewire');
  wire.down(at(106, 100));
  expect(wire.finish?.()).toBe(true);
  expect(useNotices.getState().notices).toMatchObject([{ title: 'Livewire: not now' }]);
  expect(wire.takeBack?.()).toBe(true);
  expect(wire.takeBack?.()).toBe(false);
  wire.down(at(106, 100));
  expect(wire.cancel?.()).toBe(true);
  expect(useViewer.getState().sketch).toBeNull();
  expect(wire.cancel?.()).toBe(false);
  expect(asked()).toEqual([]);
});

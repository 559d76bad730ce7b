import { afterEach, expect, it } from 'vitest';
import { type FinishedStroke, type LoadedVolume, type MaskLayer, useViewer } from '../../stores/viewer.ts';
import { planeAxes } from '../camera/plane-axes.ts';
import type { Stage } from '../stage.ts';
import { beginStroke, cancelStroke, endStroke, endStrokeWhenRefused, extendStroke, paintRefusal } from './painting.ts';

const volume: LoadedVolume = {
  seriesInstanceUid: '1',
  geometry: { dimensions: [8, 8, 1], spacingMm: [1, 1, 1], originLps: [0, 0, 0], directionLps: [1, 0, 0, 0, 1, 0, 0, 0, 1] },
  units: 'HU',
  values: new Int16Array(64),
};
const layerOf = (segmentId: string): MaskLayer => ({
  segmentId,
  name: segmentId,
  colour: 'red',
  visible: true,
  opacity: 1,
  values: new Uint8Array(64),
});

const before = useViewer.getState();
let handed: FinishedStroke[] = [];
function opened(): { stage: Stage; layers: MaskLayer[] } {
  const layers = [layerOf('a'), layerOf('b')];
  handed = [];
  const brush = { shape: 'sphere', diameterMm: 1, gateHu: null, edgeHu: null } as const;
  before.set({ volume, layers, activeSegment: 'a', tool: 'brush', brush, editRefusal: null, onStroke: (s) => handed.push(s) });
  const panes = { axial: { axes: planeAxes.axial, oblique: false } };
  return { stage: { volume, stroke: null, panes, repaintOverlays: () => {}, repaintStroke: () => {} } as unknown as Stage, layers };
}
afterEach(() => useViewer.setState(before, true));

it('a stroke ends where an act that changes the case is asked for, and what the mouse does then draws nothing', () => {
  const { stage, layers } = opened();
  const stop = endStrokeWhenRefused(stage);
  beginStroke(stage, 'axial', [1, 1, 0], false);
  extendStroke(stage, [[3, 1, 0]]);
  useViewer.getState().set({ cursor: null });
  expect(handed).toEqual([]);
  useViewer.getState().set({ editRefusal: 'Undo is running.' });
  expect(handed).toMatchObject([{ segment: 'a', voxels: 3 }]);
  const drawn = layers[0]?.values.slice();
  extendStroke(stage, [[6, 6, 0]]);
  endStroke(stage);
  expect(layers[0]?.values).toEqual(drawn);
  expect(handed).toHaveLength(1);
  stop();
});

it('views that go hand in the stroke that is being drawn on them', () => {
  const { stage } = opened();
  const stop = endStrokeWhenRefused(stage);
  beginStroke(stage, 'axial', [1, 1, 0], false);
  stop();
  expect(handed).toMatchObject([{ segment: 'a', voxels: 1 }]);
});

it('a stroke keeps the segment and the brush that it was begun with', () => {
  const { stage, layers } = opened();
  beginStroke(stage, 'axial', [1, 1, 0], false);
  useViewer.getState().set({ activeSegment: 'b', brush: { shape: 'circle', diameterMm: 5, gateHu: [0, 9], edgeHu: null } });
  extendStroke(stage, [[3, 1, 0]]);
  endStroke(stage);
  expect(handed).toMatchObject([{ segment: 'a', voxels: 3, brush: { shape: 'sphere', diameterMm: 1, gateHu: null } }]);
  expect(layers[1]?.values.some(Boolean)).toBe(false);
});

it('Esc takes the voxels back and hands in nothing', () => {
  const { stage, layers } = opened();
  beginStroke(stage, 'axial', [1, 1, 0], false);
  cancelStroke(stage);
  endStroke(stage);
  expect(layers[0]?.values.some(Boolean)).toBe(false);
  expect(handed).toEqual([]);
});

it('[9.1-types] a locked segment is refused in words, a locked neighbour is not drawn over, and masking inside a missing segment is refused', () => {
  const { stage, layers } = opened();
  layers[1]!.values[9] = 1;
  const locked = { ...layers[1]!, locked: true };
  useViewer.getState().set({ layers: [layers[0]!, locked], masking: { insideSegment: null, notOverLocked: true } });
  beginStroke(stage, 'axial', [1, 1, 0], false);
  extendStroke(stage, [[3, 1, 0]]);
  endStroke(stage);
  expect(handed).toMatchObject([{ segment: 'a', voxels: 2, notOver: ['b'], inside: null }]);
  expect(layers[0]?.values[9]).toBe(0);
  useViewer.getState().set({ activeSegment: 'b' });
  expect(paintRefusal()).toMatch(/b is locked. Unlock it/);
  beginStroke(stage, 'axial', [1, 1, 0], false);
  expect(stage.stroke).toBeNull();
  useViewer.getState().set({ activeSegment: 'a', masking: { insideSegment: 'gone', notOverLocked: false } });
  expect(paintRefusal()).toMatch(/Masking/);
});

it('[9.1-types] masking inside the very segment that is drawn on is refused before drawing where it would add; taking away goes on', () => {
  const { stage, layers } = opened();
  layers[0]!.values[9] = 1;
  useViewer.getState().set({ masking: { insideSegment: 'a', notOverLocked: true } });
  expect(paintRefusal(true)).toBe(
    'Masking is inside a itself, where nothing can be added. Choose another segment, or everywhere, under Masking.',
  );
  expect(paintRefusal()).toBeNull();
  beginStroke(stage, 'axial', [3, 3, 0], false);
  expect(stage.stroke).toBeNull();
  beginStroke(stage, 'axial', [1, 1, 0], true);
  endStroke(stage);
  expect(handed).toMatchObject([{ segment: 'a', tool: 'eraser', inside: 'a', voxels: 1 }]);
  useViewer.getState().set({ masking: { insideSegment: 'b', notOverLocked: true } });
  expect(paintRefusal(true)).toBeNull();
});

import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { MaskLayer } from '../../stores/viewer.ts';
import { type OverlayBuffers, type OverlayScene, paintOverlay } from './paint-overlay.ts';
import { paintStroke } from './paint-stroke.ts';
import type { PlaneGrid } from './plane-grid.ts';

const side = 40;
const grid: PlaneGrid = {
  width: side,
  height: side,
  offsets: Int32Array.from({ length: side * side }, (_, n) => n),
  left: 3,
  top: 0,
  right: side,
  bottom: 35,
};
const buffers = (): OverlayBuffers => ({
  classes: new Uint8Array(side * side),
  picture: new Uint32Array(side * side),
  base: new Uint32Array(side * side),
  baseKey: [],
});
const layer = (segmentId: string, values: Uint8Array): MaskLayer => ({
  segmentId,
  name: segmentId,
  colour: segmentId,
  visible: true,
  opacity: 0.3,
  values,
});
const mask = fc.uint8Array({ minLength: side * side, maxLength: side * side }).map((bytes) => bytes.map((b) => (b > 100 ? 1 : 0)));
const dabs = fc.array(
  fc.record({
    x: fc.integer({ min: 0, max: 39 }),
    y: fc.integer({ min: 0, max: 39 }),
    r: fc.integer({ min: 0, max: 6 }),
    value: fc.constantFrom<0 | 1>(0, 1),
  }),
  { minLength: 1, maxLength: 5 },
);

test('a stroke painted piece by piece leaves the very picture that painting all of it would', () => {
  fc.assert(
    fc.property(mask, mask, dabs, fc.constantFrom(1, 2, 1.25), fc.boolean(), (still, moving, list, devicePixelRatio, inferredShown) => {
      const network = { offsetIjk: [5, 5, 0], dimensions: [20, 20, 1] } as MaskLayer['networkBox'];
      const scene: OverlayScene = {
        layers: [layer('still', still), { ...layer('moving', moving), networkBox: network }],
        activeSegment: 'moving',
        revision: 1,
        preview: null,
        previewRgb: [1, 2, 3],
        networkPreview: null,
        maskPreview: null,
        authorMap: null,
        heat: null,
        inferredShown,
        dimensions: [side, side, 1],
        valuesHu: Int16Array.from({ length: side * side }, (_, n) => (n % 5) * 20),
        rgbOf: (css) => (css === 'still' ? [255, 0, 0] : [0, 90, 255]),
        devicePixelRatio,
      };
      const mine = buffers();
      paintOverlay(grid, scene, mine, new Map());
      for (const { x, y, r, value } of list) {
        for (let j = Math.max(0, y - r); j <= Math.min(side - 1, y + r); j++)
          for (let i = Math.max(0, x - r); i <= Math.min(side - 1, x + r); i++) moving[j * side + i] = value;
        paintStroke(grid, scene, mine, { left: x - r, top: y - r, right: x + r + 1, bottom: y + r + 1 });
      }
      const whole = buffers();
      paintOverlay(grid, scene, whole, new Map());
      expect(mine.picture).toEqual(whole.picture);
    }),
    { numRuns: 80 },
  );
});

test('a rectangle off the view draws nothing', () => {
  const scene = { layers: [], devicePixelRatio: 1, heat: null, activeSegment: null } as unknown as OverlayScene;
  expect(paintStroke(grid, scene, buffers(), { left: -20, top: 0, right: -10, bottom: 9 })).toBeNull();
});

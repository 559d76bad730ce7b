import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { MaskLayer } from '../../stores/viewer.ts';
import { over, type Rgb } from './compose.ts';
import { type OverlayBuffers, type OverlayScene, paintOverlay } from './paint-overlay.ts';
import type { PlaneGrid } from './plane-grid.ts';
import { previewWords } from './preview-words.ts';

const side = 16;
const grid: PlaneGrid = {
  width: side,
  height: side,
  offsets: Int32Array.from({ length: side * side }, (_, n) => n),
  left: 0,
  top: 0,
  right: side,
  bottom: side,
};
const colours: Record<string, Rgb> = { red: [255, 0, 0], green: [0, 255, 0], blue: [0, 0, 255] };
const buffersNew = (): OverlayBuffers => ({
  classes: new Uint8Array(side * side),
  picture: new Uint32Array(side * side),
  base: new Uint32Array(side * side),
  baseKey: [],
});
const valuesHu = Int16Array.from({ length: side * side }, (_, n) => n - 100);
const layer = (segmentId: string, colour: string, from: number, to: number): MaskLayer => ({
  segmentId,
  name: segmentId,
  colour,
  visible: true,
  opacity: 0.3,
  values: Uint8Array.from({ length: side * side }, (_, n) => (n % side >= from && n % side < to ? 1 : 0)),
});
const scene = (change: Partial<OverlayScene>): OverlayScene => ({
  layers: [],
  activeSegment: null,
  revision: 0,
  preview: null,
  previewRgb: [1, 2, 3],
  networkPreview: null,
  maskPreview: null,
  heat: null,
  authorMap: null,
  inferredShown: true,
  dimensions: [side, side, 1],
  valuesHu,
  rgbOf: (css) => colours[css]!,
  devicePixelRatio: 1,
  ...change,
});
const painted = (s: OverlayScene, buffers = buffersNew()) => {
  const pixels = new Map<string, number>();
  paintOverlay(grid, s, buffers, pixels);
  return { picture: buffers.picture, pixels };
};
const rgba = (packed: number) => [packed & 255, (packed >>> 8) & 255, (packed >>> 16) & 255, packed >>> 24];

test('contour full, fill as opaque as the layer says, nothing outside, hidden layers not at all', () => {
  const { picture, pixels } = painted(scene({ layers: [layer('a', 'red', 4, 12), { ...layer('b', 'blue', 0, 16), visible: false }] }));
  const row = Array.from({ length: side }, (_, x) => rgba(picture[8 * side + x]!));
  expect(row[3]).toEqual([0, 0, 0, 0]);
  expect(row[4]).toEqual([255, 0, 0, 255]);
  expect(row[5]).toEqual([255, 0, 0, 128]);
  expect(row[6]).toEqual([255, 0, 0, 77]);
  expect(row[11]).toEqual([255, 0, 0, 255]);
  expect([...pixels]).toEqual([['a', 8 * side]]);
});

test('the active segment lies above the others whatever their order', () => {
  const layers = [layer('a', 'red', 2, 9), layer('b', 'green', 5, 14)];
  const line = (active: string) => rgba(painted(scene({ layers, activeSegment: active })).picture[8 * side + 8]!);
  // Column 8 is the last of a (its line) and inside b.
  expect(line('a')).toEqual([255, 0, 0, 255]);
  expect(line('b')[3]).toBe(255);
  expect(line('b')[1]).toBeGreaterThan(60);
});

test('a threshold preview shows exactly the voxels of the range', () => {
  fc.assert(
    fc.property(fc.integer({ min: -120, max: 180 }), fc.option(fc.integer({ min: -120, max: 180 })), (lowHu, highHu) => {
      const { picture } = painted(scene({ preview: { method: 'threshold', lowHu, highHu } }));
      for (const [n, hu] of valuesHu.entries()) expect(picture[n]! !== 0).toBe(hu >= lowHu && (highHu === null || hu <= highHu));
    }),
  );
});

test('a hysteresis preview shows candidates paler than seeds', () => {
  const { picture } = painted(scene({ preview: { method: 'hysteresis', seedHu: 60, lowHu: 0, highHu: null, connectivity: 26 } }));
  valuesHu.forEach((hu, n) => {
    const alpha = picture[n]! >>> 24;
    if (hu < 0) expect(alpha).toBe(0);
    else if (hu < 60) expect(alpha).toBe(51);
    else expect(alpha).toBeGreaterThan(80);
  });
});

test('what is kept from the last picture never shows: every picture is as if painted afresh', () => {
  const moves = fc.array(
    fc.record({
      active: fc.constantFrom('a', 'b', null),
      drawing: fc.boolean(),
      voxel: fc.integer({ min: 0, max: side * side - 1 }),
      preview: fc.option(fc.integer({ min: -100, max: 150 })),
    }),
    { minLength: 1, maxLength: 12 },
  );
  fc.assert(
    fc.property(moves, (list) => {
      const layers = [layer('a', 'red', 2, 9), layer('b', 'green', 5, 14)];
      const kept = buffersNew();
      let revision = 0;
      for (const move of list) {
        // A stroke changes the active layer in place and says nothing; every other change counts the revision up.
        const target = layers.find((l) => l.segmentId === move.active) ?? layers[0]!;
        target.values[move.voxel]! ^= 1;
        if (!(move.drawing && move.active)) revision++;
        const s = scene({
          layers,
          activeSegment: move.active,
          revision,
          preview: move.preview === null ? null : { method: 'threshold', lowHu: move.preview, highHu: null },
        });
        expect(painted(s, kept).picture).toEqual(painted(s).picture);
      }
    }),
  );
});

test('over mixes straight alpha', () => {
  expect(rgba(over(0xff0000ff, 0, 0, 255, 128))).toEqual([127, 0, 128, 255]);
  expect(rgba(over(0x80ff0000, 255, 0, 0, 128))[3]).toBe(192);
});

test('the words of a preview carry units and bounds', () => {
  expect(previewWords({ method: 'threshold', lowHu: -50, highHu: null })).toBe('Preview ≥ −50 HU');
  expect(previewWords({ method: 'threshold', lowHu: 50, highHu: 300 })).toBe('Preview 50 to 300 HU');
  expect(previewWords({ method: 'threshold', lowHu: 0.912, highHu: null }, 'normalized')).toBe('Preview ≥ 0.912');
  expect(previewWords({ method: 'hysteresis', seedHu: 300, lowHu: 130, highHu: null, connectivity: 26 })).toBe(
    'Preview seeds ≥ 300 HU\npale: may grow into ≥ 130 HU',
  );
});

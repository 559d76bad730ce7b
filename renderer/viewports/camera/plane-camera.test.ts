import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Point } from '../../stores/viewer.ts';
import { dot, planeAxes, planes } from './plane-axes.ts';
import { canvasToLps, lpsToCanvas, onSlice, type PlaneCamera, panned, revealing, zoomed } from './plane-camera.ts';

const number = (min: number, max: number) => fc.double({ min, max, noNaN: true });
const point = fc.tuple(number(-300, 300), number(-300, 300), number(-300, 300)) as fc.Arbitrary<Point>;
const cameras: fc.Arbitrary<PlaneCamera> = fc.record({
  centreLps: point,
  mmPerPx: number(0.02, 4),
  widthPx: fc.integer({ min: 2, max: 2000 }),
  heightPx: fc.integer({ min: 2, max: 2000 }),
});
const plane = fc.constantFrom(...planes);
const place = number(-100, 2100);

test('a place on the screen and its patient point are each other’s', () => {
  fc.assert(
    fc.property(cameras, plane, place, place, (camera, p, x, y) => {
      const [bx, by] = lpsToCanvas(planeAxes[p], camera, canvasToLps(planeAxes[p], camera, x, y));
      expect(bx).toBeCloseTo(x, 6);
      expect(by).toBeCloseTo(y, 6);
    }),
  );
});

test('radiological sides: axial R left and A top, coronal R left and S top, sagittal A left and S top', () => {
  const camera: PlaneCamera = { centreLps: [0, 0, 0], mmPerPx: 1, widthPx: 100, heightPx: 100 };
  const at = (p: (typeof planes)[number], lps: Point) => lpsToCanvas(planeAxes[p], camera, lps);
  expect(at('axial', [-10, -20, 0])).toEqual([40, 30]);
  expect(at('coronal', [-10, 0, 20])).toEqual([40, 30]);
  expect(at('sagittal', [0, -10, 20])).toEqual([40, 30]);
});

test('zoom keeps the point under the pointer, pan moves it by so many pixels', () => {
  fc.assert(
    fc.property(cameras, plane, place, place, number(0.2, 5), (camera, p, x, y, factor) => {
      const axes = planeAxes[p];
      const held = canvasToLps(axes, camera, x, y);
      const [zx, zy] = lpsToCanvas(axes, zoomed(axes, camera, x, y, factor), held);
      expect(zx).toBeCloseTo(x, 4);
      expect(zy).toBeCloseTo(y, 4);
      const [px, py] = lpsToCanvas(axes, panned(axes, camera, 12, -7), held);
      expect(px).toBeCloseTo(x + 12, 6);
      expect(py).toBeCloseTo(y - 7, 6);
    }),
  );
});

test('going to a slice moves along the normal only', () => {
  fc.assert(
    fc.property(cameras, plane, number(-200, 200), point, (camera, p, mm, lps) => {
      const axes = planeAxes[p];
      const moved = onSlice(axes, camera, mm);
      expect(dot(moved.centreLps, axes.normalLps)).toBeCloseTo(mm, 8);
      const before = lpsToCanvas(axes, camera, lps);
      const after = lpsToCanvas(axes, moved, lps);
      expect(after[0]).toBeCloseTo(before[0], 6);
      expect(after[1]).toBeCloseTo(before[1], 6);
    }),
  );
});

test('a point out of view is brought to the middle, a visible one moves nothing', () => {
  const camera: PlaneCamera = { centreLps: [0, 0, 0], mmPerPx: 1, widthPx: 100, heightPx: 100 };
  expect(revealing(planeAxes.axial, camera, [10, 10, 0], 20)).toBe(camera);
  const moved = revealing(planeAxes.axial, camera, [45, 300, 5], 20);
  expect(lpsToCanvas(planeAxes.axial, moved, [45, 300, 5])).toEqual([50, 50]);
});

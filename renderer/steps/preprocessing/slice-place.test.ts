import fc from 'fast-check';
import { expect, test } from 'vitest';
import { gridWithSpacing } from '../../../kernels/spacing/grid.ts';
import { indexToLps, type VolumeGeometry } from '../../../kernels/volume/geometry.ts';
import { pad } from '../../../kernels/volume/pad.ts';
import { changeOf, changePixels, changeScale, greyPixels, valuesFromText } from './slice-paint.ts';
import { between, boundsOf, pixelAt, placeOf, planeOf, type SliceValues, sliceNumber, valueAt } from './slice-place.ts';
import { afterWindow } from './window-words.ts';

const grid = (directionLps: VolumeGeometry['directionLps']): VolumeGeometry => ({
  dimensions: [8, 6, 4],
  spacingMm: [0.5, 0.7, 2],
  originLps: [-10, 20, 5],
  directionLps,
});
const upright = grid([1, 0, 0, 0, 1, 0, 0, 0, 1]);
const values = (width: number, height: number, of: (i: number, j: number) => number): SliceValues => ({
  width,
  height,
  units: 'HU',
  values: Float32Array.from({ length: width * height }, (_, n) => of(n % width, Math.floor(n / width))),
});

test('a picture lies where its voxels are: axial R left, A top, whichever way the rows run', () => {
  expect(placeOf(upright, 'axial', 0)).toEqual({ first: [-10, 20], column: [0.5, 0], row: [0, expect.closeTo(0.7, 9)] });
  const turned = grid([-1, 0, 0, 0, -1, 0, 0, 0, 1]);
  const place = placeOf(turned, 'axial', 0);
  expect(place.column[0]).toBeCloseTo(-0.5, 9);
  expect(boundsOf({ width: 8, height: 6 }, place)[2]).toBeCloseTo(-10 + 0.25, 9);
  expect(planeOf(upright)).toBe('axial');
  expect(planeOf(grid([1, 0, 0, 0, 0, -1, 0, 1, 0]))).toBe('coronal');
  expect(planeOf(grid([0, 1, 0, 0, 0, -1, 1, 0, 0]))).toBe('sagittal');
});

test('a pixel and its place on the plane are each other’s', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(upright, grid([-1, 0, 0, 0, 1, 0, 0, 0, -1]), grid([0.8, 0.6, 0, -0.6, 0.8, 0, 0, 0, 1])),
      fc.integer({ min: 0, max: 7 }),
      fc.integer({ min: 0, max: 5 }),
      (g, i, j) => {
        const place = placeOf(g, 'axial', 2);
        const [x, y] = indexToLps(g, i, j, 2);
        const [u, v] = pixelAt(place, [x, y]);
        expect(u).toBeCloseTo(i, 6);
        expect(v).toBeCloseTo(j, 6);
        const slice = values(8, 6, (a, b) => 10 * a + b);
        expect(valueAt(slice, place, [x, y])).toBe(10 * i + j);
      },
    ),
  );
});

test('beside a slice there is no value, and the slice of a point is the nearest one', () => {
  const place = placeOf(upright, 'axial', 0);
  expect(
    valueAt(
      values(8, 6, () => 1),
      place,
      [-20, 20],
    ),
  ).toBeNull();
  expect(sliceNumber(upright, [-10, 20, 8.9])).toBe(2);
  expect(sliceNumber(upright, [-10, 20, 500])).toBe(3);
  expect(
    between(
      values(2, 1, (i) => 10 * i),
      0.25,
      0,
    ),
  ).toBe(2.5);
  expect(
    between(
      values(2, 1, (i) => 10 * i),
      1.7,
      0,
    ),
  ).toBeNaN();
});

test('[8.1-sequence] the difference is read at one place of the patient, also where the image was padded', () => {
  const before = values(8, 6, (i, j) => 10 * i + j);
  const flat = { ...upright, dimensions: [8, 6, 1] as [number, number, number] };
  const padded = pad(before.values, flat, { multiple: null, size: [11, 9, 1], value: -1024 });
  const after: SliceValues = { width: 11, height: 9, units: 'HU', values: padded.values.map((v) => v + 3) as Float32Array };
  const change = changeOf(before, placeOf(flat, 'axial', 0), after, placeOf(padded.grid, 'axial', 0));
  for (const v of change) expect(v).toBeCloseTo(3, 3);
});

test('[8.3-spacing] finer pixels of a tilted grid lie over the ones before, on every slice', () => {
  const [c, s] = [Math.cos(0.4), Math.sin(0.4)];
  const tilted: VolumeGeometry = { ...upright, directionLps: [1, 0, 0, 0, c, s, 0, -s, c] };
  const finer = gridWithSpacing(tilted, [0.25, 0.35, null]);
  for (let k = 0; k < 4; k++) {
    const after = placeOf(finer, 'axial', sliceNumber(finer, indexToLps(tilted, 3, 2, k)));
    const edges = boundsOf({ width: finer.dimensions[0], height: finer.dimensions[1] }, after);
    for (const [n, mm] of boundsOf({ width: 8, height: 6 }, placeOf(tilted, 'axial', k)).entries()) expect(edges[n]).toBeCloseTo(mm, 6);
  }
});

test('pixels beyond the picture after stay without a colour; the scale is round and symmetric', () => {
  const before = values(4, 1, () => 0);
  const half: SliceValues = { width: 2, height: 1, units: 'HU', values: Float32Array.of(5, -5) };
  const change = changeOf(before, placeOf(upright, 'axial', 0), half, placeOf(upright, 'axial', 0));
  expect([...change]).toEqual([5, -5, Number.NaN, Number.NaN]);
  const pixels = changePixels(change, 5, new Uint32Array(4));
  expect([pixels[2], pixels[3]]).toEqual([0, 0]);
  const red = (n: number) => (pixels[n] as number) & 255;
  const blue = (n: number) => ((pixels[n] as number) >>> 16) & 255;
  expect(red(0)).toBeGreaterThan(blue(0));
  expect(blue(1)).toBeGreaterThan(red(1));
  expect(changeScale(Float32Array.of(37, 37, Number.NaN), 10)).toBe(50);
  expect(changeScale(Float32Array.of(0, 0), 10)).toBe(10);
});

test('grey levels follow the window; bytes that are no picture are refused', () => {
  const grey = (v: number) => (greyPixels({ ...values(1, 1, () => v) }, { center: 50, width: 100 })[0] as number) & 255;
  expect([grey(-10), grey(0), grey(50.1), grey(100), grey(500)]).toEqual([0, 0, 128, 255, 255]);
  const text = btoa(String.fromCharCode(...new Uint8Array(Float32Array.of(1.5, -2).buffer)));
  expect([...valuesFromText(text, 2, 1)]).toEqual([1.5, -2]);
  expect(() => valuesFromText(text, 3, 1)).toThrow(RangeError);
});

test('[8.2-intensity] values of another unit get a window of their own, the same unit keeps the one looked through', () => {
  const own = { center: 450, width: 1900 };
  const slice = { ...values(256, 1, (i) => i), units: 'normalized' };
  expect(afterWindow({ ...slice, units: 'HU' }, 'HU', own)).toBe(own);
  expect(afterWindow(slice, 'HU', own).width).toBeGreaterThan(250);
  expect(afterWindow({ ...slice, values: new Float32Array(9) }, 'HU', own).width).toBe(1);
});

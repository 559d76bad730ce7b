import fc from 'fast-check';
import { expect, test } from 'vitest';
import { depthInPlace, lineOpacities } from './contour.ts';
import type { PlaneGrid } from './plane-grid.ts';

const width = 12;
const height = 9;
const whole: PlaneGrid = { width, height, offsets: new Int32Array(width * height), left: 0, top: 0, right: width, bottom: height };

/** Steps to the nearest outside pixel, from every outside pixel in turn; beyond the view the segment is taken to go on. */
function slowDepth(classes: Uint8Array, grid: PlaneGrid, most: number, x: number, y: number): number {
  if (classes[y * width + x] === 0) return 0;
  let best = most;
  for (let v = -1; v <= height; v++) {
    for (let u = -1; u <= width; u++) {
      const inView = u >= 0 && v >= 0 && u < width && v < height;
      const inGrid = u >= grid.left && u < grid.right && v >= grid.top && v < grid.bottom;
      const outside = inView && (!inGrid || classes[v * width + u] === 0);
      if (outside) best = Math.min(best, Math.abs(u - x) + Math.abs(v - y));
    }
  }
  return best;
}

test('depth is the number of steps to the nearest pixel outside, at most the asked number', () => {
  const classesOf = fc.array(fc.constantFrom(0, 1, 1, 1), { minLength: width * height, maxLength: width * height });
  const box = fc.constantFrom([0, 0, width, height], [2, 1, 10, 8], [0, 3, width, 7]);
  fc.assert(
    fc.property(classesOf, box, fc.integer({ min: 1, max: 4 }), (cells, [left, top, right, bottom], most) => {
      const grid = { ...whole, left: left!, top: top!, right: right!, bottom: bottom! };
      const before = Uint8Array.from(cells);
      const after = before.slice();
      depthInPlace(grid, after, most);
      for (let y = grid.top; y < grid.bottom; y++) {
        for (let x = grid.left; x < grid.right; x++) expect(after[y * width + x]).toBe(slowDepth(before, grid, most, x, y));
      }
    }),
  );
});

test('a line of 1.5 pixels is one full step, one half step, then the fill', () => {
  expect([...lineOpacities(1.5, 0.3)]).toEqual([0, 255, 128, 77]);
  expect([...lineOpacities(3, 0.3)]).toEqual([0, 255, 255, 255, 77]);
  expect([...lineOpacities(0, 0.2)]).toEqual([0, 51]);
  expect([...lineOpacities(1.5, 0.8)]).toEqual([0, 255, 204, 204]);
});

import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Point } from '../stores/viewer.ts';
import { thinForGrid, thinLoop } from './thin-loop.ts';

/** Slow and plain: the least distance of a point from any side of a closed line. */
function fromLoop(loop: readonly Point[], point: Point): number {
  let least = Number.POSITIVE_INFINITY;
  loop.forEach((a, n) => {
    const b = loop[(n + 1) % loop.length] as Point;
    const side = b.map((v, axis) => v - a[axis]!);
    const squared = side.reduce((sum, v) => sum + v * v, 0);
    const along = side.reduce((sum, v, axis) => sum + v * (point[axis]! - a[axis]!), 0);
    const t = squared > 0 ? Math.min(1, Math.max(0, along / squared)) : 0;
    least = Math.min(least, Math.hypot(...side.map((v, axis) => a[axis]! + t * v - point[axis]!)));
  });
  return least;
}
/** A hand that goes round a circle of 20 mm on a screen of so many pixels a millimetre: whole pixels, one and a half apart. */
function drawnByHand(pixelsPerMm: number): Point[] {
  const points: Point[] = [];
  const radius = 20 * pixelsPerMm;
  for (let n = 0; n < Math.floor((2 * Math.PI * radius) / 1.5); n++) {
    const turn = (n * 1.5) / radius;
    points.push([Math.round(radius * Math.cos(turn)) / pixelsPerMm, Math.round(radius * Math.sin(turn)) / pixelsPerMm, 7]);
  }
  return points;
}

test('[9.1-types] what is left out of a line lies within the tolerance of what is kept, which are points of the line in their order', () => {
  const point = fc.tuple(fc.integer({ min: -30, max: 30 }), fc.integer({ min: -30, max: 30 }), fc.integer({ min: -3, max: 3 }));
  fc.assert(
    fc.property(fc.array(point, { minLength: 3, maxLength: 60 }), fc.constantFrom(0.05, 0.8, 5, 100), (loop, tolerance) => {
      const thin = thinLoop(loop, tolerance);
      expect(thin.length).toBeGreaterThanOrEqual(3);
      expect(thin[0]).toBe(loop[0]);
      let from = 0;
      for (const kept of thin) {
        from = loop.indexOf(kept, from) + 1;
        expect(from).toBeGreaterThan(0);
      }
      for (const one of loop) expect(fromLoop(thin, one)).toBeLessThanOrEqual(tolerance + 1e-9);
    }),
  );
});

test('[9.1-types] corners stay, points along a side go, also over the beginning; a thinned line is as thin as it gets', () => {
  const square: Point[] = [];
  const corners: Point[] = [
    [0, 0, 0],
    [10, 0, 0],
    [10, 10, 0],
    [0, 10, 0],
  ];
  corners.forEach((a, n) => {
    const b = corners[(n + 1) % 4] as Point;
    for (let t = 0; t < 1; t += 0.05) square.push(a.map((v, axis) => v + t * (b[axis]! - v)) as Point);
  });
  expect(thinLoop(square, 0.01)).toEqual(corners);
  expect(thinLoop(corners, 0.01)).toEqual(corners);
});

test('[9.1-types] a loop by hand of some hundred points on voxels of half a millimetre is sent in fewer, and stays where it was to 0.05 mm', () => {
  // Whole pixels are all that keeps it from being thinner: where they are fine, a circle of 20 mm needs some 60 points.
  for (const [pixelsPerMm, share] of [
    [3, 0.6],
    [5, 0.6],
    [8, 0.4],
    [16, 0.1],
  ] as const) {
    const loop = drawnByHand(pixelsPerMm);
    const thin = thinForGrid(loop, [0.5, 0.5, 1]);
    for (const one of loop) expect(fromLoop(thin, one)).toBeLessThanOrEqual(0.05);
    expect(thin.length).toBeLessThan(loop.length * share);
  }
});

test('[9.1-types] degenerate lines and tolerances have an answer', () => {
  const one: Point = [1, 2, 3];
  expect(thinLoop([], 1)).toEqual([]);
  expect(thinLoop([one], 1)).toEqual([one]);
  expect(thinLoop([one, one, one, one, one], 1)).toHaveLength(3);
  for (const wrong of [0, -1, Number.NaN]) expect(() => thinLoop([one], wrong)).toThrow(RangeError);
});

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { measureMarkup } from '../../../../kernels/markups/measure.ts';
import type { Point } from '../../../stores/viewer.ts';
import { along, dot, type PlaneAxes, planeAxes } from '../../camera/plane-axes.ts';
import { draggedPoints, drawnBy, shifted, withHandle } from './markup-shape.ts';

const mm = fc.integer({ min: -500, max: 500 }).map((n) => n / 10);
const turned = fc.double({ min: -3, max: 3, noNaN: true }).map((angle): PlaneAxes => {
  const [c, s] = [Math.cos(angle), Math.sin(angle)];
  return { rightLps: [c, 0, s], downLps: [0, 1, 0], normalLps: [-s, 0, c] };
});
const axes = fc.oneof(fc.constantFrom(planeAxes.axial, planeAxes.coronal, planeAxes.sagittal), turned);
const on = ({ rightLps, downLps, normalLps }: PlaneAxes, u: number, v: number, h: number): Point =>
  along(along(along([0, 0, 0], rightLps, u), downLps, v), normalLps, h);
const near = (a: Point, b: Point) => expect(Math.hypot(...along(a, b, -1))).toBeLessThan(1e-6);

describe('[9.1-types] shapes of markups in the hand', () => {
  test('a rectangle and an ellipse lie on the slice, square to the view, and have the drag for their box', () => {
    fc.assert(
      fc.property(axes, mm, mm, mm, mm, mm, (view, u, v, w, x, height) => {
        const [from, to] = [on(view, u, v, height), on(view, w, x, height)];
        const area = Math.abs((u - w) * (v - x));
        for (const kind of ['rectangle', 'ellipse'] as const) {
          const pointsLps = draggedPoints(kind, from, to, view);
          for (const point of pointsLps) expect(dot(point, view.normalLps)).toBeCloseTo(height, 6);
          const measured = measureMarkup({ kind, pointsLps, normalLps: view.normalLps }, null).areaMm2!;
          expect(measured).toBeCloseTo(kind === 'rectangle' ? area : (area * Math.PI) / 4, 3);
        }
        const corners = draggedPoints('rectangle', from, to, view);
        near(corners[0]!, from);
        near(corners[2]!, to);
      }),
    );
    expect(draggedPoints('line', [1, 2, 3], [4, 5, 6], planeAxes.axial)).toEqual([
      [1, 2, 3],
      [4, 5, 6],
    ]);
  });

  test('a corner that is dragged goes with the hand, the one across stays, right angles stay right', () => {
    fc.assert(
      fc.property(axes, mm, mm, fc.nat(3), (view, u, v, handle) => {
        const pointsLps = draggedPoints('rectangle', on(view, -20, -10, 4), on(view, 15, 12, 4), view);
        const to = on(view, u, v, 4);
        const made = withHandle({ kind: 'rectangle', pointsLps, normalLps: view.normalLps }, handle, to);
        near(made[handle]!, to);
        near(made[(handle + 2) % 4]!, pointsLps[(handle + 2) % 4]!);
        for (let n = 0; n < 4; n++) {
          const [a, b] = [along(made[(n + 1) % 4]!, made[n]!, -1), along(made[(n + 3) % 4]!, made[n]!, -1)];
          expect(dot(a, b)).toBeCloseTo(0, 4);
        }
      }),
    );
  });

  test('an end of an ellipse goes with the hand, the other stays, its second axis keeps its length and its right angle', () => {
    fc.assert(
      fc.property(axes, mm, mm, fc.nat(2), fc.boolean(), (view, u, v, handle, plane) => {
        const pointsLps = draggedPoints('ellipse', on(view, -20, -10, 4), on(view, 15, 12, 4), view);
        const to = on(view, u, v, 4);
        const made = withHandle({ kind: 'ellipse', pointsLps, normalLps: plane ? view.normalLps : null }, handle, to);
        const [a, b, c] = made as [Point, Point, Point];
        fc.pre(Math.hypot(...along(a, b, -1)) > 0.1);
        const middle = along(a, along(b, a, -1), 0.5);
        expect(dot(along(c, middle, -1), along(b, a, -1))).toBeCloseTo(0, 4);
        for (const point of made) expect(dot(point, view.normalLps)).toBeCloseTo(4, 6);
        if (handle === 2) {
          near(a, pointsLps[0]!);
          near(b, pointsLps[1]!);
          expect(Math.abs(dot(along(c, middle, -1), view.downLps))).toBeCloseTo(Math.abs(v - 1), 6);
        } else {
          near(made[handle]!, to);
          near(made[1 - handle]!, pointsLps[1 - handle]!);
          expect(Math.hypot(...along(c, middle, -1))).toBeCloseTo(11, 6);
        }
      }),
    );
  });

  test('other kinds move the point that is held; all of one moves together; every kind has its gesture', () => {
    const pointsLps: Point[] = [
      [0, 0, 0],
      [1, 0, 0],
      [1, 1, 0],
    ];
    expect(withHandle({ kind: 'polygon', pointsLps, normalLps: null }, 1, [9, 9, 9])).toEqual([pointsLps[0], [9, 9, 9], pointsLps[2]]);
    expect(shifted(pointsLps, [1, 2, 3])[2]).toEqual([2, 3, 3]);
    expect(Object.keys(drawnBy)).toHaveLength(13);
    // A rectangle that has no side has no right angle to keep.
    const flat = withHandle(
      { kind: 'rectangle', pointsLps: Array.from({ length: 4 }, (): Point => [1, 1, 1]), normalLps: null },
      0,
      [5, 5, 5],
    );
    expect(flat[0]).toEqual([5, 5, 5]);
  });
});

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Plane, Point } from '../../stores/viewer.ts';
import { orientationLetters } from './orientation-letters.ts';
import { dot, type PlaneAxes, planeAxes, planes } from './plane-axes.ts';
import { canvasToLps, lpsToCanvas, type PlaneCamera } from './plane-camera.ts';
import { sliceMm, sliceStack } from './slices.ts';
import { anchored, cutDirection, tiltDegrees, turnedCamera, turnedPlanes } from './turning.ts';

const number = (min: number, max: number) => fc.double({ min, max, noNaN: true });
const turns = fc.array(fc.record({ held: fc.constantFrom(...planes), degrees: number(-180, 180) }), { maxLength: 40 });
const after = (list: { held: Plane; degrees: number }[]) => list.reduce((axes, t) => turnedPlanes(axes, t.held, t.degrees), planeAxes);
const point = fc.tuple(number(-200, 200), number(-200, 200), number(-200, 200)) as fc.Arbitrary<Point>;
const handed = ({ rightLps: r, downLps: d, normalLps: n }: PlaneAxes) =>
  (r[1] * d[2] - r[2] * d[1]) * n[0] + (r[2] * d[0] - r[0] * d[2]) * n[1] + (r[0] * d[1] - r[1] * d[0]) * n[2];
const sized = (centreLps: Point): PlaneCamera => ({ centreLps, mmPerPx: 0.7, widthPx: 400, heightPx: 300 });

describe('[9.1-types] oblique planes', () => {
  test('after any turns every plane is square, square to the others, and not mirrored', () => {
    fc.assert(
      fc.property(turns, (list) => {
        const axes = after(list);
        for (const p of planes) {
          const { rightLps, downLps, normalLps } = axes[p];
          for (const v of [rightLps, downLps, normalLps]) expect(Math.hypot(...v)).toBeCloseTo(1, 9);
          expect(dot(rightLps, downLps)).toBeCloseTo(0, 9);
          expect(handed(axes[p])).toBeCloseTo(handed(planeAxes[p]), 6);
        }
        expect(dot(axes.axial.normalLps, axes.coronal.normalLps)).toBeCloseTo(0, 9);
        expect(dot(axes.axial.normalLps, axes.sagittal.normalLps)).toBeCloseTo(0, 9);
        expect(dot(axes.coronal.normalLps, axes.sagittal.normalLps)).toBeCloseTo(0, 9);
      }),
    );
  });

  test('the held view stays, the lines of the others in it turn clockwise by the angle, and back again', () => {
    fc.assert(
      fc.property(turns, fc.constantFrom(...planes), number(-80, 80), (list, held, degrees) => {
        const before = after(list);
        const turned = turnedPlanes(before, held, degrees);
        expect(turned[held]).toBe(before[held]);
        for (const other of planes) {
          if (other === held) continue;
          const was = cutDirection(before[held], before[other]) as [number, number];
          const is = cutDirection(turned[held], turned[other]) as [number, number];
          const moved = Math.atan2(was[0] * is[1] - was[1] * is[0], was[0] * is[0] + was[1] * is[1]);
          expect((moved * 180) / Math.PI).toBeCloseTo(degrees, 5);
        }
        const back = turnedPlanes(turned, held, -degrees);
        for (const p of planes) expect(dot(back[p].rightLps, before[p].rightLps)).toBeCloseTo(1, 9);
      }),
    );
  });

  test('a place on the screen and its patient point are each other’s on a turned plane, and the held point keeps its place', () => {
    fc.assert(
      fc.property(turns, point, point, number(0, 400), number(0, 300), (list, centre, held, x, y) => {
        const axes = after(list);
        for (const p of planes) {
          const camera = sized(centre);
          const [bx, by] = lpsToCanvas(axes[p], camera, canvasToLps(axes[p], camera, x, y));
          expect(bx).toBeCloseTo(x, 6);
          expect(by).toBeCloseTo(y, 6);
          const was = lpsToCanvas(planeAxes[p], camera, held);
          const is = lpsToCanvas(axes[p], turnedCamera(planeAxes[p], axes[p], camera, held), held);
          expect(is[0]).toBeCloseTo(was[0], 6);
          expect(is[1]).toBeCloseTo(was[1], 6);
        }
      }),
    );
  });

  test('letters follow the turn: the coronal view seen from the patient’s left after a quarter', () => {
    const { coronal } = turnedPlanes(planeAxes, 'axial', 90);
    // Its line turned clockwise on the axial view: what was to the right (L) is now behind (P).
    expect(orientationLetters(coronal.rightLps)).toBe('P');
    expect(orientationLetters(turnedPlanes(planeAxes, 'axial', 30).coronal.rightLps)).toBe('LP');
    expect(orientationLetters(turnedPlanes(planeAxes, 'axial', -30).coronal.rightLps)).toBe('LA');
    expect(orientationLetters(turnedPlanes(planeAxes, 'sagittal', 30).axial.downLps)).toBe('PI');
    expect(tiltDegrees('coronal', coronal)).toBeCloseTo(90, 6);
    expect(tiltDegrees('axial', turnedPlanes(planeAxes, 'axial', 30).axial)).toBe(0);
    expect(tiltDegrees('coronal', turnedPlanes(planeAxes, 'axial', 12).coronal)).toBeCloseTo(12, 6);
  });

  test('a moved stack keeps its step, covers the grid within one, and has a slice at the place', () => {
    const geometry = {
      dimensions: [40, 30, 20] as Point,
      spacingMm: [0.5, 0.5, 1] as Point,
      originLps: [-10, 4, 7] as Point,
      directionLps: [1, 0, 0, 0, 1, 0, 0, 0, 1] as [number, number, number, number, number, number, number, number, number],
    };
    fc.assert(
      fc.property(turns, fc.constantFrom(...planes), number(-80, 80), (list, p, mm) => {
        const stack = sliceStack(geometry, after(list)[p].normalLps);
        const last = stack.firstMm + stack.stepMm * (stack.count - 1);
        const moved = anchored(stack, last, mm);
        const inside = Math.min(last, Math.max(stack.firstMm, mm));
        const nearest = Math.min(...Array.from({ length: moved.count }, (_, n) => Math.abs(sliceMm(moved, n) - inside)));
        expect(nearest).toBeLessThan(1e-6);
        expect(moved.firstMm).toBeGreaterThanOrEqual(stack.firstMm - 1e-6);
        expect(moved.firstMm - stack.firstMm).toBeLessThan(stack.stepMm + 1e-6);
        expect(Math.abs(moved.count - stack.count)).toBeLessThanOrEqual(1);
      }),
    );
  });
});

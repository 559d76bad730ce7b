import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Triple } from '../volume/geometry.ts';
import { turned } from '../volume/grids.fixture.ts';
import { outlineLps } from './outline.ts';
import { splineThrough } from './spline.ts';
import { cross, distance, dot, minus } from './vectors.ts';

const mm = fc.integer({ min: -400, max: 400 }).map((n) => n / 10);
const place = fc.tuple(mm, mm, mm);
const places = (least: number) => fc.array(place, { minLength: least, maxLength: 9 });

describe('outlines of markups', () => {
  test('[9.1-types] a curve goes through every point that it is given, open and closed', () => {
    fc.assert(
      fc.property(places(3), fc.boolean(), (points, closed) => {
        const curve = splineThrough(points, closed, 8);
        for (const point of points) expect(Math.min(...curve.map((p) => distance(p, point)))).toBeLessThan(1e-6);
      }),
    );
  });

  test('[9.1-types] a curve turns and moves with its points', () => {
    const angle = fc.integer({ min: -180, max: 180 });
    fc.assert(
      fc.property(places(3), fc.tuple(angle, angle, angle), place, fc.boolean(), (points, angles, by, closed) => {
        const m = turned(...angles);
        const move = (p: Triple): Triple => [0, 1, 2].map((r) => m[r]! * p[0] + m[r + 3]! * p[1] + m[r + 6]! * p[2] + by[r]!) as Triple;
        const first = splineThrough(points, closed, 5).map(move);
        const second = splineThrough(points.map(move), closed, 5);
        expect(second).toHaveLength(first.length);
        for (const [n, p] of second.entries()) expect(distance(p, first[n]!)).toBeLessThan(1e-6);
      }),
    );
  });

  test('[9.1-types] points on a straight line stay on it, without overshoot', () => {
    const curve = splineThrough(
      [0, 1, 10, 11].map((x): Triple => [x, 2 * x, -x]),
      false,
      16,
    );
    for (const [x, y, z] of curve) {
      expect(y).toBeCloseTo(2 * x, 9);
      expect(z).toBeCloseTo(-x, 9);
    }
    for (let n = 1; n < curve.length; n++) expect(curve[n]![0]).toBeGreaterThan(curve[n - 1]![0]);
  });

  test('[9.1-types] a closed curve through eight points of a circle is the circle to 1 %, whichever point comes first', () => {
    const circle = Array.from({ length: 8 }, (_, n): Triple => [30 * Math.cos((n * Math.PI) / 4), 30 * Math.sin((n * Math.PI) / 4), 5]);
    const curve = splineThrough(circle, true, 16);
    expect(curve).toHaveLength(8 * 16);
    for (const [x, y, z] of curve) {
      expect(Math.abs(Math.hypot(x, y) - 30)).toBeLessThan(0.3);
      expect(z).toBeCloseTo(5, 9);
    }
    const later = splineThrough([...circle.slice(3), ...circle.slice(0, 3)], true, 16);
    for (const [n, p] of later.entries()) expect(distance(p, curve[(n + 3 * 16) % curve.length]!)).toBeLessThan(1e-9);
  });

  test('[9.1-types] a double click leaves no kink, and what has too few places is answered as it is', () => {
    const points: Triple[] = [
      [0, 0, 0],
      [10, 0, 0],
      [10, 0, 0],
      [10, 10, 0],
    ];
    expect(splineThrough(points, false, 4)).toEqual(splineThrough([points[0]!, points[1]!, points[3]!], false, 4));
    expect(
      splineThrough(
        [
          [1, 2, 3],
          [1, 2, 3],
        ],
        false,
        4,
      ),
    ).toEqual([[1, 2, 3]]);
    const straight = splineThrough(
      [
        [0, 0, 0],
        [8, 0, 0],
      ],
      false,
      2,
    );
    expect(straight).toHaveLength(3);
    expect(distance(straight[1]!, [4, 0, 0])).toBeLessThan(1e-12);
    expect(
      splineThrough(
        [
          [0, 0, 0],
          [8, 0, 0],
          [0, 0, 0],
        ],
        true,
        2,
      ),
    ).toEqual([
      [0, 0, 0],
      [8, 0, 0],
    ]);
    expect(() => splineThrough(points, false, 0)).toThrow(RangeError);
  });

  test('[9.1-types] an ellipse has its axes at right angles in the plane of its three points', () => {
    fc.assert(
      fc.property(place, place, place, (a, b, c) => {
        const axis = minus(b, a);
        const middle = a.map((v, n) => (v + b[n]!) / 2) as Triple;
        const apart = Math.hypot(...cross(axis, minus(c, middle))) / Math.hypot(...axis);
        fc.pre(Math.hypot(...axis) > 0.5 && apart > 0.5);
        const half = Math.hypot(...axis) / 2;
        for (const point of outlineLps({ kind: 'ellipse', pointsLps: [a, b, c], normalLps: null })) {
          const from = minus(point, middle);
          const x = dot(from, axis) / (2 * half);
          const y = Math.sqrt(Math.max(0, dot(from, from) - x * x));
          expect((x / half) ** 2 + (y / apart) ** 2).toBeCloseTo(1, 6);
          expect(dot(from, cross(axis, minus(c, middle))) / half / apart).toBeCloseTo(0, 6);
        }
      }),
    );
  });

  test('[9.1-types] an ellipse without a first or second axis is a line', () => {
    const flat = outlineLps({
      kind: 'ellipse',
      pointsLps: [
        [0, 0, 0],
        [4, 0, 0],
        [3, 0, 0],
      ],
      normalLps: null,
    });
    for (const [x, y, z] of flat) expect([x >= -1e-9 && x <= 4 + 1e-9, y, z]).toEqual([true, 0, 0]);
    const standing = outlineLps({
      kind: 'ellipse',
      pointsLps: [
        [1, 1, 1],
        [1, 1, 1],
        [1, 4, 1],
      ],
      normalLps: null,
    });
    for (const [x, y, z] of standing) expect([x, y >= -2 - 1e-9 && y <= 4 + 1e-9, z]).toEqual([1, true, 1]);
  });

  test('[9.1-types] an outline of the most points that a markup may have keeps them and grows no further', () => {
    const many = Array.from({ length: 4096 }, (_, n): Triple => [n, n % 7, 0]);
    expect(outlineLps({ kind: 'closed-curve', pointsLps: many, normalLps: null }).length).toBeLessThanOrEqual(8192);
    expect(outlineLps({ kind: 'polyline', pointsLps: many, normalLps: null })).toEqual(many);
  });
});

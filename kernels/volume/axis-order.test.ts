import fc from 'fast-check';
import { expect, test } from 'vitest';
import { axisOrders, closestOrder, gridsApartMm, isSameOrder, reorderGeometry } from './axis-order.ts';
import { indexToLps, type Nine, type Triple, type VolumeGeometry } from './geometry.ts';

const sides = fc.tuple(fc.integer({ min: 2, max: 9 }), fc.integer({ min: 2, max: 9 }), fc.integer({ min: 2, max: 9 }));
const mm = fc.double({ min: 0.2, max: 3, noNaN: true });
const place = fc.double({ min: -400, max: 400, noNaN: true });
const angle = fc.double({ min: -0.6, max: 0.6, noNaN: true });
const grid: fc.Arbitrary<VolumeGeometry> = fc
  .record({ dimensions: sides, spacingMm: fc.tuple(mm, mm, mm), originLps: fc.tuple(place, place, place), turn: fc.tuple(angle, angle) })
  .map(({ turn: [u, v], ...g }) => {
    const [c, s, d, t] = [Math.cos(u), Math.sin(u), Math.cos(v), Math.sin(v)];
    const directionLps: Nine = [c, s, 0, -s * d, c * d, t, s * t, -c * t, d];
    return { ...g, directionLps };
  });

test('[11.2-metrics] 48 orders, each another one, and one of them the order as stored', () => {
  expect(new Set(axisOrders.map((o) => JSON.stringify(o))).size).toBe(48);
  expect(axisOrders.filter(isSameOrder)).toEqual([axisOrders[0]]);
});

test('[11.2-metrics] every order keeps every voxel centre where it was, and is found again from the geometry alone', () => {
  fc.assert(
    fc.property(grid, fc.constantFrom(...axisOrders), (g, order) => {
      const other = reorderGeometry(g, order);
      const [a, b, c] = other.dimensions;
      for (let k = 0; k < c; k++)
        for (let j = 0; j < b; j++)
          for (let i = 0; i < a; i++) {
            const at: Triple = [0, 0, 0];
            [i, j, k].forEach((index, n) => {
              at[order.axes[n]!] = order.flips[n] ? other.dimensions[n]! - 1 - index : index;
            });
            const [p, q] = [indexToLps(other, i, j, k), indexToLps(g, ...at)];
            expect(Math.hypot(p[0] - q[0], p[1] - q[1], p[2] - q[2])).toBeLessThan(1e-9);
          }
      expect(closestOrder(g, other).order).toEqual(order);
      expect(closestOrder(g, other).apartMm).toBeLessThan(1e-9);
    }),
    { numRuns: 300 },
  );
});

test('[11.2-metrics] a grid that lies elsewhere stays apart in every order', () => {
  fc.assert(
    fc.property(grid, fc.constantFrom(...axisOrders), fc.double({ min: 0.05, max: 0.2, noNaN: true }), (g, order, moveMm) => {
      const [x, y, z] = g.originLps;
      const moved = reorderGeometry({ ...g, originLps: [x + moveMm / 2, y, z] }, order);
      expect(closestOrder(g, moved).apartMm).toBeCloseTo(moveMm / 2, 9);
      const finer = { ...g, spacingMm: g.spacingMm.map((v) => v + moveMm) as Triple };
      expect(closestOrder(g, reorderGeometry(finer, order)).apartMm).toBeGreaterThan(moveMm * 0.9);
      expect(gridsApartMm(g, { ...g, dimensions: [20, 20, 20] })).toBe(Infinity);
    }),
  );
});

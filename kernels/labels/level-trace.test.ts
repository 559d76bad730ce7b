import fc from 'fast-check';
import { expect, test } from 'vitest';
import { indexToLps, lpsToIndex, type Triple, type VolumeGeometry, voxelCount } from '../volume/geometry.ts';
import { anyGrid, sampled } from '../volume/grids.fixture.ts';
import { cross } from '../volume/stack.ts';
import { valueSlice } from '../volume/value-slice.ts';
import { countBits, unpackMask } from './bits.ts';
import { levelOutline } from './level-trace.ts';
import { loopMask } from './loop-mask.ts';

/** A slice with a rim of values below all others, so that every line in it closes. */
const scenes = anyGrid(9).chain((grid) => {
  const g: VolumeGeometry = { ...grid, dimensions: [grid.dimensions[0] + 2, grid.dimensions[1] + 2, 1] };
  const [nx, ny] = g.dimensions;
  const inside = (n: number): boolean => n % nx > 0 && n % nx < nx - 1 && Math.floor(n / nx) > 0 && Math.floor(n / nx) < ny - 1;
  return fc.record({
    g: fc.constant(g),
    values: fc
      .array(fc.integer({ min: 0, max: 6 }), { minLength: nx * ny, maxLength: nx * ny })
      .map((v) => Int16Array.from(v, (value, n) => (inside(n) ? value : -3))),
    place: fc
      .tuple(fc.integer({ min: 100, max: 100 * (nx - 2) }), fc.integer({ min: 100, max: 100 * (ny - 2) }))
      .map(([a, b]) => [a / 100, b / 100]),
  });
});
const fill = (g: VolumeGeometry, outline: Triple[]) =>
  unpackMask(
    loopMask(g, {
      loopsLps: [outline],
      normalLps: cross(g.directionLps.slice(0, 3) as Triple, g.directionLps.slice(3, 6) as Triple),
      depth: 'slice',
      eyeLps: null,
    }),
  );

test('[9.1-types] the line crosses between neighbours of either side of the value alone, each where the value lies, and parts what it encloses from the rest', () => {
  let enclosed = 0;
  fc.assert(
    fc.property(scenes, ({ g, values, place: [x, y] }) => {
      const [nx, ny] = g.dimensions;
      const seed = indexToLps(g, x, y, 0);
      const slice = valueSlice(values, g, seed, cross(g.directionLps.slice(0, 3) as Triple, g.directionLps.slice(3, 6) as Triple))!;
      const outline = levelOutline(slice, seed)!;
      const value = (a: number, b: number): number => values[a + nx * b];
      const [a, b] = [Math.min(Math.floor(x), nx - 2), Math.min(Math.floor(y), ny - 2)];
      const level =
        (value(a, b) * (1 - x + a) + value(a + 1, b) * (x - a)) * (1 - y + b) +
        (value(a, b + 1) * (1 - x + a) + value(a + 1, b + 1) * (x - a)) * (y - b);
      const crossed = new Set<string>();
      const points = outline.map((p) => lpsToIndex(g, ...p));
      for (const [n, [u, v]] of points.entries()) {
        const [p, q] = points[(n + 1) % points.length];
        expect(Math.max(Math.abs(u - p), Math.abs(v - q))).toBeLessThan(1 + 1e-6);
        const along = Math.abs(v - Math.round(v)) < 1e-6;
        const [c, d] = along ? [Math.floor(u), Math.round(v)] : [Math.round(u), Math.floor(v)];
        const [low, high] = [value(c, d), along ? value(c + 1, d) : value(c, d + 1)];
        // A level that the last digits move onto a value may be told either way.
        if (Math.abs(low - level) > 1e-9 && Math.abs(high - level) > 1e-9) {
          expect(low >= level).not.toBe(high >= level);
          const t = along ? u - c : v - d;
          expect(t).toBeCloseTo(Math.min(0.98, Math.max(0.02, (level - low) / (high - low))), 6);
        }
        crossed.add(`${along} ${c} ${d}`);
      }
      expect(crossed.size).toBe(points.length);
      const inside = fill(g, outline);
      enclosed += inside.reduce((sum, one) => sum + one, 0);
      for (let d = 0; d < ny; d++)
        for (let c = 0; c < nx; c++) {
          const here = inside[c + nx * d];
          if (c + 1 < nx) expect(here !== inside[c + 1 + nx * d]).toBe(crossed.has(`true ${c} ${d}`));
          if (d + 1 < ny) expect(here !== inside[c + nx * (d + 1)]).toBe(crossed.has(`false ${c} ${d}`));
        }
      expect(inside[0]).toBe(0);
    }),
    { numRuns: 300 },
  );
  expect(enclosed).toBeGreaterThan(500);
});

const g: VolumeGeometry = {
  dimensions: [40, 36, 30],
  spacingMm: [0.5, 0.5, 0.8],
  originLps: [-10, -9, 3],
  directionLps: [1, 0, 0, 0, 1, 0, 0, 0, 1],
};
const middle: Triple = [0.2, 0.1, 14];
const ball = sampled(g, (p) => 1000 - 100 * Math.hypot(...p.map((v, n) => v - middle[n])));

test('[9.1-types] through a ball the line is the circle of the seed, on each of the three planes of the grid and on an oblique one', () => {
  const ways: [Triple, Triple][] = [
    [
      [0, 0, 1],
      [3.1, 0, 0],
    ],
    [
      [0, 1, 0],
      [3.1, 0, 0],
    ],
    [
      [1, 0, 0],
      [0, 3.1, 0],
    ],
    [
      [0.6, -0.3, 0.74],
      [0, 2.881, 1.168],
    ],
  ];
  for (const [normalLps, aside] of ways) {
    const seed = middle.map((v, n) => v + aside[n]) as Triple;
    const away = Math.hypot(...seed.map((v, n) => v - middle[n]));
    const slice = valueSlice(ball, g, seed, normalLps)!;
    const outline = levelOutline(slice, seed)!;
    expect(outline.length).toBeGreaterThan(30);
    for (const p of outline) expect(Math.abs(Math.hypot(...p.map((v, n) => v - middle[n])) - away)).toBeLessThan(0.12);
  }
});

test('[9.1-types] where all values are alike, the nearest line of that value; none where nothing differs, it leaves the image, or there is no value', () => {
  const flat = sampled(g, (p) => (Math.hypot(p[0], p[1]) < 4 ? 100 : 0));
  const seed: Triple = [1, 0.7, 15];
  const outline = levelOutline(valueSlice(flat, g, seed, [0, 0, 1])!, seed)!;
  const slice = Math.floor((15 - 3) / 0.8 + 0.5);
  expect(countBits(loopMask(g, { loopsLps: [outline], normalLps: [0, 0, 1], depth: 'slice', eyeLps: null }))).toBe(
    flat.subarray(slice * 1440, (slice + 1) * 1440).filter((v) => v === 100).length,
  );
  const of = (values: Float32Array, at: Triple) => levelOutline(valueSlice(values, g, at, [0, 0, 1])!, at);
  expect(of(new Float32Array(voxelCount(g.dimensions)), seed)).toBeNull();
  expect(
    of(
      sampled(g, (p) => p[0]),
      seed,
    ),
  ).toBeNull();
  expect(of(ball, [50, 0, 15])).toBeNull();
  expect(
    of(
      ball.map((v, n) => (n % 7 === 0 ? Number.NaN : v)),
      seed,
    ),
  ).toBeNull();
  expect(valueSlice(ball, g, [0, 0, 90], [0, 0, 1])).toBeNull();
});

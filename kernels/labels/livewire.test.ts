import fc from 'fast-check';
import { expect, test } from 'vitest';
import { indexToLps, lpsToIndex, type Triple, type VolumeGeometry } from '../volume/geometry.ts';
import { valueSlice } from '../volume/value-slice.ts';
import { livewireFrom } from './livewire.ts';

const grid = (nx: number, ny: number, spacingMm: Triple = [0.5, 0.5, 1]): VolumeGeometry => ({
  dimensions: [nx, ny, 1],
  spacingMm,
  originLps: [-3, 4, 5],
  directionLps: [0.8, 0.6, 0, -0.6, 0.8, 0, 0, 0, 1],
});
const sliceOf = (g: VolumeGeometry, value: (i: number, j: number) => number) => {
  const [nx, ny] = g.dimensions;
  return valueSlice(
    Float32Array.from({ length: nx * ny }, (_, n) => value(n % nx, Math.floor(n / nx))),
    g,
    g.originLps,
    [0, 0, 1],
  )!;
};
const cells = (g: VolumeGeometry, path: Triple[]): number[][] =>
  path.map((p) =>
    lpsToIndex(g, ...p)
      .slice(0, 2)
      .map((v) => Math.round(v * 1e6) / 1e6 + 0),
  );

/** What a path costs by the words of the kernel, place by place, and the least that any path costs (Bellman and Ford). */
function oracle(g: VolumeGeometry, value: (i: number, j: number) => number, seed: number[], target: number[]) {
  const [nx, ny] = g.dimensions;
  const [du, dv] = g.spacingMm;
  const inside = (i: number, j: number): boolean => i >= 0 && j >= 0 && i < nx && j < ny;
  const slope = (i: number, j: number, di: number, dj: number, mm: number): number => {
    const [before, after] = [inside(i - di, j - dj), inside(i + di, j + dj)];
    const low = before ? value(i - di, j - dj) : value(i, j);
    const high = after ? value(i + di, j + dj) : value(i, j);
    return before || after ? (high - low) / ((Number(before) + Number(after)) * mm) : 0;
  };
  const gradient = (i: number, j: number): number => Math.hypot(slope(i, j, 1, 0, du), slope(i, j, 0, 1, dv));
  const some: number[] = [];
  for (let j = 1; j < ny; j += 3) for (let i = 1; i < nx; i += 3) some.push(gradient(i, j));
  const known = some.filter((v) => v > 0).sort((a, b) => a - b);
  const clear = known.length === 0 ? 1 : known[Math.floor(0.9 * known.length)];
  const price = (i: number, j: number): number => Math.round(1 + 63 / (1 + (gradient(i, j) / clear) ** 2));
  const step = (di: number, dj: number): number => Math.min(128, Math.round((8 * Math.hypot(di * du, dj * dv)) / Math.min(du, dv)));
  const best = new Float64Array(nx * ny).fill(Number.POSITIVE_INFINITY);
  best[seed[0] + nx * seed[1]] = 0;
  for (let changed = true; changed; ) {
    changed = false;
    for (let j = 0; j < ny; j++)
      for (let i = 0; i < nx; i++)
        for (let dj = -1; dj <= 1; dj++)
          for (let di = -1; di <= 1; di++) {
            if ((di === 0 && dj === 0) || !inside(i + di, j + dj)) continue;
            const whole = best[i + di + nx * (j + dj)] + step(di, dj) * price(i, j);
            if (whole < best[i + nx * j]) {
              best[i + nx * j] = whole;
              changed = true;
            }
          }
  }
  const costOf = (path: number[][]): number =>
    path.slice(1).reduce((sum, [i, j], n) => sum + step(i - path[n][0], j - path[n][1]) * price(i, j), 0);
  return { least: best[target[0] + nx * target[1]], costOf };
}

const scenes = fc.tuple(fc.integer({ min: 1, max: 11 }), fc.integer({ min: 1, max: 11 })).chain(([nx, ny]) =>
  fc.record({
    g: fc.constantFrom<Triple>([0.5, 0.5, 1], [0.5, 1.3, 1]).map((spacingMm) => grid(nx, ny, spacingMm)),
    values: fc.array(fc.integer({ min: -200, max: 1000 }), { minLength: nx * ny, maxLength: nx * ny }),
    seed: fc.tuple(fc.nat(nx - 1), fc.nat(ny - 1)),
    targets: fc.array(fc.tuple(fc.nat(nx - 1), fc.nat(ny - 1)), { minLength: 1, maxLength: 4 }),
  }),
);

test('[9.1-types] every path is one of least cost, whatever was asked for before and however the work was cut', () => {
  fc.assert(
    fc.property(scenes, fc.integer({ min: 1, max: 40 }), ({ g, values, seed, targets }, most) => {
      const value = (i: number, j: number): number => values[i + g.dimensions[0] * j];
      const slice = sliceOf(g, value);
      const wire = livewireFrom(slice, indexToLps(g, ...seed, 0))!;
      for (const target of targets) {
        let path: Triple[] | null = null;
        for (let n = 0; path === null && n <= 121; n++) path = wire(indexToLps(g, ...target, 0), most);
        const [first, ...rest] = cells(g, path!);
        expect(first).toEqual([...seed]);
        // The last place is the target itself, and so is the point after it.
        const walked = [first, ...rest.slice(0, -1)];
        expect(rest.at(-1)).toEqual([...target]);
        expect(walked.at(-1)).toEqual([...target]);
        const { least, costOf } = oracle(g, value, seed, target);
        expect(costOf(walked)).toBe(least);
      }
    }),
    { numRuns: 150 },
  );
});

test('[9.1-types] between two points of a disc the path goes around its rim, not across', () => {
  const g = grid(60, 60);
  const disc = (i: number, j: number): number => 1000 / (1 + Math.exp(2 * (Math.hypot(i - 30, j - 30) - 18)));
  const wire = livewireFrom(sliceOf(g, disc), indexToLps(g, 48, 30, 0))!;
  const path = cells(g, wire(indexToLps(g, 30, 48, 0))!);
  expect(path.length).toBeGreaterThan(18);
  for (const [i, j] of path) expect(Math.abs(Math.hypot(i - 30, j - 30) - 18)).toBeLessThan(1.2);
});

test('[9.1-types] where nothing is an edge the path is straight; beyond what has values it goes on straight; a seed off the slice is none', () => {
  const g = grid(30, 20);
  const wire = livewireFrom(
    sliceOf(g, () => 40),
    indexToLps(g, 2, 3, 0),
  )!;
  expect(cells(g, wire(indexToLps(g, 12, 13, 0))!).length).toBe(12);
  const outside = indexToLps(g, 40, 3, 0);
  const path = wire(outside)!;
  expect(path.at(-1)).toEqual(outside);
  expect(cells(g, path).at(-2)).toEqual([29, 3]);
  const split = livewireFrom(
    sliceOf(g, (i) => (i === 15 ? Number.NaN : i)),
    indexToLps(g, 2, 3, 0),
  )!;
  const beyond = indexToLps(g, 20, 3, 0);
  expect(split(beyond)).toEqual([indexToLps(g, 2, 3, 0), beyond]);
  expect(
    livewireFrom(
      sliceOf(g, () => 0),
      indexToLps(g, -2, 3, 0),
    ),
  ).toBeNull();
  expect(wire(indexToLps(g, 25, 18, 0), 1)).toBeNull();
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRandom } from '../phantoms/random.ts';
import { extentLps } from '../volume/extent.ts';
import { indexToLps, lpsToIndex, type Nine, type Triple, type VolumeGeometry, voxelCount } from '../volume/geometry.ts';
import { anyGrid, sampled, slope } from '../volume/grids.fixture.ts';
import { gridWithSpacing } from './grid.ts';
import { resample } from './resample.ts';

const plain: Nine = [1, 0, 0, 0, 1, 0, 0, 0, 1];
const spacing = fc.integer({ min: 2, max: 40 }).map((n) => n / 10);
const interpolation = fc.constantFrom('linear', 'cubic', 'nearest');

/** A second grid about the same place as a first. */
const pair = fc.tuple(anyGrid(7), anyGrid(6)).map(([from, to]) => {
  const middle = (g: VolumeGeometry) => indexToLps(g, ...(g.dimensions.map((n) => (n - 1) / 2) as Triple));
  const [a, b] = [middle(from), middle(to)];
  return { from, to: { ...to, originLps: to.originLps.map((v, n) => v + a[n]! - b[n]! + 0.3) as Triple } };
});
const noise = (g: VolumeGeometry, seed: number): Float32Array => {
  const random = createRandom(seed);
  return Float32Array.from({ length: voxelCount(g.dimensions) }, () => Math.round(1000 * random.normal()));
};

/** The value at a place by the definition, from the nearest voxel or the eight around it; null within a hair of where it jumps. */
function readDirectly(values: Float32Array, g: VolumeGeometry, point: Triple, kind: 'linear' | 'nearest', outside: number): number | null {
  const at = lpsToIndex(g, ...point);
  const beyond = at.map((v, a) => Math.max(-0.5 - v, v - g.dimensions[a]! + 0.5));
  if (Math.abs(Math.max(...beyond)) < 1e-4) return null;
  if (Math.max(...beyond) > 0) return outside;
  if (kind === 'nearest' && at.some((v) => Math.abs(v - Math.floor(v) - 0.5) < 1e-4)) return null;
  let sum = 0;
  for (let n = 0; n < 8; n++) {
    let weight = 1;
    const ijk = at.map((v, a) => {
      const up = (n >> a) & 1;
      const share = kind === 'nearest' ? Math.round(v - Math.floor(v)) : v - Math.floor(v);
      weight *= up ? share : 1 - share;
      return Math.max(0, Math.min(g.dimensions[a]! - 1, Math.floor(v) + up));
    });
    sum += weight * values[(ijk[2]! * g.dimensions[1] + ijk[1]!) * g.dimensions[0] + ijk[0]!]!;
  }
  return sum;
}

describe('a volume on another grid', () => {
  it('[8.3-spacing] on its own grid is itself, exactly, however it is read', () => {
    fc.assert(
      fc.property(anyGrid(), interpolation, fc.boolean(), (g, kind, antialias) => {
        const values = noise(g, 1);
        expect(resample(values, g, g, { interpolation: kind, outside: -1, antialias })).toEqual(values);
      }),
    );
  });

  it('[8.3-spacing] reads between any two grids what the definition says, linear and nearest', () => {
    fc.assert(
      fc.property(pair, fc.constantFrom('linear', 'nearest'), ({ from, to }, kind) => {
        const values = noise(from, 2);
        const out = resample(values, from, to, { interpolation: kind, outside: -7777, antialias: false });
        let at = 0;
        for (let k = 0; k < to.dimensions[2]; k++)
          for (let j = 0; j < to.dimensions[1]; j++)
            for (let i = 0; i < to.dimensions[0]; i++) {
              const expected = readDirectly(values, from, indexToLps(to, i, j, k), kind, -7777);
              const got = out[at++]!;
              if (expected !== null) expect(Math.abs(got - expected)).toBeLessThan(0.05);
            }
      }),
    );
  });

  it('[8.3-spacing] keeps a linear field wherever it reads inside, coarser or finer, averaged or not, turned or not', () => {
    fc.assert(
      fc.property(pair, fc.constantFrom('linear', 'cubic'), fc.boolean(), ({ from, to }, kind, antialias) => {
        const wide: VolumeGeometry = { ...from, dimensions: from.dimensions.map((n) => n + 12) as Triple };
        const shifted = { ...wide, originLps: indexToLps(from, -6, -6, -6) };
        const out = resample(sampled(shifted, slope), shifted, to, { interpolation: kind, outside: 0, antialias });
        const expected = sampled(to, slope);
        const inner = sampled(to, (point) => {
          const at = lpsToIndex(shifted, ...point);
          const reach = shifted.spacingMm.map((mm) => 2 * Math.max(1, (Math.sqrt(3) * Math.max(...to.spacingMm)) / mm));
          return at.every((v, a) => v > reach[a]! && v < shifted.dimensions[a]! - 1 - reach[a]!) ? 1 : 0;
        });
        for (let n = 0; n < out.length; n++) if (inner[n]) expect(Math.abs(out[n]! - expected[n]!)).toBeLessThan(0.01);
      }),
    );
  });

  it('[8.3-spacing] cubic is exact on a parabola, along the axes and turned', () => {
    const g: VolumeGeometry = { dimensions: [12, 12, 12], spacingMm: [1, 1, 1], originLps: [0, 0, 0], directionLps: plain };
    const parabola = ([x, y, z]: Triple) => x * x - 2 * y * y + 3 * z * z + x * y - 4;
    const [c, s] = [Math.cos(0.3), Math.sin(0.3)];
    for (const directionLps of [plain, [c, s, 0, -s, c, 0, 0, 0, 1] as Nine]) {
      const target: VolumeGeometry = { dimensions: [7, 7, 7], spacingMm: [0.7, 0.6, 0.8], originLps: [4, 3, 3], directionLps };
      const out = resample(sampled(g, parabola), g, target, { interpolation: 'cubic', outside: 0 });
      const expected = sampled(target, parabola);
      expect(Math.max(...out.map((v, n) => Math.abs(v - expected[n]!)))).toBeLessThan(1e-3);
    }
  });

  it('[8.3-spacing] made coarser, a wall keeps its mass wherever it falls, and stripes do not alias; without averaging both go wrong', () => {
    const g: VolumeGeometry = { dimensions: [90, 4, 4], spacingMm: [0.5, 1, 1], originLps: [0, 0, 0], directionLps: plain };
    const target = gridWithSpacing(g, [1.5, null, null]);
    const massOf = (place: number, antialias: boolean): number => {
      const wall = sampled(g, () => 0).map((_, n) => (n % 90 === place ? 300 : 0));
      const out = resample(wall, g, target, { interpolation: 'linear', outside: 0, antialias });
      return out.slice(0, target.dimensions[0]).reduce((sum, v) => sum + v, 0) * 1.5;
    };
    for (let place = 40; place < 46; place++) expect(massOf(place, true)).toBeCloseTo(150, 3);
    const without = [40, 41, 42, 43, 44, 45].map((place) => massOf(place, false));
    expect(Math.min(...without)).toBe(0);
    expect(Math.max(...without)).toBe(450);
    const stripes = Int16Array.from({ length: voxelCount(g.dimensions) }, (_, n) => (n % 2 === 0 ? 0 : 400));
    for (const kind of ['linear', 'cubic'] as const) {
      const out = resample(stripes, g, target, { interpolation: kind, outside: 0 }).slice(4, 26);
      expect(Math.max(...out.map((v) => Math.abs(v - 200)))).toBeLessThan(45);
    }
    expect(Math.max(...resample(stripes, g, target, { interpolation: 'linear', outside: 0, antialias: false }).slice(4, 26))).toBe(400);
  });

  it('[8.3-spacing] nearest keeps the kind and makes no new value; an outside that cannot stand in it is a mistake', () => {
    fc.assert(
      fc.property(pair, ({ from, to }) => {
        const values = Int16Array.from(noise(from, 3));
        const out = resample(values, from, to, { interpolation: 'nearest', outside: -32768 });
        expect(out).toBeInstanceOf(Int16Array);
        const there = new Set([-32768, ...values]);
        expect([...out].every((v) => there.has(v))).toBe(true);
      }),
    );
    const g: VolumeGeometry = { dimensions: [1, 1, 1], spacingMm: [1, 1, 1], originLps: [0, 0, 0], directionLps: plain };
    expect(() => resample(new Int16Array(1), g, g, { interpolation: 'nearest', outside: 40000 })).toThrow(/16-bit/);
    expect(() => resample(new Int16Array(2), g, g, { interpolation: 'linear', outside: 0 })).toThrow(RangeError);
  });

  it('tells its progress and can be stopped by it', () => {
    const g: VolumeGeometry = { dimensions: [5, 5, 5], spacingMm: [1, 1, 1], originLps: [0, 0, 0], directionLps: plain };
    const leaning: VolumeGeometry = { ...g, directionLps: [0.8, 0.6, 0, -0.6, 0.8, 0, 0, 0, 1] };
    for (const target of [g, leaning])
      for (const kind of ['linear', 'cubic', 'nearest'] as const) {
        const told: number[] = [];
        resample(new Int16Array(125), g, target, { interpolation: kind, outside: 0 }, (fraction) => void told.push(fraction));
        expect(told.length).toBeGreaterThan(4);
        expect(told.every((f, n) => f >= (told[n - 1] ?? 0))).toBe(true);
        expect(told.at(-1)).toBe(1);
        const stop = new Error('stopped');
        const stopping = () => {
          throw stop;
        };
        expect(() => resample(new Int16Array(125), g, target, { interpolation: kind, outside: 0 }, stopping)).toThrow(stop);
      }
  });
});

describe('a grid of another spacing', () => {
  it('[8.3-spacing] covers the same place with centres inside it, same directions; null keeps an axis', () => {
    fc.assert(
      fc.property(anyGrid(), spacing, spacing, fc.option(spacing), (g, x, y, z) => {
        const made = gridWithSpacing(g, [x, y, z]);
        expect(made.spacingMm).toEqual([x, y, z ?? g.spacingMm[2]]);
        expect(made.directionLps).toEqual(g.directionLps);
        if (z === null) expect(made.dimensions[2]).toBe(g.dimensions[2]);
        const middle = (one: VolumeGeometry) => indexToLps(one, ...(one.dimensions.map((n) => (n - 1) / 2) as Triple));
        middle(made).forEach((v, a) => {
          expect(v).toBeCloseTo(middle(g)[a]!, 6);
        });
        const [old, now] = [extentLps(g), extentLps(made)];
        for (let a = 0; a < 3; a++) {
          expect(now[a]!).toBeLessThan(old[a]! + 1e-4);
          expect(now[a + 3]!).toBeGreaterThan(old[a + 3]! - 1e-4);
          // Less than one voxel too much, and no centre outside.
          expect(made.dimensions[a]! * made.spacingMm[a]! - g.dimensions[a]! * g.spacingMm[a]!).toBeLessThan(made.spacingMm[a]!);
        }
        const out = resample(
          sampled(g, () => 1),
          g,
          made,
          { interpolation: 'linear', outside: -1 },
        );
        expect(out.every((v) => Math.abs(v - 1) < 1e-5)).toBe(true);
      }),
    );
    const g: VolumeGeometry = { dimensions: [512, 512, 3], spacingMm: [0.4, 0.4, 1], originLps: [1, 2, 3], directionLps: plain };
    expect(gridWithSpacing(g, [null, null, null])).toEqual(g);
    expect(gridWithSpacing(g, [0.8, 0.8, null]).dimensions).toEqual([256, 256, 3]);
    expect(() => gridWithSpacing(g, [0, 1, 1])).toThrow(RangeError);
    expect(() => gridWithSpacing(g, [0.001, 0.001, 0.001])).toThrow(/too large/);
  });
});

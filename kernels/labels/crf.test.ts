import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Triple } from '../volume/geometry.ts';
import { type CrfBox, type CrfSettings, crf, crfDefaults, leastProbability, unaryProbabilities } from './crf.ts';
import { crfOracle } from './crf-oracle.ts';

const every: CrfSettings = {
  ...crfDefaults,
  appearance: { sigmaMm: 1.5, sigmaHu: 60, weight: 2 },
  smoothness: { sigmaMm: 0.6, weight: 1 },
  everyVoxel: true,
};

function stream(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

/** Two tissues with noise, a plane of bone between them that is one voxel thick, and a probability that doubts here and there. */
function scene(seed: number, dimensions: Triple, spacingMm: Triple): CrfBox {
  const random = stream(seed);
  const [nx, ny, nz] = dimensions;
  const hu = new Float32Array(nx * ny * nz);
  const probability = new Float32Array(hu.length);
  for (let at = 0; at < hu.length; at++) {
    const i = at % nx;
    const wall = i === nx >> 1;
    hu[at] = (wall ? 250 : i < nx >> 1 ? -100 : -900) + 60 * (random() - 0.5);
    probability[at] = Math.min(1, Math.max(0, (wall ? 0.65 : 0.2) + 0.9 * (random() - 0.5)));
  }
  return { dimensions, spacingMm, hu, probability };
}

const run = (box: CrfBox, settings: Partial<CrfSettings> = {}) => crf(box, { ...every, ...settings }).probability;
const furthest = (a: ArrayLike<number>, b: ArrayLike<number>) =>
  Array.from(a).reduce((most, v, n) => Math.max(most, Math.abs(v - b[n])), 0);
const average = (a: ArrayLike<number>, b: ArrayLike<number>) => Array.from(a).reduce((sum, v, n) => sum + Math.abs(v - b[n]), 0) / a.length;

const boxes = fc.record({
  seed: fc.integer({ min: 0, max: 1e6 }),
  dimensions: fc.tuple(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: 8 }), fc.integer({ min: 1, max: 5 })),
  spacingMm: fc.tuple(
    fc.double({ min: 0.3, max: 1, noNaN: true }),
    fc.double({ min: 0.3, max: 1, noNaN: true }),
    fc.double({ min: 0.5, max: 2, noNaN: true }),
  ),
});
const each = (seed: number, check: (box: CrfBox) => void, numRuns = 60) =>
  fc.assert(
    fc.property(boxes, (b) => check(scene(b.seed, b.dimensions, b.spacingMm))),
    { seed, numRuns },
  );

describe('against all pairs', () => {
  test.each([1, 2, 3, 4])(
    '[13-crf] mean field as over all pairs of 8 x 8 x 4, mean 0.006 and furthest 0.03 of a probability, seed %i',
    (seed) => {
      const box = scene(seed, [8, 8, 4], [0.5, 0.5, 1]);
      const oracle = crfOracle(box, every);
      const fast = run(box);
      // The field moves probabilities ten times as far as the two differ.
      expect(average(oracle, unaryProbabilities(box.probability))).toBeGreaterThan(0.06);
      expect(average(fast, oracle)).toBeLessThan(0.006);
      expect(furthest(fast, oracle)).toBeLessThan(0.03);
    },
  );

  test('[13-crf] mean field with the smoothness kernel alone is exact but for what lies beyond three sigma', () => {
    each(
      1301,
      (box) => {
        const settings = { ...every, appearance: { ...every.appearance, weight: 0 } };
        expect(furthest(run(box, settings), crfOracle(box, settings))).toBeLessThan(0.004);
      },
      25,
    );
  });

  test('[13-crf] wide range of grids: no further than 0.08 of a probability from all pairs, in the mean 0.012', () => {
    each(
      1302,
      (box) => {
        const oracle = crfOracle(box, every);
        expect(furthest(run(box), oracle)).toBeLessThan(0.08);
        expect(average(run(box), oracle)).toBeLessThan(0.012);
      },
      25,
    );
  });
});

describe('what must hold', () => {
  test('[13-crf] weights of 0 and no rounds give the probability back', () => {
    each(1303, (box) => {
      const unary = unaryProbabilities(box.probability);
      const none = { ...every, appearance: { ...every.appearance, weight: 0 }, smoothness: { ...every.smoothness, weight: 0 } };
      expect(furthest(run(box, none), unary)).toBeLessThan(1e-6);
      expect(furthest(run(box, { iterations: 0 }), unary)).toBe(0);
    });
  });

  test('[13-crf] swapping the labels swaps the answer', () => {
    each(1304, (box) => {
      const swapped = run({ ...box, probability: Float32Array.from(box.probability, (p) => 1 - p) });
      expect(
        furthest(
          swapped.map((p) => 1 - p),
          run(box),
        ),
      ).toBeLessThan(1e-4);
    });
  });

  test.each([0, 1, 2])('[13-crf] a box mirrored along axis %i gives the mirrored answer', (axis) => {
    each(1305 + axis, (box) => {
      const mirror = <T extends Float32Array>(values: T) => {
        const [nx, ny] = box.dimensions;
        return values.map((_, at) => {
          const place = [at % nx, Math.floor(at / nx) % ny, Math.floor(at / (nx * ny))];
          place[axis] = box.dimensions[axis] - 1 - place[axis];
          return values[(place[2] * ny + place[1]) * nx + place[0]];
        });
      };
      const there = run({ ...box, hu: mirror(box.hu as Float32Array), probability: mirror(box.probability as Float32Array) });
      expect(furthest(mirror(there), run(box))).toBeLessThan(1e-4);
    });
  });

  test('[13-crf] the order of the axes does not matter', () => {
    each(1308, (box) => {
      const [nx, ny, nz] = box.dimensions;
      const turned = (values: ArrayLike<number>) =>
        Float32Array.from({ length: values.length }, (_, at) => {
          const [k, j, i] = [at % nz, Math.floor(at / nz) % ny, Math.floor(at / (nz * ny))];
          return values[(k * ny + j) * nx + i];
        });
      const [sx, sy, sz] = box.spacingMm;
      const there = run({ dimensions: [nz, ny, nx], spacingMm: [sz, sy, sx], hu: turned(box.hu), probability: turned(box.probability) });
      expect(furthest(there, turned(run(box)))).toBeLessThan(1e-4);
    });
  });

  test('[13-crf] a box of one HU and one probability: 0.5 stays, others keep their label and grow surer', () => {
    fc.assert(
      fc.property(boxes, fc.integer({ min: 0, max: 255 }), ({ dimensions, spacingMm }, p) => {
        const voxels = dimensions[0] * dimensions[1] * dimensions[2];
        const box = { dimensions, spacingMm, hu: new Int16Array(voxels).fill(40), probability: new Uint8Array(voxels).fill(p) };
        const own = unaryProbabilities(box.probability)[0];
        for (const q of run(box)) {
          if (p > 127.5) expect(q).toBeGreaterThanOrEqual(own - 1e-6);
          else expect(q).toBeLessThanOrEqual(own + 1e-6);
        }
        const even = run({ ...box, probability: new Float32Array(voxels).fill(0.5) });
        expect(even.every((q) => q === 0.5)).toBe(true);
      }),
      { seed: 1309, numRuns: 60 },
    );
  });

  test('[13-crf] HU beyond the range do not matter', () => {
    each(1310, (box) => {
      const [low, high] = every.rangeHu;
      const clipped = Float32Array.from(box.hu, (hu) => Math.min(high, Math.max(low, hu)));
      expect(furthest(run({ ...box, hu: clipped }), run(box))).toBe(0);
    });
  });

  test('[13-crf] uint8 and float32 of the same probability, int16 and float32 of the same HU give the same answer', () => {
    each(1311, (box) => {
      const coded = Uint8Array.from(box.probability, (p) => Math.round(p * 255));
      const whole = Int16Array.from(box.hu, Math.round);
      const small = run({ ...box, hu: whole, probability: coded });
      const wide = run({ ...box, hu: Float32Array.from(whole), probability: Float32Array.from(coded, (p) => p / 255) });
      expect(furthest(small, wide)).toBeLessThan(1e-5);
    });
  });
});

test('[13-crf] leaving sure voxels out turns fewer than 1 voxel in 1000 and moves none of the doubtful ones by more than 0.03', () => {
  const box = scene(7, [40, 36, 20], [0.45, 0.45, 0.75]);
  const all = crf(box, every);
  const some = crf(box, { ...every, everyVoxel: false });
  expect(all.updated).toBe(box.hu.length);
  expect(some.updated).toBeLessThan(0.9 * all.updated);
  let turned = 0;
  let moved = 0;
  const unary = unaryProbabilities(box.probability);
  for (let n = 0; n < box.hu.length; n++) {
    if (all.probability[n] >= 0.5 !== some.probability[n] >= 0.5) turned++;
    if (some.probability[n] !== unary[n]) moved = Math.max(moved, Math.abs(all.probability[n] - some.probability[n]));
  }
  expect(turned).toBeLessThan(box.hu.length / 1000);
  expect(moved).toBeLessThan(0.03);
});

test('[13-crf] a gap in a thin wall is closed where the image shows the wall, and not where it shows none', () => {
  const dimensions: Triple = [21, 21, 9];
  const voxels = 21 * 21 * 9;
  const hu = new Int16Array(voxels);
  const probability = new Float32Array(voxels);
  const middle = (4 * 21 + 10) * 21 + 10;
  for (let at = 0; at < voxels; at++) {
    const wall = at % 21 === 10;
    hu[at] = wall ? 180 : -100;
    probability[at] = wall ? 0.85 : 0.05;
  }
  probability[middle] = 0.35;
  const box = { dimensions, spacingMm: [0.45, 0.45, 0.75] as Triple, hu, probability };
  const settings = { ...every, smoothness: { ...every.smoothness, weight: 0.2 }, everyVoxel: false };
  expect(crf(box, settings).probability[middle]).toBeGreaterThan(0.5);
  hu[middle] = -100;
  expect(crf(box, settings).probability[middle]).toBeLessThan(0.35);
});

test('[13-crf] tells of every step before it is taken; what the callback throws ends the run', () => {
  const box = scene(3, [6, 5, 4], [0.5, 0.5, 1]);
  const seen: [number, number][] = [];
  crf(box, { ...every, iterations: 3 }, (done, steps) => seen.push([done, steps]));
  expect(seen).toEqual([0, 1, 2, 3, 4].map((done) => [done, 5]));
  const stop = new Error('stop');
  const stopped = () =>
    crf(box, every, (done) => {
      if (done === 3) throw stop;
    });
  expect(stopped).toThrow(stop);
});

test('[13-crf] hostile numbers: NaN and infinities in, probabilities out; misfits refused', () => {
  const hu = Float32Array.from([Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0, 1e30, -1e30]);
  const probability = Float32Array.from([0.5, Number.NaN, 2, -1, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]);
  const box: CrfBox = { dimensions: [3, 2, 1], spacingMm: [0.5, 0.5, 1], hu, probability };
  for (const q of run(box)) expect(q > 0 && q < 1).toBe(true);
  expect(Array.from(unaryProbabilities(probability))).toEqual(
    [0.5, 0.5, 1 - leastProbability, leastProbability, 1 - leastProbability, leastProbability].map(Math.fround),
  );
  expect(() => run({ ...box, dimensions: [3, 2, 2] })).toThrow(RangeError);
  expect(() => run(box, { iterations: 1.5 })).toThrow(RangeError);
  expect(() => run(box, { appearance: { ...every.appearance, weight: -1 } })).toThrow(RangeError);
  expect(() => run(box, { appearance: { ...every.appearance, sigmaMm: 0 } })).toThrow(RangeError);
  expect(() => run(box, { smoothness: { sigmaMm: Number.NaN, weight: 1 } })).toThrow(RangeError);
});

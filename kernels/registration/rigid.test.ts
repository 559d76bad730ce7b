import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { createRandom } from '../phantoms/random.ts';
import { resample } from '../spacing/resample.ts';
import { indexToLps, lpsToIndex, type Triple, voxelCount } from '../volume/geometry.ts';
import { anyGrid } from '../volume/grids.fixture.ts';
import { apart, headHu, headMr, other, scan, small } from './heads.fixture.ts';
import { movedGrid } from './moved-grid.ts';
import { powell } from './powell.ts';
import { type Registration, registerRigid } from './rigid.ts';
import { multiply, parametersOf, type RigidTransform, rotationOf, transformOf } from './rigid-transform.ts';
import { createSimilarity } from './similarity.ts';

const still: RigidTransform = { rotation: [1, 0, 0, 0, 1, 0, 0, 0, 1], translationMm: [0, 0, 0] };
const about: Triple = [0, 0, 0];
const angle = fc.double({ min: -80, max: 80, noNaN: true });
const mm = fc.double({ min: -500, max: 500, noNaN: true });

describe('rigid motions', () => {
  it('[8.1-sequence] six numbers and a matrix say the same, about any point', () => {
    fc.assert(
      fc.property(fc.tuple(angle, angle, angle), fc.tuple(mm, mm, mm), fc.tuple(mm, mm, mm), (rotationDegrees, translationMm, point) => {
        const transform = transformOf({ rotationDegrees, translationMm, about: point });
        const back = parametersOf(transform, point);
        for (let a = 0; a < 3; a++) {
          expect(back.rotationDegrees[a]).toBeCloseTo(rotationDegrees[a]!, 6);
          expect(back.translationMm[a]).toBeCloseTo(translationMm[a]!, 6);
          // The point itself is only shifted.
          expect(multiply(transform.rotation, point)[a]! + transform.translationMm[a]!).toBeCloseTo(point[a]! + translationMm[a]!, 6);
        }
      }),
    );
    expect(rotationOf([0, 0, 90]).map((v) => Math.round(v) + 0)).toEqual([0, -1, 0, 1, 0, 0, 0, 0, 1]);
    expect(rotationOf([90, 0, 0]).map((v) => Math.round(v) + 0)).toEqual([1, 0, 0, 0, 0, -1, 0, 1, 0]);
    expect(() => parametersOf({ rotation: [1, 0, 0, 0, 1, 0, 0, 0, -1], translationMm: [0, 0, 0] }, about)).toThrow(/no rotation/);
  });

  it('[8.1-sequence] a moved grid holds each voxel where the motion takes it from', () => {
    fc.assert(
      fc.property(anyGrid(), fc.tuple(angle, angle, angle), fc.tuple(mm, mm, mm), (grid, rotationDegrees, translationMm) => {
        const transform = transformOf({ rotationDegrees, translationMm, about });
        const p = indexToLps(movedGrid(grid, transform), 1, 2, 3);
        const there = multiply(transform.rotation, p).map((v, a) => v + transform.translationMm[a]!) as Triple;
        lpsToIndex(grid, ...there).forEach((v, a) => {
          expect(v).toBeCloseTo(a + 1, 6);
        });
      }),
    );
  });
});

describe('search', () => {
  it('finds the foot of a leaning valley and of a curved one', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: -9, max: 9, noNaN: true }), { minLength: 3, maxLength: 3 }), (foot) => {
        const valley = ([x, y, z]: readonly number[]): number => {
          const [a, b, c] = [x! - foot[0]!, y! - foot[1]!, z! - foot[2]!];
          return a * a + 4 * b * b + 2 * c * c + 2 * a * b - b * c;
        };
        const found = powell(valley, [0, 0, 0], { step: 1, tolerance: 1e-4, rounds: 50 });
        expect(found.converged).toBe(true);
        found.at.forEach((v, n) => {
          expect(v).toBeCloseTo(foot[n]!, 3);
        });
      }),
    );
    const banana = ([x, y]: readonly number[]) => (1 - x!) ** 2 + 20 * (y! - x! * x!) ** 2;
    const found = powell(banana, [-1.2, 1], { step: 0.5, tolerance: 1e-6, rounds: 200 });
    expect(found.value).toBeLessThan(1e-8);
    expect(powell(banana, [-1.2, 1], { step: 0.5, tolerance: 1e-9, rounds: 1 }).converged).toBe(false);
  });
});

describe('likeness', () => {
  const image = { values: scan(small, (p) => headHu(p, 2), still, 10, 3), grid: small };

  it('[8.1-sequence] is the entropy that two histograms share: 1 for a copy, the same for a negative, nearly 0 for noise', () => {
    const copy = createSimilarity(image, image, 'mutual-information', 20000)(still);
    expect(copy.overlap).toBe(1);
    const negative = { ...image, values: image.values.map((v) => -v) };
    const turnedOver = createSimilarity(image, negative, 'mutual-information', 20000)(still);
    expect(turnedOver.value).toBeCloseTo(copy.value, 1);
    expect(copy.value).toBeGreaterThan(0.6);
    expect(createSimilarity(image, negative, 'correlation', 20000)(still).value).toBeCloseTo(-1, 5);
    const random = createRandom(9);
    const noise = { ...image, values: image.values.map(() => random.normal()) };
    expect(createSimilarity(image, noise, 'mutual-information', 100000)(still).value).toBeLessThan(0.01);
  });

  it('falls on every side of the truth, and below everything where the volumes hardly meet', () => {
    for (const metric of ['mutual-information', 'correlation'] as const) {
      const at = createSimilarity(image, image, metric, 20000);
      const best = at(still).value;
      for (let n = 0; n < 6; n++)
        for (const by of [-4, 4]) {
          const six = [0, 0, 0, 0, 0, 0].map((v, m) => (m === n ? by : v));
          const moved = transformOf({ rotationDegrees: six.slice(0, 3) as Triple, translationMm: six.slice(3) as Triple, about });
          expect(at(moved).value).toBeLessThan(best - 0.001);
        }
      const far = at({ ...still, translationMm: [170, 0, 0] });
      const farther = at({ ...still, translationMm: [500, 0, 0] });
      expect(far.overlap).toBeGreaterThan(0);
      expect([far.value < -1, farther.value < far.value, farther.overlap]).toEqual([true, true, 0]);
    }
  });
});

describe('registration', () => {
  const fixed = { values: scan(small, (p) => headHu(p, 2), still, 20, 1), grid: small };
  const truth = transformOf({ rotationDegrees: [10, -5, 8], translationMm: [12, -7, 15], about });
  const ct = { values: scan(other, (p) => headHu(p, 4), truth, 30, 2), grid: other };
  let found: Registration;
  beforeAll(() => {
    found = registerRigid(fixed, ct, { metric: 'mutual-information' });
  });

  it('[8.1-sequence] finds a known motion between two scanners of other voxels, kernels and noise to 0.1 degree and a fifth of a voxel', () => {
    expect(found.converged).toBe(true);
    const off = apart(found, truth);
    expect(off.degrees).toBeLessThan(0.1);
    expect(off.mm).toBeLessThan(0.6);
    expect(found.metricAfter).toBeGreaterThan(found.metricBefore + 0.2);
    expect(transformOf(found.parameters).translationMm).toEqual(found.translationMm);
    expect(found.levels.map((level) => level.spacingMm)).toEqual([8, 4, 2]);
    expect(found.evaluations).toBe(found.levels.reduce((sum, level) => sum + level.evaluations, 0));
  });

  it('[8.1-sequence] the moved volume lies on the fixed one: what is left of their difference is noise and kernel', () => {
    const laid = resample(ct.values, movedGrid(other, found), small, { interpolation: 'linear', outside: -1000 });
    const left = (values: Float32Array) => {
      const inner = [...values].map((v, n) => Math.abs(v - fixed.values[n]!)).filter((_, n) => laid[n]! > -300);
      return inner.reduce((sum, v) => sum + v, 0) / inner.length;
    };
    const unmoved = resample(ct.values, other, small, { interpolation: 'linear', outside: -1000 });
    const byTruth = resample(ct.values, movedGrid(other, truth), small, { interpolation: 'linear', outside: -1000 });
    expect(left(laid) / left(byTruth)).toBeCloseTo(1, 1);
    expect(left(unmoved)).toBeGreaterThan(2.5 * left(laid));
  });

  it('[8.1-sequence] finds it for CT to MR, whose intensities follow no one line, and where the scanners do not share an origin', () => {
    const far: Triple = [400, -300, 150];
    const grid = { ...other, originLps: other.originLps.map((v, a) => v + far[a]!) as Triple };
    const moved = transformOf({ rotationDegrees: [-6, 9, 5], translationMm: [391, -290, 144], about });
    const mr = { values: scan(grid, headMr, moved, 12, 4), grid };
    const result = registerRigid(fixed, mr, { metric: 'mutual-information' });
    const off = apart(result, moved);
    expect([result.converged, result.metricBefore]).toEqual([true, 0]);
    expect(off.degrees).toBeLessThan(0.5);
    expect(off.mm).toBeLessThan(1.2);
  });

  it('[8.1-sequence] by correlation from a given start it is the same each time, and can be stopped', () => {
    const start = transformOf({ rotationDegrees: [8, -3, 6], translationMm: [9, -4, 12], about });
    const coarse = { ...small, dimensions: [27, 33, 27] as Triple, spacingMm: [7, 7, 7] as Triple };
    const [one, two] = [still, truth].map((motion, n) => ({ values: scan(coarse, (p) => headHu(p, 6), motion, 20, 5 + n), grid: coarse }));
    const told: number[] = [];
    const first = registerRigid(one!, two!, { metric: 'correlation', start }, (fraction) => void told.push(fraction));
    expect(first.converged).toBe(true);
    expect(apart(first, truth).mm).toBeLessThan(1.4);
    expect(told.every((f, n) => f >= (told[n - 1] ?? 0) && f <= 1)).toBe(true);
    expect(told.at(-1)).toBe(1);
    expect(registerRigid(one!, two!, { metric: 'correlation', start })).toEqual(first);
    const stop = new Error('stopped');
    expect(() =>
      registerRigid(one!, two!, { metric: 'correlation', start }, (fraction) => {
        if (fraction > 0.4) throw stop;
      }),
    ).toThrow(stop);
  });

  it('[8.1-sequence] two volumes that share nothing do not converge; flat and thin ones are mistakes', () => {
    const random = createRandom(11);
    const grid = { ...small, dimensions: [24, 24, 24] as Triple };
    const noise = () => ({ values: Float32Array.from({ length: 13824 }, () => random.normal()), grid });
    for (const metric of ['mutual-information', 'correlation'] as const)
      expect(registerRigid(noise(), noise(), { metric, start: still }).converged).toBe(false);
    expect(() => registerRigid({ values: new Int16Array(13824), grid }, noise(), { metric: 'correlation' })).toThrow(/flat/);
    const thin = { ...grid, dimensions: [24, 24, 3] as Triple };
    const slices = { values: new Int16Array(voxelCount(thin.dimensions)), grid: thin };
    expect(() => registerRigid(slices, noise(), { metric: 'correlation' })).toThrow(/too thin/);
    expect(() => registerRigid({ values: new Int16Array(3), grid }, noise(), { metric: 'correlation' })).toThrow(RangeError);
  });
});

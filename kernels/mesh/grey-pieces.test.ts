import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { packMask } from '../labels/bits.ts';
import { inTurn } from '../parts.ts';
import { indexToLps } from '../volume/geometry.ts';
import { densityAt, densityField } from './density-field.ts';
import { fitSlab } from './fit-slab.ts';
import { clear, unexplained } from './grey-parts.ts';
import { step } from './grey-scene.fixture.ts';
import { gridFrame } from './grid-frame.ts';
import { moveWithoutFlips } from './hold-back.ts';
import { ballMask, closed, closedness, obliqueGrid, unitGrid } from './mask-shapes.ts';
import { normalDensity, normalIntegral } from './normal-integral.ts';
import { keepSidesApart } from './opposite-sides.ts';
import { findStep } from './profile-step.ts';
import { newProfile, sampleProfile } from './sample-profile.ts';
import { doubtPart, settlePart } from './settle-offsets.ts';
import { solution, solveFive } from './solve-five.ts';
import { extractSurface } from './surface.ts';
import { isTurned } from './turned-triangles.ts';
import { areaNormals } from './vertex-normals.ts';

/** A profile of exact samples on a line, none of them a mean. */
function profileOf(value: (t: number) => number, stepMm: number, count: number) {
  const profile = newProfile();
  for (let n = 0; n < count; n++) {
    const t = (n - (count - 1) / 2) * stepMm;
    profile.value[n] = value(t);
    profile.below[n] = t;
    profile.above[n] = t;
  }
  return profile;
}

describe('pieces of the grey surface', () => {
  test('[P-surface] the table of the normal distribution holds to 1e-5', () => {
    for (let x = -6; x <= 6; x += 0.037) {
      expect(Math.abs(normalIntegral(x) - (1 - step(x, 1)))).toBeLessThan(1e-5);
      expect(Math.abs(normalDensity(x) - Math.exp(-x * x * 0.5) / Math.sqrt(2 * Math.PI))).toBeLessThan(1e-3);
    }
  });

  test('[P-surface] five equations are solved, and what is not positive definite is said to be so', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: -2, max: 2, noNaN: true }), { minLength: 30, maxLength: 30 }), (random) => {
        // A A' + 1 is positive definite.
        const a = (i: number, j: number) => {
          let sum = i === j ? 1 : 0;
          for (let k = 0; k < 5; k++) sum += random[i * 5 + k] * random[j * 5 + k];
          return sum;
        };
        const b = random.slice(25);
        const upper = [0, 1, 2, 3, 4].flatMap((i) => [0, 1, 2, 3, 4].slice(i).map((j) => a(i, j)));
        expect(solveFive(...([...upper, ...b] as Parameters<typeof solveFive>))).toBe(true);
        for (let i = 0; i < 5; i++) expect([0, 1, 2, 3, 4].reduce((sum, j) => sum + a(i, j) * solution[j], 0)).toBeCloseTo(b[i], 6);
      }),
      { numRuns: 100 },
    );
    expect(solveFive(1, 2, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 1, 0, 1, 1, 1, 1, 1, 1)).toBe(false);
  });

  test('[P-surface] a linear field is read exactly on slanted grids, with the planes its samples lie between; beyond the image is NaN', () => {
    const grid = obliqueGrid([9, 8, 7], true);
    const linear = (x: number, y: number, z: number) => 3 * x - 2 * y + 0.5 * z + 7;
    const values = Float32Array.from({ length: 9 * 8 * 7 }, (_, n) =>
      linear(...indexToLps(grid, n % 9, Math.floor(n / 9) % 8, Math.floor(n / 72))),
    );
    const profile = newProfile();
    const [x, y, z] = indexToLps(grid, 4.3, 3.6, 3.2);
    const direction = [0.6, 0, 0.8];
    sampleProfile(values, gridFrame(grid), x, y, z, 0.6, 0, 0.8, 0.3, 5, 11, 0.5, profile);
    for (let n = 0; n < 11; n++) {
      const t = (n - 5) * 0.3;
      if (Number.isNaN(profile.value[n])) continue;
      expect(profile.value[n]).toBeCloseTo(linear(x + t * direction[0], y, z + t * direction[2]), 2);
      expect((1 - profile.share[n]) * profile.below[n] + profile.share[n] * profile.above[n]).toBeCloseTo(t, 6);
      expect(Math.abs(profile.above[n] - profile.below[n])).toBeCloseTo(1.2, 6);
    }
    sampleProfile(values, gridFrame(grid), x, y, z, 0, 0, 1, 4, 5, 11, 0.5, profile);
    expect([profile.value[0], profile.value[10]]).toEqual([Number.NaN, Number.NaN]);
    values.fill(Number.NaN);
    sampleProfile(values, gridFrame(grid), x, y, z, 0, 0, 1, 0.1, 5, 11, 0.5, profile);
    expect(profile.value.slice(0, 11).every(Number.isNaN)).toBe(true);
  });

  test('[P-surface] a slab is recovered from wide to half the width of its blur once its density is known', () => {
    for (const wide of [3, 1.5, 0.8, 0.4, 0.2]) {
      const exact = (t: number) =>
        -1000 * (1 - step(t - 0.1 - wide, 0.4)) + 1100 * (step(t - 0.1 - wide, 0.4) - step(t - 0.1, 0.4)) - 95 * step(t - 0.1, 0.4);
      const slab = { inner: -0.1, outer: 0.3 + wide, high: 1100, low: -950, back: -120, two: true };
      const rest = fitSlab(profileOf(exact, 0.27, 31), 0, 31, 0.4, slab, { high: 1100, highSpread: 20, besideSpread: 100, noise: 15 }, 12);
      expect(rest).toBeLessThan(15);
      expect(slab.outer - slab.inner, `${wide}`).toBeCloseTo(wide, 1);
      expect(slab.outer).toBeCloseTo(0.1 + wide, 1);
    }
  });

  test('[P-surface] the step nearest to the mask is taken, rising ones and noise are none', () => {
    const found = { peakAt: 0, peak: 0, lowAt: 0, low: 0, shoulder: false, beyondAt: 0, beyond: 0, backAt: 0, back: 0, crossing: 0 };
    const two = Float64Array.from([0, 0, 500, 1000, 1000, 500, 0, 0, 0, 300, 900, 900, 300, 0, 0]);
    expect(findStep(two, 15, 5, 3, 20, 100, found)).toBe(true);
    expect(found.crossing).toBeCloseTo(5, 6);
    expect([found.peak, found.low, found.back]).toEqual([1000, 0, 0]);
    expect(findStep(two, 15, 12, 2, 20, 100, found)).toBe(true);
    expect(found.crossing).toBeCloseTo(11.75, 6);
    expect(findStep(two, 15, 1, 1, 20, 100, found)).toBe(false);
    expect(findStep(Float64Array.from([0, 9, -8, 7, 0, 3, -9]), 7, 3, 3, 20, 100, found)).toBe(false);
    expect(findStep(new Float64Array(7).fill(Number.NaN), 7, 3, 3, 20, 100, found)).toBe(false);
  });

  test('[P-surface] a step ends at the shoulder of what lies over it, and says what lies beyond', () => {
    const found = { peakAt: 0, peak: 0, lowAt: 0, low: 0, shoulder: false, beyondAt: 0, beyond: 0, backAt: 0, back: 0, crossing: 0 };
    const skin = Float64Array.from({ length: 30 }, (_, n) => -1000 + 960 * step(n - 10.3, 1.5) + 1040 * step(n - 16.3, 1.5));
    expect(findStep(skin, 30, 10, 6, 30, 100, found)).toBe(true);
    expect(found.shoulder).toBe(true);
    expect(Math.abs(found.crossing - 10.3)).toBeLessThan(0.3);
    expect(Math.abs(found.low - 40)).toBeLessThan(120);
    expect(found.beyond).toBeCloseTo(-1000, 0);
    const bare = Float64Array.from(skin, (_, n) => -1000 + 2000 * step(n - 10.3, 1.5));
    expect(findStep(bare, 30, 10, 6, 30, 100, found)).toBe(true);
    expect([found.shoulder, found.low]).toEqual([false, found.beyond]);
  });

  test('[P-surface] offsets that are unsure follow clear neighbours, what nothing explains goes to the mask, what was not seen stays', () => {
    // A flat fan: a middle and six around it.
    const ring = [0, 1, 2, 3, 4, 5].map((n) => [Math.cos((n * Math.PI) / 3), Math.sin((n * Math.PI) / 3), 0]);
    const positions = Float32Array.from([0, 0, 0, ...ring.flat()]);
    const normals = Float32Array.from({ length: 21 }, (_, n) => (n % 3 === 2 ? 1 : 0));
    const rim = ring.map((_, n) => [0, 1 + ((n + 1) % 6), 1 + ((n + 5) % 6)]);
    const list = Uint32Array.from([1, 2, 3, 4, 5, 6, ...rim.flat()]);
    const fromList = Uint32Array.from([0, 6, 9, 12, 15, 18, 21, 24]);
    const settle = (offsets: number[], trust: number[]) => {
      const read = Float32Array.from(offsets);
      const trustOf = new Uint8Array(7);
      let here: Float32Array = new Float32Array(7);
      let there: Float32Array = new Float32Array(7);
      const each = { positions, normals, fromList, list, offsets: read, limitMm: 0.3, reachMm: 2, holdMm: 0.1, from: 0, to: 7 };
      doubtPart({ ...each, trust: Uint8Array.from(trust), trustOf, here: read, there: here });
      for (let round = 0; round < 40; round++) {
        settlePart({ ...each, trust: trustOf, here, there });
        [here, there] = [there, here];
      }
      return { here, trustOf };
    };
    const around = (kind: number) => [kind, kind, kind, kind, kind, kind];
    // A clear one among clear ones keeps within 0.1 mm of its reading; noise goes.
    const noisy = settle([0.7, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5], [clear, ...around(clear)]);
    expect(noisy.here[0]).toBeGreaterThan(0.599);
    expect(noisy.here[0]).toBeLessThan(0.65);
    // A misreading, clear as it looked, is no longer believed.
    const wrong = settle([1.9, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5], [clear, ...around(clear)]);
    expect(wrong.trustOf[0]).toBe(unexplained);
    expect(wrong.here[0]).toBeLessThan(0.55);
    // What nothing explains, among its like, is the mask's.
    const lace = settle([1.2, -0.9, 0.8, -1, 1, -0.8, 0.9], [unexplained, ...around(unexplained)]);
    expect(Math.max(...lace.here.map(Math.abs))).toBeLessThan(0.05);
    expect(settle([Number.NaN, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5], [0, ...around(clear)]).here[0]).toBeNaN();
  });

  test('[P-surface] density is known within two cubes of where it was seen, and not beyond', () => {
    const field = densityField([0, 0, 0, 1, 1, 1, 40, 0, 0], [1000, 1200, 600]);
    expect(field && densityAt(field, 0.5, 0.5, 0.5)).toBeGreaterThan(1000);
    expect(field && densityAt(field, 40, 0, 0)).toBeCloseTo(600, 6);
    expect(field && densityAt(field, 400, 0, 0)).toBeNull();
    expect(densityField([], [])).toBeNull();
  });

  test('[P-surface] any displacement at all turns no triangle inside out, and none goes further than asked', async () => {
    const start = await extractSurface(packMask(ballMask(16, 6), [16, 16, 16]), unitGrid([16, 16, 16]), inTurn);
    const positions = Float32Array.from(start.positions);
    const normals = areaNormals(start);
    for (let at = 0; at < normals.length; at += 3) {
      const length = Math.hypot(normals[at], normals[at + 1], normals[at + 2]);
      for (let axis = 0; axis < 3; axis++) normals[at + axis] /= length;
    }
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 1e9 }), async (seed) => {
        const offsets = Float32Array.from({ length: positions.length / 3 }, (_, n) => ((Math.imul(n + 1, seed) >>> 8) % 2001) / 1000 - 1);
        const asked = offsets.slice();
        const moved = new Float32Array(positions.length);
        await moveWithoutFlips({ positions, triangles: start.triangles }, normals, offsets, moved, inTurn, 3);
        for (let at = 0; at < start.triangles.length; at += 3) expect(isTurned(positions, start.triangles, normals, moved, at)).toBe(false);
        expect(offsets.every((own, n) => Math.abs(own) <= Math.abs(asked[n]) && own * asked[n] >= 0)).toBe(true);
        expect(closedness({ positions: moved, triangles: start.triangles }).flaws.openEdges).toBe(closed.flaws.openEdges);
      }),
      { numRuns: 25 },
    );
  });

  test('[P-surface] two sides that would pass each other stop short, by the same part', () => {
    const start = Float64Array.from([0, 0, 0, 0, 0, 0.5, 9, 0, 0]);
    const normals = Float32Array.from([0, 0, -1, 0, 0, 1, 0, 0, 1]);
    const offsets = Float32Array.from([-0.6, -0.2, -0.6]);
    const apart = keepSidesApart({ start, normals, offsets, look: () => true, unitMm: 0.5, reachMm: 1 });
    expect(offsets[0] / offsets[1]).toBeCloseTo(3, 5);
    expect(0.5 + offsets[0] + offsets[1]).toBeCloseTo(0.15 * 0.5, 5);
    expect(offsets[2]).toBe(Math.fround(-0.6));
    expect(apart[0]).toBeCloseTo(0.075, 5);
    expect(apart[2]).toBe(Number.POSITIVE_INFINITY);
  });
});

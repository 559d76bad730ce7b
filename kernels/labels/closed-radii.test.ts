import fc from 'fast-check';
import { expect, test } from 'vitest';
import { closeRadii } from './closed-radii.ts';

const [sections, angles, stepMm] = [120, 64, 0.5];
/** A cone's distances from its axis. */
const cone = (): Float32Array => Float32Array.from({ length: sections * angles }, (_, c) => 16 - 0.1 * Math.floor(c / angles));
const plain = cone();
/** Greatest distance from the plain cone. */
const worst = (radii: Float32Array): number => radii.reduce((most, v, c) => Math.max(most, Math.abs(v - plain[c]!)), 0);
const close = (radii: Float32Array, closeMm = 6) => closeRadii({ radii, sections, angles, stepMm }, closeMm, 70);

test('[M-cavity] a wall without openings stays as it is, all of it seen', () => {
  const { radii, seen } = close(cone());
  expect(seen.every((v) => v === 1)).toBe(true);
  expect(worst(radii)).toBeLessThan(1e-4);
});

test('[M-cavity] openings narrower than the width are spanned at the height of their edges, wherever they lie', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 12, max: sections - 30 }),
      fc.integer({ min: 0, max: angles - 1 }),
      fc.integer({ min: 1, max: 5 }),
      fc.integer({ min: 1, max: 3 }),
      fc.constantFrom(Number.NaN, 30),
      (at, turn, long, wide, beyond) => {
        const open = cone();
        for (let n = at; n < at + long; n++) for (let t = 0; t < wide; t++) open[n * angles + ((turn + t) % angles)] = beyond;
        const { radii, seen } = close(open);
        expect(seen.reduce((sum, v) => sum + v, 0)).toBe(sections * angles - long * wide);
        expect(worst(radii)).toBeLessThan(0.1);
      },
    ),
    { numRuns: 30 },
  );
});

test('[M-cavity] goes on as a cone where no wall is left at the back, and behind the globe follows nothing that widens', () => {
  const open = cone();
  open.fill(Number.NaN, 100 * angles);
  const { radii } = close(open);
  for (let n = 100; n < sections; n++) expect(radii[n * angles + 5]).toBeCloseTo(cone()[n * angles + 5]!, 1);
  const widening = cone();
  for (let n = 80; n < 110; n++) for (let t = 10; t < 40; t++) widening[n * angles + t] = 24;
  const spanned = close(widening);
  for (let n = 82; n < 108; n++) expect(spanned.seen[n * angles + 25]).toBe(0);
  expect(Math.max(...spanned.radii)).toBeLessThan(17);
});

test('[M-cavity] nothing known gives numbers, not an error', () => {
  const { radii, seen } = close(new Float32Array(sections * angles).fill(Number.NaN));
  expect(seen.every((v) => v === 0)).toBe(true);
  expect(radii.every((v) => v >= 0 && v < 1e3)).toBe(true);
});

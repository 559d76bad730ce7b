import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Triple } from './geometry.ts';
import { cross, judgeStack, orderStack, type SlicePlanes } from './stack.ts';

/** Right-angled axes from two angles and a roll, by the test's own rotation. */
function axes(a: number, b: number, c: number): { row: Triple; column: Triple } {
  const turn = (v: Triple): Triple => {
    const x: Triple = [v[0], v[1] * Math.cos(a) - v[2] * Math.sin(a), v[1] * Math.sin(a) + v[2] * Math.cos(a)];
    const y: Triple = [x[0] * Math.cos(b) + x[2] * Math.sin(b), x[1], -x[0] * Math.sin(b) + x[2] * Math.cos(b)];
    return [y[0] * Math.cos(c) - y[1] * Math.sin(c), y[0] * Math.sin(c) + y[1] * Math.cos(c), y[2]];
  };
  return { row: turn([1, 0, 0]), column: turn([0, 1, 0]) };
}

const angle = fc.double({ min: -Math.PI, max: Math.PI, noNaN: true });
const offset = fc.double({ min: -500, max: 500, noNaN: true });
const place = fc.record({ a: angle, b: angle, c: angle, x: offset, y: offset, z: offset });
type Place = { a: number; b: number; c: number; x: number; y: number; z: number };

/** Slices at the given distances along the normal, slid along row and column by a slant. */
function planes(p: Place, along: number[], slant: [number, number] = [0, 0]): SlicePlanes {
  const { row, column } = axes(p.a, p.b, p.c);
  const normal = cross(row, column);
  const positionsLps = along.map(
    (d) => [0, 1, 2].map((n) => [p.x, p.y, p.z][n] + d * (normal[n] + slant[0] * row[n] + slant[1] * column[n])) as Triple,
  );
  return { rowDirection: row, columnDirection: column, positionsLps };
}

const regular = (count: number, spacing: number) => Array.from({ length: count }, (_, n) => n * spacing);
const spacing = fc.double({ min: 0.2, max: 6, noNaN: true });
const count = fc.integer({ min: 5, max: 60 });

describe('judgeStack', () => {
  test('[7.2-dicom] a regular stack in any orientation has no fault, its true spacing and the normal as step', () => {
    fc.assert(
      fc.property(place, spacing, count, (p, mm, n) => {
        const given = planes(p, regular(n, mm));
        const stack = judgeStack(given);
        expect(stack.faults).toEqual([]);
        expect(stack.spacingMm).toBeCloseTo(mm, 9);
        expect(stack.stepDirection).toEqual(cross(given.rowDirection, given.columnDirection));
      }),
    );
  });

  test('positions rounded to a hundredth of a millimetre stay regular', () => {
    fc.assert(
      fc.property(place, fc.double({ min: 0.6, max: 5, noNaN: true }), count, (p, mm, n) => {
        const given = planes({ ...p, a: 0, b: 0, c: 0 }, regular(n, mm));
        for (const position of given.positionsLps) position[2] = Math.round(position[2] * 100) / 100;
        expect(judgeStack(given).faults).toEqual([]);
      }),
    );
  });

  test('[7.2-dicom] a slanted stack is GANTRY_TILT, and its step is the true one', () => {
    const slope = fc.double({ min: 0.05, max: 0.6, noNaN: true });
    fc.assert(
      fc.property(place, spacing, fc.integer({ min: 12, max: 60 }), slope, slope, (p, mm, n, s, t) => {
        const given = planes(p, regular(n, mm), [s, -t]);
        const stack = judgeStack(given);
        expect(stack.faults).toEqual(['GANTRY_TILT']);
        expect(stack.tiltDegrees).toBeCloseTo((Math.atan(Math.hypot(s, t)) * 180) / Math.PI, 6);
        const [first, second] = given.positionsLps as [Triple, Triple];
        for (const axis of [0, 1, 2] as const) {
          expect(stack.stepDirection[axis] * stack.stepMm).toBeCloseTo(second[axis] - first[axis], 6);
        }
      }),
    );
  });

  test('[7.2-dicom] an absent slice is MISSING_SLICES at its place, never an average', () => {
    fc.assert(
      fc.property(place, spacing, fc.integer({ min: 8, max: 60 }), fc.nat(), (p, mm, n, pick) => {
        const gone = 1 + (pick % (n - 2));
        const all = planes(p, regular(n, mm));
        const given = { ...all, positionsLps: all.positionsLps.filter((_, k) => k !== gone) };
        const stack = judgeStack(given);
        expect(stack.faults).toEqual(['MISSING_SLICES']);
        expect(stack.spacingMm).toBeCloseTo(mm, 6);
        expect(stack.missingMm).toHaveLength(1);
        expect(stack.missingMm[0] - stack.positionsMm[0]).toBeCloseTo(gone * mm, 6);
      }),
    );
  });

  test('spacing that changes on the way is VARIABLE_SPACING', () => {
    fc.assert(
      fc.property(
        place,
        fc.double({ min: 0.5, max: 3, noNaN: true }),
        fc.integer({ min: 3, max: 20 }),
        fc.integer({ min: 3, max: 20 }),
        (p, mm, n, m) => {
          const along = [...regular(n, mm), ...regular(m, mm * 1.37).map((d) => d + n * mm)];
          expect(judgeStack(planes(p, along)).faults).toEqual(['VARIABLE_SPACING']);
        },
      ),
    );
  });

  test('one slice shifted sideways is INCONSISTENT_SLICES', () => {
    const given = planes({ a: 0.2, b: 0.1, c: 0.4, x: 1, y: 2, z: 3 }, regular(12, 1));
    const shifted = given.positionsLps[5];
    for (const axis of [0, 1, 2] as const) shifted[axis] += 2 * given.rowDirection[axis];
    expect(judgeStack(given).faults).toEqual(['INCONSISTENT_SLICES']);
  });

  test('slices out of order are a mistake of the caller', () => {
    const given = planes({ a: 0, b: 0, c: 0, x: 0, y: 0, z: 0 }, [0, 2, 1]);
    expect(() => judgeStack(given)).toThrow(RangeError);
  });
});

describe('never silently wrong', () => {
  test('[7.2-dicom] whatever the slices are, a stack without fault puts every one of them where its header does', () => {
    const irregular = fc.record({
      p: place,
      mm: spacing,
      n: fc.integer({ min: 3, max: 30 }),
      slant: fc.tuple(fc.constantFrom(0, 0, 1e-5, 1e-4, 1e-3, 0.3), fc.constantFrom(0, 0, -1e-4, 0.01, -0.2)),
      jitter: fc.constantFrom(0, 0, 0.001, 0.01, 0.05, 0.4),
      sway: fc.constantFrom(0, 0, 0.001, 0.01, 0.03, 0.05),
      stretch: fc.constantFrom(1, 1, 1.001, 1.01, 1.1, 2),
      gone: fc.option(fc.nat(29)),
      seed: fc.integer(),
    });
    fc.assert(
      fc.property(irregular, ({ p, mm, n, slant, jitter, sway, stretch, gone, seed }) => {
        const noise = (k: number) => jitter * Math.sin(seed + 12.9898 * k);
        const along = regular(n, mm)
          .map((d, k) => (k > n / 2 ? d * stretch : d) + noise(k))
          .filter((_, k) => k !== gone)
          .sort((a, b) => a - b);
        fc.pre(along.length >= 2 && along.every((d, k) => k === 0 || d - along[k - 1] > 1e-6));
        const given = planes(p, along, slant);
        given.positionsLps.forEach((position, k) => {
          for (const axis of [0, 1, 2] as const)
            position[axis] +=
              sway * (Math.cos(seed + 7.7 * k) * given.rowDirection[axis] + Math.sin(seed + 3.1 * k) * given.columnDirection[axis]);
        });
        const stack = judgeStack(given);
        if (stack.faults.length > 0) return;
        given.positionsLps.forEach((position, k) => {
          const apart = position.map((value, axis) => value - (given.positionsLps[0][axis] + k * stack.stepMm * stack.stepDirection[axis]));
          expect(Math.hypot(...apart)).toBeLessThan(0.04);
        });
      }),
      { numRuns: 10_000 },
    );
  });
});

describe('orderStack', () => {
  test('finds the order of a shuffled stack and joins slices on the same plane', () => {
    fc.assert(
      fc.property(
        place,
        spacing,
        fc.shuffledSubarray(
          regular(20, 1).map((_, n) => n),
          { minLength: 20, maxLength: 20 },
        ),
        fc.nat(19),
        (p, mm, order, twice) => {
          const along = [...order, twice].map((n) => n * mm);
          const { groups, projectionsMm } = orderStack(planes(p, along));
          expect(groups).toHaveLength(20);
          expect(groups.map((group) => [...order, twice][group[0]])).toEqual(regular(20, 1));
          expect(groups.filter((group) => group.length > 1).map((group) => group.length)).toEqual([2]);
          for (let n = 1; n < 20; n++) expect(projectionsMm[n] - projectionsMm[n - 1]).toBeCloseTo(mm, 6);
        },
      ),
    );
  });

  test('a position that is not finite is a mistake of the caller', () => {
    const given = planes({ a: 0, b: 0, c: 0, x: 0, y: 0, z: 0 }, [0, Number.NaN]);
    expect(() => orderStack(given)).toThrow(RangeError);
  });
});

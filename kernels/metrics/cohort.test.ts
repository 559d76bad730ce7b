import { expect, test } from 'vitest';
import { cohortFigure, studentT95 } from './cohort.ts';

test('[11.3-procedure] t of 95 % as in the tables', () => {
  for (const [freedom, t] of [
    [1, 12.7062047],
    [2, 4.30265273],
    [4, 2.77644511],
    [9, 2.26215716],
    [29, 2.04522964],
    [59, 2.00099538],
    [1000, 1.96233907],
  ])
    expect(studentT95(freedom)).toBeCloseTo(t, 7);
  expect(() => studentT95(0)).toThrow(RangeError);
});

test('[11.3-procedure] mean, SD of the sample and interval of the ok cases; missed and undefined are counted apart', () => {
  const ok = [0.9, 0.92, 0.94, 0.88, 0.96].map((value) => ({ state: 'ok' as const, value }));
  const found = cohortFigure([
    ...ok,
    { state: 'missed', value: 0 },
    { state: 'undefined', value: null },
    { state: 'undefined', value: null },
    { state: 'ok', value: null },
  ]);
  expect(found).toMatchObject({ cases: 5, missed: 1, undefined: 2, without: 1, least: 0.88, most: 0.96 });
  expect(found.mean).toBeCloseTo(0.92, 12);
  expect(found.sd).toBeCloseTo(Math.sqrt(0.001), 12);
  const half = (2.77644511 * Math.sqrt(0.001)) / Math.sqrt(5);
  expect(found.interval95![0]).toBeCloseTo(0.92 - half, 8);
  expect(found.interval95![1]).toBeCloseTo(0.92 + half, 8);
});

test('[11.3-procedure] one case has a mean and no spread; none has nothing', () => {
  expect(cohortFigure([{ state: 'ok', value: 0.5 }])).toMatchObject({ cases: 1, mean: 0.5, sd: null, interval95: null });
  expect(cohortFigure([{ state: 'missed', value: 0 }])).toMatchObject({ cases: 0, mean: null, sd: null, interval95: null, missed: 1 });
});

import { expect, test } from 'vitest';
import { effectSettings } from '../../../../contract/effects.ts';
import { withRoundedPoints } from './drawn-points.ts';

const scissors = (loopLps: number[][], eyeLps: number[] | null = null) =>
  withRoundedPoints(effectSettings.parse({ effect: 'scissors', loopLps, normalLps: [0, 0, 1], eyeLps }));

test('[9.1-types] what is drawn is kept to a hundredth of a millimetre, near the eye of a view in perspective more finely', () => {
  const loop = [
    [-0.001, 1.23456789, 2.5],
    [10.005001, 3, 2.5],
    [4, 4.444444444, 2.5],
  ];
  expect(scissors(loop)).toMatchObject({
    loopLps: [
      [0, 1.23, 2.5],
      [10.01, 3, 2.5],
      [4, 4.44, 2.5],
    ],
  });
  const near = [
    [0.001234567, 0, 1],
    [0.002, 0, 1],
    [0.002, 0.0019999999, 1],
  ];
  expect(scissors(near, [0, 0, 0])).toMatchObject({ loopLps: [[0.00123, 0, 1], near[1], [0.002, 0.002, 1]] });
  const other = effectSettings.parse({ effect: 'contour', contoursLps: [loop] });
  expect(withRoundedPoints(other)).toMatchObject({
    contoursLps: [
      [
        [0, 1.23, 2.5],
        [10.01, 3, 2.5],
        [4, 4.44, 2.5],
      ],
    ],
  });
  const margin = effectSettings.parse({ effect: 'margin', mm: 1.23456 });
  expect(withRoundedPoints(margin)).toEqual(margin);
});

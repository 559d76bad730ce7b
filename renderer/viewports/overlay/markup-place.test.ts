import { describe, expect, test } from 'vitest';
import type { Point } from '../../stores/viewer.ts';
import { planeAxes } from '../camera/plane-axes.ts';
import { markupPlace } from './markup-place.ts';

const square = (z: number): Point[] => [
  [0, 0, z],
  [10, 0, z],
  [10, 6, z],
  [0, 6, z],
];
const polygon = (z: number) => ({ kind: 'polygon' as const, pointsLps: square(z), normalLps: [0, 0, 1] as Point });

describe('[9.1-types] where a markup is to be seen', () => {
  test('in full on its slice, fainter for two slices either side, then not at all', () => {
    const seen = (sliceMm: number) => markupPlace(polygon(20), planeAxes.axial, sliceMm, 2)?.meets ?? null;
    expect([20, 21, 18.9, 22, 25, 15.1, 25.1, 14.9].map(seen)).toEqual(['on', 'on', 'near', 'near', 'near', 'near', null, null]);
    expect(markupPlace(polygon(20), planeAxes.axial, 20, 2)).toMatchObject({ closed: true, lineLps: square(20) });
  });

  test('on a plane across it, at the points where it passes through', () => {
    const across = markupPlace(polygon(20), planeAxes.sagittal, 4, 1);
    expect(across?.meets).toBe('through');
    if (across?.meets !== 'through') return;
    expect([...across.atLps].sort((a, b) => a[1] - b[1])).toEqual([
      [4, 0, 20],
      [4, 6, 20],
    ]);
    expect(markupPlace(polygon(20), planeAxes.sagittal, 14, 1)).toBeNull();
  });

  test('a line through the volume passes each slice between its ends once, and has no way back', () => {
    const line = { kind: 'line' as const, pointsLps: [[0, 0, 0] as Point, [0, 0, 40] as Point], normalLps: null };
    expect(markupPlace(line, planeAxes.axial, 10, 2)).toMatchObject({ meets: 'through', closed: false, atLps: [[0, 0, 10]] });
    expect(markupPlace(line, planeAxes.axial, 46, 2)).toBeNull();
    expect(markupPlace(line, planeAxes.coronal, 0, 2)?.meets).toBe('on');
  });

  test('a point is on its slice alone, and what is turned is judged by the turned plane', () => {
    const point = { kind: 'point' as const, pointsLps: [[3, 4, 5] as Point], normalLps: null };
    expect(markupPlace(point, planeAxes.axial, 5.4, 1)?.meets).toBe('on');
    expect(markupPlace(point, planeAxes.axial, 9, 1)).toBeNull();
    const s = Math.SQRT1_2;
    const oblique = { rightLps: [1, 0, 0] as Point, downLps: [0, s, s] as Point, normalLps: [0, -s, s] as Point };
    expect(markupPlace(polygon(20), oblique, (20 - 3) * s, 1)?.meets).toBe('through');
    const tilted = {
      kind: 'polygon' as const,
      normalLps: oblique.normalLps,
      pointsLps: [
        [0, 0, 20],
        [9, 0, 20],
        [9, 5, 25],
      ] as Point[],
    };
    expect(markupPlace(tilted, oblique, 20 * s, 1)?.meets).toBe('on');
  });
});

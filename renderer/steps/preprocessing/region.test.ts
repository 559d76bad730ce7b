import { afterEach, expect, test } from 'vitest';
import { beginPicking, changeStep, resetChain, usePreprocessing } from '../../stores/preprocessing.ts';
import { boxOfCorners } from './region-box.ts';
import { closeOutline, setLandmark } from './use-picker.ts';
import { sketchOf } from './use-region-marks.ts';

afterEach(resetChain);
const geometry = {
  dimensions: [10, 10, 10] as [number, number, number],
  spacingMm: [1, 1, 2] as [number, number, number],
  originLps: [0, 0, 0] as [number, number, number],
  directionLps: [1, 0, 0, 0, 1, 0, 0, 0, 1] as [number, number, number, number, number, number, number, number, number],
};
const region = () => usePreprocessing.getState().draft.region;

test('[A-roi] foramina are asked for one after another, until there are four', () => {
  beginPicking({ kind: 'landmark', at: 0 });
  setLandmark(0, [1.234567, 2, 3], true);
  expect(region().landmarks[0]).toEqual([1.23, 2, 3]);
  expect(usePreprocessing.getState().picking).toEqual({ kind: 'landmark', at: 1 });
  for (const at of [1, 2, 3]) setLandmark(at, [0, 0, at], true);
  expect(usePreprocessing.getState().picking).toBeNull();
  expect(sketchOf(region(), null).points.map((p) => p.label)).toEqual([
    'Supraorbital R',
    'Supraorbital L',
    'Infraorbital R',
    'Infraorbital L',
  ]);
});

test('[A-roi] two corners on one plane keep the depth that was there, on two planes they give all of it', () => {
  const one = { lps: [8, 2, 4] as [number, number, number], plane: 'axial' as const };
  const other = { lps: [3, 7, 4] as [number, number, number], plane: 'axial' as const };
  expect(boxOfCorners(one, other, null, geometry)).toEqual([3, 2, -1, 8, 7, 19]);
  expect(boxOfCorners(one, other, [0, 0, 5, 1, 1, 9], geometry)).toEqual([3, 2, 5, 8, 7, 9]);
  expect(boxOfCorners(one, { lps: [3, 7, 16], plane: 'coronal' }, null, geometry)).toEqual([3, 2, 4, 8, 7, 16]);
});

test('[A-roi] an outline closes from three points on', () => {
  const pointsLps: [number, number, number][] = [
    [0, 0, 0],
    [5, 0, 0],
  ];
  changeStep('region', { by: 'drawing', outline: { plane: 'axial', pointsLps, closed: false } });
  closeOutline();
  expect(region().outline?.closed).toBe(false);
  changeStep('region', { outline: { plane: 'axial', pointsLps: [...pointsLps, [5, 5, 0]], closed: false } });
  closeOutline();
  expect(sketchOf(region(), null).outline).toMatchObject({ closed: true, plane: 'axial' });
});

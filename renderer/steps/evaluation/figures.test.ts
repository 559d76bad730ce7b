import { expect, test } from 'vitest';
import { definitions, type Evaluation } from '../../../contract/evaluation.ts';
import { dash, distanceRows, headFigures, overlapRows, verdictOf } from './figures.ts';

const ok: Evaluation = {
  roi: { text: 'The whole grid: 10 x 10 x 10 = 1000 voxels, 1.0 ml', file: null, voxels: 1000 },
  voxels: { tp: 90, fp: 10, tn: 880, fn: 20 },
  sensitivity: 90 / 110,
  specificity: 880 / 890,
  accuracy: 0.97,
  dsc: 180 / 210,
  iou: 0.75,
  hd95Mm: 1.25,
  assdMm: 0.3333,
  surfaceDice: 0.9,
  volumeErrorMl: -0.01,
  state: 'ok',
  surfaceDiceToleranceMm: 0.5,
  maxDistanceMm: 4.5,
  directedHd95Mm: [1.25, 0.5],
  directedMeanMm: [0.4, 0.2],
  surfaceAreasMm2: [100, 90],
  truthMl: 0.11,
  resultMl: 0.1,
  thinWallRecall: null,
  thinWall: null,
  truth: { name: 'truth.nii.gz', sha256: 'a'.repeat(64), networkWording: null },
  result: { name: 'Bone', sha256: null, networkWording: null },
  definitions: definitions(0.5),
};
const nothing = { dsc: 0, iou: 0, hd95Mm: null, assdMm: null, maxDistanceMm: null, directedHd95Mm: null, directedMeanMm: null };

test('[11.2-metrics] the table has the five figures of 11.2 in its order, each with its definition', () => {
  const rows = overlapRows(ok);
  expect(rows.map((r) => r.id)).toEqual(['sensitivity', 'specificity', 'accuracy', 'dsc', 'iou']);
  expect(rows.map((r) => r.value)).toEqual(['81.82 %', '98.88 %', '97.00 %', '85.71 %', '75.00 %']);
  expect(rows[0]?.meaning).toContain('TP / (TP + FN)');
});

test('[11.2-metrics] distances name both ways; the one figure is made of the two', () => {
  const [percentile, mean] = distanceRows(ok);
  expect(percentile).toMatchObject({ there: '1.250 mm', back: '0.500 mm', value: '1.250 mm' });
  expect(mean?.value).toBe('0.333 mm');
});

test('[11.2-metrics] the volume error has its sign; thin walls stand there only where the truth tells them', () => {
  expect(headFigures(ok).map((f) => f.name)).toEqual(['DSC', 'HD95', 'ASSD', 'Volume error']);
  expect(headFigures(ok)[3]).toMatchObject({ value: '−0.01', unit: 'ml' });
  const withThin = headFigures({ ...ok, volumeErrorMl: 12.34, thinWallRecall: 0.915, thinWall: { voxels: 2048, near: 1, nearMm: 0.5 } });
  expect(withThin[3]).toMatchObject({ value: '+12.3' });
  expect(withThin[4]).toMatchObject({ name: 'Thin walls found', value: '91.5', unit: '%' });
});

test('[11.2-metrics] missed and undefined say so in words, and have dashes for what cannot be measured', () => {
  const missed: Evaluation = { ...ok, ...nothing, state: 'missed', resultMl: 0, surfaceDice: 0 };
  expect(verdictOf(missed)).toMatchObject({ of: 'bad', title: 'Missed' });
  expect(verdictOf({ ...missed, truthMl: 0, resultMl: 1, sensitivity: null }).title).toBe('Nothing to find');
  expect(headFigures(missed)[1]).toMatchObject({ name: 'HD95', value: dash });
  const none: Evaluation = { ...missed, state: 'undefined', dsc: null, iou: null, sensitivity: null, surfaceDice: null, truthMl: 0 };
  expect(verdictOf(none)).toMatchObject({ of: 'unknown', title: 'Undefined' });
  expect(overlapRows(none).map((r) => r.value)).toEqual([dash, '98.88 %', '97.00 %', dash, dash]);
  expect(distanceRows(none).every((r) => r.value === dash)).toBe(true);
});

import type { Evaluation } from '../../../contract/evaluation.ts';
import { count, fixed, significant } from '../../design/numbers.ts';
import type { Judgement } from '../../design/Status.tsx';

/** A figure that has no denominator is a dash, never a zero. */
export const dash = '–';
export const percent = (share: number | null): string => (share === null ? dash : `${fixed(100 * share, 2)} %`);
export const millimetres = (mm: number | null): string => (mm === null ? dash : `${fixed(mm, 3)} mm`);
const signed = (value: number, decimals: number): string => `${value > 0 ? '+' : ''}${fixed(value, decimals)}`;

/** What a person has to know before reading any figure. */
export function verdictOf(e: Evaluation): { of: Judgement; title: string; text: string } {
  const pair = `${e.result.name} against ${e.truth.name}`;
  if (e.state === 'undefined')
    return { of: 'unknown', title: 'Undefined', text: `${pair}: neither has a voxel in the region, so that nothing can be said.` };
  if (e.state === 'missed')
    return e.truthMl > 0
      ? { of: 'bad', title: 'Missed', text: `${pair}: the result is empty in the region. DSC is 0; there is no distance.` }
      : {
          of: 'bad',
          title: 'Nothing to find',
          text: `${pair}: the truth is empty in the region, the result is not. DSC is 0; there is no distance.`,
        };
  return { of: 'info', title: pair, text: e.roi.text };
}

/** The figures that one looks at first. */
export function headFigures(e: Evaluation): { name: string; value: string; unit: string; note: string }[] {
  const share = (value: number | null) => (value === null ? { value: dash, unit: '' } : { value: fixed(100 * value, 1), unit: '%' });
  const mm = (value: number | null) => (value === null ? { value: dash, unit: '' } : { value: fixed(value, 2), unit: 'mm' });
  return [
    { name: 'DSC', ...share(e.dsc), note: e.iou === null ? '' : `IoU ${fixed(100 * e.iou, 1)} %` },
    { name: 'HD95', ...mm(e.hd95Mm), note: e.maxDistanceMm === null ? '' : `largest ${fixed(e.maxDistanceMm, 2)} mm` },
    {
      name: 'ASSD',
      ...mm(e.assdMm),
      note: e.surfaceDice === null ? '' : `${fixed(100 * e.surfaceDice, 1)} % within ${e.surfaceDiceToleranceMm} mm`,
    },
    {
      name: 'Volume error',
      value: signed(e.volumeErrorMl, Math.abs(e.volumeErrorMl) < 10 ? 2 : 1),
      unit: 'ml',
      note: `${significant(e.resultMl, 2)} of ${significant(e.truthMl, 2)} ml`,
    },
    ...(e.thinWall ? [{ name: 'Thin walls found', ...share(e.thinWallRecall), note: `of ${count(e.thinWall.voxels)} true voxels` }] : []),
  ];
}

export interface FigureRow {
  id: string;
  name: string;
  value: string;
  meaning: string;
}

/** The five figures of 11.2, in its order, with the definition that each one has there. */
export function overlapRows(e: Evaluation): FigureRow[] {
  const row = (id: 'sensitivity' | 'specificity' | 'accuracy' | 'dsc' | 'iou', name: string): FigureRow => ({
    id,
    name,
    value: percent(e[id]),
    meaning: e.definitions[id] ?? '',
  });
  return [
    row('sensitivity', 'Sensitivity'),
    row('specificity', 'Specificity'),
    row('accuracy', 'Accuracy'),
    row('dsc', 'DSC'),
    row('iou', 'IoU'),
  ];
}

/** Distances both ways and what is made of the two. */
export function distanceRows(e: Evaluation): { id: string; name: string; there: string; back: string; value: string; meaning: string }[] {
  const [p, q] = [e.directedHd95Mm, e.directedMeanMm];
  return [
    {
      id: 'hd95Mm',
      name: '95th percentile',
      there: millimetres(p?.[0] ?? null),
      back: millimetres(p?.[1] ?? null),
      value: millimetres(e.hd95Mm),
      meaning: 'HD95: the larger of the two, by area',
    },
    {
      id: 'assdMm',
      name: 'Mean',
      there: millimetres(q?.[0] ?? null),
      back: millimetres(q?.[1] ?? null),
      value: millimetres(e.assdMm),
      meaning: 'ASSD: over the area of both',
    },
    { id: 'maxDistanceMm', name: 'Largest', there: '', back: '', value: millimetres(e.maxDistanceMm), meaning: 'either way' },
    {
      id: 'surfaceDice',
      name: 'Surface Dice',
      there: '',
      back: '',
      value: percent(e.surfaceDice),
      meaning: `area within ${e.surfaceDiceToleranceMm} mm of the other`,
    },
  ];
}

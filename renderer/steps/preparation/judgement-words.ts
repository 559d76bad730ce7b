import type { AcquisitionCheck, Judgement } from '../../../contract/acquisition.ts';
import type { Judgement as Shape } from '../../design/Status.tsx';

/** The four judgements of 7.3 in the order in which they are counted, with the shape and the words that stand for each. */
export const judgements: { of: Judgement; shape: Shape; words: string }[] = [
  { of: 'meets', shape: 'ok', words: 'meets' },
  { of: 'warning', shape: 'warn', words: 'usable with warning' },
  { of: 'unusable', shape: 'bad', words: 'not usable' },
  { of: 'unknown', shape: 'unknown', words: 'unknown' },
];

/** Shape and words of one judgement. */
export function judgementOf(of: Judgement): { shape: Shape; words: string } {
  const found = judgements.find((j) => j.of === of);
  if (!found) throw new RangeError(`no such judgement: ${of}`);
  return found;
}

/** How many of the conditions have each judgement; those that none has are left out. */
export function countJudgements(rows: AcquisitionCheck['rows']): { of: Shape; n: number; words: string }[] {
  return judgements
    .map((j) => ({ of: j.shape, words: j.words, n: rows.filter((r) => r.judgement === j.of).length }))
    .filter((c) => c.n > 0);
}

/**
 * The findings of a check that the screen does not say elsewhere already: those of a condition stand in its row, those of the kernel, the
 * wall and the quality beside them. In the journal and in exports all of them stand.
 */
export function otherFindings(check: AcquisitionCheck): string[] {
  const said = [
    ...check.rows.map((r) => r.note),
    ...check.enhancement,
    check.thinnestWall?.text ?? '',
    ...(check.quality?.notes ?? []),
    check.sentence,
  ].filter((text) => text !== '');
  return check.findings.filter((f) => !said.some((text) => f.includes(text)));
}

/** Id of a segment that the entry `sequence` makes as its `nth` change (from 0) of `of`: an act of one change needs no second number. */
export const segmentIdOf = (sequence: number, nth = 0, of = 1): string => `segment-${sequence}${of > 1 ? `-${nth + 1}` : ''}`;

/** Where a segment's making stands in the journal: later is larger, of one act the later change. An act never makes a thousand million segments. */
export function bornAt({ id }: { id: string }): number {
  const [sequence, nth = '0'] = id.replace(/^segment-/, '').split('-');
  return Number(sequence) + Number(nth) / 1e9;
}

import type { DrawnEffect } from '../../../contract/effects.ts';
import type { Work } from './effect-apply.ts';

const notYet = (): never => {
  throw new RangeError('this tool is not there yet');
};

/** One line for each tool that is drawn by a hand (contract/edit-tools.ts). */
export const editWorks: { [E in DrawnEffect]: Work<E> } = {
  scissors: notYet,
  'flood-fill': notYet,
  'level-trace': notYet,
  contour: notYet,
  island: notYet,
};

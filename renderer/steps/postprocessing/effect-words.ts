import type { WholeEffect } from '../../../contract/effects.ts';

interface Named {
  effect: WholeEffect;
  name: string;
  words: string;
}

/** The effects as they stand in the list, with what each does. */
export const effectNames: { group: string; effects: Named[] }[] = [
  {
    group: 'Shape',
    effects: [
      { effect: 'open', name: 'Open', words: 'Takes off what is thinner than the reach: bridges, spikes. Thin walls go with them.' },
      { effect: 'close', name: 'Close', words: 'Fills gaps and clefts that are narrower than the reach.' },
      { effect: 'smooth', name: 'Smooth', words: 'Evens the outline.' },
    ],
  },
  {
    group: 'Size',
    effects: [
      { effect: 'margin', name: 'Margin', words: 'Grows by an exact distance, or shrinks where it is below 0.' },
      { effect: 'erode', name: 'Erode', words: 'Takes a layer off all round.' },
      { effect: 'dilate', name: 'Dilate', words: 'Adds a layer all round.' },
      { effect: 'hollow', name: 'Hollow', words: 'Leaves a shell.' },
    ],
  },
  {
    group: 'With other segments',
    effects: [
      { effect: 'combine', name: 'Combine', words: 'Union, intersection or difference with another segment.' },
      { effect: 'grow-from-seeds', name: 'Grow from seeds', words: 'This segment and the others are seeds that compete for the image.' },
    ],
  },
  {
    group: 'Region',
    effects: [
      { effect: 'roi', name: 'Restrict to a box', words: 'Keeps what lies in a box, or takes it out.' },
      { effect: 'invert', name: 'Invert', words: 'What is outside becomes the segment.' },
    ],
  },
  {
    group: 'Slices and islands',
    effects: [
      { effect: 'fill-between-slices', name: 'Fill between slices', words: 'Interpolates slices between those that are drawn.' },
      { effect: 'split', name: 'Split islands', words: 'Each island becomes a segment, largest first; this one stays.' },
    ],
  },
];

export const effectWords = (effect: WholeEffect): Named => {
  const found = effectNames.flatMap((group) => group.effects).find((e) => e.effect === effect);
  if (!found) throw new RangeError(`no words for ${effect}`);
  return found;
};

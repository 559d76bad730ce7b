import { expect, test } from 'vitest';
import { effectSettings } from '../../../../contract/effects.ts';
import { effectTitle } from './effect-words.ts';

test('[9.1-types] an act is called by the tool that drew it, also where two tools have one effect', () => {
  const loop = [0, 0, 0, 9, 0, 0, 9, 9, 0];
  const title = (more: object) => effectTitle(effectSettings.parse({ effect: 'contour', normalLps: [0, 0, 1], ...more }));
  expect(title({ contoursLps: loop })).toBe('Contour: add');
  expect(title({ contoursLps: loop, tool: 'livewire' })).toBe('Livewire: add');
  expect(title({ contoursLps: loop, tool: 'livewire', operation: 'erase' })).toBe('Livewire: erase');
  expect(title({ contoursLps: [loop, loop].map((one) => [one.slice(0, 3), one.slice(3, 6), one.slice(6)]) })).toBe('2 contours: add');
});

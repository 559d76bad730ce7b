import { expect, test } from 'vitest';
import { deviationColours } from './deviation-colours.ts';

test('[P-finish] blue inside, white at 0, red outside, grey where nothing is known; beyond the range the colour of its end', () => {
  const colours = deviationColours(Float32Array.of(-2, -1, -0.5, 0, 0.5, 1, 9, NaN), 1);
  expect([...colours]).toEqual(
    [
      [0, 0, 255],
      [0, 0, 255],
      [128, 128, 255],
      [255, 255, 255],
      [255, 128, 128],
      [255, 0, 0],
      [255, 0, 0],
      [128, 128, 128],
    ].flat(),
  );
  expect(() => deviationColours(Float32Array.of(1), 0)).toThrow(RangeError);
});

import { expect, test } from 'vitest';
import { preprocessSettings } from '../../contract/preprocessing.ts';
import { holds, normalizedWindow, seriesAfter } from './preprocessing-series.ts';
import { seriesLine, seriesWords } from './preprocessing-words.ts';

const settings = (chain: unknown) => preprocessSettings.parse(chain);
const head = {
  seriesInstanceUid: '1',
  description: 'Head, bone',
  modality: 'CT',
  spacingMm: [0.4, 0.4, 1] as [number, number, number],
  derivation: null,
};
const denoised = {
  ...head,
  seriesInstanceUid: '2',
  spacingMm: [0.5, 0.5, 1] as [number, number, number],
  derivation: {
    from: '1',
    settings: settings({ denoise: { method: 'median' }, interpolate: { spacingMm: 0.5 } }),
    steps: [],
  },
};
const normalized = {
  ...denoised,
  seriesInstanceUid: '3',
  derivation: { from: '2', settings: settings({ window: {}, normalize: { method: 'range' } }), steps: [] },
};
const all = [head, denoised, normalized];

test('[8.1-sequence] a series is named by what was imported and all that was done to it since', () => {
  expect(seriesLine(head, all)).toBe('Head, bone');
  expect(seriesLine(denoised, all)).toBe('Head, bone · denoised, 0.5 mm');
  expect(seriesWords(normalized, all)).toEqual({ name: 'Head, bone', made: 'denoised, 0.5 mm, window −200 to 300, 0 to 255' });
  expect(seriesLine({ ...head, description: '', modality: '' }, [])).toBe('Without description');
  const again = { ...head, seriesInstanceUid: '9' };
  expect([head, again, denoised].map((s) => seriesWords(s, [...all, again]).name)).toEqual([
    'Head, bone (1)',
    'Head, bone (2)',
    'Head, bone (1)',
  ]);
});

test('[8.1-sequence] undo of what is shown goes back to its source, redo and a new one come to the front', () => {
  const case1 = { series: [head] } as never;
  const case2 = { series: [head, denoised] } as never;
  const case3 = { series: all } as never;
  expect(seriesAfter(case2, case1, '2')).toBe('1');
  expect(seriesAfter(case3, case1, '3')).toBe('1');
  expect(seriesAfter(case1, case2, '1')).toBe('2');
  expect(seriesAfter(case2, case3, '1')).toBe('1');
  expect(seriesAfter(case2, case2, '2')).toBe('2');
  expect(seriesAfter(case2, { series: [] } as never, '2')).toBeNull();
});

test('[8.2-intensity] normalized values are first seen in their whole new range', () => {
  const series = (chain: unknown, units = 'normalized') =>
    ({
      derivation: { from: '1', settings: settings(chain), steps: [] },
      voxels: { path: '', dtype: 'float32', units, sha256: '' },
    }) as never;
  const ramp = Float32Array.from({ length: 1000 }, (_, n) => n / 100 - 5);
  expect(normalizedWindow(series({ normalize: { method: 'range', newMin: 0, newMax: 1 } }), ramp)).toEqual({ center: 0.5, width: 1 });
  const z = normalizedWindow(series({ normalize: { method: 'z-score' } }), ramp);
  expect(z?.center).toBeCloseTo(0, 1);
  expect(z?.width).toBeCloseTo(9.8, 1);
  expect(normalizedWindow(series({ denoise: { method: 'gaussian' } }, 'HU'), ramp)).toBeNull();
});

test('a place stays where the other series holds it too', () => {
  const grid = { dimensions: [4, 4, 4], spacingMm: [1, 1, 1], originLps: [0, 0, 0], directionLps: [1, 0, 0, 0, 1, 0, 0, 0, 1] } as never;
  expect(holds(grid, [3.4, 0, 0])).toBe(true);
  expect(holds(grid, [3.6, 0, 0])).toBe(false);
});

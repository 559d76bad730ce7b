import { afterEach, expect, test } from 'vitest';
import { preprocessSettings } from '../../contract/preprocessing.ts';
import {
  type ChainDraft,
  changeStep,
  enterCase,
  firstDraft,
  resetChain,
  stepOrder,
  switchStep,
  usePreprocessing,
} from './preprocessing.ts';
import { borderValue, type ChainContext, caseSpacings, stepRefusal, wishedChain, wishedSpacing } from './preprocessing-settings.ts';

afterEach(resetChain);
const one = { seriesInstanceUid: '1', spacingMm: [0.4, 0.5, 1] as [number, number, number], derivation: null };
const other = { ...one, seriesInstanceUid: '2', spacingMm: [0.7, 0.7, 3] as [number, number, number] };
const context: ChainContext = { units: 'HU', shown: '1', series: [one, other] };
const draft = (on: Partial<ChainDraft['on']>, change: Partial<ChainDraft> = {}): ChainDraft => ({
  ...firstDraft(),
  ...change,
  on: { ...firstDraft().on, ...on },
});

test('[8.1-sequence] nothing is on at first, and every step alone makes settings that the contract takes', () => {
  expect(wishedChain(firstDraft(), context)).toEqual({ settings: null, refusals: {} });
  const places = {
    region: { ...firstDraft().region, by: 'box' as const, boxLps: [0, 0, 0, 1, 1, 1] as [number, number, number, number, number, number] },
    register: { onto: '2', metric: 'correlation' as const },
  };
  for (const step of stepOrder) {
    const { settings, refusals } = wishedChain(draft({ [step]: true }, places), context);
    expect(refusals).toEqual({});
    expect(preprocessSettings.parse(settings)[step]).not.toBeNull();
    expect(stepOrder.filter((s) => settings?.[s] !== null)).toEqual([step]);
  }
});

test('[8.1-sequence] every method of denoising and normalization carries only its own settings', () => {
  for (const method of ['gaussian', 'median', 'non-local-means', 'anisotropic'] as const) {
    const wish = wishedChain(draft({ denoise: true }, { denoise: { ...firstDraft().denoise, method } }), context);
    expect(wish.settings?.denoise?.method).toBe(method);
  }
  for (const method of ['range', 'z-score', 'percentile'] as const) {
    const wish = wishedChain(draft({ normalize: true }, { normalize: { ...firstDraft().normalize, method } }), context);
    expect(wish.settings?.normalize?.method).toBe(method);
  }
});

test('a step that is not whole is left out of the preview and named', () => {
  const wish = wishedChain(draft({ region: true, denoise: true }), context);
  expect(wish.settings?.region).toBeNull();
  expect(wish.settings?.denoise).not.toBeNull();
  expect(wish.refusals.region).toBe('Pick the four foramina in the planes.');
  const reversed = wishedChain(draft({ window: true }, { window: { lowHu: 5, highHu: 5 } }), context);
  expect(reversed).toEqual({ settings: null, refusals: { window: 'The upper bound must lie above the lower one.' } });
});

test('[A-roi] foramina that are exchanged are refused before they are sent', () => {
  const region = (supra: number, infra: number) => ({
    ...firstDraft().region,
    landmarks: [
      [-30, 0, supra],
      [30, 0, supra + 1],
      [-30, 0, infra],
      [30, 0, infra + 1],
    ] as [number, number, number][],
  });
  expect(wishedChain(draft({ region: true }, { region: region(40, 0) }), context).settings?.region).toMatchObject({
    by: 'landmarks',
    supraorbitalLps: [
      [-30, 0, 40],
      [30, 0, 41],
    ],
  });
  expect(wishedChain(draft({ region: true }, { region: region(0, 40) }), context).refusals.region).toContain('lies below');
});

test('[8.3-spacing] smallest and largest are those of the imported series', () => {
  const made = { ...one, seriesInstanceUid: '3', spacingMm: [0.1, 0.1, 0.1] as [number, number, number], derivation: {} as never };
  expect(caseSpacings([one, other, made])).toEqual({ smallest: 0.4, largest: 0.7 });
  const smallest = wishedChain(
    draft({ interpolate: true }, { interpolate: { ...firstDraft().interpolate, spacing: 'smallest' } }),
    context,
  );
  expect(smallest.settings?.interpolate).not.toHaveProperty('spacingMm');
  expect(wishedSpacing(smallest.settings?.interpolate ?? null, [one, other])).toBe(0.4);
  expect(wishedSpacing(null, [one])).toBeNull();
});

test('[8.2-intensity] HU steps are off where values are not HU; registering needs a second series; both say why', () => {
  expect(stepRefusal('window', context)).toBeNull();
  expect(stepRefusal('window', { ...context, units: 'normalized' })).toContain('normalized');
  expect(stepRefusal('register', context)).toBeNull();
  expect(stepRefusal('register', { ...context, series: [one] })).toContain('one series');
  const wish = wishedChain(draft({ window: true }), { ...context, units: 'intensity' });
  expect(wish.settings).toBeNull();
  expect(wish.refusals.window).toContain('not');
});

test('[8.1-sequence] the border is air: in HU, at the bottom of a window, at the bottom of the new range', () => {
  expect(borderValue(draft({}), 'HU')).toBe(-1024);
  expect(borderValue(draft({ window: true }), 'HU')).toBe(-200);
  expect(borderValue(draft({ window: true, normalize: true }), 'HU')).toBe(0);
  expect(borderValue(draft({}), 'intensity')).toBe(0);
});

test('switching a filter on brings the preview, a region the planes; switching off forgets no setting', () => {
  changeStep('denoise', { sigmaMm: 0.7, method: 'gaussian' });
  switchStep('denoise', true);
  expect(usePreprocessing.getState().view).toBe('wipe');
  switchStep('region', true);
  expect(usePreprocessing.getState().view).toBe('planes');
  switchStep('denoise', false);
  switchStep('denoise', true);
  expect(usePreprocessing.getState()).toMatchObject({ view: 'wipe', draft: { denoise: { sigmaMm: 0.7 } } });
});

test('places of one patient never stay for another case', () => {
  enterCase('a');
  changeStep('region', { boxLps: [0, 0, 0, 1, 1, 1] });
  enterCase('a');
  expect(usePreprocessing.getState().draft.region.boxLps).not.toBeNull();
  enterCase('b');
  expect(usePreprocessing.getState().draft.region.boxLps).toBeNull();
});

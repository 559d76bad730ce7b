import type { CaseSeries } from '../../contract/case.ts';
import { type PreprocessSettings, preprocessSettings } from '../../contract/preprocessing.ts';
import { type ChainDraft, type StepName, stepOrder } from './preprocessing.ts';
import type { Point } from './viewer.ts';

export interface ChainContext {
  /** Of the series that is worked on. */
  units: string;
  shown: string | null;
  series: Pick<CaseSeries, 'seriesInstanceUid' | 'spacingMm' | 'derivation'>[];
}
export interface ChainWish {
  /** The steps that are on and whole; null: none. */
  settings: PreprocessSettings | null;
  /** Why a step that is on cannot be applied as it is set. */
  refusals: Partial<Record<StepName, string>>;
}

/** Why a step cannot be switched on for this series at all, with the way out; null: it can. */
export function stepRefusal(step: StepName, { units, shown, series }: ChainContext): string | null {
  if (step === 'window' && units !== 'HU')
    return units === 'normalized'
      ? 'An organ window is in HU; these values are normalized already.'
      : 'An organ window is in HU; the values of this series are not. Normalize between percentiles instead.';
  if (step === 'register' && series.filter((s) => s.seriesInstanceUid !== shown).length === 0)
    return 'The case holds one series. Import all series of a folder together (in Prepare, beside Import) to register one onto another.';
  return null;
}

/** The air that a border takes on: below everything in HU, the bottom of a new range after normalization. */
export function borderValue(draft: ChainDraft, units: string): number {
  const { on, normalize, window } = draft;
  if (on.normalize) return normalize.method === 'z-score' ? 0 : normalize.newMin;
  if (units !== 'HU') return 0;
  return on.window ? window.lowHu : -1024;
}

function regionWish({ region }: ChainDraft): unknown {
  const { by, landmarks, boxLps, outline, outside } = region;
  if (by === 'landmarks') {
    const missing = landmarks.filter((p) => p === null).length;
    if (missing > 0) return missing === 4 ? 'Pick the four foramina in the planes.' : `${missing} of the four foramina still to pick.`;
    const [sr, sl, ir, il] = landmarks as [Point, Point, Point, Point];
    if (Math.min(sr[2], sl[2]) <= Math.max(ir[2], il[2])) return 'A supraorbital foramen lies below an infraorbital one. Pick them again.';
    return { by, supraorbitalLps: [sr, sl], infraorbitalLps: [ir, il] };
  }
  if (by === 'box') {
    if (!boxLps) return 'Pick two corners, or take the region around the orbits.';
    if ([0, 1, 2].some((a) => !((boxLps[a + 3] as number) > (boxLps[a] as number)))) return 'The box has no size along one axis.';
    return { by, boxLps };
  }
  if (!outline || outline.pointsLps.length < 3) return 'Draw an outline of three points or more.';
  if (!outline.closed) return 'Close the outline with Enter.';
  return { by, plane: outline.plane, outlineLps: outline.pointsLps, outside };
}

/** A step's settings as the contract asks for them, or the words of what is missing. */
function wishOf(step: StepName, draft: ChainDraft, context: ChainContext): unknown {
  switch (step) {
    case 'region':
      return regionWish(draft);
    case 'denoise': {
      const { method, sigmaMm, radius, strengthHu, searchRadius, patchRadius, iterations, contrastHu, plane } = draft.denoise;
      if (method === 'gaussian') return { method, sigmaMm };
      if (method === 'median') return { method, radius, plane };
      if (method === 'non-local-means') return { method, strengthHu, searchRadius, patchRadius, plane };
      return { method, iterations, contrastHu, plane };
    }
    case 'interpolate': {
      const { spacingMm, ...rest } = draft.interpolate;
      return rest.spacing === 'given' ? { ...rest, spacingMm } : rest;
    }
    case 'register': {
      const { onto, metric } = draft.register;
      if (!context.series.some((s) => s.seriesInstanceUid === onto && onto !== context.shown))
        return 'Choose the series that stays where it is.';
      return { onto, metric };
    }
    case 'window':
      return draft.window.highHu > draft.window.lowHu ? draft.window : 'The upper bound must lie above the lower one.';
    case 'normalize': {
      const { method, min, max, low, high, newMin, newMax, round, inside } = draft.normalize;
      if (method === 'z-score') return { method, inside };
      if (newMin === newMax) return 'The new range has no width.';
      if (method === 'range')
        return max > min ? { method, min, max, newMin, newMax, round } : 'The upper bound must lie above the lower one.';
      return high > low ? { method, low, high, newMin, newMax, round } : 'The upper percentile must lie above the lower one.';
    }
    case 'pad': {
      const { by, multiple, size, value } = draft.pad;
      return { ...(by === 'multiple' ? { multiple } : { size }), value: value ?? borderValue(draft, context.units) };
    }
  }
}

/** What is asked of the service: the steps that are on, in the words of the contract; a step that is not whole is left out and named. */
export function wishedChain(draft: ChainDraft, context: ChainContext): ChainWish {
  const refusals: ChainWish['refusals'] = {};
  const chosen: Record<string, unknown> = {};
  for (const step of stepOrder) {
    if (!draft.on[step]) continue;
    const wish = stepRefusal(step, context) ?? wishOf(step, draft, context);
    if (typeof wish === 'string') refusals[step] = wish;
    else chosen[step] = wish;
  }
  if (Object.keys(chosen).length === 0) return { settings: null, refusals };
  const parsed = preprocessSettings.safeParse(chosen);
  if (parsed.success) return { settings: parsed.data, refusals };
  const [issue] = parsed.error.issues;
  const step = stepOrder.find((s) => s === issue?.path[0]) ?? 'region';
  return { settings: null, refusals: { ...refusals, [step]: issue?.message ?? 'not as the contract asks' } };
}

/** What 'smallest' and 'largest' of 8.3 come to: in-plane spacing over the imported series of the case, mm. */
export function caseSpacings(series: ChainContext['series']): { smallest: number; largest: number } {
  const inPlane = series.filter((s) => s.derivation === null).flatMap((s) => s.spacingMm.slice(0, 2));
  return { smallest: Math.min(...inPlane), largest: Math.max(...inPlane) };
}

/** The spacing that an interpolation asks for, mm. */
export function wishedSpacing(settings: PreprocessSettings['interpolate'], series: ChainContext['series']): number | null {
  if (!settings) return null;
  return settings.spacing === 'given' ? (settings.spacingMm ?? null) : caseSpacings(series)[settings.spacing];
}

import { create } from 'zustand';
import type { EffectSettings, WholeEffect } from '../../../contract/effects.ts';

type Six = [number, number, number, number, number, number];

/** What the panel holds of every effect, so that going from one to another loses nothing. */
export interface EffectDraft {
  effect: WholeEffect;
  unit: 'mm' | 'voxels';
  mm: number;
  voxels: number;
  neighbours: 6 | 18 | 26;
  marginMm: number;
  shellMm: number;
  surface: 'inside' | 'medial' | 'outside';
  filter: 'median' | 'gaussian' | 'joint';
  smoothMm: number;
  operation: 'union' | 'intersect' | 'subtract';
  /** Ids of other segments. */
  with: string[];
  /** LPS mm; null: the whole volume, until a side is set. */
  box: Six | null;
  keep: 'inside' | 'outside';
  growMm: number;
  locality: number;
  axis: 'auto' | 'i' | 'j' | 'k';
  most: number;
  minimumMm3: number;
  neckMm: number;
}

export const firstDraft: EffectDraft = {
  effect: 'open',
  unit: 'mm',
  mm: 1,
  voxels: 1,
  neighbours: 6,
  marginMm: 1,
  shellMm: 2,
  surface: 'outside',
  filter: 'median',
  smoothMm: 1,
  operation: 'union',
  with: [],
  box: null,
  keep: 'inside',
  growMm: 10,
  locality: 0,
  axis: 'auto',
  most: 8,
  minimumMm3: 0,
  neckMm: 0,
};

export const useEffectDraft = create<EffectDraft & { set: (next: Partial<EffectDraft>) => void }>()((set) => ({
  ...firstDraft,
  set: (next) => set(next),
}));

export const asksForOthers = ({ effect, filter }: Pick<EffectDraft, 'effect' | 'filter'>): boolean =>
  effect === 'combine' || effect === 'grow-from-seeds' || (effect === 'smooth' && filter === 'joint');

/** What the service is asked for. `others`: ids that may be named; `volume`: the box of the whole volume, where no side was set. */
export function effectOf(draft: EffectDraft, others: readonly string[], volume: Six): EffectSettings {
  const named = draft.with.filter((id) => others.includes(id));
  switch (draft.effect) {
    case 'erode':
    case 'dilate':
    case 'open':
    case 'close':
      return draft.unit === 'mm'
        ? { effect: draft.effect, mm: draft.mm, neighbours: 6 }
        : { effect: draft.effect, voxels: draft.voxels, neighbours: draft.neighbours };
    case 'margin':
      return { effect: 'margin', mm: draft.marginMm };
    case 'hollow':
      return { effect: 'hollow', shellMm: draft.shellMm, surface: draft.surface };
    case 'smooth':
      return { effect: 'smooth', filter: draft.filter, mm: draft.smoothMm, ...(draft.filter === 'joint' ? { with: named } : {}) };
    case 'combine':
      return { effect: 'combine', operation: draft.operation, with: named };
    case 'invert':
      return { effect: 'invert' };
    case 'roi':
      return { effect: 'roi', roiLps: draft.box ?? volume, keep: draft.keep };
    case 'grow-from-seeds':
      return { effect: 'grow-from-seeds', with: named, marginMm: draft.growMm, locality: draft.locality };
    case 'fill-between-slices':
      return { effect: 'fill-between-slices', axis: draft.axis };
    case 'split':
      return { effect: 'split', connectivity: 26, most: draft.most, minimumMm3: draft.minimumMm3, neckMm: draft.neckMm };
  }
}

/** Why an effect cannot be done as it is set; null: it can. */
export function effectRefusal(draft: EffectDraft, others: readonly string[], volume: Six): string | null {
  if (asksForOthers(draft)) {
    if (others.length === 0) return 'There is no other segment on this series. Make one in Segment.';
    if (!draft.with.some((id) => others.includes(id))) return 'Choose the other segment.';
  }
  if (draft.effect === 'margin' && draft.marginMm === 0) return 'A margin of 0 changes nothing.';
  const [x0, y0, z0, x1, y1, z1] = draft.box ?? volume;
  if (draft.effect === 'roi' && (x0 >= x1 || y0 >= y1 || z0 >= z1)) return 'The box is empty: each side goes from low to high.';
  return null;
}

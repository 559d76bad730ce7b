import { create } from 'zustand';
import type { MarkupKind } from '../../contract/markups.ts';
import type { Point } from './viewer.ts';

/** A markup that the case does not have yet: being drawn, or sent and not answered. */
export interface DrawnMarkup {
  kind: MarkupKind;
  pointsLps: Point[];
  /** Null: its points lie on several slices. */
  normalLps: Point | null;
  text: string;
}
export interface MarkupsState {
  /** What the tool draws. */
  kind: MarkupKind;
  /** Id of the one whose handles are shown, that Delete removes. */
  selected: string | null;
  /** Off: none is drawn on the planes. */
  shown: boolean;
  drawn: DrawnMarkup | null;
  pending: readonly DrawnMarkup[];
  /** One of the case as the hand holds it. */
  moved: { id: string; pointsLps: Point[] } | null;
  set: (change: Partial<Omit<MarkupsState, 'set'>>) => void;
}

/** Markups as the window draws them; those of the case itself are in its state. */
export const useMarkups = create<MarkupsState>()((set) => ({
  kind: 'line',
  selected: null,
  shown: true,
  drawn: null,
  pending: [],
  moved: null,
  set: (change) => set(change),
}));

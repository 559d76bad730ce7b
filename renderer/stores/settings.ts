import { create } from 'zustand';
import { persist } from 'zustand/middleware';

/** Preferences of the person at the screen. Never anything about a patient or a case: this is the browser's local storage. */
interface SettingsState {
  brushMm: number;
  brushShape: 'circle' | 'sphere';
  /** Tolerance of the edge brush, used last. */
  edgeHu: number;
  opacity: number;
  lastLowHu: number;
  reviewer: string;
  set: (change: Partial<Omit<SettingsState, 'set'>>) => void;
}

export const useSettings = create<SettingsState>()(
  persist(
    (set) => ({ brushMm: 4, brushShape: 'sphere', edgeHu: 150, opacity: 0.3, lastLowHu: 200, reviewer: '', set: (change) => set(change) }),
    {
      name: 'lamina.preferences',
      version: 1,
      // The reviewer's name is typed again at every session: a signature is an act, not a preference.
      partialize: ({ brushMm, brushShape, edgeHu, opacity, lastLowHu }) => ({ brushMm, brushShape, edgeHu, opacity, lastLowHu }),
    },
  ),
);

import { create } from 'zustand';
import { persist } from 'zustand/middleware';

interface KeyChoicesState {
  /** Keys by command, where a person has chosen other ones; [] is none. */
  choices: Record<string, string[]>;
  set: (change: { choices: Record<string, string[]> }) => void;
}

/** The keys of the person at the screen: a preference, kept in the browser's local storage. */
export const useKeyChoices = create<KeyChoicesState>()(
  persist((set) => ({ choices: {}, set: (change) => set(change) }), {
    name: 'lamina.keys',
    version: 1,
    partialize: ({ choices }) => ({ choices }),
  }),
);

import { create } from 'zustand';

/** Which half of Clean is open: islands and holes, or one effect on the whole mask. */
export const useCleanPart = create<{ part: 'islands' | 'effect'; set: (part: 'islands' | 'effect') => void }>()((set) => ({
  part: 'islands',
  set: (part) => set({ part }),
}));

import { create } from 'zustand';
import type { RecentCase } from '../../contract/case.ts';
import type { About } from '../../contract/routes.ts';
import { api } from '../api/client.ts';

interface AboutState {
  about: About | null;
  recent: RecentCase[] | null;
  load: () => Promise<void>;
  loadRecent: () => Promise<void>;
}

/** What the service says of itself and which cases it opened last. */
export const useAbout = create<AboutState>()((set) => ({
  about: null,
  recent: null,
  load: async () => set({ about: await api.about() }),
  loadRecent: async () => set({ recent: await api.recent() }),
}));

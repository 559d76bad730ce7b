import { create } from 'zustand';

/** Which help text is open, by the name of its file; null: none. */
export const useHelp = create<{ page: string | null }>()(() => ({ page: null }));

export const openHelp = (page = 'getting-started'): void => useHelp.setState({ page });
export const closeHelp = (): void => useHelp.setState({ page: null });

import { create } from 'zustand';

interface Readout {
  /** Values under the pointer. */
  at: { before: number | null; after: number | null; afterUnits: string } | null;
  units: string;
  /** End of the map of the difference; null: it is not shown. */
  changeScale: number | null;
}

/** Numbers that the preview's bar shows, apart from the pictures: a moving pointer draws no picture anew. */
export const useReadout = create<Readout>()(() => ({ at: null, units: 'HU', changeScale: null }));

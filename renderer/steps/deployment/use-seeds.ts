import { useEffect } from 'react';
import { takeTool } from '../../stores/tools.ts';
import { type Point, useViewer } from '../../stores/viewer.ts';

/** To a hundredth of a mm: what is journalled is what is read. */
const tidy = (lps: Point): Point => lps.map((v) => Math.round(v * 100) / 100) as Point;

/** Clicks in the planes from now on set places. */
export const beginSeeds = (): void => useViewer.getState().set({ tool: 'point', preview: null });

/** While it is on: a click in a plane adds a seed, a right click takes the last one back, and all of them are drawn on the planes. */
export function useSeeds(on: boolean, seeds: readonly Point[], change: (by: (old: Point[]) => Point[]) => void): void {
  useEffect(() => {
    if (!on) return;
    const { set } = useViewer.getState();
    set({
      picker: {
        pick: (lps) => change((old) => [...old, tidy(lps)].slice(-1000)),
        takeBack: () => change((old) => old.slice(0, -1)),
      },
    });
    beginSeeds();
    return () => {
      set({ picker: null, sketch: null });
      if (useViewer.getState().tool === 'point') takeTool('navigate');
    };
  }, [on, change]);
  useEffect(() => {
    if (!on) return;
    const points = seeds.map((lps, n) => ({ lps, label: String(n + 1) }));
    useViewer.getState().set({ sketch: points.length > 0 ? { points, outline: null } : null });
  }, [on, seeds]);
}

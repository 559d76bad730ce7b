import { useEffect } from 'react';
import type { Segment } from '../../../contract/case.ts';
import { cubeAround, regionOf } from '../../stores/network-region.ts';
import { useViewer } from '../../stores/viewer.ts';

/** Outlines on the planes the box that a run would take (`sizeMm`, round the crosshair), else the one that the selected segment's run took. */
export function useRegion(sizeMm: number | null, active: Segment | null): void {
  const crosshair = useViewer((s) => s.crosshairLps);
  const volume = useViewer((s) => s.volume);
  const network = active?.network ?? null;
  const moving = sizeMm === null ? null : crosshair;
  useEffect(() => {
    const { set } = useViewer.getState();
    if (sizeMm !== null && moving) set({ regionLps: cubeAround(moving, sizeMm) });
    else if (volume && network && network.roi !== 'whole') set({ regionLps: regionOf(volume.geometry, network.box).boundsLps });
    else set({ regionLps: null });
  }, [sizeMm, moving, volume, network]);
  useEffect(() => () => useViewer.getState().set({ regionLps: null }), []);
}

import { useEffect } from 'react';
import { extentLps } from '../../../kernels/volume/extent.ts';
import { type ChainDraft, landmarkNames, type Picking, usePreprocessing } from '../../stores/preprocessing.ts';
import { regionBox } from '../../stores/preprocessing-grid.ts';
import { type LoadedVolume, type Sketch, useViewer } from '../../stores/viewer.ts';
import type { Chain } from './use-chain.ts';

/** The places of a region as they are drawn over the planes. */
export function sketchOf({ by, landmarks, outline }: ChainDraft['region'], picking: Picking | null): Sketch {
  if (by === 'landmarks')
    return {
      points: landmarks.flatMap((lps, n) => (lps ? [{ lps, label: landmarkNames[n] as string }] : [])),
      outline: null,
    };
  if (by === 'drawing') return { points: [], outline };
  return { points: picking?.kind === 'corner' && picking.first ? [{ lps: picking.first.lps, label: 'corner' }] : [], outline: null };
}

/** Where a box would be drawn that reaches beyond the volume: cut off at its outer faces, so that its lines stay in the picture. */
function within(box: readonly number[], volume: LoadedVolume): number[] {
  const extent = extentLps(volume.geometry);
  return box.map((v, n) => (n < 3 ? Math.max(v, extent[n] as number) : Math.min(v, extent[n] as number)));
}

/** Draws the region over the planes while it is on: its places, and the box that is kept. */
export function useRegionMarks(chain: Chain): void {
  const on = usePreprocessing((s) => s.draft.on.region);
  const region = usePreprocessing((s) => s.draft.region);
  const picking = usePreprocessing((s) => s.picking);
  const volume = useViewer((s) => s.volume);
  const wished = chain.settings?.region ?? null;
  useEffect(() => {
    const { set } = useViewer.getState();
    if (!on || !volume) {
      set({ sketch: null, regionLps: null });
      return;
    }
    let box: number[] | null = null;
    if (wished && wished.by !== 'drawing') {
      try {
        box = within(regionBox(wished, volume.geometry), volume);
      } catch (cause) {
        if (!(cause instanceof RangeError)) throw cause;
      }
    }
    set({ sketch: sketchOf(region, picking), regionLps: box });
  }, [on, region, picking, volume, wished]);
}

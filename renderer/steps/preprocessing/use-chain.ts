import { useMemo } from 'react';
import type { CaseSeries } from '../../../contract/case.ts';
import type { VolumeGeometry } from '../../../kernels/volume/geometry.ts';
import { useCase } from '../../stores/case.ts';
import { usePreprocessing } from '../../stores/preprocessing.ts';
import { chainGrid } from '../../stores/preprocessing-grid.ts';
import { type ChainContext, type ChainWish, wishedChain, wishedSpacing } from '../../stores/preprocessing-settings.ts';

const geometryOf = ({ dimensions, spacingMm, originLps, directionLps }: CaseSeries): VolumeGeometry => ({
  dimensions,
  spacingMm,
  originLps,
  directionLps,
});

export interface Chain extends ChainWish {
  context: ChainContext;
  /** The series on screen: what the chain is applied to. */
  series: CaseSeries | null;
  /** The grid that would come out, or why there is none. */
  result: { grid: VolumeGeometry } | { why: string } | null;
}

/** What is set in the panel, as it would be asked of the service, and what it would come to. */
export function useChain(): Chain {
  const state = useCase((s) => s.state);
  const shown = useCase((s) => s.series);
  const draft = usePreprocessing((s) => s.draft);
  return useMemo(() => {
    const all = state?.series ?? [];
    const series = all.find((s) => s.seriesInstanceUid === shown) ?? null;
    const context: ChainContext = { units: series?.voxels.units ?? 'HU', shown, series: all };
    const wish = wishedChain(draft, context);
    const spacingMm = wishedSpacing(wish.settings?.interpolate ?? null, all);
    const onto = all.find((s) => s.seriesInstanceUid === wish.settings?.register?.onto);
    let result: Chain['result'] = null;
    if (series && wish.settings) {
      try {
        result = { grid: chainGrid(geometryOf(series), wish.settings, spacingMm, onto ? geometryOf(onto) : null) };
      } catch (cause) {
        if (!(cause instanceof RangeError)) throw cause;
        result = { why: cause.message };
      }
    }
    return { ...wish, context, series, result };
  }, [state, shown, draft]);
}

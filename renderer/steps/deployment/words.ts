import type { CaseSeries } from '../../../contract/case.ts';
import type { NetworkRun } from '../../../contract/model.ts';

/** What the weight of Method C's overlap means. */
export function corticalWords(weight: number): string {
  if (weight === 0.5) return "0.5: union of both networks in the overlap (the standard's)";
  if (weight === 1) return '1: the cortical network alone in the overlap';
  if (weight === 0) return '0: the thin-bone network alone in the overlap';
  return weight > 0.5 ? 'The thin-bone network counts less in the overlap' : 'The cortical network counts less in the overlap';
}

/** Where a run worked, in words. */
const roiWords: Record<NetworkRun['roi'], string> = {
  found: 'orbits, found by itself',
  given: 'box as given',
  whole: 'whole volume, smaller than the region',
};

/** The whole volume is taken for two reasons; the run's own warnings tell which. */
export function regionWords(run: Pick<NetworkRun, 'roi' | 'warnings'>): string {
  return run.roi === 'whole' && run.warnings.some((w) => w.code === 'NOT_FOUND') ? 'whole volume, no orbits found' : roiWords[run.roi];
}

/** Why no network can run on a series; null: they can. */
export function networkRefusal(series: Pick<CaseSeries, 'modality' | 'voxels'> | undefined): string | null {
  if (!series) return 'No series is shown.';
  if (series.modality !== 'CT')
    return `The networks were trained on CT; this series is ${series.modality || 'of an unknown kind'}. Use a threshold and the brush.`;
  if (series.voxels.units === 'normalized')
    return 'The values of this series are normalized, and the networks need HU. Choose the series that it was made of at the top.';
  if (series.voxels.units !== 'HU')
    return 'The values of this series are not known to be HU, which the networks need. Use a threshold, or import a calibrated series.';
  return null;
}

const providerNames: Record<string, string> = { cpu: 'CPU', cuda: 'CUDA', dml: 'DirectML', coreml: 'CoreML', webgpu: 'WebGPU' };
/** Execution providers as people know them. */
export const providerWords = (provider: string): string =>
  provider
    .split(', ')
    .map((one) => providerNames[one] ?? one)
    .join(', ');

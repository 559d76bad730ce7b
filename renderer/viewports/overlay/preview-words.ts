import type { HuSettings } from '../../../contract/segmentation.ts';
import type { NetworkPreview } from '../../stores/viewer.ts';

const hu = (value: number) => String(Math.round(value)).replace('-', '−');

/** What a preview shows, as it stands on the views, one fact a line. A hysteresis preview does not grow, and says so. */
export function previewWords(preview: HuSettings, units = 'HU'): string {
  const unit = units === 'HU' ? ' HU' : '';
  const range = (lowHu: number) => (preview.highHu === null ? `≥ ${hu(lowHu)}${unit}` : `${hu(lowHu)} to ${hu(preview.highHu)}${unit}`);
  if (preview.method === 'threshold') return `Preview ${range(preview.lowHu)}`;
  return `Preview seeds ${range(Math.max(preview.seedHu, preview.lowHu))}\npale: may grow into ${range(preview.lowHu)}`;
}

/** A moved probability, not yet applied. */
export const probabilityWords = ({ probability }: NetworkPreview): string => `Preview p ≥ ${probability.toFixed(2)}\nnot applied yet`;

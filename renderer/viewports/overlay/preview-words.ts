import type { HuSettings } from '../../../contract/segmentation.ts';
import type { NetworkPreview } from '../../stores/viewer.ts';

const hu = (value: number) => String(Math.round(value)).replace('-', '−');
/** Values without a unit may be small: three figures. */
const plain = (value: number) => String(Number(value.toPrecision(3))).replace('-', '−');

/** What a preview shows, as it stands on the views, one fact a line. A hysteresis preview does not grow, and says so. */
export function previewWords(preview: HuSettings, units = 'HU'): string {
  const unit = units === 'HU' ? ' HU' : '';
  const say = units === 'HU' ? hu : plain;
  const range = (lowHu: number) => (preview.highHu === null ? `≥ ${say(lowHu)}${unit}` : `${say(lowHu)} to ${say(preview.highHu)}${unit}`);
  if (preview.method === 'threshold') return `Preview ${range(preview.lowHu)}`;
  return `Preview seeds ${range(Math.max(preview.seedHu, preview.lowHu))}\npale: may grow into ${range(preview.lowHu)}`;
}

/** A moved probability, not yet applied. */
export const probabilityWords = ({ probability }: NetworkPreview): string => `Preview p ≥ ${probability.toFixed(2)}\nnot applied yet`;

/** A clean or an effect, not yet applied. */
export const maskPreviewWords = 'Preview, not applied yet\nstruck: goes · dashed: as it would be';

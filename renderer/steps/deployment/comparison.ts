import type { Segment } from '../../../contract/case.ts';
import { isNetwork } from '../../../contract/segmentation.ts';
import type { SegmentWish } from '../../api/client.ts';
import { methodNames, methodOf } from '../../segments/method-names.ts';

interface Compared {
  short: string;
  name: string;
  settings: SegmentWish;
  made: (segment: Segment) => boolean;
}

const byNetwork = (method: 'unet' | 'multi-unet' | 'default') => (segment: Segment) => segment.network?.settings.method === method;

/** The methods that D.4 compares, and ours, each with the settings of the comparison. */
const compared: readonly Compared[] = [
  {
    short: 'A',
    name: 'A: 300 HU',
    settings: { method: 'threshold', lowHu: 300 },
    made: (segment) => {
      const of = methodOf(segment);
      return of?.method === 'threshold' && of.lowHu === 300 && of.highHu === null;
    },
  },
  { short: 'B', name: 'B: U-Net', settings: { method: 'unet' }, made: byNetwork('unet') },
  { short: 'C', name: 'C: two U-Nets', settings: { method: 'multi-unet' }, made: byNetwork('multi-unet') },
  { short: 'ours', name: 'Orbit', settings: { method: 'default' }, made: byNetwork('default') },
];

/** Those that no segment of the series was made by yet. */
export const missingOf = (segments: readonly Segment[]): Compared[] => compared.filter((c) => !segments.some(c.made));

/** 'A, B and ours'. */
export function listed(words: readonly string[]): string {
  return words.length < 2 ? (words[0] ?? '') : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`;
}

/** What made a segment, short enough for the foot of a small picture. */
export function techniqueWords(segment: Segment): string {
  const of = methodOf(segment);
  if (!of) return 'imported';
  if (of.method === 'threshold') return of.highHu === null ? `≥ ${of.lowHu} HU` : `${of.lowHu} to ${of.highHu} HU`;
  if (of.method === 'hysteresis') return `≥ ${of.seedHu}, grown ≥ ${of.lowHu} HU`;
  if (!isNetwork(of)) return methodNames[of.method].name;
  return `${methodNames[of.method].name}, p ≥ ${of.probability.toFixed(2)}`;
}

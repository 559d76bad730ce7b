import type { Segment } from '../../contract/case.ts';
import type { SegmentSettings } from '../../contract/segmentation.ts';

/** Techniques as the window names them; the letters are those of ISO/IEC 3532-2 D.4, 'ours' is no method of the standard. */
export const methodNames: Record<SegmentSettings['method'], { name: string; letter: string; words: string; standard: boolean }> = {
  manual: { name: 'By hand', letter: '9.1', words: 'begins empty, drawn with the tools of Correct', standard: true },
  threshold: { name: 'Threshold', letter: 'A', words: 'one range, preview at once', standard: true },
  hysteresis: { name: 'Hysteresis', letter: 'A', words: 'seeds above a high value, grown above a low one', standard: true },
  'region-growing': { name: 'Region growing', letter: 'ours', words: 'from a seed, by the statistics of what it reaches', standard: false },
  cavity: { name: 'Orbit cavity', letter: 'Annex B', words: 'between bone and air, front closed; volume of both sides', standard: true },
  unet: { name: 'U-Net', letter: 'B', words: "the standard's Method B: one network", standard: true },
  'multi-unet': { name: 'Two U-Nets', letter: 'C', words: "the standard's Method C: cortical and thin bone, joined", standard: true },
  default: { name: 'Orbit network', letter: 'ours', words: 'several slices, bone fraction; what Segment orbit runs', standard: false },
};

/** What made a segment's present mask: the newest of its techniques that has a method; null for one that was imported. */
export function methodOf(segment: Segment): SegmentSettings | null {
  if (segment.network) return segment.network.settings;
  const made = segment.technique.findLast((t) => typeof t.parameters.method === 'string' && t.parameters.method in methodNames);
  return made ? (made.parameters as SegmentSettings) : null;
}

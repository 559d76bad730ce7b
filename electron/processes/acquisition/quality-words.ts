import type { AcquisitionCheck, Judgement, ScanQuality } from '../../../contract/acquisition.ts';

/** Air is -1000 HU by definition, fat about -100. Outside of these the scale is doubtful; soft tissue says less, since contrast medium lifts it. */
const plausible = { air: [-1050, -950], fat: [-140, -60] } as const;
/** Twice this, added to the bone preset of 200 HU, is thin bone itself. */
const noisyHu = 50;

/** What the measured quality says against segmenting this scan; empty where nothing does. */
export function qualityHints(quality: ScanQuality): string[] {
  const out: string[] = [];
  const off = (name: string, value: number | null, [low, high]: readonly [number, number]) => {
    if (value !== null && (value < low || value > high))
      out.push(`${name} reads ${Math.round(value)} HU, where ${low} to ${high} is plausible: thresholds in HU may be off.`);
  };
  off('Air', quality.airHu, plausible.air);
  off('Fat', quality.fatHu, plausible.fat);
  const noise = quality.noiseSoftHu;
  if (noise !== null && noise > noisyHu)
    out.push(`Noise of ${Math.round(noise)} HU in soft tissue hides thin bone; denoise before a threshold.`);
  if (quality.metal.hint) out.push('Metal with streaks around it: bone beside it cannot be trusted.');
  if (quality.motion.hint) {
    const shown = quality.motion.slices.slice(0, 6).map((k) => k + 1);
    const more = quality.motion.slices.length > shown.length ? ' …' : '';
    out.push(
      `${quality.motion.slices.length === 1 ? 'Slice' : 'Slices'} ${shown.join(', ')}${more} ${quality.motion.slices.length === 1 ? 'differs' : 'differ'} from both neighbours: motion or a fault.`,
    );
  }
  return out;
}

/** Meets where the scale of HU was measured and nothing speaks against it; unknown where it could not be measured. */
export function judgeQuality(quality: ScanQuality | null): Judgement {
  if (!quality) return 'unknown';
  if (qualityHints(quality).length > 0) return 'warning';
  return quality.airHu === null && quality.softHu === null ? 'unknown' : 'meets';
}

/** Wall limits of one direction for a row's note; '' where none can be reckoned. */
export function wallNote(
  trust: { acrossMm: number; alongMm: number } | null,
  parameter: AcquisitionCheck['rows'][number]['parameter'],
): string {
  if (!trust) return '';
  if (parameter === 'sliceThickness' || parameter === 'sliceSpacing' || parameter === 'scanSliceThickness')
    return `Walls that lie along the slices are trusted from ${trust.alongMm.toFixed(1)} mm.`;
  if (parameter === 'matrix' || parameter === 'fieldOfView' || parameter === 'kernel')
    return `Walls across the slices are trusted from ${trust.acrossMm.toFixed(1)} mm.`;
  return '';
}

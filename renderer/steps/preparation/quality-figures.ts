import type { ScanQuality } from '../../../contract/acquisition.ts';
import { fixed, hu, significant } from '../../design/numbers.ts';

export interface QualityFigure {
  name: string;
  /** '–' where it could not be measured; `quality.notes` says why. */
  value: string;
  unit: string;
}

const dash = '–';
/** Widths as people say them: 0.94, 1.4. */
export const millimetres = (mm: number): string => significant(mm, mm < 1 ? 2 : 1);
const number = (value: number | null, print: (v: number) => string) => (value === null ? dash : print(value));

/** A share as a percentage that is never rounded down to nothing. */
function percent(share: number): string {
  if (share === 0) return 'none';
  return share < 0.0001 ? 'below 0.01' : significant(share * 100, 2);
}

/** The measured quality of a scan (7.3) as figures with units, in the order in which they are read. */
export function qualityFigures(q: ScanQuality, units: 'HU' | 'intensity'): QualityFigure[] {
  const unit = units === 'HU' ? 'HU' : '';
  const edge = (v: number | null) => number(v, millimetres);
  const slices = q.motion.slices.length;
  return [
    { name: 'Noise in air', value: number(q.noiseAirHu, (v) => significant(v, 1)), unit: q.noiseAirHu === null ? '' : unit },
    { name: 'Noise in soft tissue', value: number(q.noiseSoftHu, (v) => significant(v, 1)), unit: q.noiseSoftHu === null ? '' : unit },
    { name: 'Edge width, in the slice', value: edge(q.edgeWidthMm), unit: q.edgeWidthMm === null ? '' : 'mm' },
    { name: 'Edge width, along', value: edge(q.edgeWidthAlongMm), unit: q.edgeWidthAlongMm === null ? '' : 'mm' },
    {
      name: 'Metal',
      value: percent(q.metal.share),
      unit: [q.metal.share > 0 ? '% of voxels' : '', q.metal.hint ? 'streaks seen' : ''].filter(Boolean).join(', '),
    },
    {
      name: 'Motion',
      value: q.motion.hint ? `${slices} ${slices === 1 ? 'slice' : 'slices'}` : 'none seen',
      unit: '',
    },
  ];
}

/** Slices that moved, in words: the first few, counted from 1 as on screen. */
export function motionWords(slices: readonly number[]): string {
  const shown = slices.slice(0, 8).map((s) => fixed(s + 1, 0));
  return `${slices.length === 1 ? 'Slice' : 'Slices'} ${shown.join(', ')}${slices.length > shown.length ? ` and ${slices.length - shown.length} more` : ''} may have moved.`;
}

/** A place on the axis of values that is named below it. */
export interface ValueMark {
  value: number;
  words: string;
  /** Which side of its place the words stand on, so that neighbours never meet. */
  side: 'start' | 'end';
}

/** What is named below the histogram: the most frequent values of air, fat and soft tissue as measured, and where bone begins. */
export function valueMarks(q: ScanQuality): ValueMark[] {
  const marks: ValueMark[] = [];
  if (q.airHu !== null) marks.push({ value: q.airHu, words: `air ${hu(q.airHu)}`, side: 'start' });
  if (q.fatHu !== null) marks.push({ value: q.fatHu, words: `fat ${hu(q.fatHu)}`, side: 'end' });
  if (q.softHu !== null) marks.push({ value: q.softHu, words: `soft tissue ${hu(q.softHu)}`, side: 'start' });
  return marks;
}

/** Bone as every default of the product takes it. */
export const boneFromHu = 200;

/**
 * The histogram as an SVG path in a box of 1000 x 100. Heights are square roots: air and soft tissue hold nearly all voxels, and bone
 * would not be seen beside them. The tallest bin but one sets the scale where one bin towers over all.
 */
export function histogramPath(counts: readonly number[]): string {
  if (counts.length < 2) return '';
  const roots = counts.map((c) => Math.sqrt(Math.max(0, c)));
  const sorted = [...roots].sort((a, b) => b - a);
  const top = sorted[Math.min(2, sorted.length - 1)] || sorted[0] || 1;
  const points = roots.map((r, n) => {
    const x = ((n + 0.5) / roots.length) * 1000;
    return `L${x.toFixed(1)} ${(100 - Math.min(1, r / top) * 96).toFixed(1)}`;
  });
  return `M0 100${points.join('')}L1000 100Z`;
}

/** Part of the histogram that holds what is read: from below air to where the counts have died away. */
export function shownRange(histogram: ScanQuality['histogram']): { from: number; to: number; counts: number[] } {
  const { low, high, counts } = histogram;
  const total = counts.reduce((a, b) => a + b, 0);
  const width = (high - low) / counts.length;
  // The last two in a hundred thousand voxels may lie far out: one hot voxel must not press everything else together.
  const rest = total * 2e-5;
  let [first, last, below, above] = [0, counts.length, 0, 0];
  while (first < last - 1 && below + (counts[first] as number) <= rest) below += counts[first++] as number;
  while (last > first + 1 && above + (counts[last - 1] as number) <= rest) above += counts[--last] as number;
  return { from: low + first * width, to: low + last * width, counts: counts.slice(first, last) };
}

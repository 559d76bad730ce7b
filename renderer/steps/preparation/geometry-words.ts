import type { ReasonCode } from '../../../contract/errors.ts';
import type { SeriesEntry, SeriesSummary } from '../../../contract/volume.ts';
import { fixed, spacing } from '../../design/numbers.ts';
import type { Judgement } from '../../design/Status.tsx';

const checked: { codes: ReasonCode[]; good: string; found: string }[] = [
  { codes: ['GANTRY_TILT', 'GANTRY_TILT_TAG_IGNORED'], good: 'No tilt', found: 'The slices are tilted' },
  { codes: ['MISSING_SLICES', 'VARIABLE_SPACING'], good: 'No gap', found: 'The gaps are not equal' },
  { codes: ['DUPLICATE_SLICES', 'AMBIGUOUS_DUPLICATE_POSITIONS'], good: 'No duplicate', found: 'Slices at one position' },
  { codes: ['FRAME_OF_REFERENCE_MISMATCH'], good: 'One frame of reference', found: 'Several frames of reference' },
];

/**
 * What the reading of the slice positions says before the import, most serious first; what speaks for the series is one line. Only what
 * was looked at is said: a series without known positions, or that is no volume, gets one line that says so.
 * @param oneGrid the file holds a volume with one matrix, not slices with a position each (NIfTI-1, NRRD, MetaImage)
 */
export function geometryChecks(s: SeriesSummary, oneGrid = false): { of: Judgement; text: string }[] {
  if (s.kind !== 'volume') return [{ of: 'unknown', text: 'Not a volume: no slice positions to compare' }];
  const has = (list: SeriesSummary['reasons'], codes: ReasonCode[]) => list.find((c) => codes.includes(c.code));
  const lines = checked.map((c) => {
    const reason = has(s.reasons, c.codes);
    const warning = has(s.warnings, c.codes);
    const tag = warning?.code === 'GANTRY_TILT_TAG_IGNORED';
    return reason
      ? { of: 'bad' as const, text: c.found }
      : warning
        ? { of: 'warn' as const, text: tag ? 'The tilt tag disagrees; positions decide' : c.found }
        : { of: 'ok' as const, text: c.good };
  });
  const against = lines.filter((l) => l.of !== 'ok').sort((a, b) => Number(b.of === 'bad') - Number(a.of === 'bad'));
  if (oneGrid) return [...against, { of: 'unknown', text: 'One grid as the file states it: tilt and gaps of the scan cannot be told' }];
  if (s.spacingMm === null) return [...against, { of: 'unknown', text: 'The spacing of the slices is not known' }];
  const good = lines.filter((l) => l.of === 'ok').map((l, n) => (n === 0 ? l.text : `${l.text.charAt(0).toLowerCase()}${l.text.slice(1)}`));
  return good.length > 0 ? [...against, { of: 'ok', text: good.join(', ') }] : against;
}

/** Whether what was opened is a file of one volume with one matrix, by its name. */
export const isVolumeFile = (paths: readonly string[]): boolean =>
  paths.length > 0 && paths.every((p) => /\.(nii|nii\.gz|hdr|img|nrrd|nhdr|mha|mhd)$/i.test(p));

/** Distances between neighbouring slices, in mm. */
export function gapsMm(positions: readonly number[]): { least: number; most: number } | null {
  let least = Number.POSITIVE_INFINITY;
  let most = Number.NEGATIVE_INFINITY;
  for (let n = 1; n < positions.length; n++) {
    const gap = Math.abs((positions[n] as number) - (positions[n - 1] as number));
    least = Math.min(least, gap);
    most = Math.max(most, gap);
  }
  return positions.length > 1 ? { least, most } : null;
}

/** A direction in patient words where it lies along an axis: 'left', 'posterior', 'superior'; else its three numbers. */
export function directionWords(d: readonly number[]): string {
  const names = [
    ['left', 'right'],
    ['posterior', 'anterior'],
    ['superior', 'inferior'],
  ] as const;
  for (const [n, [plus, minus]] of names.entries()) {
    if ((d[n] ?? 0) > 0.9999) return `to ${plus}`;
    if ((d[n] ?? 0) < -0.9999) return `to ${minus}`;
  }
  return d.map((v) => fixed(v, 4)).join(', ');
}

/** The rows of the geometry table: what the import decided, in patient coordinates. */
export function geometryRows(s: SeriesEntry): { name: string; found: string; note: string }[] {
  const gaps = gapsMm(s.slicePositionsMm);
  const d = s.directionLps;
  const extent = s.dimensions.map((n, axis) => fixed(n * (s.spacingMm[axis] ?? 0), 1)).join(' × ');
  return [
    { name: 'Matrix', found: s.dimensions.join(' × '), note: 'columns × rows × slices' },
    { name: 'Spacing', found: `${s.spacingMm.map(spacing).join(' × ')} mm`, note: `field ${extent} mm` },
    {
      name: 'Slice gaps',
      found: gaps
        ? gaps.most - gaps.least < 0.001
          ? `every gap ${fixed(gaps.most, 3)} mm`
          : `${fixed(gaps.least, 3)} to ${fixed(gaps.most, 3)} mm`
        : 'one slice',
      note: s.resampled ? 'resampled to even gaps' : 'from the slice positions, as scanned',
    },
    { name: 'First voxel, LPS', found: `${s.originLps.map((v) => fixed(v, 2)).join(', ')} mm`, note: 'its centre' },
    { name: 'Columns run', found: directionWords(d.slice(0, 3)), note: 'i' },
    { name: 'Rows run', found: directionWords(d.slice(3, 6)), note: 'j' },
    { name: 'Slices run', found: directionWords(d.slice(6, 9)), note: 'k' },
    {
      name: 'Values',
      found: s.voxels.units === 'HU' ? 'HU' : s.voxels.units,
      note: s.voxels.dtype === 'int16' ? 'whole numbers' : '32-bit floating point',
    },
  ];
}

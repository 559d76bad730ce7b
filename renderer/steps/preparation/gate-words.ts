import type { AcquisitionCheck } from '../../../contract/acquisition.ts';
import type { Coded } from '../../../contract/errors.ts';
import { type AllowCode, allowCode, type SeriesSummary } from '../../../contract/volume.ts';
import { dicomDate, spacing } from '../../design/numbers.ts';
import type { Judgement as Shape } from '../../design/Status.tsx';
import { judgementOf } from './judgement-words.ts';

export const kindWords = { volume: 'volume', localizer: 'localizer', single: 'single image', other: 'no image' };

/** What the consent button of a code says; the code itself is what the import is given. */
const consents: Record<AllowCode, string> = {
  GANTRY_TILT: 'Straighten and import',
  VARIABLE_SPACING: 'Resample and import',
  MISSING_SLICES: 'Fill and import',
};

/** What the import can do with a series: nothing, all of it, or what it is allowed to. */
export type Gate =
  | { state: 'no volume' }
  | { state: 'refused'; hopeless: Coded[] }
  | { state: 'asks'; allow: AllowCode[] }
  | { state: 'open' };

/** Whether a series can be imported as it is, with consent, or not at all. */
export function gateOf(s: SeriesSummary): Gate {
  if (s.kind !== 'volume') return { state: 'no volume' };
  const allow = allowCode.options.filter((code) => s.reasons.some((r) => r.code === code));
  const hopeless = s.reasons.filter((r) => !allow.some((a) => a === r.code));
  if (hopeless.length > 0) return { state: 'refused', hopeless };
  return allow.length > 0 ? { state: 'asks', allow } : { state: 'open' };
}

/** Whether the gaps between the slices differ, so that no one number is their spacing: an average would be the peers' mistake. */
export const uneven = (s: SeriesSummary): boolean => s.reasons.some((r) => r.code === 'VARIABLE_SPACING' || r.code === 'MISSING_SLICES');

/** Matrix, slices and slice spacing of a series in one line. */
export function sizeWords(s: SeriesSummary): string {
  const slices = s.dimensions[2] > 1 ? ` × ${s.dimensions[2]}` : ' · one image';
  const gaps = uneven(s) ? ' · uneven gaps' : s.spacingMm ? ` · ${spacing(s.spacingMm[2])} mm` : '';
  return `${s.dimensions.slice(0, 2).join(' × ')}${slices}${gaps}`;
}

/** Modality, kind or kernel, and date of a series in one line. */
export const originWords = (s: SeriesSummary, kernel: string | undefined): string =>
  [s.modality, s.kind === 'volume' ? kernel && `kernel ${kernel}` : kindWords[s.kind], dicomDate(s.studyDate)].filter(Boolean).join(' · ');

/** The badge of a series in the list: shape, what is printed, and what it says aloud. Null: nothing speaks against it. */
export function badgeOf(s: SeriesSummary): { of: Shape; text: string; words: string } | null {
  const many = (n: number, word: string) => `${n} ${word}${n === 1 ? '' : 's'}`;
  const gate = gateOf(s);
  if (gate.state === 'no volume') return { of: 'unknown', text: 'view', words: 'can be looked at, not imported' };
  if (gate.state === 'refused') return { of: 'bad', text: String(s.reasons.length), words: `refused, ${many(s.reasons.length, 'reason')}` };
  if (gate.state === 'asks') return { of: 'warn', text: 'asks', words: 'needs your consent' };
  return s.warnings.length > 0 ? { of: 'warn', text: String(s.warnings.length), words: many(s.warnings.length, 'warning') } : null;
}

/** Shape, title and sentence of the verdict: what the import says first, then what the check of the scanning conditions says. */
export function verdictOf(s: SeriesSummary, check: AcquisitionCheck | null): { of: Shape; title: string; text: string } {
  const gate = gateOf(s);
  if (gate.state === 'no volume')
    return {
      of: 'unknown',
      title: 'Cannot become a model',
      text: `This is a ${kindWords[s.kind]}: it has no volume to segment. Choose another series.`,
    };
  if (gate.state === 'refused')
    return { of: 'bad', title: 'Not usable', text: 'It would give a wrong model, so it is refused. Nothing was written.' };
  if (gate.state === 'asks')
    return {
      of: 'warn',
      title: 'Needs your consent',
      text: 'The slices are not regular. They can be resampled if you agree; the journal and the export will say so.',
    };
  const warned = s.warnings.length > 0;
  if (!check)
    return {
      of: warned ? 'warn' : 'ok',
      title: warned ? 'Usable with warnings' : 'Usable',
      text: 'The import decides the geometry from the slice positions alone.',
    };
  return { ...conditionsVerdict(check, warned), text: check.sentence };
}

/** Shape and title of the scanning conditions alone. They never refuse, so the octagon of a refusal is not theirs. */
export function conditionsVerdict(check: AcquisitionCheck, warned: boolean): { of: Shape; title: string } {
  if (check.verdict === 'unusable') return { of: 'warn', title: `Below the conditions for ${check.profile.name}` };
  if (check.verdict === 'warning' || warned) return { of: 'warn', title: 'Usable with warnings' };
  if (check.verdict === 'unknown') return { of: 'unknown', title: 'Usable, conditions not known' };
  return { of: judgementOf(check.verdict).shape, title: 'Usable' };
}

/** What the import button says: exactly what will happen. Null: there is nothing to press. */
export function importWords(s: SeriesSummary): { text: string; allow: AllowCode[] } | null {
  const gate = gateOf(s);
  const n = s.warnings.length;
  if (gate.state === 'open') return { text: n > 0 ? `Import with ${n} ${n === 1 ? 'warning' : 'warnings'}` : 'Import', allow: [] };
  if (gate.state === 'asks')
    return { text: gate.allow.length === 1 ? consents[gate.allow[0] as AllowCode] : 'Resample and import', allow: gate.allow };
  return null;
}

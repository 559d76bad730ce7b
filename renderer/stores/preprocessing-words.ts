import type { CaseSeries } from '../../contract/case.ts';
import type { PreprocessSettings } from '../../contract/preprocessing.ts';
import { fixed, spacing } from '../design/numbers.ts';

type Named = Pick<CaseSeries, 'seriesInstanceUid' | 'description' | 'modality' | 'derivation' | 'spacingMm'>;

const number = (v: number): string => fixed(v, Number.isInteger(v) ? 0 : 1);

/** What a chain did, in a few words for a list: 'region, denoised, 0.5 mm'. */
export function chainWords(settings: PreprocessSettings, spacingMm: readonly number[]): string[] {
  const { region, denoise, interpolate, register, window, normalize, pad } = settings;
  const words: string[] = [];
  if (region) words.push(region.by === 'drawing' ? 'outlined region' : 'region');
  if (denoise) words.push('denoised');
  if (interpolate) words.push(`${spacing(spacingMm[0] as number)} mm`);
  if (register) words.push('registered');
  if (window) words.push(`window ${number(window.lowHu ?? -200)} to ${number(window.highHu ?? 300)}`);
  if (normalize) words.push(normalize.method === 'z-score' ? 'z-score' : `${number(normalize.newMin)} to ${number(normalize.newMax)}`);
  if (pad) words.push('padded');
  return words;
}

const nameOf = ({ description, modality }: Named): string => description || modality || 'Without description';

/** A series as a list names it: what was imported, and what was done to it since; 'Head, bone · denoised, 0.5 mm'. */
export function seriesWords(series: Named, all: readonly Named[]): { name: string; made: string } {
  const made: string[] = [];
  let at: Named | undefined = series;
  for (let step = 0; at?.derivation && step <= all.length; step++) {
    const { from, settings }: NonNullable<Named['derivation']> = at.derivation;
    made.unshift(...chainWords(settings, at.spacingMm));
    at = all.find((s) => s.seriesInstanceUid === from);
  }
  const root = at ?? series;
  // Two scans of one protocol carry one description: the list tells them apart by their place.
  const alike = all.filter((s) => s.derivation === null && nameOf(s) === nameOf(root));
  const place = alike.findIndex((s) => s.seriesInstanceUid === root.seriesInstanceUid);
  return { name: alike.length > 1 && place >= 0 ? `${nameOf(root)} (${place + 1})` : nameOf(root), made: made.join(', ') };
}

/** The same on one line. */
export function seriesLine(series: Named, all: readonly Named[]): string {
  const { name, made } = seriesWords(series, all);
  return made ? `${name} · ${made}` : name;
}

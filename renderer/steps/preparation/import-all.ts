import type { SeriesSummary } from '../../../contract/volume.ts';
import { count } from '../../design/numbers.ts';
import { gateOf } from './gate-words.ts';

/** Spelling that differs between two scanners of one hospital. */
const sameName = (name: string): string =>
  name
    .toUpperCase()
    .replace(/[\s^,]+/g, ' ')
    .trim();

/**
 * Importing a folder's volumes as one case, which registration needs: what the button says, and why it is off. What is refused or asks
 * for consent is left out, and the button says how many come. Null: the folder holds fewer than two volumes.
 */
export function importAllWords(series: readonly SeriesSummary[]): { text: string; refusal: string | null } | null {
  const volumes = series.filter((s) => s.kind === 'volume');
  if (volumes.length < 2) return null;
  const open = volumes.filter((s) => gateOf(s).state === 'open');
  const rest = volumes.length - open.length;
  const text =
    rest === 0 || open.length < 2
      ? `Import all ${count(volumes.length)} series`
      : `Import ${count(open.length)} of ${count(volumes.length)} series`;
  if (open.length < 2)
    return {
      text,
      refusal: `One case of several series: ${open.length === 0 ? 'each' : 'all but one'} of them is refused or needs consent. Import them one by one.`,
    };
  const patients = new Set(open.map((s) => sameName(s.patientName)));
  if (patients.size > 1) return { text, refusal: 'A case is of one patient, and these series name several. Import them one by one.' };
  return { text, refusal: null };
}

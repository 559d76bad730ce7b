import type { CaseSeries, CaseState, JournalEntry } from '../../../contract/case.ts';
import { actParameters } from './act-parameters.ts';
import { derivationsOf, importedOf } from './derivations.ts';
import { undoneSequences } from './undone.ts';

/** Who read the import's warnings, and when. */
function acknowledgements(entries: readonly JournalEntry[]) {
  const undone = undoneSequences(entries);
  return entries
    .filter((entry) => entry.act === 'acknowledge' && !undone.has(entry.sequence))
    .map(({ who, time, parameters }) => ({ who, time, codes: actParameters.acknowledge.parse(parameters).codes }));
}

const lossyWords = 'The images were compressed with loss on their way here: fine structures and values may be changed.';

/**
 * What every export says of where it comes from (7.2, 7.3): the import's warnings and who acknowledged them, findings, loss of compression
 * in words, and all that was done to the series before, oldest first (8.1). `series` null: one that the case holds no more.
 */
export function provenance(state: CaseState, entries: readonly JournalEntry[], series: CaseSeries | null) {
  const report = state.importReport;
  const source = series && importedOf(state, series);
  const lossy = report?.warnings.some((one) => one.code === 'LOSSY_COMPRESSED') || source?.acquisition?.lossy === true;
  return {
    preprocessing: series ? derivationsOf(state, series) : [],
    lossy: lossy ? lossyWords : null,
    importWarnings: report?.warnings ?? [],
    acknowledged: acknowledgements(entries),
    notAcknowledged: state.unacknowledged,
    findings: report?.findings ?? [],
  };
}

/** The same for files that may leave the house without their patient: no paths, no identifiers of series. */
export function withoutIdentifiers(of: ReturnType<typeof provenance>) {
  const plain = (text: string): string => text.replace(/\d+(\.\d+){5,}/g, '(a series)');
  const preprocessing = of.preprocessing.map(({ settings, steps }) => ({ settings, steps }));
  const coded = (list: typeof of.importWarnings) => list.map(({ code, message }) => ({ code, message: plain(message) }));
  return {
    ...of,
    preprocessing,
    importWarnings: coded(of.importWarnings),
    notAcknowledged: coded(of.notAcknowledged),
    findings: of.findings.map(({ text, code }) => ({ text: plain(text), ...(code ? { code } : {}) })),
  };
}

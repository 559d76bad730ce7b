import type { CaseSeries, CaseState, JournalEntry } from '../../../contract/case.ts';
import { actParameters } from './act-parameters.ts';
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
 * in words, and what was done to the series before (8.1). `series` null: one that the case holds no more.
 */
export function provenance(state: CaseState, entries: readonly JournalEntry[], series: CaseSeries | null) {
  const report = state.importReport;
  const source = series?.derivation ? state.series.find((one) => one.seriesInstanceUid === series.derivation?.from) : series;
  const lossy = report?.warnings.some((one) => one.code === 'LOSSY_COMPRESSED') || source?.acquisition?.lossy === true;
  return {
    preprocessing: series?.derivation ?? null,
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
  const derivation = of.preprocessing && { settings: of.preprocessing.settings, steps: of.preprocessing.steps };
  const coded = (list: typeof of.importWarnings) => list.map(({ code, message }) => ({ code, message: plain(message) }));
  return {
    ...of,
    preprocessing: derivation,
    importWarnings: coded(of.importWarnings),
    notAcknowledged: coded(of.notAcknowledged),
    findings: of.findings.map(({ text, code }) => ({ text: plain(text), ...(code ? { code } : {}) })),
  };
}

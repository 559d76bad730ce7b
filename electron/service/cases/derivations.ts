import type { CaseSeries, CaseState } from '../../../contract/case.ts';
import type { Derivation, RegistrationResult } from '../../../contract/preprocessing.ts';

/** The series that was imported, at the beginning of a series' preprocessing. */
export function importedOf(state: Pick<CaseState, 'series'>, series: CaseSeries): CaseSeries {
  const from = series.derivation && state.series.find((one) => one.seriesInstanceUid === series.derivation?.from);
  return from ? importedOf(state, from) : series;
}

/** All that was done to a series since its import, oldest first: a series may be made of one that was made of another (8.1). */
export function derivationsOf(state: Pick<CaseState, 'series'>, series: CaseSeries): Derivation[] {
  const { derivation } = series;
  if (!derivation) return [];
  const from = state.series.find((one) => one.seriesInstanceUid === derivation.from);
  return [...(from ? derivationsOf(state, from) : []), derivation];
}

/** The rigid motion that a series was brought onto another's grid by; null: it was not moved. */
export function registrationOf({ derivation }: CaseSeries): RegistrationResult | null {
  return derivation?.steps.find((one) => one.registration)?.registration ?? null;
}

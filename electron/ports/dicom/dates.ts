import type { Coded } from '../../../contract/errors.ts';

const oldestYears = 130;
/** The first clinical scanners. */
const firstYear = 1971;

/** Days as a number that can be compared; null where the text is no date at all, NaN where it is no day of the calendar. */
function dayOf(text: string): number | null {
  const parts = /^(\d{4})[.]?(\d{2})[.]?(\d{2})$/.exec(text);
  if (!parts) return null;
  const [year, month, day] = parts.slice(1).map(Number) as [number, number, number];
  const date = new Date(Date.UTC(year, month - 1, day));
  if (year < 100) date.setUTCFullYear(year);
  return date.getUTCMonth() === month - 1 && date.getUTCDate() === day ? date.getTime() / 86_400_000 : Number.NaN;
}

const shown = (text: string) => text.replace(/[^\x20-\x7e]/g, '?').slice(0, 32);

/**
 * What is wrong with the dates of a study, by the calendar and by each other.
 * @param todayMs the clock of whoever imports; a study may be a day ahead of it
 */
export function dateWarnings(studyDate: string, birthDate: string, todayMs: number): Coded[] {
  const implausible = (message: string): Coded[] => [
    { code: 'IMPLAUSIBLE_DATES', message: `${message} Check that this is the right patient.` },
  ];
  const study = dayOf(studyDate);
  const birth = dayOf(birthDate);
  const today = todayMs / 86_400_000;
  for (const [day, text, what] of [
    [study, studyDate, 'study'],
    [birth, birthDate, 'birth'],
  ] as const) {
    if (text !== '' && (day === null || Number.isNaN(day))) return implausible(`The date of ${what} (${shown(text)}) is no date.`);
    if (day !== null && day > today + 2) return implausible(`The date of ${what} lies in the future.`);
  }
  if (study !== null && study < (firstYear - 1970) * 365) return implausible('The study is dated before there were scanners.');
  if (study === null || birth === null) return [];
  if (birth > study) return implausible('The study is dated before the birth of the patient.');
  return study - birth > oldestYears * 365.25 ? implausible(`The patient would have been older than ${oldestYears} years.`) : [];
}

import { describe, expect, test } from 'vitest';
import { dateWarnings } from './dates.ts';

const today = Date.UTC(2026, 5, 1);

describe('dates of a study', () => {
  const plausible: [string, string][] = [
    ['20210304', '19700101'],
    ['20210304', '20210304'],
    ['2021.03.04', '1970.01.01'],
    ['20240229', ''],
    ['', '19700101'],
    ['', ''],
    ['20260602', '19500101'],
  ];
  for (const [study, birth] of plausible) {
    test(`study '${study}', birth '${birth}' is plausible`, () => expect(dateWarnings(study, birth, today)).toEqual([]));
  }
  const implausible: [string, string, RegExp][] = [
    ['20200101', '20210101', /before the birth/],
    ['20211301', '19700101', /study \(20211301\) is no date/],
    ['20230229', '', /is no date/],
    ['00000000', '19700101', /is no date/],
    ['soon', '19700101', /is no date/],
    ['20990101', '19700101', /study lies in the future/],
    ['20210101', '20270101', /birth lies in the future/],
    ['20200101', '18200101', /older than 130/],
    ['19000101', '', /before there were scanners/],
  ];
  for (const [study, birth, said] of implausible) {
    test(`[7.2-dicom] study '${study}', birth '${birth}' is IMPLAUSIBLE_DATES`, () => {
      const [warning, ...more] = dateWarnings(study, birth, today);
      expect(more).toEqual([]);
      expect(warning?.code).toBe('IMPLAUSIBLE_DATES');
      expect(warning?.message).toMatch(said);
    });
  }
});

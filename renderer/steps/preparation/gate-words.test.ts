import { describe, expect, it } from 'vitest';
import type { SeriesSummary } from '../../../contract/volume.ts';
import { checkOf, rowOf } from './check.fixture.ts';
import { badgeOf, gateOf, importWords, originWords, sizeWords, verdictOf } from './gate-words.ts';
import { geometryChecks, isVolumeFile } from './geometry-words.ts';
import { countJudgements, otherFindings } from './judgement-words.ts';

const series = (change: Partial<SeriesSummary> = {}): SeriesSummary => ({
  seriesInstanceUid: '1.2.3',
  kind: 'volume',
  modality: 'CT',
  description: 'Head',
  patientName: '',
  studyDate: '20240523',
  dimensions: [512, 512, 100],
  spacingMm: [0.5, 0.5, 1.5],
  reasons: [],
  warnings: [],
  thumbnail: null,
  ...change,
});
const tilt = { code: 'GANTRY_TILT' as const, message: 'tilted' };
const gap = { code: 'MISSING_SLICES' as const, message: 'gap' };
const truncated = { code: 'TRUNCATED_PIXEL_DATA' as const, message: 'cut off' };
const lossy = { code: 'LOSSY_COMPRESSED' as const, message: 'lossy' };

describe('what the import can do with a series', () => {
  it('[7.2-dicom] asks for consent only where every reason can be overruled, and names each', () => {
    expect(gateOf(series())).toEqual({ state: 'open' });
    expect(gateOf(series({ reasons: [tilt, gap] }))).toEqual({ state: 'asks', allow: ['GANTRY_TILT', 'MISSING_SLICES'] });
    expect(gateOf(series({ reasons: [tilt, truncated] }))).toEqual({ state: 'refused', hopeless: [truncated] });
    expect(gateOf(series({ kind: 'localizer', reasons: [tilt] }))).toEqual({ state: 'no volume' });
  });
  it('[7.2-dicom] the button says what it does, and a refused series has none', () => {
    expect(importWords(series())).toEqual({ text: 'Import', allow: [] });
    expect(importWords(series({ warnings: [lossy] }))?.text).toBe('Import with 1 warning');
    expect(importWords(series({ warnings: [lossy, gap] }))?.text).toBe('Import with 2 warnings');
    expect(importWords(series({ reasons: [tilt] }))).toEqual({ text: 'Straighten and import', allow: ['GANTRY_TILT'] });
    expect(importWords(series({ reasons: [tilt, gap] }))).toEqual({
      text: 'Resample and import',
      allow: ['GANTRY_TILT', 'MISSING_SLICES'],
    });
    expect(importWords(series({ reasons: [truncated] }))).toBeNull();
    expect(importWords(series({ kind: 'single' }))).toBeNull();
  });
  it('[7.2-dicom] badges count what speaks against a series', () => {
    expect(badgeOf(series())).toBeNull();
    expect(badgeOf(series({ warnings: [lossy, gap] }))).toEqual({ of: 'warn', text: '2', words: '2 warnings' });
    expect(badgeOf(series({ reasons: [truncated], warnings: [lossy] }))).toEqual({ of: 'bad', text: '1', words: 'refused, 1 reason' });
    expect(badgeOf(series({ reasons: [tilt] }))?.text).toBe('asks');
    expect(badgeOf(series({ kind: 'localizer' }))?.text).toBe('view');
  });
  it('prints size, kernel and date in one line each', () => {
    expect(sizeWords(series())).toBe('512 × 512 × 100 · 1.5 mm');
    expect(sizeWords(series({ dimensions: [256, 169, 1], spacingMm: null }))).toBe('256 × 169 · one image');
    expect(sizeWords(series({ reasons: [gap] }))).toBe('512 × 512 × 100 · uneven gaps');
    expect(originWords(series(), 'H60s')).toBe('CT · kernel H60s · 23 May 2024');
    expect(originWords(series({ kind: 'localizer', studyDate: '' }), undefined)).toBe('CT · localizer');
  });
});

describe('the verdict', () => {
  it('[7.3-acquisition] a refusal of the import comes before any judgement of the conditions', () => {
    expect(verdictOf(series({ reasons: [truncated] }), checkOf([rowOf('matrix', 'meets')]))).toMatchObject({
      of: 'bad',
      title: 'Not usable',
    });
    expect(verdictOf(series({ reasons: [tilt] }), null)).toMatchObject({ of: 'warn', title: 'Needs your consent' });
  });
  it('[7.3-acquisition] conditions that are missed warn and never refuse', () => {
    const missed = { ...checkOf([rowOf('sliceSpacing', 'unusable')]), verdict: 'unusable' as const, sentence: 'Too far apart.' };
    expect(verdictOf(series(), missed)).toEqual({ of: 'warn', title: 'Below the conditions for Orbit', text: 'Too far apart.' });
    expect(importWords(series())?.text).toBe('Import');
  });
  it('[7.3-acquisition] good conditions do not hide the warnings of the import', () => {
    const good = checkOf([rowOf('matrix', 'meets')]);
    expect(verdictOf(series(), good)).toMatchObject({ of: 'ok', title: 'Usable' });
    expect(verdictOf(series({ warnings: [lossy] }), good)).toMatchObject({ of: 'warn', title: 'Usable with warnings' });
  });
  it('[7.3-acquisition] what is unknown is not called good', () => {
    const unknown = { ...checkOf([rowOf('kernel', 'unknown')]), verdict: 'unknown' as const };
    expect(verdictOf(series(), unknown)).toMatchObject({ of: 'unknown', title: 'Usable, conditions not known' });
  });
  it('[7.3-acquisition] counts each of the four judgements in one order and leaves out those that none has', () => {
    const rows = [rowOf('matrix', 'unknown'), rowOf('kernel', 'meets'), rowOf('format', 'meets'), rowOf('position', 'unusable')];
    expect(countJudgements(rows)).toEqual([
      { of: 'ok', n: 2, words: 'meets' },
      { of: 'bad', n: 1, words: 'not usable' },
      { of: 'unknown', n: 1, words: 'unknown' },
    ]);
  });
});

it('[7.3-acquisition] a finding that stands in its row already is not said twice, every other one is', () => {
  const row = { ...rowOf('matrix', 'warning'), note: 'Larger pixels.' };
  const check = {
    ...checkOf([row]),
    findings: ['Orbit: matrix 256: usable with warning. Larger pixels.', 'The head holder touches the skin.'],
  };
  expect(otherFindings(check)).toEqual(['The head holder touches the skin.']);
});

describe('geometry before the import', () => {
  it('[7.2-dicom] says what speaks against the series first, and only what was looked at', () => {
    expect(geometryChecks(series())).toEqual([{ of: 'ok', text: 'No tilt, no gap, no duplicate, one frame of reference' }]);
    expect(geometryChecks(series({ warnings: [{ code: 'DUPLICATE_SLICES', message: '' }], reasons: [gap] }))).toEqual([
      { of: 'bad', text: 'The gaps are not equal' },
      { of: 'warn', text: 'Slices at one position' },
      { of: 'ok', text: 'No tilt, one frame of reference' },
    ]);
    expect(geometryChecks(series({ spacingMm: null }))).toEqual([{ of: 'unknown', text: 'The spacing of the slices is not known' }]);
    expect(geometryChecks(series({ kind: 'localizer' }))).toHaveLength(1);
  });
  it('[7.2-dicom] a file of one grid is not praised for slices that nobody saw', () => {
    expect(geometryChecks(series(), true)).toEqual([
      { of: 'unknown', text: 'One grid as the file states it: tilt and gaps of the scan cannot be told' },
    ]);
    expect([['a/ct.nii.gz'], ['x.NRRD'], ['a', 'b.mha'], []].map(isVolumeFile)).toEqual([true, true, false, false]);
  });
  it('[7.2-dicom] a tilt tag that was not believed is not called a tilt', () => {
    const told = geometryChecks(series({ warnings: [{ code: 'GANTRY_TILT_TAG_IGNORED', message: '' }] }));
    expect(told[0]).toEqual({ of: 'warn', text: 'The tilt tag disagrees; positions decide' });
  });
});

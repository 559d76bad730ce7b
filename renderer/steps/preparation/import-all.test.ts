import { describe, expect, it } from 'vitest';
import type { SeriesSummary } from '../../../contract/volume.ts';
import { importAllWords } from './import-all.ts';

const series = (change: Partial<SeriesSummary> = {}): SeriesSummary => ({
  seriesInstanceUid: '1.2.3',
  kind: 'volume',
  modality: 'CT',
  description: 'Head',
  patientName: 'DOE^JANE',
  studyDate: '20240523',
  dimensions: [512, 512, 100],
  spacingMm: [0.5, 0.5, 1.5],
  reasons: [],
  warnings: [],
  thumbnail: null,
  ...change,
});
const tilted = series({ reasons: [{ code: 'GANTRY_TILT', message: 'tilted' }] });
const cutOff = series({ reasons: [{ code: 'TRUNCATED_PIXEL_DATA', message: 'cut off' }] });

describe('importing every series of a folder', () => {
  it('[8.1-sequence] is offered where two volumes of one patient can go into one case', () => {
    expect(importAllWords([series(), series({ patientName: 'Doe, Jane ' }), series()])).toEqual({
      text: 'Import all 3 series',
      refusal: null,
    });
    expect(importAllWords([series(), series({ kind: 'localizer', patientName: 'ROE' })])).toBeNull();
    expect(importAllWords([])).toBeNull();
  });
  it('[7.2-dicom] says how many come where some are refused or need consent, and is off where only one is left', () => {
    expect(importAllWords([series(), tilted, series(), cutOff])).toEqual({ text: 'Import 2 of 4 series', refusal: null });
    expect(importAllWords([series(), tilted])?.refusal).toContain('all but one of them');
    expect(importAllWords([cutOff, tilted])).toMatchObject({
      text: 'Import all 2 series',
      refusal: expect.stringContaining('each of them'),
    });
  });
  it('[7.2-dicom] is off where the series name several patients', () => {
    expect(importAllWords([series(), series({ patientName: 'ROE^RICHARD' })])?.refusal).toContain('one patient');
    expect(importAllWords([series(), series(), { ...cutOff, patientName: 'ROE^RICHARD' }])?.refusal).toBeNull();
  });
});

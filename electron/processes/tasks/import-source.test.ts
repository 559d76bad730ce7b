import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { dicomSource } from '../../../contract/dicom-source.ts';
import type { VolumeGeometry } from '../../../kernels/volume/geometry.ts';
import { phantom, voxelsOf } from '../../ports/asymmetric.fixture.ts';
import { writeFolder } from '../../ports/dicom/fixtures.ts';
import { ctSlice, uidFrom } from '../../ports/dicom-write.ts';
import { geometryOf } from '../../ports/objects/object-input.fixture.ts';
import { importSeries } from './import.ts';

const quiet = { progress: () => undefined, throwIfCancelled: () => undefined };
const geometry: VolumeGeometry = geometryOf(phantom);
const slices = (change: object = {}) =>
  Array.from({ length: geometry.dimensions[2] }, (_, k) =>
    ctSlice(
      {
        geometry,
        hu: voxelsOf(phantom),
        uidSeed: 'source',
        patientName: 'A^B',
        patientId: 'P-1',
        studyDescription: 'Study',
        seriesDescription: 'Series',
        date: '20240101',
        time: '120000',
        kernel: 'B',
        imageComments: '',
        ...change,
      },
      k,
    ),
  );

async function sourceOf(files: Uint8Array[]) {
  const folder = mkdtempSync(join(tmpdir(), 'source-'));
  const into = mkdtempSync(join(tmpdir(), 'source-into-'));
  const out = await importSeries({ paths: [writeFolder(join(folder, 'in'), files)], seriesInstanceUid: null, allow: [], into }, quiet);
  expect(out.sources.length).toBe(out.report.series.length);
  const [file] = out.sources;
  return file ? dicomSource.parse(JSON.parse(readFileSync(file.path, 'utf8'))) : null;
}

describe('headers kept with an import', () => {
  test('[9.1-interop] patient, study and equipment, and the images in the order of k whatever the order of the files', async () => {
    const found = await sourceOf(slices().reverse());
    expect(found?.attributes).toMatchObject({
      PatientName: 'A^B',
      PatientID: 'P-1',
      StudyDate: '20240101',
      Manufacturer: 'Lamina',
      StudyID: '1',
    });
    expect(found?.studyInstanceUid).toBe(uidFrom('source study'));
    expect(found?.frameOfReferenceUid).toBe(uidFrom('source frame of reference'));
    expect(found?.instances.map((one) => one.sopInstanceUid)).toEqual(slices().map((_, k) => uidFrom(`source image ${k}`)));
    expect(found?.instances.every((one) => one.frame === null && one.sopClassUid === '1.2.840.10008.5.1.4.1.1.2')).toBe(true);
    const [a, b] = [found?.instances[0]?.positionLps, found?.instances[6]?.positionLps];
    expect(Math.hypot(...[0, 1, 2].map((n) => (b?.[n] ?? 0) - (a?.[n] ?? 0)))).toBeCloseTo(6 * geometry.spacingMm[2], 6);
    expect(found?.burnedIn).toBe('');
  });

  test('[9.1-interop] a hostile header is bounded', async () => {
    const found = await sourceOf(slices({ patientName: 'X'.repeat(5000), patientId: '\u001b$B'.repeat(900) }));
    expect(found?.attributes.PatientName?.length).toBe(256);
    expect(found?.attributes.PatientID?.length ?? 0).toBeLessThanOrEqual(256);
  });
});

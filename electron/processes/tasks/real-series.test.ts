import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { AllowCode, ImportReport } from '../../../contract/volume.ts';
import { sharedSets, unpackedSeries } from '../../ports/dicom/shared-series.ts';
import type { StagedFile } from '../protocol.ts';
import { importSeries } from './import.ts';
import { readLabelmap } from './read-labelmap.ts';

interface Truth {
  n_slices: number;
  rows: number;
  cols: number;
  pixel_spacing_row_col_mm: [number, number];
  row_cosines: number[];
  col_cosines: number[];
  first_ipp: number[];
  series_uid: string;
  sha256_int16le_kij: string;
  step_between_first_two_slices_mm: [number, number, number];
  probe_points: { k: number; row: number; col: number; value: number; lps_mm: [number, number, number] }[];
}

const quiet = { progress: () => undefined, throwIfCancelled: () => undefined };
const truthOf = (set: string, name: string) =>
  JSON.parse(readFileSync(join(sharedSets as string, set, `truth-${name}.json`), 'utf8')) as Truth;

async function imported(
  path: string,
  allow: AllowCode[],
  check: (report: ImportReport, files: StagedFile[], values: () => Int16Array) => void,
): Promise<void> {
  const into = mkdtempSync(join(tmpdir(), 'lamina-real-'));
  try {
    const { report, files } = await importSeries({ paths: [path], seriesInstanceUid: null, allow, into }, quiet);
    check(report, files, () => {
      const bytes = readFileSync((files[0] as StagedFile).path);
      return new Int16Array(bytes.buffer, bytes.byteOffset, bytes.length / 2);
    });
  } finally {
    rmSync(into, { recursive: true, force: true });
  }
}

describe.skipIf(!sharedSets)('real series against their independent reading', () => {
  const regular: [string, string, string, string[]][] = [
    ['cranium-invesalius', 'dicom-derived', 'cranium-dicom-derived', []],
    ['skull-phantom-philips', 'bone-1mm', 'bone-1mm', []],
    ['skull-phantom-philips', 'soft-5mm', 'soft-5mm', []],
    ['abdomen-dicom-with-labels', 'abdomen', 'abdomen', ['MISSING_REQUIRED_TAG']],
    ['mr-head-patient-positions', 't1-HFS', 't1-HFS', ['NOT_CT_NO_HU']],
    ['mr-head-patient-positions', 't1-HFDL', 't1-HFDL', ['NOT_CT_NO_HU']],
  ];
  for (const [set, name, folder, warnings] of regular) {
    test(`[7.2-hu] ${set} ${name}: grid, every value and sixteen points`, async () => {
      const truth = truthOf(set, name);
      await imported(join(unpackedSeries(), set, folder), [], (report, files, values) => {
        expect(report.warnings.map((item) => item.code)).toEqual(warnings);
        expect(report.series).toHaveLength(1);
        const [entry] = report.series as [ImportReport['series'][number]];
        expect(entry.dimensions).toEqual([truth.cols, truth.rows, truth.n_slices]);
        expect(entry.seriesInstanceUid).toBe(truth.series_uid);
        expect(entry.voxels.dtype).toBe('int16');
        expect(files[0]?.sha256).toBe(truth.sha256_int16le_kij);
        expect(entry.spacingMm.slice(0, 2)).toEqual([...truth.pixel_spacing_row_col_mm].reverse());
        expect(entry.spacingMm[2]).toBeCloseTo(Math.hypot(...truth.step_between_first_two_slices_mm), 4);
        expect(entry.originLps).toEqual(truth.first_ipp);
        const all = values();
        for (const probe of truth.probe_points) {
          expect(all[(probe.k * truth.rows + probe.row) * truth.cols + probe.col]).toBe(probe.value);
          const d = entry.directionLps;
          probe.lps_mm.forEach((wanted, n) => {
            const at =
              (entry.originLps[n] as number) +
              probe.col * entry.spacingMm[0] * (d[n] as number) +
              probe.row * entry.spacingMm[1] * (d[n + 3] as number) +
              probe.k * entry.spacingMm[2] * (d[n + 6] as number);
            expect(at).toBeCloseTo(wanted, 2);
          });
        }
      });
    });
  }

  const slanted: [string, string, string, AllowCode[]][] = [
    ['skull-phantom-philips', 'tilt-plus16.5', 'tilt-plus16.5', ['GANTRY_TILT']],
    ['head-ge-tilt-variable', 'ge-head', 'ge-head', ['GANTRY_TILT', 'VARIABLE_SPACING']],
  ];
  for (const [set, name, folder, allow] of slanted) {
    test(`[8.3-spacing] ${set} ${name}: refused, and with consent the points are where they were`, async () => {
      const truth = truthOf(set, name);
      const path = join(unpackedSeries(), set, folder);
      await imported(path, [], (report) => {
        expect(report.outcome).toBe('reject');
        expect(report.reasons.map((item) => item.code)).toEqual(allow);
      });
      await imported(path, allow, (report, _files, values) => {
        const [entry] = report.series as [ImportReport['series'][number]];
        const [nx, ny, nz] = entry.dimensions;
        const d = entry.directionLps;
        const all = values();
        for (const probe of truth.probe_points) {
          // The axes are at right angles here, so that the index is a projection.
          const index = [0, 1, 2].map((axis) => {
            const from = probe.lps_mm.map((value, n) => value - (entry.originLps[n] as number));
            return from.reduce((sum, value, n) => sum + value * (d[axis * 3 + n] as number), 0) / (entry.spacingMm[axis] as number);
          }) as [number, number, number];
          const around: number[] = [];
          for (let k = Math.floor(index[2]); k <= Math.floor(index[2]) + 1; k++)
            for (let j = Math.floor(index[1]); j <= Math.floor(index[1]) + 1; j++)
              for (let i = Math.floor(index[0]); i <= Math.floor(index[0]) + 1; i++) {
                expect(i >= 0 && i < nx && j >= 0 && j < ny && k >= -1 && k <= nz).toBe(true);
                if (k >= 0 && k < nz) around.push(all[(k * ny + j) * nx + i] as number);
              }
          // Between grid points the value is blurred by interpolation, never another tissue: it lies among its neighbours, give or take.
          const slack = 0.35 * Math.abs(probe.value) + 60;
          expect(Math.min(...around)).toBeLessThanOrEqual(probe.value + slack);
          expect(Math.max(...around)).toBeGreaterThanOrEqual(probe.value - slack);
        }
      });
    });
  }

  test('[7.2-dicom] the cranium as NIfTI is the same volume as its DICOM series', async () => {
    const truth = truthOf('cranium-invesalius', 'dicom-derived');
    await imported(join(sharedSets as string, 'cranium-invesalius', 'ct.nii.gz'), [], (report, files) => {
      expect(report.outcome).toBe('accept');
      expect(report.series[0]).toMatchObject({ modality: 'CT', voxels: { units: 'HU', dtype: 'int16' } });
      expect(report.series[0]?.dimensions).toEqual([truth.cols, truth.rows, truth.n_slices]);
      expect(files[0]?.bytes).toBe(truth.cols * truth.rows * truth.n_slices * 2);
    });
  });

  test('[7.2-dicom] NIfTI labels and DICOM slices of the abdomen lie on one grid: the labels are bone and organ, not air', async () => {
    const into = mkdtempSync(join(tmpdir(), 'lamina-labels-'));
    try {
      const labels = await readLabelmap(
        { path: join(sharedSets as string, 'abdomen-dicom-with-labels', 'segmentation-totalsegmentator.nii.gz'), into },
        quiet,
      );
      await imported(join(unpackedSeries(), 'abdomen-dicom-with-labels', 'abdomen'), [], (report, _files, values) => {
        const [entry] = report.series as [ImportReport['series'][number]];
        const mask = readFileSync(labels.mask.path);
        const g = labels.geometry;
        const ct = values();
        const [nx, ny, nz] = g.dimensions;
        let sum = 0;
        let count = 0;
        for (let k = 0, n = 0; k < nz; k++)
          for (let j = 0; j < ny; j++)
            for (let i = 0; i < nx; i++, n++) {
              if (mask[n] === 0) continue;
              const point = [0, 1, 2].map(
                (axis) =>
                  (g.originLps[axis] as number) +
                  i * g.spacingMm[0] * (g.directionLps[axis] as number) +
                  j * g.spacingMm[1] * (g.directionLps[axis + 3] as number) +
                  k * g.spacingMm[2] * (g.directionLps[axis + 6] as number),
              );
              const at = [0, 1, 2].map((axis) =>
                Math.round(
                  point.reduce(
                    (total, value, m) => total + (value - (entry.originLps[m] as number)) * (entry.directionLps[axis * 3 + m] as number),
                    0,
                  ) / (entry.spacingMm[axis] as number),
                ),
              ) as [number, number, number];
              sum += ct[(at[2] * entry.dimensions[1] + at[1]) * entry.dimensions[0] + at[0]] as number;
              count++;
            }
        expect(count).toBe(labels.voxels);
        // Soft organs and bone: with the rows the other way round the mean falls below -200.
        expect(sum / count).toBeGreaterThan(0);
      });
    } finally {
      rmSync(into, { recursive: true, force: true });
    }
  });
});

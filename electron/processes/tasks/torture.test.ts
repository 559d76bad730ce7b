import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { ImportReport, SeriesEntry } from '../../../contract/volume.ts';
import { sharedSets, unpackedSeries } from '../../ports/dicom/shared-series.ts';
import { decode } from './decode.ts';
import { importSeries } from './import.ts';

interface Check {
  lps: [number, number, number];
  hu: number;
  tol: number;
  what: string;
}
interface ExpectedSeries {
  dims?: [number, number, number];
  spacing?: [number, number, number];
  spacing_tol?: number;
  origin?: [number, number, number];
  row_dir?: [number, number, number];
  col_dir?: [number, number, number];
  hu_sha256?: string;
  hu_checks?: Check[];
  tol_mm?: number;
  slice_positions_mm?: number[];
}
interface Outcome {
  outcome: 'accept' | 'accept_with_warning' | 'reject' | 'decode' | 'survive' | 'load';
  reason_code?: string;
  warnings?: string[];
}
interface Expectation extends Outcome {
  also_acceptable?: Outcome[];
  allowed?: string[];
  per_file?: boolean;
  exact?: boolean;
  decode?: { rows: number; columns: number; value_min: number; value_max: number; value_mean: number; values_sha256_int32: string };
  series?: ExpectedSeries[];
  patient_name_utf8?: string;
  max_seconds?: number;
  max_rss_growth_mib?: number;
}
interface Case {
  id: string;
  kind: string;
  dir: string;
  odd: string;
  expect: Expectation;
  files: { path: string }[];
}

/** Cases that do not pass yet, and why. The test fails when one of them starts to pass. */
const knownOpen = new Map<string, string>([]);

const quiet = { progress: () => undefined, throwIfCancelled: () => undefined };

function valuesOf(entry: SeriesEntry): Int16Array | Float32Array {
  const bytes = readFileSync(entry.voxels.path);
  const own = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength);
  return entry.voxels.dtype === 'int16' ? new Int16Array(own) : new Float32Array(own);
}

/** By this test's own affine: the voxel nearest to a patient point, or every voxel within a ball. */
function near(entry: SeriesEntry, lps: number[], ballMm: number): number[] {
  const d = entry.directionLps;
  const [sx, sy, sz] = entry.spacingMm;
  const [nx, ny, nz] = entry.dimensions;
  const values = valuesOf(entry);
  const out: number[] = [];
  let best = Number.POSITIVE_INFINITY;
  for (let k = 0; k < nz; k++)
    for (let j = 0; j < ny; j++)
      for (let i = 0; i < nx; i++) {
        let square = 0;
        for (const n of [0, 1, 2] as const) {
          const at = entry.originLps[n] + i * sx * (d[n] as number) + j * sy * (d[n + 3] as number) + k * sz * (d[n + 6] as number);
          square += (at - (lps[n] as number)) ** 2;
        }
        const value = values[(k * ny + j) * nx + i] as number;
        if (ballMm > 0) {
          if (square <= ballMm * ballMm) out.push(value);
        } else if (square < best) {
          best = square;
          out[0] = value;
        }
      }
  return out;
}

const close = (a: readonly number[], b: readonly number[], tolerance: number) =>
  a.every((value, n) => Math.abs(value - (b[n] as number)) <= tolerance);

function seriesFaults(entry: SeriesEntry, expected: ExpectedSeries): string[] {
  const out: string[] = [];
  if (expected.dims && !close(entry.dimensions, expected.dims, 0)) out.push(`dimensions ${entry.dimensions}`);
  if (expected.spacing && expected.dims && !close(entry.spacingMm, expected.spacing, expected.spacing_tol ?? 1e-3))
    out.push(`spacing ${entry.spacingMm}`);
  if (expected.origin && expected.dims && !close(entry.originLps, expected.origin, 0.01)) out.push(`origin ${entry.originLps}`);
  if (expected.row_dir && !close(entry.directionLps.slice(0, 3), expected.row_dir, 1e-4)) out.push(`row ${entry.directionLps}`);
  if (expected.col_dir && !close(entry.directionLps.slice(3, 6), expected.col_dir, 1e-4)) out.push(`column ${entry.directionLps}`);
  if (expected.slice_positions_mm && !close(entry.slicePositionsMm, expected.slice_positions_mm, 0.01)) out.push('slice positions');
  if (expected.hu_sha256) {
    const rounded = Int16Array.from(valuesOf(entry), (value) => Math.round(value));
    if (createHash('sha256').update(new Uint8Array(rounded.buffer)).digest('hex') !== expected.hu_sha256) out.push('values');
  }
  for (const check of expected.hu_checks ?? []) {
    const found = near(entry, check.lps, entry.resampled ? (expected.tol_mm ?? 1) : 0);
    if (!found.some((value) => Math.abs(value - check.hu) <= check.tol))
      out.push(`${check.what}: ${found.slice(0, 4)} instead of ${check.hu}`);
  }
  return out;
}

function reportFaults(report: ImportReport, expected: Expectation): string[] {
  const wanted = [expected as Outcome, ...(expected.also_acceptable ?? [])];
  const codes = report.warnings.map((item) => item.code as string);
  const match = wanted.some((option) => {
    if (option.outcome !== report.outcome) return false;
    if (option.outcome === 'reject') return report.reasons[0]?.code === option.reason_code;
    return (option.warnings ?? []).every((code) => codes.includes(code));
  });
  if (!match) return [`${report.outcome} ${report.reasons.map((item) => item.code)} ${codes}`];
  if (report.outcome === 'reject') return report.series.length === 0 ? [] : ['a rejected import left a series'];
  if (!expected.series) return report.series.length > 0 ? [] : ['nothing was imported'];
  if (expected.series.length !== report.series.length) return [`${report.series.length} series`];
  const out = expected.series.flatMap((series, n) => {
    // The order of volumes is not part of the contract.
    const tries = report.series.map((entry) => seriesFaults(entry, series));
    return tries.some((faults) => faults.length === 0) ? [] : (tries[n] as string[]);
  });
  if (expected.patient_name_utf8 && report.series[0]?.patientName !== expected.patient_name_utf8)
    out.push(`name ${report.series[0]?.patientName}`);
  return out;
}

async function importing(paths: string[], expected: Expectation, allow: ('GANTRY_TILT' | 'VARIABLE_SPACING' | 'MISSING_SLICES')[] = []) {
  const into = mkdtempSync(join(tmpdir(), 'lamina-torture-'));
  try {
    const { report } = await importSeries({ paths, seriesInstanceUid: null, allow, into }, quiet);
    const faults = expected.outcome === 'survive' ? [] : reportFaults(report, expected);
    if (report.outcome === 'reject' && readdirSync(into).length > 0) faults.push('a rejected import left files');
    return { report, faults };
  } finally {
    rmSync(into, { recursive: true, force: true });
  }
}

async function decodeFaults(path: string, expected: Expectation): Promise<string[]> {
  const wanted = expected.decode;
  if (!wanted) return ['the case has no decode block'];
  const got = await decode({ path }, quiet);
  const out: string[] = [];
  if (got.rows !== wanted.rows || got.columns !== wanted.columns) out.push(`${got.rows} x ${got.columns}`);
  if (expected.exact && got.sha256Int32 !== wanted.values_sha256_int32) out.push('values');
  const span = 0.05 * (wanted.value_max - wanted.value_min);
  if (Math.abs(got.mean - wanted.value_mean) > 2) out.push(`mean ${got.mean}`);
  if (Math.abs(got.min - wanted.value_min) > span || Math.abs(got.max - wanted.value_max) > span) out.push(`range ${got.min} ${got.max}`);
  return out;
}

async function caseFaults(item: Case, folder: string): Promise<string[]> {
  const { expect: expected } = item;
  if (expected.outcome === 'decode') return decodeFaults(join(folder, (item.files[0] as { path: string }).path), expected);
  const inputs = expected.per_file ? item.files.map((file) => [join(folder, file.path)]) : [[folder]];
  const out: string[] = [];
  for (const paths of inputs) {
    const before = process.memoryUsage().rss;
    const start = performance.now();
    out.push(...(await importing(paths, expected)).faults);
    const seconds = (performance.now() - start) / 1000;
    if (seconds > (expected.max_seconds ?? 60)) out.push(`took ${seconds.toFixed(1)} s`);
    const growth = (process.memoryUsage().rss - before) / 2 ** 20;
    if (growth > (expected.max_rss_growth_mib ?? 1024)) out.push(`grew by ${growth.toFixed(0)} MiB`);
  }
  return out;
}

const cases: Case[] = sharedSets
  ? (JSON.parse(readFileSync(join(sharedSets, 'dicom-torture', 'cases.json'), 'utf8')) as { cases: Case[] }).cases.filter((item) =>
      ['dicom', 'nifti', 'zip'].includes(item.kind),
    )
  : [];

describe.skipIf(!sharedSets)('torture set', () => {
  for (const item of cases) {
    const reason = knownOpen.get(item.id);
    test(`[7.2-dicom] ${item.id}: ${item.odd}${reason ? ' (open)' : ''}`, async () => {
      const faults = await caseFaults(item, join(unpackedSeries(), 'dicom-torture', 'dicom-torture', item.dir));
      if (reason) expect(faults, `passes now: strike it from the list (${reason})`).not.toEqual([]);
      else expect(faults).toEqual([]);
    });
  }

  const consents = [
    ['geo-gantry-tilt-18', ['GANTRY_TILT']],
    ['geo-missing-slice', ['MISSING_SLICES']],
    ['geo-variable-spacing', ['VARIABLE_SPACING']],
  ] as const;
  for (const [id, allow] of consents) {
    test(`[8.3-spacing] ${id} with consent: straightened, markers where they were`, async () => {
      const item = cases.find((one) => one.id === id) as Case;
      const folder = join(unpackedSeries(), 'dicom-torture', 'dicom-torture', item.dir);
      const checks = cases.find((one) => one.id === 'geo-clean-axial')?.expect.series?.[0]?.hu_checks;
      const expected: Expectation = { outcome: 'accept_with_warning', warnings: [...allow], series: [{ hu_checks: checks, tol_mm: 1 }] };
      const { report, faults } = await importing([folder], expected, [...allow]);
      expect(faults).toEqual([]);
      expect(report.series[0]?.resampled).toBe(true);
      expect(report.findings.some((finding) => /Resampled with consent/.test(finding.text))).toBe(true);
    });
  }
});

import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { AllowCode, SeriesEntry } from '../../../contract/volume.ts';
import type { Triple } from '../../../kernels/volume/geometry.ts';
import {
  dicomFile,
  type ElementSpec,
  joined,
  linearField,
  pixelBytes,
  type SliceSpec,
  sequence,
  sliceElements,
  sliceFile,
  turnedAxes,
  writeFolder,
} from '../../ports/dicom/fixtures.ts';
import { importSeries } from './import.ts';
import { scan } from './scan.ts';

const quiet = { progress: () => undefined, throwIfCancelled: () => undefined };
let root = '';
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'lamina-import-'));
});
afterEach(() => {
  rmSync(root, { recursive: true, force: true });
});

let runs = 0;
async function importing(files: Uint8Array[] | string[], allow: AllowCode[] = [], seriesInstanceUid: string | null = null) {
  const into = join(root, `into-${++runs}`);
  mkdirSync(into);
  const paths = typeof files[0] === 'string' ? (files as string[]) : [writeFolder(join(root, `in-${runs}`), files as Uint8Array[])];
  const { report, files: staged, sources } = await importSeries({ paths, seriesInstanceUid, allow, into }, quiet);
  expect(readdirSync(into)).toHaveLength(report.outcome === 'reject' ? 0 : report.series.length + sources.filter(Boolean).length);
  expect(staged.map((file) => file.path)).toEqual(report.series.map((entry) => entry.voxels.path));
  return report;
}

function valuesOf(entry: SeriesEntry): Int16Array | Float32Array {
  const bytes = readFileSync(entry.voxels.path);
  const own = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength);
  return entry.voxels.dtype === 'int16' ? new Int16Array(own) : new Float32Array(own);
}

/** The largest difference between the volume and the field at the point where this test's own affine puts each voxel. */
function worstError(entry: SeriesEntry, field: (lps: Triple) => number, inside: (lps: Triple) => boolean = () => true): number {
  const [nx, ny, nz] = entry.dimensions;
  const d = entry.directionLps;
  const values = valuesOf(entry);
  expect(values).toHaveLength(nx * ny * nz);
  let worst = 0;
  let compared = 0;
  for (let k = 0; k < nz; k++)
    for (let j = 0; j < ny; j++)
      for (let i = 0; i < nx; i++) {
        const point = [0, 1, 2].map(
          (n) =>
            (entry.originLps[n] as number) +
            i * entry.spacingMm[0] * (d[n] as number) +
            j * entry.spacingMm[1] * (d[n + 3] as number) +
            k * entry.spacingMm[2] * (d[n + 6] as number),
        ) as Triple;
        if (!inside(point)) continue;
        compared++;
        worst = Math.max(worst, Math.abs((values[(k * ny + j) * nx + i] as number) - field(point)));
      }
  expect(compared).toBeGreaterThan(20);
  return worst;
}

const along = (count: number, mm: number) => Array.from({ length: count }, (_, n) => n * mm);

interface Series {
  turn?: [number, number, number];
  origin?: Triple;
  distances: number[];
  slant?: [number, number];
  pixelSpacing?: [number, number];
  rows?: number;
  columns?: number;
  each?: (n: number) => Partial<SliceSpec>;
}

/** Slices of the linear field at the given distances along the normal. */
function slices(series: Series): SliceSpec[] {
  const { row, column, normal } = turnedAxes(...(series.turn ?? [0, 0, 0]));
  const [u, v] = series.slant ?? [0, 0];
  const origin = series.origin ?? [-10, 20, 30];
  return series.distances.map((d, n) => ({
    position: [0, 1, 2].map(
      (axis) => (origin[axis] as number) + d * ((normal[axis] as number) + u * (row[axis] as number) + v * (column[axis] as number)),
    ) as Triple,
    row,
    column,
    pixelSpacing: series.pixelSpacing ?? [0.9, 0.6],
    rows: series.rows ?? 5,
    columns: series.columns ?? 7,
    value: linearField,
    instance: n + 1,
    ...series.each?.(n),
  }));
}
const files = (series: Series) => slices(series).map(sliceFile);
const codes = (list: { code: string }[]) => list.map((item) => item.code);

describe('regular series', () => {
  test('[7.2-dicom] any orientation, spacing and file order: every voxel has the value of its own point', async () => {
    const turn = fc.double({ min: -Math.PI, max: Math.PI, noNaN: true });
    const mm = fc.double({ min: 0.3, max: 3, noNaN: true });
    await fc.assert(
      fc.asyncProperty(
        fc.tuple(turn, turn, turn),
        fc.tuple(mm, mm),
        mm,
        fc.integer({ min: 5, max: 9 }),
        fc.integer(),
        async (angles, pixelSpacing, spacing, count, seed) => {
          const made = files({ turn: angles, pixelSpacing, distances: along(count, spacing) });
          const shuffled = made.map((file, n) => ({ file, key: Math.sin(seed + n * 7.3) })).sort((a, b) => a.key - b.key);
          const report = await importing(shuffled.map(({ file }) => file));
          expect(report.outcome).toBe('accept');
          const entry = report.series[0] as SeriesEntry;
          expect(entry.dimensions).toEqual([7, 5, count]);
          expect(entry.spacingMm[0]).toBeCloseTo(pixelSpacing[1], 9);
          expect(entry.spacingMm[1]).toBeCloseTo(pixelSpacing[0], 9);
          expect(entry.spacingMm[2]).toBeCloseTo(spacing, 6);
          expect(worstError(entry, linearField)).toBeLessThanOrEqual(0.501);
        },
      ),
      { numRuns: 60 },
    );
  });

  test('[7.2-hu] slope and intercept differ from slice to slice and each is used', async () => {
    const report = await importing(files({ distances: along(6, 2), each: (n) => ({ slope: [1, 2, 0.5][n % 3], intercept: n * 10 - 30 }) }));
    expect(worstError(report.series[0] as SeriesEntry, linearField)).toBeLessThanOrEqual(1.001);
  });

  test('[7.2-hu] values that are not whole become float32, whole ones stay int16', async () => {
    const whole = await importing(files({ distances: along(6, 1) }));
    expect(whole.series[0]?.voxels.dtype).toBe('int16');
    const fractions = await importing(files({ distances: along(6, 1), each: (n) => (n === 5 ? { slope: 0.1 } : {}) }));
    expect(fractions.series[0]?.voxels).toMatchObject({ dtype: 'float32', units: 'HU' });
    expect(worstError(fractions.series[0] as SeriesEntry, linearField)).toBeLessThanOrEqual(0.501);
  });

  test('values beyond 16 bits are kept', async () => {
    const report = await importing(
      files({ distances: along(6, 1), each: () => ({ slope: 100, value: (lps) => 100 * linearField(lps) * 40 }) }),
    );
    expect(report.series[0]?.voxels.dtype).toBe('float32');
    expect(worstError(report.series[0] as SeriesEntry, (lps) => 4000 * linearField(lps))).toBeLessThanOrEqual(51);
  });
});

describe('frames of one file', () => {
  /** Enhanced CT: geometry and rescale in functional groups, frames in any order, each with its own intercept. */
  function enhanced(frames: SliceSpec[], phaseOf: (n: number) => number = () => 1): Uint8Array {
    const first = frames[0] as SliceSpec;
    const decimals = (values: number[]) => values.map((value) => String(Number(value.toPrecision(14)))).join('\\');
    const own = frames.map((spec, n): ElementSpec[] => [
      [0x00209111, 'SQ', sequence([[[0x00209128, 'UL', phaseOf(n)]]])],
      [0x00209113, 'SQ', sequence([[[0x00200032, 'DS', decimals(spec.position)]]])],
      [
        0x00289145,
        'SQ',
        sequence([
          [
            [0x00281052, 'DS', String(spec.intercept ?? 0)],
            [0x00281053, 'DS', '1'],
          ],
        ]),
      ],
    ]);
    const shared: ElementSpec[] = [
      [0x00209116, 'SQ', sequence([[[0x00200037, 'DS', decimals([...first.row, ...first.column])]]])],
      [0x00289110, 'SQ', sequence([[[0x00280030, 'DS', decimals(first.pixelSpacing)]]])],
    ];
    const extra: ElementSpec[] = [
      [0x00280008, 'IS', String(frames.length)],
      [0x52009229, 'SQ', sequence([shared])],
      [0x52009230, 'SQ', sequence(own)],
      [0x7fe00010, 'OW', joined(frames.map(pixelBytes))],
    ];
    return dicomFile(sliceElements({ ...first, extra, without: [0x00200032, 0x00200037, 0x00280030, 0x00281052, 0x00281053] }));
  }

  test('[7.2-dicom] enhanced multi-frame: each frame at its own place with its own rescale, whatever their order', async () => {
    const made = slices({ distances: along(8, 1.5), turn: [0.3, -0.2, 1], each: (n) => ({ intercept: n * 7 }) });
    const report = await importing([enhanced([3, 0, 7, 1, 6, 2, 5, 4].map((n) => made[n] as SliceSpec))]);
    expect(report.outcome).toBe('accept');
    expect(report.series[0]?.dimensions).toEqual([7, 5, 8]);
    expect(worstError(report.series[0] as SeriesEntry, linearField)).toBeLessThanOrEqual(0.501);
  });

  test('[7.2-dicom] two time points in one file become two volumes', async () => {
    const phase = (offset: number) => slices({ distances: along(6, 1), each: () => ({ value: (lps) => linearField(lps) + offset }) });
    const report = await importing([enhanced([...phase(0), ...phase(50)], (n) => (n < 6 ? 1 : 2))]);
    expect(codes(report.warnings)).toEqual(['MULTIPLE_VOLUMES_SPLIT']);
    expect(worstError(report.series[1] as SeriesEntry, (lps) => linearField(lps) + 50)).toBeLessThanOrEqual(0.501);
  });

  test('frames without positions of their own are MISSING_GEOMETRY, never stacked by number', async () => {
    const [first] = slices({ distances: [0] }) as [SliceSpec];
    const extra: ElementSpec[] = [
      [0x00280008, 'IS', '6'],
      [0x7fe00010, 'OW', joined(Array.from({ length: 6 }, () => pixelBytes(first)))],
    ];
    expect(codes((await importing([dicomFile(sliceElements({ ...first, extra }))])).reasons)).toEqual(['MISSING_GEOMETRY']);
  });

  test('[7.2-dicom] stacks of two orientations in one series are taken apart, a stray image is left out', async () => {
    const axial = slices({ distances: along(6, 1) });
    const coronal = slices({ distances: along(5, 2), turn: [Math.PI / 2, 0, 0] });
    const stray = slices({ distances: [0], turn: [0, Math.PI / 2, 0] });
    const report = await importing([...axial, ...coronal, ...stray].map((spec, n) => sliceFile({ ...spec, instance: n + 1 })));
    expect(codes(report.warnings)).toEqual(['MIXED_ORIENTATION_SPLIT']);
    expect(report.series.map((entry) => entry.dimensions[2])).toEqual([6, 5]);
    for (const entry of report.series) expect(worstError(entry, linearField)).toBeLessThanOrEqual(0.501);
    expect(report.findings.map((finding) => finding.code)).toEqual(['TOO_FEW_SLICES']);
  });
});

describe('irregular series', () => {
  const irregular: [string, Series, AllowCode[]][] = [
    ['GANTRY_TILT', { distances: along(10, 2), slant: [0, 0.3] }, ['GANTRY_TILT']],
    ['GANTRY_TILT', { distances: along(10, 2), slant: [-0.2, 0.1], turn: [0.4, 0.2, 1] }, ['GANTRY_TILT']],
    ['VARIABLE_SPACING', { distances: [0, 1, 2, 3, 4, 6.5, 9, 11.5], turn: [0.1, 0.5, 2] }, ['VARIABLE_SPACING']],
    ['MISSING_SLICES', { distances: [0, 1.5, 3, 4.5, 7.5, 9, 10.5], turn: [2, 0.5, 0.3] }, ['MISSING_SLICES']],
  ];
  for (const [code, series, consent] of irregular) {
    test(`[8.3-spacing] ${code} slant ${series.slant ?? 'none'}: refused without consent, true values with it`, async () => {
      const refused = await importing(files(series));
      expect(refused.outcome).toBe('reject');
      expect(codes(refused.reasons)).toContain(code);
      const report = await importing(files(series), consent);
      expect(report.outcome).toBe('accept_with_warning');
      expect(codes(report.warnings)).toContain(code);
      const [before, after] = [refused.reasons, report.warnings].map((list) => list.find((item) => item.code === code)?.message);
      // What a person reads says what to do before the consent and what was done after it, without the codes that stand beside.
      expect(before).toMatch(/\b[Aa]llow\b/);
      expect(after).toMatch(/ with consent[;:]/);
      expect(after).not.toMatch(/\b[Aa]llow\b/);
      expect(`${before} ${after} ${report.findings.map((item) => item.text)}`).not.toContain(code);
      if (code === 'MISSING_SLICES') expect(before).toContain('1 slice is missing (at ');
      const entry = report.series[0] as SeriesEntry;
      expect(entry.resampled).toBe(true);
      expect(entry.slicePositionsMm).toHaveLength(series.distances.length);
      expect((entry.slicePositionsMm[1] as number) - (entry.slicePositionsMm[0] as number)).toBeCloseTo(series.distances[1] as number, 6);
      // Points that the acquired planes surround: outside them there is nothing to interpolate.
      const made = slices(series);
      const { row, column, normal } = turnedAxes(...(series.turn ?? [0, 0, 0]));
      const dot = (a: Triple, b: Triple) => a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
      const first = made[0] as SliceSpec;
      const inside = (point: Triple) => {
        const from = point.map((value, n) => value - (first.position[n] as number)) as Triple;
        const d = dot(from, normal);
        const [u, v] = series.slant ?? [0, 0];
        // The planes below and above lie apart by up to one gap's slant.
        const margin = 3 * Math.max(Math.abs(u), Math.abs(v));
        const x = dot(from, row) - u * d;
        const y = dot(from, column) - v * d;
        return x >= margin && x <= 6 * 0.6 - margin && y >= margin && y <= 4 * 0.9 - margin;
      };
      expect(worstError(entry, linearField, inside)).toBeLessThanOrEqual(1.01);
    });
  }

  test('consent to one fault does not cover another', async () => {
    const both = files({ distances: [0, 1, 2, 3, 4, 6.5, 9, 11.5], slant: [0, 0.3] });
    const report = await importing(both, ['GANTRY_TILT']);
    expect(codes(report.reasons)).toEqual(['VARIABLE_SPACING']);
  });

  test('the same slice twice is dropped with a warning; two different ones at one place are refused', async () => {
    const made = files({ distances: along(6, 1) });
    const twice = await importing([...made, made[2] as Uint8Array]);
    expect(codes(twice.warnings)).toEqual(['DUPLICATE_SLICES']);
    expect(twice.series[0]?.dimensions[2]).toBe(6);
    const other = sliceFile({ ...(slices({ distances: along(6, 1) })[2] as SliceSpec), value: () => 5, instance: 99 });
    expect(codes((await importing([...made, other])).reasons)).toEqual(['AMBIGUOUS_DUPLICATE_POSITIONS']);
  });

  test('[7.2-dicom] the same picture twice with another pixel size is no copy: nobody knows which size is true', async () => {
    const made = slices({ distances: along(6, 1) });
    const resized = (factor: number) => {
      const spec = made[2] as SliceSpec;
      const [extra] = sliceElements(spec).filter(([tag]) => tag === 0x7fe00010) as [ElementSpec];
      return sliceFile({ ...spec, pixelSpacing: [0.9 * factor, 0.6 * factor], extra: [extra], instance: 99 });
    };
    expect(codes((await importing([...made.map(sliceFile), resized(1.001)])).warnings)).toEqual(['DUPLICATE_SLICES']);
    for (const factor of [1.01, 2])
      expect(codes((await importing([...made.map(sliceFile), resized(factor)])).reasons)).toEqual(['AMBIGUOUS_DUPLICATE_POSITIONS']);
  });

  test('two complete acquisitions become two volumes with their own identifiers', async () => {
    const phase = (n: string, offset: number) =>
      files({
        distances: along(6, 1),
        each: (k) => ({ instance: Number(n) * 100 + k, extra: [[0x00200012, 'IS', n]], value: (lps) => linearField(lps) + offset }),
      });
    const report = await importing([...phase('1', 0), ...phase('2', 100)]);
    expect(codes(report.warnings)).toEqual(['MULTIPLE_VOLUMES_SPLIT']);
    expect(report.series.map((entry) => entry.seriesInstanceUid)).toEqual(['2.25.3', '2.25.3#2']);
    expect(worstError(report.series[1] as SeriesEntry, (lps) => linearField(lps) + 100)).toBeLessThanOrEqual(0.501);
    const second = await importing([...phase('1', 0), ...phase('2', 100)], [], '2.25.3#2');
    expect(second.series.map((entry) => entry.seriesInstanceUid)).toEqual(['2.25.3#2']);
  });

  const refusals: [string, (n: number) => Partial<SliceSpec>, string][] = [
    ['another frame of reference', (n) => (n > 2 ? { extra: [[0x00200052, 'UI', '2.25.9']] } : {}), 'FRAME_OF_REFERENCE_MISMATCH'],
    ['another patient', (n) => (n > 2 ? { extra: [[0x00100020, 'LO', 'T2']] } : {}), 'PATIENT_MISMATCH'],
    ['another pixel size', (n) => (n === 3 ? { pixelSpacing: [0.9, 0.61] } : {}), 'INCONSISTENT_SLICES'],
    ['another matrix', (n) => (n === 3 ? { rows: 6 } : {}), 'INCONSISTENT_SLICES'],
    ['only the detector spacing', () => ({ without: [0x00280030], extra: [[0x00181164, 'DS', '0.5\\0.5']] }), 'UNCALIBRATED_SPACING'],
    ['no number as slope', () => ({ extra: [[0x00281053, 'DS', 'one']] }), 'INVALID_RESCALE'],
    ['one slice without rescale', (n) => (n === 2 ? { without: [0x00281053, 0x00281052] } : {}), 'INVALID_RESCALE'],
    ['cosines that are not at right angles', () => ({ extra: [[0x00200037, 'DS', '1\\0\\0\\0.1\\0.995\\0']] }), 'INVALID_GEOMETRY'],
    ['an unknown transfer syntax in one slice', () => ({}), 'UNSUPPORTED_TRANSFER_SYNTAX'],
  ];
  for (const [what, each, code] of refusals) {
    test(`[7.2-dicom] ${what} is ${code}`, async () => {
      const made = slices({ distances: along(6, 1), each });
      const written = made.map((spec, n) =>
        code === 'UNSUPPORTED_TRANSFER_SYNTAX' && n === 3 ? dicomFile(sliceElements(spec), '1.2.3.4') : sliceFile(spec),
      );
      const report = await importing(written);
      expect(report.outcome).toBe('reject');
      expect(codes(report.reasons)).toContain(code);
    });
  }

  const warned: [string, ElementSpec[], string][] = [
    ['SpacingBetweenSlices', [[0x00180088, 'DS', '3']], 'SPACING_TAGS_DISAGREE'],
    ['GantryDetectorTilt', [[0x00181120, 'DS', '12']], 'GANTRY_TILT_TAG_IGNORED'],
    ['lossy mark', [[0x00282110, 'CS', '01']], 'LOSSY_COMPRESSED'],
    [
      'study before birth',
      [
        [0x00080020, 'DA', '20200101'],
        [0x00100030, 'DA', '20210101'],
      ],
      'IMPLAUSIBLE_DATES',
    ],
    ['letters in the UID', [[0x0020000e, 'UI', '1.2.abc']], 'INVALID_UID'],
    ['MR', [[0x00080060, 'CS', 'MR']], 'NOT_CT_NO_HU'],
  ];
  for (const [what, extra, code] of warned) {
    test(`[7.2-dicom] ${what} decides nothing and is said: ${code}`, async () => {
      const report = await importing(files({ distances: along(6, 1), each: () => ({ extra }) }));
      expect(report.outcome).toBe('accept_with_warning');
      expect(codes(report.warnings)).toEqual([code]);
      expect(report.series[0]?.spacingMm[2]).toBe(1);
      expect(worstError(report.series[0] as SeriesEntry, linearField)).toBeLessThanOrEqual(0.501);
    });
  }

  test('a refused series beside a good one is a finding and a warning, not a silent loss', async () => {
    const tilted = files({ distances: along(8, 1), slant: [0, 0.4], each: (n) => ({ series: '2.25.8', instance: 50 + n }) });
    const report = await importing([...files({ distances: along(6, 1) }), ...tilted]);
    expect(report.series.map((entry) => entry.seriesInstanceUid)).toEqual(['2.25.3']);
    expect(codes(report.warnings)).toEqual(['GANTRY_TILT']);
    expect(report.findings.filter((finding) => finding.code === 'GANTRY_TILT')).toHaveLength(1);
  });
});

describe('folders', () => {
  test('every file is used or told why not; links never lead out; a pipe is no hang', async () => {
    const folder = writeFolder(join(root, 'study'), files({ distances: along(6, 1) }));
    writeFileSync(join(folder, 'notes.txt'), 'hello');
    writeFileSync(join(folder, 'empty'), '');
    symlinkSync('..', join(folder, 'loop'));
    symlinkSync('/etc/hostname', join(folder, 'outside'));
    symlinkSync('im0001', join(folder, 'again'));
    execFileSync('mkfifo', [join(folder, 'pipe')]);
    const report = await importing([folder]);
    expect(report.outcome).toBe('accept');
    expect(report.series[0]?.dimensions).toEqual([7, 5, 6]);
    const told = report.findings.map((finding) => finding.path?.slice(folder.length + 1)).sort();
    expect(told).toEqual(['empty', 'loop', 'notes.txt', 'outside', 'pipe']);
  });

  test('nothing is written beside the input', async () => {
    const folder = writeFolder(join(root, 'study'), files({ distances: along(6, 1) }));
    const before = readdirSync(folder);
    await importing([folder]);
    expect(readdirSync(folder)).toEqual(before);
  });

  test('a path that does not exist, a series that is not there and an empty folder are refused by code', async () => {
    expect(codes((await importing([join(root, 'absent')])).reasons)).toEqual(['NOT_FOUND']);
    const folder = writeFolder(join(root, 'study'), files({ distances: along(6, 1) }));
    expect(codes((await importing([folder], [], '9.9')).reasons)).toEqual(['NOT_FOUND']);
    expect(codes((await importing([writeFolder(join(root, 'none'), [])])).reasons)).toEqual(['NO_READABLE_IMAGES']);
  });

  test('a file deleted while importing is MISSING_FILES, a growing one is refused', async () => {
    const folder = writeFolder(join(root, 'study'), files({ distances: along(6, 1) }));
    const into = join(root, 'into');
    mkdirSync(into);
    const during = async (act: () => void) => {
      let done = false;
      const progress = (fraction: number) => {
        if (fraction >= 0.19 && !done) {
          done = true;
          act();
        }
      };
      return (await importSeries({ paths: [folder], seriesInstanceUid: null, allow: [], into }, { ...quiet, progress })).report;
    };
    const grown = await during(() => writeFileSync(join(folder, 'im0003'), 'more', { flag: 'a' }));
    expect(codes(grown.reasons)).toEqual(['UNREADABLE_FILE']);
    const gone = await during(() => rmSync(join(folder, 'im0003')));
    expect(codes(gone.reasons)).toEqual(['MISSING_FILES']);
    expect(readdirSync(into)).toEqual([]);
  });

  test('cancelling leaves nothing behind', async () => {
    const folder = writeFolder(join(root, 'study'), files({ distances: along(6, 1) }));
    const into = join(root, 'into');
    mkdirSync(into);
    let calls = 0;
    const throwIfCancelled = () => {
      if (++calls > 9) throw new TypeError('cancelled');
    };
    await expect(
      importSeries({ paths: [folder], seriesInstanceUid: null, allow: [], into }, { ...quiet, throwIfCancelled }),
    ).rejects.toThrow('cancelled');
    expect(readdirSync(into)).toEqual([]);
  });
});

describe('scan', () => {
  test('[7.2-dicom] lists volumes, localizers and single images with a thumbnail', async () => {
    const scout = sliceFile({
      ...(slices({ distances: [0], turn: [1.57, 0, 0] })[0] as SliceSpec),
      series: '2.25.7',
      extra: [[0x00080008, 'CS', 'ORIGINAL\\PRIMARY\\LOCALIZER']],
    });
    const single = sliceFile({ ...(slices({ distances: [0] })[0] as SliceSpec), series: '2.25.6' });
    const folder = writeFolder(join(root, 'study'), [...files({ distances: along(6, 2) }), scout, single]);
    const { series, reasons } = await scan({ paths: [folder] }, quiet);
    expect(reasons).toEqual([]);
    expect(series.map((item) => [item.kind, item.dimensions, item.spacingMm])).toEqual([
      ['volume', [7, 5, 6], [0.6, 0.9, 2]],
      ['localizer', [7, 5, 1], null],
      ['single', [7, 5, 1], null],
    ]);
    const picture = series[0]?.thumbnail;
    expect(Buffer.from(picture?.grey ?? '', 'base64')).toHaveLength((picture?.width ?? 0) * (picture?.height ?? 0));
  });
});

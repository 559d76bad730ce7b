import { execFile, execFileSync } from 'node:child_process';
import {
  appendFileSync,
  chmodSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { basename, join, relative } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { ImportReport } from '../../../contract/volume.ts';
import type { Triple } from '../../../kernels/volume/geometry.ts';
import { linearField, sliceFile, writeFolder } from '../../ports/dicom/fixtures.ts';
import { importSeries } from './import.ts';

/** What the outside world may do while a series is imported: links, pipes, rights, and files that change under the reader. */

const quiet = { progress: () => undefined, throwIfCancelled: () => undefined };
const cli = join(import.meta.dirname, '..', '..', 'cli.ts');
const nobody = 65534;
let root = '';
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'lamina-runtime-'));
  chmodSync(root, 0o755);
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

function slice(n: number, extra: Partial<Parameters<typeof sliceFile>[0]> = {}): Uint8Array {
  return sliceFile({
    position: [-10, 20, 2 * n] as Triple,
    row: [1, 0, 0],
    column: [0, 1, 0],
    pixelSpacing: [0.9, 0.6],
    rows: 16,
    columns: 20,
    value: linearField,
    instance: n + 1,
    ...extra,
  });
}
const slices = (count: number) => Array.from({ length: count }, (_, n) => slice(n));

async function importing(
  folder: string,
  during: (fraction: number) => void = () => undefined,
  run: <T>(act: () => Promise<T>) => Promise<T> = (act) => act(),
): Promise<ImportReport> {
  const into = mkdtempSync(join(root, 'into-'));
  chmodSync(into, 0o777);
  const progress = (fraction: number) => during(fraction);
  const { report, files, sources } = await run(() =>
    importSeries({ paths: [folder], seriesInstanceUid: null, allow: [], into }, { ...quiet, progress }),
  );
  // Voxels and headers of each series, and nothing else.
  const staged = [...files, ...sources.filter((one) => one !== null)].map((one) => basename(one.path));
  expect(files).toHaveLength(report.series.length);
  expect(readdirSync(into).sort()).toEqual(staged.sort());
  return report;
}

/** Runs with the rights of nobody where the tests run as root, whom no mode of a file stops. */
async function withoutRights<T>(act: () => Promise<T>): Promise<T> {
  if (process.geteuid?.() !== 0) return act();
  process.setegid?.(nobody);
  process.seteuid?.(nobody);
  try {
    return await act();
  } finally {
    process.seteuid?.(0);
    process.setegid?.(0);
  }
}

const importingAsNobody = (folder: string) => importing(folder, undefined, withoutRights);

/** Everything that can be seen of a tree but the time of last access. */
function snapshot(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .concat('.')
    .sort()
    .map((name) => {
      const { ino, mode, size, mtimeNs, ctimeNs, nlink } = lstatSync(join(folder, name), { bigint: true });
      return [name, ino, mode, size, mtimeNs, ctimeNs, nlink].join(' ');
    });
}
const codes = (list: { code: string }[]) => list.map(({ code }) => code);

/** Files and folders of which the report speaks; what it says of the whole series has no path. */
const toldIn = (folder: string, { findings }: ImportReport) =>
  findings.flatMap(({ path }) => (path === undefined ? [] : [relative(folder, path)])).sort();

describe('links, pipes and devices', () => {
  test('[7.2-dicom] links to the parent, to the root of the disk, to themselves and in a ring: each file once, nothing from outside', async () => {
    const parent = join(root, 'parent');
    const folder = writeFolder(join(parent, 'study'), slices(8));
    // A slice of the same series lies outside, where a link leads: followed, it would stand in the volume.
    writeFileSync(join(parent, 'outside'), slice(8));
    writeFolder(join(parent, 'beside'), [slice(9)]);
    mkdirSync(join(folder, 'a'));
    mkdirSync(join(folder, 'b'));
    symlinkSync('..', join(folder, 'up'));
    symlinkSync('/', join(folder, 'disk'));
    symlinkSync('self', join(folder, 'self'));
    symlinkSync('../b/ring', join(folder, 'a', 'ring'));
    symlinkSync('../a/ring', join(folder, 'b', 'ring'));
    symlinkSync('../../outside', join(folder, 'a', 'file'));
    symlinkSync('../../beside', join(folder, 'a', 'folder'));
    symlinkSync('../im0003', join(folder, 'a', 'again'));
    symlinkSync('a', join(folder, 'inner'));
    const report = await importing(folder);
    expect(report.outcome).toBe('accept');
    expect(report.series.map(({ dimensions }) => dimensions)).toEqual([[20, 16, 8]]);
    const told = toldIn(folder, report);
    expect(told).toEqual(['a/file', 'a/folder', 'a/ring', 'b/ring', 'disk', 'inner', 'self', 'up']);
  });

  test('[7.2-dicom] a pipe, a socket and a device in the folder are skipped by the command line, and none of them is waited for', async () => {
    const folder = writeFolder(join(root, 'study'), slices(8));
    execFileSync('mkfifo', [join(folder, 'pipe'), join(folder, 'im0002.dcm')]);
    const server = createServer();
    await new Promise<void>((done) => server.listen(join(folder, 'socket'), done));
    symlinkSync('/dev/zero', join(folder, 'device'));
    try {
      const { code, stdout } = await new Promise<{ code: unknown; stdout: string }>((resolve) => {
        execFile(
          process.execPath,
          ['--disable-warning=ExperimentalWarning', cli, 'import', folder, '--case', join(root, 'a.lamina'), '--json'],
          { timeout: 60_000 },
          (error, out) => resolve({ code: error ? (error as { code?: unknown }).code : 0, stdout: out }),
        );
      });
      expect(code).toBe(0);
      const report = JSON.parse(stdout) as ImportReport;
      expect(report.outcome).toBe('accept');
      expect(report.series.map(({ dimensions }) => dimensions)).toEqual([[20, 16, 8]]);
      const told = toldIn(folder, report);
      expect(told).toEqual(['device', 'im0002.dcm', 'pipe', 'socket']);
    } finally {
      await new Promise((done) => server.close(done));
    }
  });

  test('a device or a pipe that is chosen itself is told and not read', async () => {
    execFileSync('mkfifo', [join(root, 'pipe')]);
    for (const path of [join(root, 'pipe'), '/dev/zero']) {
      const report = await importing(path);
      expect(codes(report.reasons)).toEqual(['NO_READABLE_IMAGES']);
      expect(report.findings).toHaveLength(1);
    }
  });
});

describe('rights', () => {
  test('[7.2-dicom] one slice of twenty that may not be read is UNREADABLE_FILE, never a volume that hides its absence', async () => {
    const folder = writeFolder(join(root, 'study'), slices(20));
    chmodSync(join(folder, 'im0007'), 0o000);
    const report = await importingAsNobody(folder);
    const said = codes([...report.reasons, ...report.warnings]);
    expect(said).toContain('UNREADABLE_FILE');
    expect(report.findings.map(({ path }) => path)).toContain(join(folder, 'im0007'));
    // The gap is inside: evenly stacked, nineteen slices would be wrong.
    expect(report.series).toEqual([]);
    chmodSync(join(folder, 'im0007'), 0o644);
    expect((await importingAsNobody(folder)).outcome).toBe('accept');
  });

  test('[7.2-dicom] the last slice may not be read: what comes in says so', async () => {
    const folder = writeFolder(join(root, 'study'), slices(20));
    chmodSync(join(folder, 'im0019'), 0o000);
    const report = await importingAsNobody(folder);
    expect(report.outcome).not.toBe('accept');
    expect(codes([...report.reasons, ...report.warnings])).toContain('UNREADABLE_FILE');
  });

  test('a folder within that may not be opened is told', async () => {
    const folder = writeFolder(join(root, 'study'), slices(8));
    writeFolder(join(folder, 'closed'), [slice(8)]);
    chmodSync(join(folder, 'closed'), 0o000);
    const report = await importingAsNobody(folder);
    chmodSync(join(folder, 'closed'), 0o755);
    expect(report.findings).toContainEqual(expect.objectContaining({ path: join(folder, 'closed'), code: 'UNREADABLE_FILE' }));
  });

  test('[7.2-dicom] media without the right to write: the import works and leaves every file, name and time as it was', async () => {
    const folder = writeFolder(join(root, 'medium'), slices(8));
    mkdirSync(join(folder, 'more'));
    for (const name of ['im0002', 'im0005']) renameSync(join(folder, name), join(folder, 'more', name));
    for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' }))
      chmodSync(join(folder, name), name === 'more' ? 0o555 : 0o444);
    chmodSync(folder, 0o555);
    const before = snapshot(folder);
    const report = await importingAsNobody(folder);
    expect(report.outcome).toBe('accept');
    expect(report.series[0]?.dimensions).toEqual([20, 16, 8]);
    expect(snapshot(folder)).toEqual(before);
    chmodSync(folder, 0o755);
    chmodSync(join(folder, 'more'), 0o755);
  });
});

describe('files that change under the reader', () => {
  /** Runs once the headers are read and before the pixels are. */
  const between = (act: () => void) => {
    let done = false;
    return (fraction: number) => {
      if (fraction < 0.19 || done) return;
      done = true;
      act();
    };
  };
  const faults: [string, (folder: string) => void, string[]][] = [
    ['a file is gone', (folder) => rmSync(join(folder, 'im0003')), ['MISSING_FILES']],
    ['the whole folder is gone', (folder) => rmSync(folder, { recursive: true }), ['MISSING_FILES']],
    ['a file became shorter', (folder) => truncateSync(join(folder, 'im0003'), 900), ['UNREADABLE_FILE', 'TRUNCATED_FILE']],
    ['a file became longer', (folder) => appendFileSync(join(folder, 'im0003'), 'more'), ['UNREADABLE_FILE']],
    [
      'a folder took its place',
      (folder) => {
        rmSync(join(folder, 'im0003'));
        mkdirSync(join(folder, 'im0003'));
      },
      ['UNREADABLE_FILE'],
    ],
    [
      'another file took its place',
      (folder) => writeFileSync(join(folder, 'im0003'), slice(3, { rows: 20, columns: 16, extra: [[0x00204000, 'LT', 'another image']] })),
      ['UNREADABLE_FILE'],
    ],
  ];
  for (const [what, act, allowed] of faults) {
    test(`[7.2-dicom] ${what}: refused, nothing left, and said which`, async () => {
      const folder = writeFolder(join(root, 'study'), slices(8));
      let acted = false;
      const report = await importing(
        folder,
        between(() => {
          acted = true;
          act(folder);
        }),
      );
      expect(acted).toBe(true);
      expect(report.outcome).toBe('reject');
      expect(allowed).toContain(report.reasons[0]?.code);
    });
  }

  test('[7.2-dicom] a file that is still being written is not taken; when it is complete the same folder comes in', async () => {
    const folder = writeFolder(join(root, 'study'), slices(8));
    const whole = slice(4);
    const path = join(folder, 'im0004');
    for (const part of [100, 140, 700, whole.length - 300, whole.length - 1]) {
      writeFileSync(path, whole.subarray(0, part));
      const report = await importing(
        folder,
        between(() => appendFileSync(path, whole.subarray(part))),
      );
      expect(report.series, `complete up to ${part}`).toEqual([]);
      expect(report.outcome).toBe('reject');
      const again = await importing(folder);
      expect(again.outcome).toBe('accept');
      expect(again.series[0]?.dimensions).toEqual([20, 16, 8]);
    }
  });
});

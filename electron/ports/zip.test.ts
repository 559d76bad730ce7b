import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Refusal } from '../../contract/errors.ts';
import { importSeries } from '../processes/tasks/import.ts';
import { scan } from '../processes/tasks/scan.ts';
import { linearField, sliceFile } from './dicom/fixtures.ts';
import { type ZipItem, zip } from './zip.fixture.ts';
import { unpackZip } from './zip.ts';

let root = '';
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'lamina-zip-'));
});
afterEach(() => {
  rmSync(root, { recursive: true, force: true });
});
const quiet = { progress: () => undefined, throwIfCancelled: () => undefined };

function written(bytes: Uint8Array): string {
  const path = join(root, 'study.zip');
  writeFileSync(path, bytes);
  return path;
}
const text = (value: string) => new TextEncoder().encode(value);
const slice = (n: number) =>
  sliceFile({
    position: [0, 0, n],
    row: [1, 0, 0],
    column: [0, 1, 0],
    pixelSpacing: [1, 1],
    rows: 4,
    columns: 4,
    value: linearField,
    instance: n,
  });

async function code(bytes: Uint8Array): Promise<string> {
  try {
    await unpackZip(written(bytes), join(root, 'out'), () => undefined);
    return 'unpacked';
  } catch (error) {
    if (error instanceof Refusal) return error.code;
    throw error;
  } finally {
    rmSync(join(root, 'out'), { recursive: true, force: true });
  }
}

describe('unpackZip', () => {
  test('stored and deflated entries come out whole, under names of our own', async () => {
    const big = Uint8Array.from({ length: 300_000 }, (_, n) => (n * n) % 251);
    const out = await unpackZip(
      written(
        zip([
          { name: 'a/é "x".dcm', body: big },
          { name: 'b', body: text('hello'), store: true },
        ]),
      ),
      join(root, 'out'),
      () => undefined,
    );
    expect(out.map((item) => item.name)).toEqual(['a/é "x".dcm', 'b']);
    expect(readdirSync(join(root, 'out')).sort()).toEqual(['000000', '000001']);
    expect(new Uint8Array(readFileSync(out[0]?.path as string))).toEqual(big);
    expect(readFileSync(out[1]?.path as string, 'utf8')).toBe('hello');
  });

  const hostile: [string, ZipItem, string][] = [
    ['a name that climbs', { name: '../evil', body: text('x') }, 'PATH_ESCAPE'],
    ['a name that climbs with the other slash', { name: 'a\\..\\..\\evil', body: text('x') }, 'PATH_ESCAPE'],
    ['an absolute name', { name: '/etc/evil', body: text('x') }, 'PATH_ESCAPE'],
    ['a drive letter', { name: 'C:\\evil', body: text('x') }, 'PATH_ESCAPE'],
    ['a link', { name: 'link', body: text('/etc/passwd'), mode: 0o120777 }, 'PATH_ESCAPE'],
    ['an encrypted entry', { name: 'a', body: text('x'), flags: 0x801 }, 'UNSUPPORTED_CONTAINER'],
    ['a wrong checksum', { name: 'a', body: text('x'), crc: 1 }, 'CORRUPT_FILE'],
    ['a bomb', { name: 'a', body: new Uint8Array(80 * 1024 * 1024) }, 'TOO_LARGE'],
  ];
  for (const [what, item, expected] of hostile) {
    test(`${what} is ${expected}`, async () => expect(await code(zip([{ name: 'good', body: text('good') }, item]))).toBe(expected));
  }

  test('damage gives files or a refusal, nothing else', async () => {
    const good = zip([
      { name: 'a', body: text('some text that packs some text that packs') },
      { name: 'b', body: text('more'), store: true },
    ]);
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.nat(good.length - 1), fc.nat(255)), { minLength: 1, maxLength: 4 }),
        fc.nat(good.length),
        async (changes, cut) => {
          const bytes = Uint8Array.from(good.subarray(0, cut % 4 === 0 ? cut : good.length));
          for (const [at, value] of changes) if (at < bytes.length) bytes[at] = value;
          expect(await code(bytes)).toMatch(/^(unpacked|[A-Z_]+)$/);
        },
      ),
      { numRuns: 300 },
    );
  });
});

describe('a study in an archive', () => {
  test('[7.2-dicom] comes in like its folder, beside which nothing is left', async () => {
    const items = [1, 2, 3, 4, 5, 6].map((n) => ({ name: `study/im${n}`, body: slice(n) }));
    const path = written(zip([...items, { name: 'study/readme.txt', body: text('hi') }]));
    const into = join(root, 'into');
    mkdirSync(into);
    const { report, files, sources } = await importSeries({ paths: [path], seriesInstanceUid: null, allow: [], into }, quiet);
    expect(report.outcome).toBe('accept');
    expect(report.series[0]?.dimensions).toEqual([4, 4, 6]);
    expect(report.findings).toEqual([{ text: 'study/readme.txt: Not a DICOM file; left out.', path, code: 'NOT_DICOM' }]);
    const staged = [...files, ...sources.filter((one) => one !== null)].map((one) => basename(one.path));
    expect(staged).toHaveLength(2);
    expect(readdirSync(into).sort()).toEqual(staged.sort());
    expect(readdirSync(root).sort()).toEqual(['into', 'study.zip']);
    const listed = await scan({ paths: [path] }, quiet);
    expect(listed.series.map((item) => item.dimensions)).toEqual([[4, 4, 6]]);
    expect(existsSync(join(root, 'study'))).toBe(false);
  });
});

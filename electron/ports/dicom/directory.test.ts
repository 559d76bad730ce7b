import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { gather } from '../gather.ts';
import { directoryWarnings } from './directory.ts';
import { dicomFile, sequence } from './fixtures.ts';

let root = '';
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'lamina-medium-'));
});
afterEach(() => {
  rmSync(root, { recursive: true, force: true });
});

const directory = (...references: string[]) =>
  dicomFile([[0x00041220, 'SQ', sequence(references.map((reference) => [[0x00041500, 'CS', reference]]))]]);

async function told(references: string[], files: string[]): Promise<string[]> {
  for (const [name, bytes] of [
    ['DICOMDIR', directory(...references)] as const,
    ...files.map((file) => [file, Buffer.from('x')] as const),
  ]) {
    const path = join(root, 'medium', name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, bytes);
  }
  const found = await gather([join(root, 'medium')], root, () => undefined);
  return directoryWarnings(found).map(({ code, message }) => `${code} ${/\d+/.exec(message)}`);
}

describe('a medium with a directory', () => {
  const references = ['DICOM\\IM1', 'DICOM\\IM2'];
  const present: [string, string[]][] = [
    ['as named', ['DICOM/IM1', 'DICOM/IM2']],
    ['in small letters', ['dicom/im1', 'dicom/im2']],
    ['in any letters', ['Dicom/im1', 'Dicom/Im2']],
    ['with the version of ISO 9660', ['DICOM/IM1.;1', 'DICOM/IM2;1']],
  ];
  for (const [what, files] of present)
    test(`[7.2-dicom] files ${what} are there`, async () => expect(await told(references, files)).toEqual([]));

  test('[7.2-dicom] files that are not there are MISSING_FILES; names that lead out are PATH_ESCAPE and never looked up', async () => {
    writeFileSync(join(root, 'OUTSIDE'), 'x');
    const leading = ['..\\OUTSIDE', '/ETC/PASSWD', 'C:\\X', 'DICOM\\..\\..\\OUTSIDE'];
    expect(await told([...references, ...leading], ['DICOM/IM2'])).toEqual(['MISSING_FILES 1', 'PATH_ESCAPE 4']);
  });
});

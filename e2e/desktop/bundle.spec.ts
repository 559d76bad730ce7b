import { type ChildProcess, fork } from 'node:child_process';
import { copyFileSync, cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import codecs from 'dcmjs-codecs';
import { projectFolder } from '../stand-in/launch.ts';

/**
 * The bundles that a package carries, run from a folder that has nothing else: no sources, no node_modules. What they reach for and do
 * not carry fails here.
 */
const rows = 16;
const columns = 24;
const uid = '2.25.1';

/** A CT image of one ramp, compressed by the encoders of dcmjs-codecs. */
async function compressedFile(path: string, syntax: string): Promise<number[]> {
  await codecs.NativeCodecs.initializeAsync();
  const stored = Uint16Array.from({ length: rows * columns }, (_, at) => (at * 37) % 4096);
  const elements = {
    SOPClassUID: '1.2.840.10008.5.1.4.1.1.2',
    SOPInstanceUID: `${uid}.1`,
    StudyInstanceUID: `${uid}.2`,
    SeriesInstanceUID: `${uid}.3`,
    Modality: 'CT',
    PatientName: 'BUNDLE',
    PatientID: '1',
    ImagePositionPatient: [0, 0, 0],
    ImageOrientationPatient: [1, 0, 0, 0, 1, 0],
    PixelSpacing: [1, 1],
    RescaleSlope: 1,
    RescaleIntercept: -1024,
    Rows: rows,
    Columns: columns,
    BitsAllocated: 16,
    BitsStored: 12,
    HighBit: 11,
    PixelRepresentation: 0,
    SamplesPerPixel: 1,
    PhotometricInterpretation: 'MONOCHROME2',
    PixelData: [stored.buffer],
    _vrMap: { PixelData: 'OW' },
  };
  const transcoder = new codecs.Transcoder(elements, '1.2.840.10008.1.2.1');
  transcoder.transcode(syntax);
  writeFileSync(path, Buffer.from(transcoder.getDicomPart10()));
  return [...stored].map((value) => value - 1024);
}

test.describe('the bundled computing process', () => {
  let folder: string;
  let child: ChildProcess;
  test.beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'lamina-bundle-'));
    mkdirSync(join(folder, 'dist'));
    cpSync(join(projectFolder, 'dist'), join(folder, 'dist'), { recursive: true, filter: (path) => !path.endsWith('renderer') });
    copyFileSync(join(projectFolder, 'package.json'), join(folder, 'package.json'));
    child = fork(join(folder, 'dist', 'compute.js'), { serialization: 'advanced', stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  });
  test.afterAll(() => {
    child.kill('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  });
  let count = 0;
  const run = (task: string, input: unknown) =>
    new Promise<Record<string, unknown>>((resolve) => {
      const id = ++count;
      const listen = (answer: { id: number; kind: string; result?: Record<string, unknown> }) => {
        if (answer.id !== id || answer.kind === 'progress') return;
        child.off('message', listen);
        resolve(answer.kind === 'done' ? (answer.result as Record<string, unknown>) : answer);
      };
      child.on('message', listen);
      child.send({ kind: 'run', id, task, input });
    });

  for (const [name, syntax] of [
    ['JPEG lossless', '1.2.840.10008.1.2.4.70'],
    ['JPEG-LS', '1.2.840.10008.1.2.4.80'],
    ['JPEG 2000', '1.2.840.10008.1.2.4.90'],
    ['HTJ2K', '1.2.840.10008.1.2.4.201'],
  ] as const)
    test(`decodes ${name} with the decoders that it carries`, async () => {
      const path = join(folder, `${name}.dcm`);
      const values = await compressedFile(path, syntax);
      const sum = values.reduce((total, value) => total + value, 0);
      expect(await run('decode', { path })).toMatchObject({
        rows,
        columns,
        min: Math.min(...values),
        max: Math.max(...values),
        mean: sum / values.length,
      });
    });

  test('loads every task', async () => {
    // An input that no task can take: what comes back may be a refusal or our mistake, but never a module that is not there.
    for (const task of [
      'scan',
      'import',
      'segment',
      'clean',
      'islands',
      'materialise',
      'mesh',
      'preview',
      'readLabelmap',
      'writeNifti',
      'checkMesh',
    ]) {
      const answer = await run(task, { paths: [], path: join(folder, 'none') });
      expect(JSON.stringify(answer)).not.toMatch(/MODULE_NOT_FOUND|Cannot find (module|package)|is not defined/);
    }
  });
});

import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { copyFile, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

const entry = path.join(import.meta.dirname, 'cli.ts');
let folder = '';
let dicom = '';
const at = (...names: string[]) => path.join(folder, ...names);

/** Runs the command line as a script would: a process of its own, stdout parsed as one object. */
function lamina(...args: string[]): Promise<{ code: number; json: Record<string, unknown>; stdout: string; stderr: string }> {
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      ['--disable-warning=ExperimentalWarning', entry, ...args],
      { maxBuffer: 1 << 26 },
      (error, stdout, stderr) => {
        const code = error ? Number((error as { code?: unknown }).code ?? 1) : 0;
        let json: Record<string, unknown> = {};
        try {
          json = JSON.parse(stdout);
        } catch {
          // Usage errors print no object; tests look at stdout then.
        }
        resolve({ code, json, stdout, stderr });
      },
    );
  });
}

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'lamina-cli-'));
  const made = await lamina('phantom', '--seed', '3', '--out', at('phantom'), '--size', 'small', '--json');
  expect(made.code, made.stderr).toBe(0);
  dicom = at('phantom', 'dicom');
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe('command line', () => {
  test('[7.2-dicom] import reports geometry and leaves the input as it was', async () => {
    const before = (await readdir(dicom)).sort();
    const { code, json } = await lamina('import', dicom, '--case', at('a.lamina'), '--json');
    expect(code).toBe(0);
    expect(json.outcome).toBe('accept');
    const truth = JSON.parse(await readFile(at('phantom', 'truth.json'), 'utf8'));
    const [series] = json.series as [
      { dimensions: number[]; voxels: { path: string; dtype: string; units: string }; slicePositionsMm: number[] },
    ];
    expect(series.dimensions).toEqual(truth.geometry.dimensions);
    expect(series.voxels.units).toBe('HU');
    expect(path.isAbsolute(series.voxels.path)).toBe(true);
    expect((await readFile(series.voxels.path)).length).toBe(series.dimensions.reduce((a, b) => a * b) * 2);
    expect((await readdir(dicom)).sort()).toEqual(before);
  });

  test('[M-threshold][13-ccl][P-surface][P-export] the verbs one after the other make a checked STL', async () => {
    const dir = at('b.lamina');
    expect((await lamina('import', dicom, '--case', dir, '--json')).code).toBe(0);
    const segmented = await lamina(
      'segment',
      '--case',
      dir,
      '--method',
      'threshold',
      '--set',
      'lowHu=200',
      '--out',
      at('b.nii.gz'),
      '--json',
    );
    expect(segmented.code, segmented.stderr).toBe(0);
    const labelmap = segmented.json.labelmap as { path: string; dimensions: number[] };
    const bytes = await readFile(labelmap.path);
    expect(bytes.reduce((a, b) => a + b, 0)).toBe(segmented.json.voxels);
    expect(existsSync(at('b.nii.gz'))).toBe(true);
    const cleaned = await lamina('clean', '--case', dir, '--set', 'keep=largest', 'connectivity=26', 'fillHoles=true', '--json');
    expect(cleaned.code, cleaned.stderr).toBe(0);
    expect(cleaned.json.partsAfter).toBe(1);
    const meshed = await lamina('mesh', '--case', dir, '--out', at('b.stl'), '--json');
    expect(meshed.code, meshed.stderr).toBe(0);
    expect(meshed.json).toMatchObject({ openEdges: 0, nonManifoldEdges: 0, misorientedEdges: 0, selfIntersections: 0, signed: false });
    const checked = await lamina('check-mesh', at('b.stl'), '--json');
    expect(checked.code).toBe(0);
    expect(checked.json.triangles).toBe(meshed.json.triangles);
    expect(JSON.parse(await readFile(at('b.report.json'), 'utf8')).statement).toMatch(/UNSIGNED/);
  });

  test('[13-crf] the field changes a segment, says what it did, records what it ran with, and is taken back whole', async () => {
    const dir = at('crf.lamina');
    await lamina('import', dicom, '--case', dir, '--json');
    const segmented = await lamina('segment', '--case', dir, '--method', 'threshold', '--set', 'lowHu=200', '--json');
    const bytesOf = async (json: Record<string, unknown>) => readFile((json.labelmap as { path: string }).path);
    const before = await bytesOf(segmented.json);
    const set = ['crf=true', 'crfIterations=3', 'crfAppearanceMm=6', 'crfAppearanceHu=200', 'crfTrust=0.6', 'crfSheetMm=0'];
    const cleaned = await lamina('clean', '--case', dir, '--set', ...set, '--json');
    expect(cleaned.code, cleaned.stderr).toBe(0);
    const after = await bytesOf(cleaned.json);
    let added = 0;
    let removed = 0;
    for (let n = 0; n < before.length; n++) {
      if (after[n]! > before[n]!) added++;
      if (after[n]! < before[n]!) removed++;
    }
    expect(added + removed).toBeGreaterThan(0);
    expect(cleaned.json.crf).toMatchObject({ added, removed, held: 0 });
    expect(cleaned.json.voxels).toBe((cleaned.json.voxelsBefore as number) + added - removed);
    expect((await lamina('undo', '--case', dir, '--json')).json.redo).toBe('Thin structures (CRF)');
    const refused = await lamina('clean', '--case', dir, '--set', 'crfIterations=3', '--json');
    expect(refused.code).not.toBe(0);
    expect(refused.stderr + JSON.stringify(refused.json)).toContain('crf=true');
  });

  test('[I-verify] a signed model says who signed it, and nobody else’s export does', async () => {
    const dir = at('c.lamina');
    await lamina('import', dicom, '--case', dir, '--json');
    await lamina('segment', '--case', dir, '--method', 'threshold', '--set', 'lowHu=200', '--json');
    await lamina('mesh', '--case', dir, '--out', at('c.stl'), '--json');
    const refused = await lamina('export', '--case', dir, '--as', 'stl', '--out', at('c2.stl'), '--json');
    expect(refused.code).toBe(3);
    expect(existsSync(at('c2.stl'))).toBe(false);
    expect((await lamina('sign', '--case', dir, '--name', 'R. Reviewer', '--json')).json.name).toBe('R. Reviewer');
    const done = await lamina('export', '--case', dir, '--as', 'stl', '--out', at('c2.stl'), '--json');
    expect(done.json).toMatchObject({ signed: true });
    expect(JSON.parse(await readFile(at('c2.report.json'), 'utf8')).statement).toContain('R. Reviewer');
  });

  test('[P-surface] a labelmap file makes the same surface as its case, and is held against the grid of its image', async () => {
    const dir = at('l.lamina');
    await lamina('import', dicom, '--case', dir, '--json');
    await lamina('segment', '--case', dir, '--method', 'threshold', '--set', 'lowHu=200', '--out', at('l.nii.gz'), '--json');
    const ofCase = await lamina('mesh', '--case', dir, '--out', at('l1.stl'), '--json');
    const ofFile = await lamina('mesh', '--labelmap', at('l.nii.gz'), '--image', dicom, '--out', at('l2.stl'), '--json');
    expect(ofFile.code, ofFile.stderr).toBe(0);
    expect(ofFile.json.triangles).toBe(ofCase.json.triangles);
    expect((ofFile.json.volumeMm3 as number) / (ofCase.json.volumeMm3 as number)).toBeCloseTo(1, 9);
    // Without the image nothing is known between voxels, and the report says so.
    const alone = await lamina('mesh', '--labelmap', at('l.nii.gz'), '--out', at('l4.stl'), '--json');
    expect(alone.json).toMatchObject({ triangles: ofCase.json.triangles, finish: { grey: null, smoothing: { greyToleranceMm: null } } });
    // Voxels of 2 mm show few edges of their own beyond doubt.
    expect((ofCase.json.finish as unknown as { grey: { part: number } }).grey.part).toBeGreaterThan(0.1);
    const { segmentVolumeMm3 } = ofCase.json as { segmentVolumeMm3: number };
    expect(segmentVolumeMm3).toBeGreaterThan(0);
    expect(ofCase.json.surface).toBe('grey');
    expect(alone.json.surface).toBe('mask');
    expect((alone.json.segmentVolumeMm3 as number) / segmentVolumeMm3).toBeCloseTo(1, 5);
    const half = at('half');
    await mkdir(half);
    for (const name of (await readdir(dicom)).sort().slice(0, 20)) await copyFile(path.join(dicom, name), path.join(half, name));
    const other = await lamina('mesh', '--labelmap', at('l.nii.gz'), '--image', half, '--out', at('l3.stl'), '--json');
    expect(other.code).toBe(3);
    expect(other.json.reasons).toMatchObject([{ code: 'GRID_MISMATCH' }]);
    expect(existsSync(at('l3.stl'))).toBe(false);
  });

  test('run without --case keeps no case and names no path of one', async () => {
    const { code, json, stderr } = await lamina('run', dicom, '--out', at('d.stl'), '--json');
    expect(code, stderr).toBe(0);
    expect(json.stl).toMatchObject({ path: at('d.stl') });
    expect(json.segment).toMatchObject({ labelmap: null });
    expect((json.import as { series: { voxels: { path: null } }[] }).series[0]?.voxels.path).toBeNull();
  });

  test('a refusal prints why, exits 3 and leaves no case', async () => {
    await writeFile(at('not.dcm'), 'this is no image');
    const { code, json } = await lamina('import', at('not.dcm'), '--case', at('e.lamina'), '--json');
    expect(code).toBe(3);
    expect(json.outcome).toBe('reject');
    expect((json.reasons as unknown as unknown[]).length).toBeGreaterThan(0);
    expect(existsSync(at('e.lamina'))).toBe(false);
  });

  test('usage errors exit 2 and print nothing on stdout', async () => {
    for (const args of [
      ['import'],
      ['import', dicom, '--json'],
      ['segment', '--case', at('b.lamina'), '--method', 'magic', '--json'],
      ['nonsense'],
      ['mesh', '--out', 'x.stl'],
    ]) {
      const { code, stdout } = await lamina(...args);
      expect(code, args.join(' ')).toBe(2);
      expect(stdout).toBe('');
    }
  });

  test('undo and redo by name survive the process', async () => {
    const dir = at('f.lamina');
    await lamina('import', dicom, '--case', dir, '--json');
    await lamina('segment', '--case', dir, '--method', 'hysteresis', '--set', 'seedHu=300', 'lowHu=130', '--json');
    const undone = await lamina('undo', '--case', dir, '--json');
    expect(undone.json.redo).toMatch(/Hysteresis 300 HU/);
    expect((await lamina('mesh', '--case', dir, '--out', at('f.stl'), '--json')).code).not.toBe(0);
    expect((await lamina('redo', '--case', dir, '--json')).json.undo).toMatch(/Hysteresis 300 HU/);
    expect((await lamina('mesh', '--case', dir, '--out', at('f.stl'), '--json')).code).toBe(0);
  });
});

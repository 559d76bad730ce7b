import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { AcquisitionCheck, AcquisitionProfile, FileUse } from '../contract/acquisition.ts';
import { acquisitionCheck } from '../contract/acquisition.ts';
import type { CaseState, JournalLine } from '../contract/case.ts';
import { caseState } from '../contract/case.ts';
import type { ImportReport } from '../contract/volume.ts';
import { acquisitionVerbs } from './cli/acquisition-verbs.ts';
import { type Client, createClient } from './cli/client.ts';
import { createHost, type Host } from './host.ts';
import { type ElementSpec, sliceFile } from './ports/dicom/fixtures.ts';

let folder = '';
let dicom = '';
let host: Host;
let client: Client;
const before = process.env.LAMINA_CONFIG;
const at = (...names: string[]) => path.join(folder, ...names);

/** A ball of bone in a ball of tissue in air, with headers that meet some of Table A.1 and miss some. */
async function writeSeries(into: string): Promise<void> {
  await mkdir(into, { recursive: true });
  for (let k = 0; k < 24; k++) {
    const spec = {
      position: [-16, -16, k] as [number, number, number],
      row: [1, 0, 0] as [number, number, number],
      column: [0, 1, 0] as [number, number, number],
      pixelSpacing: [0.5, 0.5] as [number, number],
      rows: 64,
      columns: 64,
      value: ([x, y, z]: [number, number, number]) => {
        const r = Math.hypot(x, y, z - 12);
        const grain = Math.round(6 * Math.sin(91 * x + 57 * y + 33 * z) + 6 * Math.sin(23 * x - 71 * y));
        return grain + (r < 6 ? 900 : r < 11 ? 40 : -1000);
      },
      slope: 1,
      intercept: -1024,
      instance: k + 1,
      extra: [
        [0x00080070, 'LO', 'SIEMENS'],
        [0x00180050, 'DS', '1'],
        [0x00180060, 'DS', '120'],
        [0x00181151, 'IS', '190'],
        [0x00181210, 'SH', 'H60s'],
        [0x00185100, 'CS', 'HFS'],
        [0x00282110, 'CS', '01'],
      ] as ElementSpec[],
    };
    await writeFile(path.join(into, `${k}.dcm`), sliceFile(spec));
  }
}

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'lamina-acquisition-'));
  dicom = at('in');
  await writeSeries(dicom);
  await writeFile(at('in', 'notes.txt'), 'nothing of a series');
  process.env.LAMINA_CONFIG = at('settings');
  host = await createHost({ shell: 'cli', log: () => {} });
  client = createClient(host.service.fetch);
});
afterAll(async () => {
  await client.closeCases();
  await host.close();
  if (before === undefined) delete process.env.LAMINA_CONFIG;
  else process.env.LAMINA_CONFIG = before;
  await rm(folder, { recursive: true, force: true });
});

const importCase = (name: string) =>
  client.job<{ report: ImportReport; files: FileUse[]; case: CaseState }>('/api/import', { paths: [dicom], folder: at(name) });
const rowsOf = (check: AcquisitionCheck) => Object.fromEntries(check.rows.map((row) => [row.parameter, row.judgement]));

describe('the check as a service', () => {
  test('[7.3-acquisition] files are checked without a case; the case answers the same once they are imported', async () => {
    const files = acquisitionCheck.parse(await client.job('/api/check', { paths: [dicom] }));
    expect(rowsOf(files)).toMatchObject({
      tubeVoltage: 'meets',
      tubeCurrent: 'warning',
      matrix: 'unusable',
      kernel: 'meets',
      rotationTime: 'unknown',
    });
    const { report, case: state } = await importCase('a.lamina');
    const uid = report.series[0]!.seriesInstanceUid;
    const url = `/api/cases/${state.id}/series/${encodeURIComponent(uid)}/check`;
    expect(await client.get(url)).toEqual(files);
    const skull = await client.get<AcquisitionCheck>(`${url}?profile=skull`);
    expect(skull.profile.id).toBe('skull');
    await expect(client.get(`${url}?profile=nobody`)).rejects.toMatchObject({ problem: { code: 'NOT_FOUND' } });
  });

  test('[7.3-acquisition] verdicts are findings of the import: they warn of nothing and change no outcome', async () => {
    const { report, case: state } = await importCase('b.lamina');
    expect(report.warnings.map((one) => one.code)).toEqual(['LOSSY_COMPRESSED']);
    expect(report.outcome).toBe('accept_with_warning');
    const texts = report.findings.map((one) => one.text);
    expect(texts.some((text) => /^Orbit: tube current 190 mA/.test(text))).toBe(true);
    expect(texts.some((text) => /cannot be trusted to show/.test(text))).toBe(true);
    const reopened = caseState.parse(await client.get(`/api/cases/${state.id}`));
    expect(reopened.importReport!.findings).toEqual(report.findings);
    expect(reopened.series[0]).toMatchObject({
      acquisition: { kernel: 'H60s', tubeCurrentMa: [190, 190], lossy: true },
      quality: { airHu: expect.anything() },
    });
  });

  test('[7.2-dicom] the case keeps every file of the input, used or not', async () => {
    const { files, case: state } = await importCase('c.lamina');
    expect(files).toHaveLength(25);
    expect(files.filter((one) => one.series === null)).toMatchObject([
      { path: at('in', 'notes.txt'), why: expect.stringMatching(/left out/) },
    ]);
    expect(await client.get(`/api/cases/${state.id}/files`)).toEqual(files);
  });

  test('[7.3-acquisition] a hospital’s own profile is kept, taken for the check, and can go again', async () => {
    const { profiles } = await client.get<{ profiles: AcquisitionProfile[] }>('/api/profiles');
    const own = structuredClone(profiles[0]!);
    own.name = 'Orbit here';
    own.criteria.find((one) => one.parameter === 'tubeCurrent')!.meets = { min: 100 };
    await client.send('PUT', '/api/profiles/orbit', own);
    const check = await client.job<AcquisitionCheck>('/api/check', { paths: [dicom] });
    expect([check.profile.name, rowsOf(check).tubeCurrent]).toEqual(['Orbit here', 'meets']);
    await expect(client.send('PUT', '/api/profiles/other', own)).rejects.toMatchObject({ problem: { status: 400 } });
    await expect(client.send('PUT', '/api/profiles/orbit', { ...own, modality: 'MR' })).rejects.toMatchObject({
      problem: { status: 400, detail: expect.stringMatching(/Lamina's profile for CT/) },
    });
    await client.send('DELETE', '/api/profiles/orbit');
    expect((await client.get<{ own: string[] }>('/api/profiles')).own).toEqual([]);
  });
});

describe('the check of a preprocessed series', () => {
  interface Made {
    series: { seriesInstanceUid: string };
  }
  const plain = (check: AcquisitionCheck) => check.rows.map(({ parameter, found, judgement }) => [parameter, found, judgement]);

  test('[7.3-acquisition][8.1-sequence] blurred walls are not trusted, what is not HU names no wall, and rows stay the scan’s', async () => {
    const { report, case: state } = await importCase('f.lamina');
    const uid = report.series[0]!.seriesInstanceUid;
    const check = (series: string) => client.get<AcquisitionCheck>(`/api/cases/${state.id}/check?series=${encodeURIComponent(series)}`);
    const preprocess = async (settings: object) =>
      (await client.job<Made>(`/api/cases/${state.id}/preprocess`, { series: uid, settings })).series.seriesInstanceUid;
    const scan = await check(uid);
    const soft = await check(
      await preprocess({ denoise: { method: 'gaussian', sigmaMm: 3 }, interpolate: { spacingMm: 0.3, plane: '3d' } }),
    );
    expect(soft.thinnestWall?.mm ?? Infinity).toBeGreaterThan(2 * scan.thinnestWall!.mm);
    expect(soft.thinnestWall?.basis ?? 'measured').toBe('measured');
    expect(soft.sentence).toMatch(/^Preprocessed \(denoise, interpolate\): the conditions are those of the scan; /);
    expect(plain(soft)).toEqual(plain(scan));
    const again = await client.job<Made>(`/api/cases/${state.id}/preprocess`, {
      series: await preprocess({ region: { by: 'box', boxLps: [-12, -12, 3, 12, 12, 20] } }),
      settings: { normalize: { method: 'z-score' } },
    });
    const normalized = await check(again.series.seriesInstanceUid);
    expect(normalized.thinnestWall).toBeNull();
    expect(normalized.sentence).toMatch(/^Preprocessed \(region, normalize\).* its values are not HU\.$/);
    expect(plain(normalized)).toEqual(plain(scan));
  });

  test('[7.3-acquisition] a scan and what was made of it: check asks which is meant, as segment does', async () => {
    const { report, case: state } = await importCase('g.lamina');
    const uid = report.series[0]!.seriesInstanceUid;
    await client.job(`/api/cases/${state.id}/preprocess`, { settings: { window: { lowHu: -1000, highHu: 1000 } } });
    await client.send('DELETE', `/api/cases/${state.id}`);
    const check = (...more: string[]) => acquisitionVerbs.check!.run(client, ['--case', at('g.lamina'), ...more]);
    await expect(check()).rejects.toMatchObject({ problem: { code: 'SERIES_AMBIGUOUS', detail: expect.stringContaining(uid) } });
    expect((await check('--series', uid)).text).toMatch(/Geometry is exact/);
    const id = await client.openCase(at('g.lamina'));
    await expect(client.job(`/api/cases/${id}/segments`, { settings: { method: 'threshold', lowHu: 300 } })).rejects.toMatchObject({
      problem: { code: 'SERIES_AMBIGUOUS' },
    });
  });

  test('[7.3-acquisition] a profile of another modality is refused with the names of those that fit', async () => {
    const { case: state } = await importCase('h.lamina');
    const refusal = {
      problem: { code: 'NOT_FOUND', detail: expect.stringMatching(/mr-head is for MR.*is CT.*orbit, skull, mandible, joint/) },
    };
    await expect(client.get(`/api/cases/${state.id}/check?profile=mr-head`)).rejects.toMatchObject(refusal);
    await expect(client.job('/api/check', { paths: [dicom], profile: 'mr-head' })).rejects.toMatchObject(refusal);
  });
});

describe('exports say where they come from', () => {
  test('[7.2-dicom] NIfTI and patches are journalled, with warnings, who read them, findings and loss in their reports', async () => {
    const { case: state } = await importCase('d.lamina');
    await client.send('POST', `/api/cases/${state.id}/acknowledge`, {});
    await client.job(`/api/cases/${state.id}/segments`, { settings: { method: 'threshold', lowHu: 300 } });
    const nifti = await client.job<{ reportPath: string }>(`/api/cases/${state.id}/nifti`, { path: at('bone.nii.gz') });
    const report = JSON.parse(await readFile(nifti.reportPath, 'utf8'));
    expect(report).toMatchObject({
      importWarnings: [{ code: 'LOSSY_COMPRESSED' }],
      acknowledged: [{ codes: ['LOSSY_COMPRESSED'] }],
      notAcknowledged: [],
      preprocessing: [],
    });
    expect(report.lossy).toMatch(/compressed with loss/);
    expect(report.findings.length).toBeGreaterThan(3);
    await client.job(`/api/cases/${state.id}/patches`, { out: at('patches'), settings: { size: 32 } });
    const beside = await readFile(at('patches.report.json'), 'utf8');
    expect(JSON.parse(beside)).toMatchObject({ importWarnings: [{ code: 'LOSSY_COMPRESSED' }], folder: { kind: 'patches' } });
    expect(beside).not.toContain(folder);
    const lines = await client.get<JournalLine[]>(`/api/cases/${state.id}/journal`);
    expect(lines.map((line) => line.name).slice(-2)).toEqual(['Export Bone as NIfTI', 'Export Bone as patches']);
  });
});

describe('on the command line', () => {
  test('[7.3-acquisition] check of files and of a case say the same; a hospital adds and removes a profile', async () => {
    const run = (verb: string, ...argv: string[]) => acquisitionVerbs[verb]!.run(client, argv);
    const files = await run('check', dicom);
    expect(files.text).toMatch(/Tube current: 190 mA \(asked 250 to 400 mA\): usable with warning/);
    await client.send('DELETE', `/api/cases/${(await importCase('e.lamina')).case.id}`);
    expect((await run('check', '--case', at('e.lamina'))).json).toEqual(files.json);
    await expect(run('check')).rejects.toThrow(/either files or --case/);
    const { profiles } = await client.get<{ profiles: AcquisitionProfile[] }>('/api/profiles');
    await writeFile(at('ours.json'), JSON.stringify({ ...profiles[0], id: 'temporal', name: 'Temporal bone' }));
    expect((await run('profiles', '--add', at('ours.json'))).text).toMatch(/temporal \(CT, own\): Temporal bone/);
    expect((await run('profiles', '--remove', 'temporal')).text).not.toMatch(/temporal \(/);
  });
});

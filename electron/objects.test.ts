import { execFileSync } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { CaseState, Segment } from '../contract/case.ts';
import type { ObjectExportResult, ObjectImportResult } from '../contract/object-files.ts';
import { indexToLps } from '../kernels/volume/geometry.ts';
import { caseVerbs } from './cli/case-verbs.ts';
import { type Client, createClient, type JobFailed } from './cli/client.ts';
import { fileVerbs } from './cli/file-verbs.ts';
import { markupVerbs } from './cli/markup-verbs.ts';
import { objectVerbs } from './cli/object-verbs.ts';
import { segmentVerbs } from './cli/segment-verbs.ts';
import { oraclesThere, runOracle } from './fixtures/oracles.fixture.ts';
import { createHost, type Host } from './host.ts';

/** Files of other programs over the real disk, as a script writes and loads them. */
let folder = '';
let host: Host;
let client: Client;
let id = '';
const at = (name: string) => path.join(folder, name);
const dir = () => at('head.lamina');
const verbs = { ...fileVerbs, ...caseVerbs, ...segmentVerbs, ...markupVerbs, ...objectVerbs };
const run = async <T = Record<string, unknown>>(verb: string, ...args: string[]): Promise<T> =>
  (await verbs[verb]!.run(client, args)).json as T;
const state = () => client.get<CaseState>(`/api/cases/${id}`);
const named = async (name: string): Promise<Segment> => (await state()).segments.find((one) => one.name === name)!;
const maskOf = async (segment: string): Promise<Buffer> => {
  const { path: file } = await client.get<{ path: string }>(`/api/cases/${id}/segments/${(await named(segment)).id}/labelmap`);
  return readFile(file);
};
const exported = (kind: string, name: string, ...more: string[]) =>
  run<ObjectExportResult>('export', '--case', dir(), '--as', kind, '--out', at(name), ...more);
const loaded = (name: string, ...more: string[]) => run<ObjectImportResult>('load', at(name), '--case', dir(), ...more);
const failure = (work: Promise<unknown>): Promise<JobFailed> =>
  work.then(
    () => {
      throw new RangeError('it was not refused');
    },
    (cause) => cause as JobFailed,
  );

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'lamina-objects-'));
  host = await createHost({ shell: 'cli', log: () => {} });
  client = createClient(host.service.fetch);
  await run('phantom', '--seed', '3', '--size', 'small', '--out', at('phantom'));
  await run('import', path.join(at('phantom'), 'dicom'), '--case', dir());
  id = await client.openCase(dir());
  await run('segment', '--case', dir(), '--method', 'threshold', '--set', 'lowHu=300', '--name', 'Skull');
  await run('segment', '--case', dir(), '--method', 'threshold', '--set', 'lowHu=900', '--name', 'Dense');
}, 120_000);
afterAll(async () => {
  await host.close();
  await rm(folder, { recursive: true, force: true });
});

describe('files for other programs', () => {
  test.each(['seg', 'labelmap-seg', 'rtstruct', 'nifti'])(
    '[9.1-interop] %s of one segment comes back as it was, and is no act',
    async (kind) => {
      const { sequence } = await state();
      const out = await exported(kind, `one.${kind}`, '--segment', 'Dense', '--deidentify');
      expect(out.sha256).toMatch(/^[0-9a-f]{64}$/);
      const back = await loaded(`one.${kind}`);
      expect(back.segments).toMatchObject([{ name: 'Dense', into: true, changed: 0 }]);
      // The export alone.
      expect((await state()).sequence).toBe(sequence + 1);
    },
  );

  test.skipIf(!oraclesThere)(
    '[9.1-interop] a mask changed in another program is one act that undo takes back, voxel for voxel',
    async () => {
      await exported('seg', 'both.dcm', '--segment', 'Skull', '--segment', 'Dense');
      const before = [await maskOf('Skull'), await maskOf('Dense')] as const;
      const edit = runOracle<{ changed: number; position: [number, number, number] }>('edit_seg', [
        at('both.dcm'),
        at('edited.dcm'),
        '2',
        '5',
      ]);
      expect(edit.changed).toBeGreaterThan(0);
      const { sequence } = await state();
      const back = await loaded('edited.dcm');
      expect(back.segments).toMatchObject([
        { name: 'Skull', into: true, changed: edit.changed },
        { name: 'Dense', into: true, changed: 0 },
      ]);
      expect((await state()).sequence).toBe(sequence + 1);
      expect((await state()).undo).toBe('Take over Skull as changed in edited.dcm');
      const after = await maskOf('Skull');
      const turned = [...after.keys()].filter((n) => after[n] !== before[0][n]);
      const series = (await state()).series[0]!;
      const [nx, ny] = series.dimensions;
      const k = Math.round((edit.position[2] - series.originLps[2]) / series.spacingMm[2]);
      expect(turned).toHaveLength(edit.changed);
      expect(turned.every((n) => Math.floor(n / (nx * ny)) === k && n % nx < 5 && Math.floor(n / nx) % ny < 5)).toBe(true);
      await client.send('POST', `/api/cases/${id}/undo`, {});
      expect((await maskOf('Skull')).equals(before[0])).toBe(true);
      expect((await maskOf('Dense')).equals(before[1])).toBe(true);
    },
  );

  const undo = () => client.send('POST', `/api/cases/${id}/undo`, {});
  /** A file of ours without what says that it came from this case. */
  async function withoutTracking(name: string, as: string): Promise<void> {
    const read = await readFile(at(name));
    const bytes = name.endsWith('.gz') ? gunzipSync(read) : read;
    for (let n = bytes.indexOf('racking'); n >= 0; n = bytes.indexOf('racking', n)) bytes.write('rekking', n, 'latin1');
    await writeFile(at(as), bytes);
  }
  const sameName = 'Dense has the name of a segment of this case; it was loaded as a new one. Load it as a change of Dense if it is one.';

  test.each([
    ['nifti', 'Dense.nii'],
    ['rtstruct', 'theirs.dcm'],
  ])('[9.1-interop] %s of another program is no change of the segment that it shares its name with', async (kind, foreign) => {
    const own = kind === 'nifti' ? 'own.nii.gz' : 'own.dcm';
    await exported(kind, own, '--segment', 'Dense');
    await withoutTracking(own, foreign);
    const before = await state();
    const mask = await maskOf('Dense');
    const back = await loaded(foreign);
    expect(back.segments).toMatchObject([{ name: 'Dense', into: false }]);
    expect(back.findings.map((one) => one.text)).toContain(sameName);
    const after = await state();
    expect(after.segments).toHaveLength(before.segments.length + 1);
    expect(after.segments.slice(0, -1)).toEqual(before.segments);
    await undo();
    // Named as a change it is one, here of nothing.
    const same = await loaded(foreign, '--into', 'Dense');
    expect([same.segments[0]?.changed, same.findings.filter((one) => one.text === sameName)]).toEqual([0, []]);
    expect((await maskOf('Dense')).equals(mask)).toBe(true);
  });

  test.each(['seg', 'rtstruct', 'nifti'])(
    '[9.1-interop] %s: what was done since the export is replaced, and that is said; several changes of a file are counted',
    async (kind) => {
      const before = [await maskOf('Skull'), await maskOf('Dense')] as const;
      await exported(kind, `since.${kind}`, '--segment', 'Skull', '--segment', 'Dense');
      const { sequence } = await state();
      await exported('nifti', 'skull.nii', '--segment', 'Skull');
      await withoutTracking('skull.nii', 'plain.nii');
      await loaded('plain.nii', '--into', 'Dense');
      expect((await maskOf('Dense')).equals(before[0])).toBe(true);
      const back = await loaded(`since.${kind}`);
      expect(back.segments.find((one) => one.name === 'Dense')).toMatchObject({ into: true });
      expect(back.findings.map((one) => one.text)).toContain(
        `Dense was changed here since it was exported (journal entry ${sequence}); what was done since is replaced. Undo takes it back.`,
      );
      expect(back.findings.some((one) => one.text.startsWith('Skull was'))).toBe(false);
      // The voxels that both hold are Dense's alone in a label file, so that Skull comes back changed too.
      const changes = back.segments.filter((one) => one.changed > 0).length;
      expect((await state()).undo).toBe(`Take over ${changes > 1 ? `${changes} segments` : 'Dense'} as changed in since.${kind}`);
      await undo();
      expect((await maskOf('Dense')).equals(before[0])).toBe(true);
      await undo();
      expect((await maskOf('Skull')).equals(before[0])).toBe(true);
      expect((await maskOf('Dense')).equals(before[1])).toBe(true);
    },
  );

  test('[9.1-interop] a file of several new segments is one act: undone and redone by name, as one, also after reopening', async () => {
    await exported('nifti', 'two.nii', '--segment', 'Skull', '--segment', 'Dense');
    await withoutTracking('two.nii', 'two-plain.nii');
    const before = await state();
    const back = await loaded('two-plain.nii');
    expect(back.segments.map(({ name, into }) => [name, into])).toEqual([
      ['Label 1', false],
      ['Label 2', false],
    ]);
    const name = 'Load 2 segments from two-plain.nii';
    const after = await state();
    expect(after).toMatchObject({ sequence: before.sequence + 1, undo: name });
    expect(after.segments.slice(-2).map((one) => one.id)).toEqual(back.segments.map((one) => one.id));
    const masks = [await maskOf('Label 1'), await maskOf('Label 2')];
    expect(masks.map((mask) => mask.reduce((sum, value) => sum + value, 0))).toEqual(back.segments.map((one) => one.voxels));
    await undo();
    expect(await state()).toMatchObject({ redo: name, segments: before.segments });
    await client.closeCases();
    id = await client.openCase(dir());
    await client.send('POST', `/api/cases/${id}/redo`, {});
    expect((await state()).segments).toEqual(after.segments);
    expect([await maskOf('Label 1'), await maskOf('Label 2')]).toEqual(masks);
    await undo();
    expect((await state()).segments).toEqual(before.segments);
  });

  test('[9.1-interop] segments new and changed and markups of one file are one act', async () => {
    const series = (await state()).series[0]!;
    const middle = series.dimensions.map((side) => Math.floor(side / 2)) as [number, number, number];
    await run('markup', '--case', dir(), '--kind', 'point', '--points', indexToLps(series, ...middle).join(','), '--name', 'Spot');
    await run('segment', '--case', dir(), '--method', 'threshold', '--set', 'lowHu=1200', '--name', 'Gone');
    await exported('rtstruct', 'all.dcm', '--segment', 'Skull', '--segment', 'Gone');
    await run('markup', '--case', dir(), '--remove', 'Spot');
    await client.send('DELETE', `/api/cases/${id}/segments/${(await named('Gone')).id}`);
    await exported('nifti', 'dense.nii', '--segment', 'Dense');
    await withoutTracking('dense.nii', 'dense-plain.nii');
    await loaded('dense-plain.nii', '--into', 'Skull');
    const before = await state();
    const masks = [await maskOf('Skull'), await maskOf('Dense')];
    const back = await loaded('all.dcm');
    expect(back).toMatchObject({
      segments: [
        { name: 'Skull', into: true },
        { name: 'Gone', into: false },
      ],
      markups: ['Spot'],
    });
    expect(back.segments[0]!.changed).toBeGreaterThan(0);
    const after = await state();
    expect(after).toMatchObject({ sequence: before.sequence + 1, undo: 'Load 2 segments and 1 markup from all.dcm' });
    await undo();
    expect(await state()).toMatchObject({ segments: before.segments, markups: before.markups });
    expect([await maskOf('Skull'), await maskOf('Dense')]).toEqual(masks);
    await client.send('POST', `/api/cases/${id}/redo`, {});
    expect(await state()).toMatchObject({ segments: after.segments, markups: after.markups });
    // The file again, the segment that it changed, and the one that was removed.
    for (let n = 0; n < 2; n++) await undo();
    expect((await maskOf('Skull')).equals(masks[0]!)).toBe(false);
  });

  test('[9.1-interop] a segment that was renamed in the other program keeps its name here, and that is said; one that was de-identified is not told of', async () => {
    await exported('seg', 'named-so.dcm', '--segment', 'Dense');
    const bytes = await readFile(at('named-so.dcm'));
    for (let n = bytes.indexOf('Dense'); n >= 0; n = bytes.indexOf('Dense', n)) bytes.write('Solid', n, 'latin1');
    await writeFile(at('renamed.dcm'), bytes);
    const { sequence } = await state();
    const back = await loaded('renamed.dcm');
    expect(back.segments).toMatchObject([{ name: 'Dense', into: true, changed: 0 }]);
    expect(back.findings.map((one) => one.text)).toEqual([
      'Dense is called Solid in the file. It keeps its name here; rename it in the list of segments if it is to be Solid.',
    ]);
    expect((await state()).sequence).toBe(sequence);
    await exported('seg', 'nobody-so.dcm', '--segment', 'Dense', '--deidentify');
    expect((await loaded('nobody-so.dcm')).findings.filter((one) => one.text.includes('is called'))).toEqual([]);
  });

  test.each(['seg', 'rtstruct', 'nifti'])(
    '[9.1-interop] %s: a segment that comes back without a voxel is emptied where the file is certain of it, which is said and undone as one act',
    async (kind) => {
      const before = await maskOf('Dense');
      const gone = [await maskOf('Skull'), before] as const;
      // Written while it has no voxel, it comes back onto the same segment once it has some.
      await run('segment', '--case', dir(), '--method', 'manual', '--name', 'Lost');
      await exported(kind, `lost.${kind}`, '--segment', 'Dense', '--segment', 'Lost');
      await run('clean', '--case', dir(), '--segment', 'Lost', '--set', 'effect=combine', 'operation=union', 'with=Dense');
      const lost = await named('Lost');
      expect(lost.voxels).toBeGreaterThan(0);
      const mask = await maskOf('Lost');
      const { sequence } = await state();
      const back = await loaded(`lost.${kind}`);
      const told = back.findings.map((one) => one.text);
      if (kind === 'nifti') {
        expect(told.filter((one) => one.startsWith('Lost'))).toEqual([
          'Lost has no voxel of its own in the file, which may be because others lie over it. It stays as it is; if it is to go, clear or remove it here.',
        ]);
        expect((await state()).sequence).toBe(sequence);
        expect((await maskOf('Lost')).equals(mask)).toBe(true);
      } else {
        expect(back.segments.map(({ name, into, voxels, changed }) => [name, into, voxels, changed])).toEqual([
          ['Dense', true, back.segments[0]!.voxels, 0],
          ['Lost', true, 0, lost.voxels],
        ]);
        expect(told).toContain(
          `Lost has no voxel in the file, so it has none here now: ${lost.voxels} were taken away. Undo takes it back; leave the segment out of the file where it is to stay.`,
        );
        expect(await named('Lost')).toMatchObject({ voxels: 0 });
        expect((await maskOf('Lost')).some((value) => value !== 0)).toBe(false);
        expect(await state()).toMatchObject({ sequence: sequence + 1, undo: `Take over Lost as changed in lost.${kind}` });
        await undo();
        expect((await maskOf('Lost')).equals(mask)).toBe(true);
      }
      expect([(await maskOf('Skull')).equals(gone[0]), (await maskOf('Dense')).equals(gone[1])]).toEqual([true, true]);
      await client.send('DELETE', `/api/cases/${id}/segments/${(await named('Lost')).id}`);
      // Of no segment that is here it makes none.
      const again = await loaded(`lost.${kind}`);
      expect(again.segments.map((one) => one.name)).toEqual(['Dense']);
      expect(again.findings.map((one) => one.text)).toContainEqual(
        expect.stringMatching(/^(Lost|Label \d+) holds no voxel and was left out\.$/),
      );
    },
  );

  test('[9.1-interop] a locked segment is not changed by a file, and nothing of the file is taken', async () => {
    await exported('seg', 'locked.dcm', '--segment', 'Skull', '--segment', 'Dense');
    await run('describe', '--case', dir(), '--segment', 'Dense', '--set', 'locked=true');
    const { sequence } = await state();
    expect((await failure(loaded('locked.dcm'))).problem.code).toBe('SEGMENT_LOCKED');
    expect((await state()).sequence).toBe(sequence);
    await client.send('POST', `/api/cases/${id}/undo`, {});
  });

  test('[9.1-interop] markups go out with the measurement report and AIM, and come back to the point', async () => {
    await run('markup', '--case', dir(), '--kind', 'line', '--points', '0,0,10,3,4,10', '--name', 'Wall');
    const before = (await state()).markups.find((one) => one.name === 'Wall')!;
    for (const kind of ['sr', 'aim']) {
      await exported(kind, `marked.${kind}`, '--segment', 'Dense');
      // Ours are there already: nothing is doubled.
      expect((await loaded(`marked.${kind}`)).markups).toEqual([]);
    }
    await run('markup', '--case', dir(), '--remove', 'Wall');
    expect((await loaded('marked.sr')).markups).toEqual(['Wall']);
    const again = (await state()).markups.find((one) => one.name === 'Wall')!;
    expect(again.kind).toBe('line');
    for (const [n, point] of again.pointsLps.entries())
      for (const a of [0, 1, 2]) expect(point[a]).toBeCloseTo(before.pointsLps[n]![a]!, 2);
  });

  test('[9.1-interop] markups that come back change the ones that they are, and none is doubled', async () => {
    // A de-identified structure set finds its series by lying within it, and so must all that is drawn.
    for (const one of (await state()).markups) await run('markup', '--case', dir(), '--remove', one.name);
    const series = (await state()).series[0]!;
    const middle = series.dimensions.map((side) => Math.floor(side / 2)) as [number, number, number];
    const [x, y, z] = indexToLps(series, ...middle);
    const places = (...flat: [number, number][]) => flat.map(([a, b]) => `${x + a},${y + b},${z}`).join(',');
    await run(
      'markup',
      '--case',
      dir(),
      '--kind',
      'ellipse',
      '--points',
      places([-6, 0], [6, 0], [0, 3]),
      '--normal',
      '0,0,1',
      '--name',
      'Rim',
    );
    await run('markup', '--case', dir(), '--kind', 'closed-curve', '--points', places([0, 0], [9, 1], [5, 8]), '--name', 'Loop');
    await run('markup', '--case', dir(), '--kind', 'curve', '--points', places([0, 0], [4, 5], [9, 1]), '--name', 'Bend');
    await run('markup', '--case', dir(), '--kind', 'text', '--points', places([1, 2]), '--text', 'Thin here', '--name', 'Note');
    const { markups } = await state();
    for (const kind of ['rtstruct', 'sr', 'aim'])
      for (const more of [[], ['--deidentify']]) {
        await exported(kind, `drawn.${kind}`, '--segment', 'Dense', ...more);
        expect((await loaded(`drawn.${kind}`)).markups, `${kind} ${more}`).toEqual([]);
      }
    expect((await state()).markups).toEqual(markups);
    await exported('sr', 'drawn.sr', '--segment', 'Dense');
    const rim = markups.find((one) => one.name === 'Rim')!;
    const { id: rimId, ...draft } = rim;
    const moved = { ...draft, name: 'Edge', pointsLps: draft.pointsLps.map(([a, b, c]) => [a + 1, b, c]) };
    await client.send('PUT', `/api/cases/${id}/markups/${rimId}`, moved);
    expect((await loaded('drawn.sr')).markups).toEqual(['Edge']);
    const after = await state();
    expect(after.markups).toHaveLength(markups.length);
    const back = after.markups.find((one) => one.id === rimId)!;
    expect([back.kind, back.name]).toEqual(['ellipse', 'Edge']);
    for (const [n, point] of back.pointsLps.entries()) for (const a of [0, 1, 2]) expect(point[a]).toBeCloseTo(rim.pointsLps[n]![a]!, 2);
    await undo();
    expect((await state()).markups.find((one) => one.id === rimId)).toEqual({ id: rimId, ...moved });
    await undo();
  });

  test('[P-export] a checked model inside DICOM: unsigned only where that is asked for, and back as the voxels inside of it', async () => {
    expect((await failure(exported('encapsulated-stl', 'model.dcm', '--segment', 'Dense'))).problem.code).toBe('NOT_FOUND');
    await run(
      'mesh',
      '--case',
      dir(),
      '--segment',
      'Dense',
      '--out',
      at('model.stl'),
      '--set',
      'surface=mask',
      'smoothIterations=0',
      'decimateErrorMm=0',
      '--failed',
    );
    expect((await failure(exported('encapsulated-stl', 'model.dcm', '--segment', 'Dense', '--failed'))).problem.code).toBe('NOT_SIGNED');
    await exported('encapsulated-stl', 'model.dcm', '--segment', 'Dense', '--failed', '--unsigned');
    const bytes = await readFile(at('model.dcm'));
    expect(bytes.includes(await readFile(at('model.stl')))).toBe(true);
    const back = await loaded('model.dcm', '--into', 'Dense');
    expect(back.segments).toMatchObject([{ into: true, changed: 0 }]);
  });

  test('[9.1-interop] a de-identified file names nobody; a file that is none of these is refused in words, and leaves nothing', async () => {
    const { series } = await state();
    await exported('seg', 'named.dcm', '--segment', 'Dense');
    await exported('seg', 'nobody.dcm', '--segment', 'Dense', '--deidentify', '--set', 'pseudonym=CASE-7');
    const name = Buffer.from(series[0]!.patientName);
    expect((await readFile(at('named.dcm'))).includes(name)).toBe(true);
    const bytes = await readFile(at('nobody.dcm'));
    expect(bytes.includes(name)).toBe(false);
    expect(bytes.includes(series[0]!.seriesInstanceUid)).toBe(false);
    expect(bytes.includes('CASE-7')).toBe(true);
    await writeFile(at('words.txt'), 'no file of ours');
    const { sequence } = await state();
    expect((await failure(loaded('words.txt'))).problem.code).toBe('INVALID_OBJECT');
    expect((await failure(loaded('gone.dcm'))).problem.code).toBe('NOT_FOUND');
    // To open a pipe would wait for its writer for ever.
    if (process.platform !== 'win32') execFileSync('mkfifo', [at('pipe')]);
    for (const none of process.platform === 'win32' ? ['.'] : ['.', 'pipe'])
      expect((await failure(loaded(none))).problem).toMatchObject({
        code: 'INVALID_OBJECT',
        detail: expect.stringContaining('Choose one file'),
      });
    expect((await state()).sequence).toBe(sequence);
  });
});

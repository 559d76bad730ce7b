import { link, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { meshSettings } from '../../contract/mesh.ts';
import { caseVerbs } from './case-verbs.ts';
import { type Client, JobFailed, Usage } from './client.ts';
import { compareMeshVerbs } from './compare-mesh-verb.ts';
import { fileVerbs } from './file-verbs.ts';
import { meshVerbs } from './mesh-verbs.ts';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'lamina-out-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** A client that fails the test by being asked at all: refusals come before any work. */
const untouched = new Proxy({} as Client, {
  get: (_, name) => () => Promise.reject(new RangeError(`the service was asked: ${String(name)}`)),
});
const all = { ...fileVerbs, ...meshVerbs, ...compareMeshVerbs, ...caseVerbs };
const refused = (verb: string, ...argv: string[]) =>
  all[verb]!.run(untouched, argv).then(
    () => null,
    (error: unknown) => error,
  );

test('[P-export] an output in a folder that is not there is refused before any work, by every verb that writes a file', async () => {
  const out = path.join(folder, 'nowhere', 'y.ply');
  const labelmap = ['--labelmap', path.join(folder, 'l.nii')];
  for (const argv of [
    ['mesh', ...labelmap, '--out', out],
    ['mesh', '--case', folder, '--out', out],
    ['export', '--case', folder, '--as', 'ply', '--out', out],
    ['run', folder, '--out', out],
    ['repair-mesh', path.join(folder, 'a.stl'), '--out', out],
    ['compare-mesh', path.join(folder, 'a.stl'), path.join(folder, 'b.stl'), '--out', out],
  ]) {
    const error = await refused(argv[0]!, ...argv.slice(1));
    expect(error, argv[0]).toBeInstanceOf(JobFailed);
    expect((error as JobFailed).problem).toMatchObject({ code: 'OUTPUT_NOT_WRITABLE', detail: expect.stringContaining('Make it first') });
  }
});

test('[P-finish] what is read is never written over, by its own name or a link to it', async () => {
  const [a, b, hard] = ['a.ply', 'b.ply', 'hard.ply'].map((name) => path.join(folder, name)) as [string, string, string];
  await Promise.all([writeFile(a, 'a'), writeFile(b, 'b')]);
  await link(a, hard);
  for (const argv of [
    ['repair-mesh', a, '--out', a],
    ['repair-mesh', a, '--out', hard],
    ['compare-mesh', a, b, '--out', b],
  ]) {
    const error = await refused(argv[0]!, ...argv.slice(1));
    expect(error).toBeInstanceOf(Usage);
    expect((error as Usage).message).toContain('choose another name');
  }
  // Another file that is there already may be replaced: the work is begun.
  expect(String(await refused('repair-mesh', a, '--out', b))).toContain('the service was asked: job');
});

test('[P-print] a build volume is three sides', async () => {
  for (const build of ['10,10', '10', '10,10,0', '1,2,3,4']) {
    const error = await refused('check-mesh', path.join(folder, 'a.stl'), '--build', build);
    expect(error).toBeInstanceOf(Usage);
    expect((error as Usage).message).toContain('three sides in mm, X,Y,Z');
  }
  const words = (buildMm: number[]) => meshSettings.safeParse({ buildMm }).error?.issues[0]?.message;
  expect(words([10, 10])).toBe('three sides in mm: X,Y,Z');
  expect(words([10, 10, 10])).toBeUndefined();
});

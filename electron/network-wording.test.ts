import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { networkWording } from '../contract/model.ts';
import type { VolumeGeometry } from '../contract/volume.ts';
import { type Client, createClient } from './cli/client.ts';
import { withNetworkWording } from './cli/network-words.ts';
import { verbs } from './cli/verbs.ts';
import { createHost, type Host } from './host.ts';
import { writeNifti } from './ports/nifti-write.ts';
import { labelFileDescription } from './ports/objects/network-wording.ts';

/** What the command line says wherever a network's mask, or a figure of one, is told. The mask comes as a file that says so. */
let folder = '';
let host: Host;
let client: Client;
const at = (name: string) => path.join(folder, name);
const grid: VolumeGeometry = {
  dimensions: [24, 24, 12],
  spacingMm: [1, 1, 1],
  originLps: [-10, -6, 20],
  directionLps: [1, 0, 0, 0, 1, 0, 0, 0, 1],
};
const inside = (n: number, from: number, to: number) =>
  [n % 24, Math.floor(n / 24) % 24, Math.floor(n / 576)].every((at, axis) => at >= from && at < (axis === 2 ? 9 : to));
const block = (from: number, to: number, value: number) =>
  Uint8Array.from({ length: 24 * 24 * 12 }, (_, n) => (inside(n, from, to) ? value : 0));

const run = async (verb: string, ...args: string[]) => {
  const { json, text } = await verbs[verb]!.run(client, args);
  return { json: json as Record<string, unknown>, text };
};
const onCase = (verb: string, ...args: string[]) => run(verb, '--case', at('one.lamina'), ...args);

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'lamina-wording-'));
  host = await createHost({ shell: 'cli', log: () => {} });
  client = createClient(host.service.fetch);
  const hu = Int16Array.from(block(3, 18, 1), (value) => value * 1200);
  await writeNifti(at('head.nii.gz'), { geometry: grid, values: hu });
  await writeNifti(at('Orbit.nii.gz'), { geometry: grid, values: block(4, 16, 1), description: labelFileDescription(networkWording) });
  await writeNifti(at('truth.nii.gz'), { geometry: grid, values: block(4, 15, 1) });
  await run('import', at('head.nii.gz'), '--case', at('one.lamina'));
  await onCase('segment', '--method', 'threshold', '--set', 'lowHu=300', '--name', 'Skull');
}, 60_000);
afterAll(async () => {
  await host.close();
  await rm(folder, { recursive: true, force: true });
});

test('[12-risk] one line a wording, with the segments that it is of; null where no network had its say', () => {
  const outcome = { json: { figure: 1 }, text: 'Figure 1', exitCode: 3 };
  expect(withNetworkWording(outcome, [{ name: 'Skull', networkWording: null }])).toEqual({
    json: { figure: 1, networkWording: null },
    text: 'Figure 1',
    exitCode: 3,
  });
  const told = withNetworkWording(outcome, [
    { name: 'A', networkWording: 'one' },
    { name: 'B', networkWording: null },
    { name: 'C', networkWording: 'two' },
    { name: 'D', networkWording: 'one' },
  ]);
  expect(told.json.networkWording).toBe('one; two');
  expect(told.text).toBe('Figure 1\nnetwork (A, D): one\nnetwork (C): two');
});

describe('a mask that a network had its say in', () => {
  const told = async (verb: string, ...args: string[]) => {
    const { json, text } = await onCase(verb, ...args);
    expect({ verb, wording: json.networkWording }).toEqual({ verb, wording: networkWording });
    expect(`${verb}: ${text}`).toMatch(/network \([^)]*\): .*not validated on patients/);
    return json;
  };
  const silent = async (verb: string, ...args: string[]) => {
    const { json, text } = await onCase(verb, ...args);
    expect({ verb, wording: json.networkWording }).toEqual({ verb, wording: null });
    expect(`${verb}: ${text}`).not.toContain('not validated');
  };

  test('[12-risk] load, the table, a tool, islands, authors, doubts, outlines and markups say it, and those of other segments do not', async () => {
    await told('load', at('Orbit.nii.gz'));
    const { segments } = await told('segments');
    expect(segments).toMatchObject([
      { name: 'Skull', networkWording: null },
      { name: 'Orbit', networkWording },
    ]);
    await told('describe', '--segment', 'Orbit', '--set', 'review=flagged');
    const centre = ['--at', '0,4,26'];
    for (const [verb, ...args] of [
      ['clean', '--set', 'effect=margin', 'mm=1'],
      ['clean', '--set', 'keep=largest'],
      ['islands'],
      ['authorship'],
      ['doubts'],
      ['review', '--all'],
      ['contours', ...centre],
    ] as [string, ...string[]][]) {
      await told(verb, '--segment', 'Orbit', ...args);
      if (verb === 'islands' || verb === 'contours') await silent(verb, '--segment', 'Skull', ...args);
    }
    await told('markup', '--kind', 'line', '--points', '0,0,26,3,4,26', '--segment', 'Orbit', '--name', 'Rim');
    await told('markups');
    await silent('markup', '--kind', 'line', '--points', '0,0,26,3,4,26', '--segment', 'Skull', '--name', 'Other');
    // What is made of it by an effect on another one.
    await told('clean', '--segment', 'Skull', '--set', 'effect=combine', 'operation=intersect', 'with=Orbit');
    await onCase('undo');
  });

  test('[12-risk][P-export] what leaves the case says it, and a label file keeps it for its figures, its model and its way back', async () => {
    for (const kind of ['nifti', 'seg', 'rtstruct', 'sr', 'aim']) {
      await told('export', '--segment', 'Orbit', '--as', kind, '--out', at(`orbit.${kind === 'nifti' ? 'nii.gz' : kind}`));
    }
    for (const kind of ['nii.gz', 'seg']) {
      const as = kind === 'seg' ? kind : 'nifti';
      await silent('export', '--segment', 'Skull', '--as', as, '--out', at(`skull.${kind}`));
    }
    const header = gunzipSync(await readFile(at('orbit.nii.gz'))).subarray(148, 228);
    expect(header.includes('not validated on patients')).toBe(true);
    expect(header.at(-1)).toBe(0);
    const evaluated = await run('evaluate', '--truth', at('truth.nii.gz'), '--result', at('orbit.nii.gz'));
    expect(evaluated.json).toMatchObject({ networkWording, truth: { networkWording: null }, result: { networkWording } });
    expect(evaluated.text).toContain(`network (orbit.nii.gz): ${networkWording}`);
    const plain = await run('evaluate', '--truth', at('truth.nii.gz'), '--result', at('skull.nii.gz'));
    expect([plain.json.networkWording, plain.text.includes('validated')]).toEqual([null, false]);
    const settings = ['--failed', '--set', 'smoothIterations=0', 'decimateErrorMm=0'];
    const model = await run('mesh', '--labelmap', at('orbit.nii.gz'), '--out', at('file.stl'), ...settings);
    expect(model.json.networkWording).toBe(networkWording);
    await told('mesh', '--segment', 'Orbit', '--out', at('orbit.stl'), ...settings);
    await told('export', '--as', 'stl', '--out', at('again.stl'), '--unsigned', '--failed');
    await silent('mesh', '--segment', 'Skull', '--out', at('skull.stl'), ...settings);
    await silent('sign', '--name', 'R. Reviewer');
    await told('patches', '--segment', 'Orbit', '--out', at('patches'), '--set', 'size=16', 'stride=16');
    await told('preprocess', '--carry', 'Orbit', '--set', 'denoise.method=median');
  });
});

import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

const entry = path.join(import.meta.dirname, '..', 'cli.ts');
let folder = '';
const at = (...names: string[]) => path.join(folder, ...names);

/** Runs the command line as a script would: a process of its own, stdout parsed as one object. */
function lamina(...args: string[]): Promise<{ code: number; json: Record<string, unknown>; stderr: string }> {
  return new Promise((resolve) => {
    execFile(process.execPath, ['--disable-warning=ExperimentalWarning', entry, ...args, '--json'], (error, stdout, stderr) => {
      const code = error ? Number((error as { code?: unknown }).code ?? 1) : 0;
      resolve({ code, json: stdout.startsWith('{') ? JSON.parse(stdout) : {}, stderr });
    });
  });
}

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'lamina-cli-patches-'));
  expect((await lamina('phantom', '--seed', '3', '--out', at('phantom'), '--size', 'small')).code).toBe(0);
  expect((await lamina('import', at('phantom', 'dicom'), '--case', at('a.lamina'))).code).toBe(0);
  expect((await lamina('segment', '--case', at('a.lamina'), '--method', 'threshold', '--set', 'lowHu=200')).code).toBe(0);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe('[10.2-patch] lamina patches', () => {
  test('writes pairs of files with one name, once, and tells nothing of the patient', async () => {
    const { code, json, stderr } = await lamina('patches', '--case', at('a.lamina'), '--out', at('out'), '--set', 'size=64', 'stride=48');
    expect(code, stderr).toBe(0);
    const images = (await readdir(at('out', 'images'))).sort();
    const masks = (await readdir(at('out', 'masks'))).sort();
    expect(images.length).toBe(json.patches);
    expect(images.map((name) => name.replace('.jpg', ''))).toEqual(masks.map((name) => name.replace('.png', '')));
    const text = await readFile(at('out', 'patches.json'), 'utf8');
    const manifest = JSON.parse(text);
    expect(manifest.settings).toMatchObject({ size: 64, stride: 48, windowLowHu: -200, windowHighHu: 300 });
    expect(manifest.counts.maskVoxelsCovered).toBe(manifest.counts.maskVoxels);
    expect(manifest.source.seriesInstanceUidSha256).toMatch(/^[0-9a-f]{64}$/);
    // The phantom's patient is PHANTOM^SYNTHETIC, PHANTOM-3; its UIDs begin with 2.25.
    expect(text + images.join()).not.toMatch(/phantom|2\.25\.\d{9}/i);

    const again = await lamina('patches', '--case', at('a.lamina'), '--out', at('out'));
    expect(again.code).toBe(3);
    expect(again.json.reasons).toMatchObject([{ code: 'OUTPUT_NOT_WRITABLE' }]);
    expect((await readdir(at('out', 'images'))).length).toBe(images.length);
  });

  test('refuses a place inside the case, a series without a segment, and settings that make no sense', async () => {
    const inside = await lamina('patches', '--case', at('a.lamina'), '--out', at('a.lamina', 'out'));
    expect([inside.code, inside.json.reasons]).toMatchObject([3, [{ code: 'OUTPUT_NOT_WRITABLE' }]]);
    const other = await lamina('patches', '--case', at('a.lamina'), '--out', at('other'), '--series', '1.2.3');
    expect([other.code, other.json.reasons]).toMatchObject([3, [{ code: 'NOT_FOUND' }]]);
    expect((await lamina('patches', '--case', at('a.lamina'), '--out', at('other'), '--set', 'windowLowHu=400')).code).toBe(2);
    expect(existsSync(at('other'))).toBe(false);
  });
});

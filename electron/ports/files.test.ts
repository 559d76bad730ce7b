import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createFiles, sweepTemporary } from './files.ts';

let folder = '';
const files = createFiles();
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'lamina-files-test-'));
  process.env.LAMINA_TEMP = folder;
});
afterEach(async () => {
  delete process.env.LAMINA_TEMP;
  await rm(folder, { recursive: true, force: true });
});

describe('files outside a case', () => {
  test('a stream gives the very bytes, and one that is left early closes the file', async () => {
    const bytes = new Uint8Array(9 * 1024 * 1024).map((_, n) => n * 7);
    const file = path.join(folder, 'bytes');
    await writeFile(file, bytes);
    const whole = await files.read(file);
    expect(whole.size).toBe(bytes.length);
    expect(Buffer.from(await new Response(whole.body).arrayBuffer()).equals(Buffer.from(bytes))).toBe(true);
    const { body } = await files.read(file);
    const reader = body.getReader();
    await reader.read();
    await reader.cancel();
    expect(await reader.read()).toEqual({ done: true, value: undefined });
  });

  test('a missing file is a refusal, an empty one an empty stream', async () => {
    await expect(files.read(path.join(folder, 'nothing'))).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await writeFile(path.join(folder, 'empty'), '');
    expect(await new Response((await files.read(path.join(folder, 'empty'))).body).text()).toBe('');
  });

  test('a write that fails leaves the old file and no other', async () => {
    const target = path.join(folder, 'out.json');
    await files.writeText(target, 'old');
    await expect(files.copy(path.join(folder, 'nothing'), target)).rejects.toMatchObject({ code: 'OUTPUT_NOT_WRITABLE' });
    await expect(files.writeText(path.join(folder, 'no', 'such', 'folder'), 'x')).rejects.toMatchObject({ code: 'OUTPUT_NOT_WRITABLE' });
    expect(await readFile(target, 'utf8')).toBe('old');
    expect(await readdir(folder)).toEqual(['out.json']);
  });

  test('temporary folders of dead processes are swept, those of the living are not', async () => {
    const mine = await files.temporary();
    const { pid } = spawnSync(process.execPath, ['-e', '']);
    const dead = path.join(folder, `lamina-${pid}-abc123`);
    await mkdir(dead);
    await writeFile(path.join(dead, 'voxels'), 'v');
    await mkdir(path.join(folder, 'lamina-notes'));
    await sweepTemporary();
    expect(existsSync(dead)).toBe(false);
    expect(existsSync(mine)).toBe(true);
    expect(existsSync(path.join(folder, 'lamina-notes'))).toBe(true);
  });
});

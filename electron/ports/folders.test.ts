import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createFolders } from './folders.ts';

let room: string;
beforeAll(() => {
  room = mkdtempSync(path.join(tmpdir(), 'lamina-folders-'));
  for (const name of ['series 10', 'series 2', 'HEAD.lamina', '.hidden']) mkdirSync(path.join(room, name));
  writeFileSync(path.join(room, 'HEAD.lamina', 'case.json'), '{}');
  writeFileSync(path.join(room, 'image.nii.gz'), 'x');
  symlinkSync(path.join(room, 'series 2'), path.join(room, 'linked'));
  symlinkSync(path.join(room, 'nowhere'), path.join(room, 'dead link'));
});
afterAll(() => rmSync(room, { recursive: true, force: true }));

describe('folders for the picker', () => {
  it('lists cases, folders and files by name and leaves hidden ones and dead links out', async () => {
    const listing = await createFolders().list(room);
    expect(listing).toMatchObject({ path: room, parent: path.dirname(room), truncated: false });
    expect(listing.entries.map(({ name, kind }) => `${kind} ${name}`)).toEqual([
      'case HEAD.lamina',
      'folder linked',
      'folder series 2',
      'folder series 10',
      'file image.nii.gz',
    ]);
    expect(listing.entries[0]?.path).toBe(path.join(room, 'HEAD.lamina'));
  });
  it('stops at its limit and says so', async () => {
    expect(await createFolders({ limit: 2 }).list(room)).toMatchObject({ truncated: true, entries: { length: 2 } });
  });
  it('begins at home, ends at the root, and refuses what it cannot read', async () => {
    expect((await createFolders().list(null)).path).toBe(homedir());
    expect((await createFolders().list(path.parse(room).root)).parent).toBeNull();
    for (const bad of [path.join(room, 'nowhere'), path.join(room, 'image.nii.gz')])
      await expect(createFolders().list(bad)).rejects.toMatchObject({ name: 'Refusal', code: 'UNREADABLE_FILE' });
  });
});

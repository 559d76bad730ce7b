import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { realDisk } from './atomic.ts';
import { faultyDisk } from './faulty-disk.ts';
import { configFolder, createRecent } from './recent.ts';

let room: string;
beforeAll(() => {
  room = mkdtempSync(path.join(tmpdir(), 'lamina-recent-'));
});
afterAll(() => rmSync(room, { recursive: true, force: true }));
const entry = (name: string) => ({ folder: path.join(room, name), name, openedAt: '2026-01-01T00:00:00Z', summary: 'CT', steps: 3 });

describe('recent cases', () => {
  it('lists the newest first, each folder once, and says which can be found', async () => {
    const recent = createRecent({ folder: path.join(room, 'a', 'settings') });
    expect(await recent.list()).toEqual([]);
    mkdirSync(path.join(room, 'one'));
    writeFileSync(path.join(room, 'one', 'case.json'), '{}');
    await Promise.all([recent.touch(entry('one')), recent.touch(entry('two')), recent.touch({ ...entry('one'), steps: 5 })]);
    expect(await recent.list()).toEqual([
      { ...entry('one'), steps: 5, available: true },
      { ...entry('two'), available: false },
    ]);
    for (let n = 0; n < 30; n++) await recent.touch(entry(`case ${n}`));
    const list = await recent.list();
    expect(list).toHaveLength(20);
    expect(list[0]?.name).toBe('case 29');
    expect(readdirSync(path.join(room, 'a', 'settings'))).toEqual(['recent.json']);
  });

  it('keeps what is sound of a spoilt list', async () => {
    const folder = path.join(room, 'b');
    mkdirSync(folder);
    for (const text of ['', '{', '{"a":1}', '"x"', '\u0000\u0001', 'null', `"${'x'.repeat(300_000)}"`]) {
      writeFileSync(path.join(folder, 'recent.json'), text);
      expect(await createRecent({ folder }).list()).toEqual([]);
    }
    writeFileSync(path.join(folder, 'recent.json'), JSON.stringify([3, entry('good'), { folder: 1 }, null]));
    expect((await createRecent({ folder }).list()).map((one) => one.name)).toEqual(['good']);
    await createRecent({ folder }).touch(entry('new'));
    expect((await createRecent({ folder }).list()).map((one) => one.name)).toEqual(['new', 'good']);
  });

  it('is as it was where the disk is full, and a case is not refused for it', async () => {
    const folder = path.join(room, 'c');
    await createRecent({ folder }).touch(entry('old'));
    const before = readFileSync(path.join(folder, 'recent.json'));
    for (let at = 1; at <= 4; at++) {
      const disk = faultyDisk(realDisk, ({ number }) => (number === at ? { fail: 'ENOSPC', half: true } : 'pass'));
      await createRecent({ folder, disk }).touch(entry('new'));
      expect(readdirSync(folder)).toEqual(['recent.json']);
      expect(readFileSync(path.join(folder, 'recent.json'))).toEqual(before);
    }
  });

  it('lies where each system wants settings', () => {
    expect(configFolder({ XDG_CONFIG_HOME: '/x' }, 'linux')).toBe(path.join('/x', 'lamina'));
    expect(configFolder({ APPDATA: 'C' }, 'win32')).toBe(path.join('C', 'Lamina'));
    expect(configFolder({}, 'darwin')).toMatch(/Library.Application Support.Lamina$/);
    expect(configFolder({}, 'linux')).toMatch(/\.config.lamina$/);
    expect(configFolder({ LAMINA_CONFIG: 'here', XDG_CONFIG_HOME: '/x' }, 'linux')).toBe('here');
  });
});

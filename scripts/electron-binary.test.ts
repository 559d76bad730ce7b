import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { findElectronBinary } from './electron-binary.mjs';

describe("looking for Electron's binary", () => {
  let project: string;
  const lay = (files: Record<string, string>) => {
    for (const [name, text] of Object.entries(files)) {
      const path = join(project, 'node_modules', 'electron', name);
      mkdirSync(join(path, '..'), { recursive: true });
      writeFileSync(path, text);
    }
  };
  const find = (environment = {}, platform: NodeJS.Platform = 'linux') => findElectronBinary(project, { environment, platform });
  beforeEach(() => {
    project = mkdtempSync(join(tmpdir(), 'lamina-binary-'));
  });
  afterEach(() => rmSync(project, { recursive: true }));

  const whole = { 'package.json': '{"version":"45.3.4"}', 'dist/version': '45.3.4', 'path.txt': 'electron', 'dist/electron': '' };
  test('a whole one is found', () => {
    lay(whole);
    expect(find()).toEqual({ path: join(project, 'node_modules/electron/dist/electron'), missing: null });
  });
  test.each([
    ['the package', {}, 'not installed'],
    ['the download', { 'package.json': whole['package.json'] }, 'not been fetched'],
    ['the right version', { ...whole, 'dist/version': 'v41.0.0' }, 'v41.0.0'],
    ['the right platform', { ...whole, 'path.txt': 'electron.exe' }, "this platform's"],
    ['the file itself', { 'package.json': whole['package.json'], 'dist/version': '45.3.4', 'path.txt': 'electron' }, 'missing from'],
  ])('without %s it says what is missing', (_what, files, said) => {
    lay(files);
    const found = find();
    expect(found.path).toBeNull();
    expect(found.missing).toContain(said);
  });
  test('an override is used only if the file is there', () => {
    const folder = join(project, 'unpacked');
    expect(find({ ELECTRON_OVERRIDE_DIST_PATH: folder }).missing).toContain('ELECTRON_OVERRIDE_DIST_PATH');
    mkdirSync(folder);
    writeFileSync(join(folder, 'electron.exe'), '');
    expect(find({ ELECTRON_OVERRIDE_DIST_PATH: folder }, 'win32').path).toBe(join(folder, 'electron.exe'));
    expect(find({ ELECTRON_OVERRIDE_DIST_PATH: folder }).path).toBeNull();
  });
});

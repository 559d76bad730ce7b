import { execFile } from 'node:child_process';
import { chmodSync, copyFileSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { promisify } from 'node:util';
import { FuseState, FuseV1Options, getCurrentFuseWire } from '@electron/fuses';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

/**
 * electron-builder run whole over a make-believe distribution (a file with Electron's fuse block, a version, locales): what a package
 * would hold and how its fuses would stand. Whether Electron then obeys the fuses, only the binary shows.
 */
const project = join(import.meta.dirname, '..', '..');
const fuseBlock = Buffer.concat([
  Buffer.from('dL7pKGdnNz796PbbjQWNKmHXBZaB9tsX'),
  Buffer.from([1, 9]),
  Buffer.from('101011001'),
  Buffer.alloc(64),
]);
const write = (path: string, content: string | Buffer = 'x') => {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content);
};

const binaries = ['linux/x64', 'linux/arm64', 'win32/x64', 'darwin/arm64'].map((at) => `bin/napi-v6/${at}/onnxruntime_binding.node`);
/** The native runtime and what it depends on, each as one small file: its real manifest, and a binary for every platform. */
function layRuntime(into: string): void {
  const manifest = readFileSync(join(project, 'node_modules', 'onnxruntime-node', 'package.json'), 'utf8');
  const { dependencies } = JSON.parse(manifest) as { dependencies: Record<string, string> };
  write(join(into, 'onnxruntime-node', 'package.json'), manifest);
  for (const name of ['dist/index.js', 'lib/index.ts', 'script/install.js', ...binaries]) write(join(into, 'onnxruntime-node', name));
  for (const name of Object.keys(dependencies)) {
    const { version } = JSON.parse(readFileSync(join(project, 'node_modules', name, 'package.json'), 'utf8')) as { version: string };
    write(join(into, name, 'package.json'), JSON.stringify({ name, version }));
    write(join(into, name, 'dist', 'index.js'));
  }
}

// The builder packs for Linux on Linux; on other machines it would want their own tools.
describe.runIf(process.platform === 'linux')('a packed program', () => {
  const folder = mkdtempSync(join(tmpdir(), 'lamina-packed-'));
  const unpacked = join(folder, 'release', 'linux-unpacked');
  beforeAll(async () => {
    for (const name of ['package.json', 'package-lock.json', 'electron-builder.yml']) copyFileSync(join(project, name), join(folder, name));
    for (const name of ['dist/main.js', 'dist/main.js.map', 'dist/renderer/index.html', 'electron/main.ts', 'docs/case.dcm', 'assets/x'])
      write(join(folder, name));
    for (const name of ['orbit/model.onnx', 'orbit/card.json', 'orbit/card.md', 'parity/orbit/parity.json', 'parity/orbit/hu.bin'])
      write(join(folder, 'models', name));
    for (const name of ['training/train.py', 'training/checkpoints/orbit.pt', 'training/checkpoints/card.json'])
      write(join(folder, 'models', name));
    layRuntime(join(folder, 'node_modules'));
    for (const name of ['electron', 'chrome-sandbox', 'chrome_crashpad_handler']) {
      write(join(folder, 'distribution', name), fuseBlock);
      chmodSync(join(folder, 'distribution', name), 0o755);
    }
    write(join(folder, 'distribution', 'version'), '45.3.4');
    for (const name of ['en-US', 'de', 'fr']) write(join(folder, 'distribution', 'locales', `${name}.pak`));
    const cli = createRequire(import.meta.url).resolve('electron-builder/cli.js');
    await promisify(execFile)(
      process.execPath,
      [cli, '--dir', '--linux', `-c.electronDist=${join(folder, 'distribution')}`, '-c.icon=null'],
      { cwd: folder },
    );
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test('holds the bundles and package.json and nothing else of the project', () => {
    const fromBuilder = createRequire(createRequire(import.meta.url).resolve('electron-builder/package.json'));
    const asar = fromBuilder('@electron/asar') as { listPackage(path: string, options: { isPack: boolean }): string[] };
    const held = asar.listPackage(join(unpacked, 'resources', 'app.asar'), { isPack: false });
    const ours = held.filter((path) => !path.startsWith('/node_modules'));
    expect(ours.sort()).toEqual(['/dist', '/dist/main.js', '/dist/renderer', '/dist/renderer/index.html', '/package.json']);
    const packages = held.filter((path) => /^\/node_modules\/[^/]+$/.test(path));
    expect(packages.sort()).toEqual(['/node_modules/onnxruntime-common', '/node_modules/onnxruntime-node']);
    expect(readdirSync(join(unpacked, 'resources')).sort()).toEqual(['app.asar', 'app.asar.unpacked', 'models']);
  });
  test("[12-environment] brings the runtime's binary of its own platform, outside the archive, where native code is loaded from", () => {
    const runtime = join(unpacked, 'resources', 'app.asar.unpacked', 'node_modules', 'onnxruntime-node');
    expect(binaries.filter((name) => existsSync(join(runtime, name)))).toEqual([binaries[0]]);
  });
  test('[12-package] brings the networks with their cards and known answers, and nothing of their training', () => {
    const models = join(unpacked, 'resources', 'models');
    const files = readdirSync(models, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
    expect(files.map((entry) => relative(models, join(entry.parentPath, entry.name))).sort()).toEqual([
      'orbit/card.json',
      'orbit/card.md',
      'orbit/model.onnx',
      'parity/orbit/hu.bin',
      'parity/orbit/parity.json',
    ]);
  });
  test('[checklist 19] has its fuses flipped', async () => {
    const wire = (await getCurrentFuseWire(join(unpacked, 'lamina'))) as unknown as Record<number, FuseState>;
    const off = [
      'RunAsNode',
      'EnableCookieEncryption',
      'EnableNodeOptionsEnvironmentVariable',
      'EnableNodeCliInspectArguments',
      'GrantFileProtocolExtraPrivileges',
    ] as const;
    const on = ['EnableEmbeddedAsarIntegrityValidation', 'OnlyLoadAppFromAsar'] as const;
    for (const fuse of off) expect([fuse, wire[FuseV1Options[fuse]]]).toEqual([fuse, FuseState.DISABLE]);
    for (const fuse of on) expect([fuse, wire[FuseV1Options[fuse]]]).toEqual([fuse, FuseState.ENABLE]);
  });
  test('brings two languages', () => {
    expect(readdirSync(join(unpacked, 'locales')).sort()).toEqual(['de.pak', 'en-US.pak']);
  });
});

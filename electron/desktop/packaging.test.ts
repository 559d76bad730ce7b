import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';

const project = join(import.meta.dirname, '..', '..');
interface Builder {
  getConfig(folder: string, path: string, options: null): Promise<Configuration>;
  validateConfiguration(configuration: unknown, debug: { isEnabled: boolean; add(): void }): Promise<void>;
}
interface FileSet {
  filter: string[];
}
interface Platform {
  target: string | string[];
  files: string[];
}
interface Configuration {
  electronFuses: Record<string, boolean>;
  linux: Platform;
  win: Platform;
  mac: Platform & { entitlements: string };
  files: FileSet[];
  [key: string]: unknown;
}

/** The builder's own loader and schema, found through the builder: no copy of the schema to grow old. */
const loadBuilder = (): Builder => {
  const fromBuilder = createRequire(createRequire(import.meta.url).resolve('electron-builder/package.json'));
  return fromBuilder('app-builder-lib/out/util/config/config.js');
};
const silent = { isEnabled: false, add: () => {} };

describe('electron-builder.yml', () => {
  const builder = loadBuilder();
  let configuration: Configuration;
  beforeAll(async () => {
    configuration = await builder.getConfig(project, join(project, 'electron-builder.yml'), null);
  });

  test("passes the builder's own schema", async () => {
    await builder.validateConfiguration(structuredClone(configuration), silent);
  });
  test('and the schema does refuse a key that it does not know', async () => {
    await expect(builder.validateConfiguration({ ...structuredClone(configuration), electronFuse: {} }, silent)).rejects.toThrow(
      /electronFuse/,
    );
  });
  test('[checklist 19] the fuses close every way into the released program', () => {
    expect(configuration.electronFuses).toEqual({
      runAsNode: false,
      enableCookieEncryption: false,
      enableNodeOptionsEnvironmentVariable: false,
      enableNodeCliInspectArguments: false,
      enableEmbeddedAsarIntegrityValidation: true,
      onlyLoadAppFromAsar: true,
      loadBrowserProcessSpecificV8Snapshot: false,
      grantFileProtocolExtraPrivileges: false,
    });
    expect(configuration.asar).toBe(true);
  });
  test('builds offline and publishes nowhere', () => {
    expect(configuration).toMatchObject({ electronVersion: '45.3.4', npmRebuild: false, publish: null, allowMissingDependencies: false });
    expect([configuration.linux.target, configuration.win.target, configuration.mac.target]).toEqual([['deb', 'rpm'], 'nsis', 'dmg']);
  });
  test.each([
    ['linux', ['{darwin,win32}', 'linux/arm64']],
    ['win', ['{darwin,linux}', 'win32/arm64']],
    ['mac', ['{linux,win32}']],
  ] as const)('%s packs the bundles and package.json, and leaves out what other platforms run', (name, excluded) => {
    const { files } = configuration[name];
    expect(files.slice(0, 3)).toEqual(['dist/**', 'package.json', '!**/*.map']);
    expect(files.filter((pattern) => !pattern.startsWith('!'))).toEqual(['dist/**', 'package.json']);
    expect(files.slice(5)).toEqual(excluded.map((part) => `!**/node_modules/onnxruntime-node/bin/napi-v6/${part}/**`));
    expect(files.join()).not.toContain('${');
  });
  test('no list at the top, where it would be replaced or double', () => {
    expect(configuration.files).toEqual([]);
  });
  test('what stays outside the bundles is all that is a dependency', () => {
    const { dependencies = {} } = JSON.parse(readFileSync(join(project, 'package.json'), 'utf8'));
    expect(Object.keys(dependencies).filter((name) => name !== 'onnxruntime-node')).toEqual([]);
  });
  test('the files that it names exist, and the entitlements ask for just-in-time code alone', () => {
    const entitlements = join(project, configuration.mac.entitlements);
    expect([...readFileSync(entitlements, 'utf8').matchAll(/<key>([^<]*)<\/key>/g)].map(([, key]) => key)).toEqual([
      'com.apple.security.cs.allow-jit',
      'com.apple.security.cs.allow-unsigned-executable-memory',
    ]);
    const icon = join(project, String(configuration.icon));
    expect(existsSync(icon)).toBe(true);
    // PNG header: width and height follow the first chunk's name; macOS wants 512 at least.
    const header = readFileSync(icon).subarray(16, 24);
    expect([header.readUInt32BE(0), header.readUInt32BE(4)]).toEqual([1024, 1024]);
  });
  test('git ignores what the builder writes', () => {
    expect(execFileSync('git', ['check-ignore', 'release/x'], { cwd: project, encoding: 'utf8' })).toContain('release');
  });
});

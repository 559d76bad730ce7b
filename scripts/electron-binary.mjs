// Plain JavaScript for Node 20: the start script asks this before anything of ours is installed or built.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** @param {string} path @returns {string | null} */
const textOf = (path) => {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return null;
  }
};

/** @param {NodeJS.Platform} platform */
const executableName = (platform) =>
  platform === 'darwin' ? 'Electron.app/Contents/MacOS/Electron' : platform === 'win32' ? 'electron.exe' : 'electron';

/**
 * Looks for Electron's binary with the three checks of Electron's own installer (dist/version is the package's version, path.txt names this
 * platform's file, that file exists), and never loads or downloads anything: importing the package would start a download.
 * ELECTRON_OVERRIDE_DIST_PATH names an unpacked folder instead; it is used only if the file is there.
 * @param {string} [projectFolder]
 * @param {{ environment?: Record<string, string | undefined>, platform?: NodeJS.Platform }} [machine]
 * @returns {{ path: string, missing: null } | { path: null, missing: string }}
 */
export function findElectronBinary(
  projectFolder = fileURLToPath(new URL('..', import.meta.url)),
  { environment = process.env, platform = process.platform } = {},
) {
  const folder = join(projectFolder, 'node_modules', 'electron');
  const name = executableName(platform);
  const override = environment.ELECTRON_OVERRIDE_DIST_PATH;
  if (override) {
    // Electron's own loader falls back to the bare name there, on Windows too; we ask for the file that runs.
    const path = join(override, name);
    return existsSync(path)
      ? { path, missing: null }
      : { path: null, missing: `ELECTRON_OVERRIDE_DIST_PATH is set, but ${name} is not in that folder` };
  }
  const manifest = textOf(join(folder, 'package.json'));
  if (manifest === null) return { path: null, missing: 'the package electron is not installed' };
  const { version } = JSON.parse(manifest);
  const found = textOf(join(folder, 'dist', 'version'));
  if (found === null) return { path: null, missing: `the binary of electron ${version} has not been fetched` };
  if (found.trim().replace(/^v/, '') !== version)
    return { path: null, missing: `the binary there is ${found.trim()}, the package is ${version}` };
  if (textOf(join(folder, 'path.txt')) !== name)
    return { path: null, missing: `the binary there is not this platform's (path.txt does not say ${name})` };
  const path = join(folder, 'dist', name);
  return existsSync(path) ? { path, missing: null } : { path: null, missing: `${name} is missing from the unpacked binary` };
}

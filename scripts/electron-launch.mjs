import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { _electron } from '@playwright/test';

const project = fileURLToPath(new URL('..', import.meta.url));

/**
 * Starts the real binary under Playwright; the one place that imports `_electron`, which upstream means to move to a package of its own.
 * `executablePath` is given always: without it Playwright resolves the package, which may download. A build whose command-line inspection
 * fuse is off cannot be driven; drive an unfused one.
 */
export const launchElectron = (
  /** @type {string} */ binary,
  /** @type {any} */ { folder, packaged = false, switches = [], variables = {} },
) => {
  // Chromium refuses to start as root with its sandbox.
  const root = process.getuid?.() === 0;
  return _electron.launch({
    executablePath: binary,
    args: [...(packaged ? [] : [project]), `--user-data-dir=${join(folder, 'user')}`, ...switches],
    chromiumSandbox: !root,
    env: { ...process.env, LAMINA_CASES: join(folder, 'cases'), LAMINA_TEST_NO_SANDBOX: root ? '1' : '0', ...variables },
  });
};

// Finds a Chromium for the end-to-end tests, else installs one: Debian's package as root, else Playwright's own.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { root } from './setup.mjs';

const places = [
  process.env.LAMINA_CHROMIUM,
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
];

const found = () => places.find((place) => place !== undefined && existsSync(place)) ?? null;

/** @param {string} command @param {string[]} args */
function run(command, args) {
  process.stderr.write(`lamina: ${command} ${args.join(' ')}\n`);
  return (
    spawnSync(command, args, {
      cwd: root,
      stdio: ['ignore', process.stderr, process.stderr],
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    }).status === 0
  );
}

/**
 * @returns {string | null} its path; null: Playwright finds the one it has installed for itself
 */
export function chromium() {
  const there = found();
  if (there) return there;
  if (process.getuid?.() === 0 && existsSync('/usr/bin/apt-get')) {
    run('apt-get', ['update', '-q']);
    run('apt-get', ['install', '-y', '-q', '--no-install-recommends', 'chromium']);
    const installed = found();
    if (installed) return installed;
  }
  if (run(path.join(root, 'node_modules', '.bin', 'playwright'), ['install', 'chromium'])) return null;
  process.stderr.write('lamina: no Chromium could be found or installed; set LAMINA_CHROMIUM to its path.\n');
  process.exit(1);
}

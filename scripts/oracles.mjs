// Independent readers that the tests hold our files against: pydicom, highdicom, rt-utils and nibabel in a Python environment of the
// project's own cache, and dciodvfy of Debian's dicom3tools. Nothing of them is part of the product.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { root } from './setup.mjs';

const place = path.join(root, '.cache', 'oracles');
const python = path.join(place, 'bin', 'python');
const list = path.join(root, 'electron', 'fixtures', 'oracles', 'requirements.txt');
const mark = path.join(place, 'made-of');

/** @param {string} command @param {string[]} args */
function run(command, args) {
  process.stderr.write(`lamina: ${command} ${args.join(' ')}\n`);
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  return spawnSync(command, args, { cwd: root, stdio: ['ignore', process.stderr, process.stderr], env }).status === 0;
}
const has = (/** @type {string} */ command) => spawnSync('sh', ['-c', `command -v ${command}`]).status === 0;

function environment() {
  const now = createHash('sha256').update(readFileSync(list)).digest('hex');
  if (existsSync(python) && existsSync(mark) && readFileSync(mark, 'utf8') === now) return true;
  rmSync(place, { recursive: true, force: true });
  const made = run('python3', ['-m', 'venv', place]) && run(python, ['-m', 'pip', 'install', '--quiet', '--no-deps', '-r', list]);
  if (made) writeFileSync(mark, now);
  else rmSync(place, { recursive: true, force: true });
  return made;
}

/**
 * Installs what is missing. On a machine of CI everything must come; elsewhere the tests that need what did not come are skipped, and
 * counted as such.
 * @returns {Record<string, string>} for the environment of the tests
 */
export function oracles() {
  const missing = [...(has('dciodvfy') ? [] : ['dicom3tools']), ...(has('python3') ? [] : ['python3', 'python3-venv'])];
  if (missing.length > 0 && process.getuid?.() === 0 && existsSync('/usr/bin/apt-get')) {
    run('apt-get', ['update', '-q']);
    run('apt-get', ['install', '-y', '-q', '--no-install-recommends', ...missing]);
  }
  const readers = environment();
  const validator = has('dciodvfy');
  if (readers && validator) return { LAMINA_ORACLES: python };
  if (process.env.CI) {
    process.stderr.write(`lamina: the independent readers could not be installed (${readers ? 'dciodvfy' : 'Python packages'}).\n`);
    process.exit(1);
  }
  process.stderr.write(
    'lamina: without the independent readers their tests are skipped (Python 3 with venv, Debian package dicom3tools).\n',
  );
  return {};
}

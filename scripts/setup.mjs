#!/usr/bin/env node
// All set-up, idempotent: packages from the lock file, the `lamina` command, the bundles. Runs on the machine's own Node (20 or newer);
// everything after it runs on the Node that the lock file pins.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const windows = process.platform === 'win32';
/** The pinned Node; every npm script finds it first on PATH too. */
export const pinnedNode = path.join(root, 'node_modules', 'node', 'bin', windows ? 'node.exe' : 'node');

/** Where Node keeps compiled code between starts: halves the start of a command (0.54 s to 0.25 s of processor time, measured). */
export const compileCache = path.join(root, 'node_modules', '.cache', 'lamina-compiled');

/** @param {string} text */
function say(text) {
  process.stderr.write(`lamina: ${text}\n`);
}

/**
 * @param {string} command
 * @param {string[]} args
 * @param {string} remedy what a person can do when it fails
 */
function must(command, args, remedy) {
  const env = {
    ...process.env,
    PATH: `${path.dirname(pinnedNode)}${path.delimiter}${path.join(root, 'node_modules', '.bin')}${path.delimiter}${process.env.PATH}`,
  };
  const { status, error } = spawnSync(command, args, { cwd: root, stdio: ['ignore', process.stderr, process.stderr], env, shell: windows });
  if (status === 0) return;
  say(`'${command} ${args.join(' ')}' did not succeed${error ? ` (${error.message})` : ''}. ${remedy}`);
  process.exit(1);
}

/** @param {string[]} places files or folders whose bytes decide */
function fingerprint(places) {
  const hash = createHash('sha256').update(`${process.platform} ${process.arch}\n`);
  const visit = (/** @type {string} */ place) => {
    if (!existsSync(place)) return;
    if (statSync(place).isDirectory()) {
      for (const name of readdirSync(place).sort()) visit(path.join(place, name));
    } else hash.update(path.relative(root, place)).update(readFileSync(place));
  };
  for (const place of places) visit(path.join(root, place));
  return hash.digest('hex');
}

/**
 * @param {string} name
 * @param {string[]} places
 * @param {() => boolean} present
 * @param {() => void} work
 */
function once(name, places, present, work) {
  const mark = path.join(root, 'node_modules', `.lamina-${name}`);
  const now = fingerprint(places);
  if (present() && existsSync(mark) && readFileSync(mark, 'utf8') === now) return;
  work();
  mkdirSync(path.dirname(mark), { recursive: true });
  writeFileSync(mark, now);
}

/** `npx lamina` and npm scripts: a shim that runs the pinned Node in place of itself, so that no second process stays. */
function writeCommand() {
  const bin = path.join(root, 'node_modules', '.bin', 'lamina');
  const entry = path.join(root, 'electron', 'cli.ts');
  const text = `#!/bin/sh\nNODE_COMPILE_CACHE="${compileCache}" exec "${pinnedNode}" --disable-warning=ExperimentalWarning "${entry}" "$@"\n`;
  if (!existsSync(bin) || readFileSync(bin, 'utf8') !== text) {
    writeFileSync(bin, text);
    chmodSync(bin, 0o755);
  }
  if (windows)
    writeFileSync(
      `${bin}.cmd`,
      `@set NODE_COMPILE_CACHE=${compileCache}\r\n@"${pinnedNode}" --disable-warning=ExperimentalWarning "${entry}" %*\r\n`,
    );
}

export function setup() {
  const [major = 0] = process.versions.node.split('.').map(Number);
  if (major < 20) {
    say(`Node ${process.versions.node} is too old; install Node 20 or newer.`);
    process.exit(1);
  }
  once(
    'packages',
    ['package-lock.json', 'package.json', '.npmrc'],
    () => existsSync(pinnedNode),
    () => {
      say('installing packages from the lock file (a few minutes the first time) ...');
      must(
        'npm',
        ['ci', '--include=dev', '--no-audit', '--no-fund', '--loglevel=error'],
        'Check the connection to the package registry, then run the same command again.',
      );
    },
  );
  writeCommand();
  once(
    'simd',
    ['package-lock.json', 'kernels/simd/assembly', 'scripts/build-simd.mjs'],
    () => ['module.ts', 'mesh-module.ts'].every((name) => existsSync(path.join(root, 'kernels', 'simd', name))),
    () => must('node', [path.join('scripts', 'build-simd.mjs')], 'This is a fault of ours; please report the lines above.'),
  );
  once(
    'bundles',
    ['package-lock.json', 'vite.config.ts', 'vite.desktop.config.ts', 'contract', 'kernels', 'renderer', 'electron', 'assets'],
    () => existsSync(path.join(root, 'dist', 'renderer', 'index.html')) && existsSync(path.join(root, 'dist', 'main.js')),
    () => {
      say('building ...');
      must('npm', ['run', '--silent', 'build'], 'This is a fault of ours; please report the lines above.');
    },
  );
}

if (process.argv[1] && path.resolve(process.argv[1]) === fileURLToPath(import.meta.url)) {
  setup();
  say('ready');
}

#!/usr/bin/env node
// `npm test`: set-up, then everything that is checked, one after the other, with a table of what took how long at the end.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { chromium } from './chromium.mjs';
import { e2eFailures, unitFailures } from './failures.mjs';
import { oracles } from './oracles.mjs';
import { compileCache, pinnedNode, root, setup } from './setup.mjs';

setup();
const browser = chromium();
const reports = path.join(root, '.cache', 'reports');
rmSync(reports, { recursive: true, force: true });
mkdirSync(reports, { recursive: true });
const env = {
  ...process.env,
  PATH: `${path.dirname(pinnedNode)}${path.delimiter}${path.join(root, 'node_modules', '.bin')}${path.delimiter}${process.env.PATH}`,
  ...(browser ? { LAMINA_CHROMIUM: browser } : {}),
  ...oracles(),
  NODE_COMPILE_CACHE: compileCache,
  PLAYWRIGHT_JSON_OUTPUT_NAME: path.join(reports, 'e2e.json'),
};

const read = (/** @type {string} */ name) => JSON.parse(readFileSync(path.join(reports, `${name}.json`), 'utf8'));

/** What a runner's own report says; a check without one counts as a single test. @type {Record<string, () => [number, number, number]>} */
const counts = {
  unit: () => {
    const report = read('unit');
    return [report.numPassedTests, report.numFailedTests, report.numPendingTests + (report.numTodoTests ?? 0)];
  },
  e2e: () => {
    const { stats } = read('e2e');
    return [stats.expected + stats.flaky, stats.unexpected, stats.skipped];
  },
};

/** @type {Record<string, () => string[]>} */
const failures = { unit: () => unitFailures(read('unit'), root), e2e: () => e2eFailures(read('e2e')) };

/** @type {[string, string[]][]} */
const checks = [
  ['types', ['tsc', '--build']],
  ['lint', ['biome', 'check', '--error-on-warnings', '.']],
  ['boundaries', ['npm', 'run', '--silent', 'boundaries']],
  ['unused', ['knip']],
  ['licences', ['npm', 'run', '--silent', 'licences']],
  ['requirements', ['npm', 'run', '--silent', 'requirements']],
  ['unit', ['vitest', 'run', '--reporter=default', '--reporter=json', `--outputFile.json=${path.join(reports, 'unit.json')}`]],
  ['e2e', ['playwright', 'test', '--reporter=list,json']],
];
const only = process.argv.slice(2);
const rows = [];
/** @type {string[]} */
const named = [];
let [passed, failed, skipped] = [0, 0, 0];
for (const [name, [command = '', ...args]] of checks) {
  if (only.length && !only.includes(name)) continue;
  process.stdout.write(`\n== ${name}\n`);
  const started = Date.now();
  const { status } = spawnSync(command, args, {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit'],
    env,
    shell: process.platform === 'win32',
  });
  const ok = status === 0;
  let result = /** @type {[number, number, number]} */ (ok ? [1, 0, 0] : [0, 1, 0]);
  const count = counts[name];
  if (count && existsSync(path.join(reports, `${name}.json`))) {
    result = count();
    // A runner can fail outside of any test (a file that does not load); that must not read as green.
    if (!ok && result[1] === 0) result[1] = 1;
    if (ok && result[0] === 0) result = [0, 1, result[2]];
    if (!ok) {
      const lines = failures[name]();
      named.push(...(lines.length > 0 ? lines : [`  ${name}: ended with ${status} outside of any test; its log above says why`]));
    }
  }
  passed += result[0];
  failed += result[1];
  skipped += result[2];
  rows.push(`${ok ? 'ok    ' : 'FAILED'} ${name.padEnd(13)} ${((Date.now() - started) / 1000).toFixed(1).padStart(7)} s`);
}
if (named.length > 0) process.stdout.write(`\n${named.join('\n')}\n`);
process.stdout.write(`\n${rows.join('\n')}\n\n${passed} passed, ${failed} failed, ${skipped} skipped\n`);
process.exitCode = failed ? 1 : 0;

#!/usr/bin/env node
// `npm start [-- FOLDER] [-- --browser]`: set-up, then the Electron window where its binary and a display are there, else the same
// application on 127.0.0.1 for this machine's browser.
import { spawn } from 'node:child_process';
import path from 'node:path';
import { findElectronBinary } from './electron-binary.mjs';
import { compileCache, pinnedNode, root, setup } from './setup.mjs';

const args = process.argv.slice(2);
const wantsBrowser = args.includes('--browser');
const folder = args.find((a) => !a.startsWith('--'));
setup();

const display =
  process.platform === 'win32' || process.platform === 'darwin' || Boolean(process.env.DISPLAY || process.env.WAYLAND_DISPLAY);
const electron = findElectronBinary(root);
const passed = folder === undefined ? [] : [path.resolve(process.env.INIT_CWD ?? process.cwd(), folder)];

const desktop = !wantsBrowser && display && electron.path !== null;
if (!wantsBrowser && !desktop)
  process.stderr.write(`lamina: ${electron.path === null ? electron.missing : 'there is no display'}; using the browser instead\n`);
const options = /** @type {const} */ ({ stdio: 'inherit', cwd: root, env: { ...process.env, NODE_COMPILE_CACHE: compileCache } });
const child = desktop
  ? spawn(/** @type {string} */ (electron.path), [root, ...passed], options)
  : spawn(
      pinnedNode,
      ['--disable-warning=ExperimentalWarning', path.join(root, 'electron', 'browser.ts'), ...passed, ...(display ? ['--open'] : [])],
      options,
    );
for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])) process.on(signal, () => child.kill(signal));
child.on('exit', (code) => {
  process.exitCode = code ?? 0;
});

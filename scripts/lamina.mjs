#!/usr/bin/env node
// The package's `bin`, for `npx lamina` before set-up has written its faster shim: set-up, then the command on the pinned Node.
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { pinnedNode, root, setup } from './setup.mjs';

setup();
const { status } = spawnSync(
  pinnedNode,
  ['--disable-warning=ExperimentalWarning', path.join(root, 'electron', 'cli.ts'), ...process.argv.slice(2)],
  {
    stdio: 'inherit',
  },
);
process.exitCode = status ?? 1;

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { cruise, type ICruiseOptions, type ICruiseResult, type IForbiddenRuleType } from 'dependency-cruiser';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

const config = createRequire(import.meta.url)('../.dependency-cruiser.cjs') as { forbidden: IForbiddenRuleType[]; options: ICruiseOptions };
const rooms = ['contract', 'kernels', 'electron', 'renderer', 'e2e', 'bench', 'scripts'];
const packages = ['zod', 'hono', 'react', 'three', 'electron', '@cornerstonejs/core', 'vitest', 'onnxruntime-node'];

/** What each rule must refuse: the file, its import, and the rule. */
const refused: [rule: string, file: string, text: string][] = [
  ['kernels-alone', 'kernels/mesh/reads-disk.ts', `import { readFileSync } from 'node:fs';\nexport const read = readFileSync;`],
  ['kernels-alone', 'kernels/mesh/refuses.ts', `import { Refusal } from '../../contract/errors.ts';\nexport const x = Refusal;`],
  ['kernels-alone', 'kernels/mesh/draws.ts', `import type { Vector3 } from 'three';\nexport type V = Vector3;`],
  ['contract-zod-alone', 'contract/computes.ts', `import { weld } from '../kernels/weld.ts';\nexport const x = weld;`],
  ['contract-zod-alone', 'contract/serves.ts', `import { Hono } from 'hono';\nexport const x = Hono;`],
  ['service-no-node', 'electron/service/reads.ts', `import { join } from 'node:path';\nexport const x = join;`],
  ['service-no-node', 'electron/service/later.ts', `export const x = () => import('node:fs');`],
  ['service-own-room', 'electron/service/desktop.ts', `import { menu } from '../desktop/menu.ts';\nexport const x = menu;`],
  ['service-own-room', 'electron/service/infers.ts', `import { run } from 'onnxruntime-node';\nexport const x = run;`],
  ['service-types-only', 'electron/service/welds.ts', `import { weld } from '../../kernels/weld.ts';\nexport const x = weld;`],
  ['service-types-only', 'electron/service/writes.ts', `import { disk } from '../ports/disk.ts';\nexport const x = disk;`],
  [
    'steps-apart',
    'electron/service/steps/deployment/segment.ts',
    `import { clean } from '../postprocessing/clean.ts';\nexport const x = clean;`,
  ],
  [
    'steps-apart',
    'renderer/steps/deployment/Side.tsx',
    `import { Clean } from '../postprocessing/Clean.tsx';\nexport const X = () => <Clean />;`,
  ],
  ['processes-below-service', 'electron/processes/serves.ts', `import { service } from '../service/index.ts';\nexport const x = service;`],
  ['ports-below-service', 'electron/ports/menus.ts', `import { menu } from '../desktop/menu.ts';\nexport const x = menu;`],
  ['electron-in-the-shell', 'electron/loopback.ts', `import { app } from 'electron';\nexport const x = app;`],
  ['electron-in-the-shell', 'electron/ports/power.ts', `import type { app } from 'electron';\nexport type X = typeof app;`],
  ['runtime-in-its-process', 'electron/processes/tasks/runs.ts', `import { run } from 'onnxruntime-node';\nexport const x = run;`],
  ['runtime-in-its-process', 'electron/service/infers.ts', `import { run } from 'onnxruntime-node';\nexport const x = run;`],
  [
    'renderer-in-a-browser',
    'renderer/api/direct.ts',
    `import { service } from '../../electron/service/index.ts';\nexport const x = service;`,
  ],
  ['renderer-no-node', 'renderer/api/disk.ts', `import { readFileSync } from 'node:fs';\nexport const x = readFileSync;`],
  ['renderer-no-node', 'renderer/api/paths.ts', `import { join } from 'path';\nexport const x = join;`],
  ['cornerstone-in-viewports', 'renderer/steps/View.tsx', `import { init } from '@cornerstonejs/core';\nexport const x = init;`],
  ['three-in-review', 'renderer/viewports/solid.ts', `import { Scene } from 'three';\nexport const x = Scene;`],
  ['nothing-below-imports-the-window', 'electron/shows.ts', `import { App } from '../renderer/App.tsx';\nexport const x = App;`],
  ['no-product-on-tests', 'electron/leans.ts', `import { truth } from './truth.test.ts';\nexport const x = truth;`],
  ['no-cycles', 'bench/one.ts', `import { two } from './two.ts';\nexport const one = two;`],
  ['no-cycles', 'bench/other.ts', `import type { Typed } from './typed.ts';\nexport type Other = Typed | null;`],
  ['found', 'scripts/lost.ts', `import { gone } from './gone.ts';\nexport const x = gone;`],
];

/** What must pass, so that no rule refuses everything. */
const allowed: Record<string, string> = {
  'kernels/weld.ts': `import type { Mesh } from './mesh.ts';\nexport const weld = (m: Mesh) => m;`,
  'kernels/mesh.ts': 'export interface Mesh { x: number }',
  'kernels/weld.test.ts': `import { readFileSync } from 'node:fs';\nimport { test } from 'vitest';\ntest('x', () => { readFileSync('x'); });`,
  'contract/errors.ts': `import { z } from 'zod';\nexport const Refusal = z;`,
  'electron/service/index.ts': `import { Hono } from 'hono';\nimport type { weld } from '../../kernels/weld.ts';\nimport type { disk } from '../ports/disk.ts';\nimport { pipeline } from './pipeline.ts';\nexport const service = (d: typeof disk, w: typeof weld) => [Hono, d, w, pipeline];`,
  'electron/service/pipeline.ts': `import { clean } from './steps/postprocessing/clean.ts';\nexport const pipeline = clean;`,
  'electron/service/steps/postprocessing/clean.ts': 'export const clean = 1;',
  'electron/ports/disk.ts': `import { readFileSync } from 'node:fs';\nimport { Refusal } from '../../contract/errors.ts';\nexport const disk = [readFileSync, Refusal];`,
  'electron/processes/compute.ts': `import { weld } from '../../kernels/weld.ts';\nimport { disk } from '../ports/disk.ts';\nexport const x = [weld, disk];`,
  'electron/processes/inference.ts': `import { x } from 'onnxruntime-node';\nexport const y = x;`,
  'electron/main.ts': `import { app } from 'electron';\nimport { menu } from './desktop/menu.ts';\nexport const x = [app, menu];`,
  'electron/desktop/menu.ts': `import type { app } from 'electron';\nexport const menu = (a: typeof app) => a;`,
  'electron/truth.test.ts': 'export const truth = 1;',
  'renderer/App.tsx': `import { useState } from 'react';\nimport { weld } from '../kernels/weld.ts';\nimport { solid } from './review/solid.ts';\nexport const App = () => <b>{[useState, weld, solid].length}</b>;`,
  'renderer/review/solid.ts': `import { Scene } from 'three';\nexport const solid = Scene;`,
  'renderer/viewports/slice.ts': `import { init } from '@cornerstonejs/core';\nexport const slice = init;`,
  'renderer/steps/postprocessing/Clean.tsx': 'export const Clean = () => <i>clean</i>;',
  'bench/two.ts': `import { one } from './one.ts';\nexport const two: number = one;`,
  'e2e/stand-in/electron.ts': `import { app } from 'electron';\nimport { menu } from '../../electron/desktop/menu.ts';\nexport const x = [app, menu];`,
  'bench/typed.ts': `import type { Other } from './other.ts';\nexport type Typed = Other;`,
};

let folder: string;
let found: { rule: string; file: string }[];
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'lamina-boundaries-'));
  const lay = (file: string, text: string) => {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    writeFileSync(join(folder, file), text);
  };
  lay('package.json', JSON.stringify({ type: 'module', devDependencies: Object.fromEntries(packages.map((name) => [name, '1.0.0'])) }));
  for (const name of packages) {
    lay(`node_modules/${name}/package.json`, JSON.stringify({ name, version: '1.0.0', type: 'module', exports: './index.js' }));
    lay(`node_modules/${name}/index.js`, 'export const x = 1;');
  }
  for (const [file, text] of Object.entries(allowed)) lay(file, text);
  for (const [, file, text] of refused) lay(file, text);
  const { output } = await cruise(
    rooms,
    { ...config.options, validate: true, ruleSet: { forbidden: config.forbidden }, baseDir: folder },
    config.options.enhancedResolveOptions,
  );
  found = (output as ICruiseResult).summary.violations.map((v) => ({ rule: v.rule.name, file: v.from }));
});
afterAll(() => rmSync(folder, { recursive: true }));

describe('who may import whom', () => {
  test.each(refused)('%s bites on %s', (rule, file) => {
    expect(found).toContainEqual({ rule, file });
  });

  test('every rule is shown to bite, and says what to do instead', () => {
    expect(config.forbidden.map((rule) => rule.name).sort()).toEqual([...new Set(refused.map(([rule]) => rule))].sort());
    for (const rule of config.forbidden) expect(rule.comment?.length).toBeGreaterThan(60);
  });

  test('nothing else is refused', () => {
    // a cycle is reported at one or more of its files
    const cyclic = ['bench/one.ts', 'bench/two.ts', 'bench/typed.ts', 'bench/other.ts'];
    const wanted = new Set(refused.map(([, file]) => file));
    expect(found.filter(({ file }) => !wanted.has(file) && !cyclic.includes(file))).toEqual([]);
  });
});

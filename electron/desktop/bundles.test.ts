import { join } from 'node:path';
import { createBuilder } from 'vite';
import { beforeAll, describe, expect, test } from 'vitest';

const project = join(import.meta.dirname, '..', '..');
interface Chunk {
  type: string;
  fileName: string;
  isEntry?: boolean;
  imports?: string[];
  dynamicImports?: string[];
  code?: string;
}
let output: Chunk[] = [];
beforeAll(async () => {
  const builder = await createBuilder({ root: project, configFile: join(project, 'vite.desktop.config.ts'), logLevel: 'error' });
  const environment = builder.environments.ssr;
  if (!environment) throw new TypeError('the desktop build has no bundles for Node');
  environment.config.build.write = false;
  output = ((await builder.build(environment)) as unknown as { output: Chunk[] }).output;
});

/** Everything that a bundle loads, directly or through its chunks. */
function loadedBy(fileName: string, seen = new Set<string>()): Set<string> {
  if (seen.has(fileName)) return seen;
  seen.add(fileName);
  const chunk = output.find((one) => one.fileName === fileName);
  for (const next of [...(chunk?.imports ?? []), ...(chunk?.dynamicImports ?? [])]) loadedBy(next, seen);
  return seen;
}

describe('bundles of the desktop', () => {
  test('each process has its own, beside the others', () => {
    const entries = output.filter((one) => one.isEntry).map((one) => one.fileName);
    expect(entries.sort()).toEqual(['compute.js', 'crew-worker.js', 'decode-worker.js', 'inference.js', 'main.js', 'task-worker.js']);
  });

  test('[12-environment] the runtime stays a package, and the inference process alone loads it', () => {
    for (const name of ['main.js', 'compute.js', 'task-worker.js', 'decode-worker.js', 'crew-worker.js'])
      expect([name, loadedBy(name).has('onnxruntime-node')]).toEqual([name, false]);
    expect(loadedBy('inference.js').has('onnxruntime-node')).toBe(true);
  });
});

import { readdir, readFile, rm } from 'node:fs/promises';
import { builtinModules } from 'node:module';
import { dirname, join } from 'node:path';
import { defineConfig, type Plugin } from 'vite';

/**
 * Everything that runs in Node, for the desktop: dist/main.js (ESM), dist/compute.js and dist/task-worker.js beside it, because the pool
 * finds its processes as siblings, and dist/preload.cjs (one file: a sandboxed preload can require nothing of ours).
 */
const external = ['electron', ...builtinModules, ...builtinModules.map((name) => `node:${name}`)];

/**
 * dcmjs-codecs finds its WebAssembly through `eval('require')` and `__dirname`; a bundle in ESM has neither. The file travels beside the
 * bundle and is read from there.
 */
const codecs: Plugin = {
  name: 'lamina-codecs',
  async transform(code, id) {
    if (!/dcmjs-codecs[\\/]build[\\/]/.test(id)) return null;
    const file = 'dcmjs-native-codecs.wasm';
    const replacements: [string, string][] = [
      [`eval("require('fs')")`, `process.getBuiltinModule('node:fs')`],
      [`eval("require('path')")`, `process.getBuiltinModule('node:path')`],
      ['path.resolve(__dirname,wasmFilename)', `new URL('./${file}', import.meta.url)`],
    ];
    for (const [from, to] of replacements) {
      if (!code.includes(from)) this.error(`dcmjs-codecs changed: ${from} is no longer in it, the packaged decoder would find no codecs`);
      code = code.replaceAll(from, to);
    }
    this.emitFile({ type: 'asset', fileName: file, source: await readFile(join(dirname(id), file)) });
    return { code, map: null };
  },
};

const built = {
  outDir: 'dist',
  emptyOutDir: false,
  emitAssets: true,
  minify: false,
  copyPublicDir: false,
  target: 'node24',
  sourcemap: false,
} as const;

/** Chunks carry a hash in their names; those of earlier builds would be packed too. The window's own files lie in a folder below. */
async function removeEarlierBuild(): Promise<void> {
  for (const entry of await readdir(built.outDir, { withFileTypes: true }).catch(() => []))
    if (entry.isFile()) await rm(join(built.outDir, entry.name));
}

export default defineConfig({
  publicDir: false,
  // Vite runs builder.buildApp only when asked for more than one environment.
  builder: {
    async buildApp(builder) {
      await removeEarlierBuild();
      for (const name of ['ssr', 'preload']) await builder.build(builder.environments[name]!);
    },
  },
  environments: {
    ssr: {
      resolve: { noExternal: true, external, conditions: ['node', 'import', 'module', 'default'] },
      build: {
        ...built,
        ssr: true,
        rolldownOptions: {
          external,
          input: { main: 'electron/main.ts', compute: 'electron/processes/compute.ts', 'task-worker': 'electron/processes/task-worker.ts' },
          output: { format: 'es', entryFileNames: '[name].js', chunkFileNames: '[name]-[hash].js', assetFileNames: '[name][extname]' },
        },
      },
    },
    preload: {
      consumer: 'server',
      resolve: { noExternal: true, external: ['electron'] },
      build: {
        ...built,
        ssr: true,
        rolldownOptions: {
          external: ['electron'],
          input: { preload: 'electron/preload.ts' },
          output: { format: 'cjs', entryFileNames: '[name].cjs', codeSplitting: false },
        },
      },
    },
  },
  plugins: [codecs],
});

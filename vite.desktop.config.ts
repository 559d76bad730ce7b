import { readdir, readFile, rm } from 'node:fs/promises';
import { builtinModules, createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { defineConfig, type Plugin } from 'vite';

/**
 * Everything that runs in Node, for the desktop: dist/main.js (ESM), and dist/compute.js, task-worker.js, decode-worker.js, crew-worker.js and inference.js beside it,
 * because their clients find them as siblings, and dist/preload.cjs (one file: a sandboxed preload can require nothing of ours).
 */
// onnxruntime-node is native: it stays a package beside the bundles.
const external = ['electron', 'onnxruntime-node', ...builtinModules, ...builtinModules.map((name) => `node:${name}`)];

/**
 * The decoders' WebAssembly is found through the package that brings it; beside a bundle there is no package. The file travels with the
 * bundle, and the bundle's own path takes the place of the package's. A source that no longer asks in these words ends the build: a
 * package without decoders would refuse half of all series.
 */
const codecs: Plugin = {
  name: 'lamina-codecs',
  async transform(code, id) {
    if (!/electron[\\/]ports[\\/]dicom[\\/]native-codecs\.ts$/.test(id)) return null;
    const asked = 'createRequire(import.meta.url).resolve(wasmPackage)';
    if (!code.includes(asked)) this.error(`native-codecs.ts no longer says ${asked}: teach vite.desktop.config.ts where it looks`);
    const fileName = 'dcmjs-native-codecs.wasm';
    const entry = createRequire(import.meta.url).resolve('dcmjs-codecs');
    this.emitFile({ type: 'asset', fileName, source: await readFile(join(dirname(entry), fileName)) });
    return { code: code.replace(asked, 'import.meta.filename'), map: null };
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
          input: {
            main: 'electron/main.ts',
            compute: 'electron/processes/compute.ts',
            'task-worker': 'electron/processes/task-worker.ts',
            'decode-worker': 'electron/ports/dicom/decode-worker.ts',
            'crew-worker': 'electron/processes/crew-worker.ts',
            inference: 'electron/processes/inference.ts',
          },
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

#!/usr/bin/env node
// Compiles kernels/simd/assembly (AssemblyScript) to WebAssembly with SIMD, kept as text in kernels/simd/, so that threads, bundles
// and browsers load it as they load any other module. Says nothing where it succeeds.
import { readdirSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { main } from 'assemblyscript/asc';

const simd = path.join(import.meta.dirname, '..', 'kernels', 'simd');

/** Compiles the sources of one folder into one module of text. */
async function build(folder, module, options) {
  const sources = readdirSync(path.join(simd, folder)).filter((name) => name.endsWith('.ts'));
  const entries = sources.sort().map((name) => `${folder}/${name}`);
  let text = '';
  const kept = ['--lowMemoryLimit', '--runtime', 'stub', ...options];
  const { error, stderr } = await main([...entries, '--baseDir', simd, '--outFile', 'simd.wasm', '--enable', 'simd', '-O3', ...kept], {
    writeFile(_name, contents) {
      text = Buffer.from(contents).toString('base64');
    },
  });
  if (error || text === '') {
    process.stderr.write(`${stderr.toString()}${error ? error.message : 'the compiler wrote nothing'}\n`);
    process.exitCode = 1;
    return;
  }
  // Renamed into place: whoever reads meanwhile finds the old one or the new one.
  const made = path.join(simd, `.module-${process.pid}`);
  writeFileSync(made, `// Made by scripts/build-simd.mjs out of ${folder}/.\nexport const wasmBase64 =\n  '${text}';\n`);
  renameSync(made, path.join(simd, module));
}

await build('assembly', 'module.ts', ['--initialMemory', '4', '--maximumMemory', '4']);
// Passes over meshes run on memory that they are given and that threads share.
const shared = ['--importMemory', '--sharedMemory', '--noExportMemory', '--initialMemory', '1', '--maximumMemory', '65536'];
await build('assembly/mesh', 'mesh-module.ts', ['--enable', 'threads', ...shared]);

#!/usr/bin/env node
// Compiles kernels/simd/assembly (AssemblyScript) to WebAssembly with SIMD, kept as text in kernels/simd/module.ts, so that threads, bundles
// and browsers load it as they load any other module. Says nothing where it succeeds.
import { readdirSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { main } from 'assemblyscript/asc';

const simd = path.join(import.meta.dirname, '..', 'kernels', 'simd');
const sources = readdirSync(path.join(simd, 'assembly')).filter((name) => name.endsWith('.ts'));
const entries = sources.sort().map((name) => `assembly/${name}`);
const memory = ['--initialMemory', '4', '--maximumMemory', '4', '--lowMemoryLimit', '--runtime', 'stub'];
let text = '';
const { error, stderr } = await main([...entries, '--baseDir', simd, '--outFile', 'simd.wasm', '--enable', 'simd', '-O3', ...memory], {
  writeFile(_name, contents) {
    text = Buffer.from(contents).toString('base64');
  },
});
if (error || text === '') {
  process.stderr.write(`${stderr.toString()}${error ? error.message : 'the compiler wrote nothing'}\n`);
  process.exitCode = 1;
} else {
  // Renamed into place: whoever reads meanwhile finds the old one or the new one.
  const made = path.join(simd, `.module-${process.pid}`);
  writeFileSync(made, `// Made by scripts/build-simd.mjs out of assembly/.\nexport const wasmBase64 =\n  '${text}';\n`);
  renameSync(made, path.join(simd, 'module.ts'));
}

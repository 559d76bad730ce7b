import { readFileSync, writeFileSync } from 'node:fs';
import { startCrew } from '../electron/processes/crew.ts';
import { checkMesh } from '../kernels/mesh/check.ts';
import { decimateMesh } from '../kernels/mesh/decimate.ts';
import type { Mesh } from '../kernels/mesh/mesh.ts';

/**
 * `node bench/product-decimate.ts MESH [THREADS] [OUT] [ERROR_MM]`: decimation alone, to a quarter of the triangles, or within an error. MESH
 * and OUT name a pair of files, .v.f32 (x, y, z in mm) and .f.u32 (three vertices a triangle). Prints a JSON line a run: on a machine that
 * is busy with other work `cpuSeconds` (all threads) is the figure to quote.
 */
const [name, threads = '2', out, errorMm] = process.argv.slice(2);
if (!name) throw new RangeError('name a mesh: MESH.v.f32 and MESH.f.u32');
const bytes = (path: string) => Uint8Array.from(readFileSync(path)).buffer;
const mesh: Mesh = { positions: new Float32Array(bytes(`${name}.v.f32`)), triangles: new Uint32Array(bytes(`${name}.f.u32`)) };
const crew = startCrew(Number(threads));
try {
  for (let n = 0; n < 5; n++) {
    const started = performance.now();
    const busy = process.cpuUsage();
    const options = errorMm ? { errorMm: Number(errorMm), part: 1 } : { errorMm: null, part: 0.25 };
    const light = await decimateMesh(mesh, options, crew.run);
    const { user, system } = process.cpuUsage(busy);
    const seconds = (performance.now() - started) / 1000;
    const { openEdges, nonManifoldEdges, degenerateTriangles, volumeMm3, parts, triangles } = checkMesh(light.mesh);
    const result = { triangles, boundMm: light.boundMm, openEdges, nonManifoldEdges, degenerateTriangles, volumeMm3, parts };
    process.stdout.write(`${JSON.stringify({ threads: Number(threads), seconds, cpuSeconds: (user + system) / 1e6, ...result })}\n`);
    if (!out || n > 0) continue;
    writeFileSync(`${out}.v.f32`, Float32Array.from(light.mesh.positions));
    writeFileSync(`${out}.f.u32`, Uint32Array.from(light.mesh.triangles));
  }
} finally {
  await crew.end();
}

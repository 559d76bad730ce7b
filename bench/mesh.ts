import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { availableParallelism, cpus, loadavg } from 'node:os';
import path from 'node:path';
import { makeHead } from '../kernels/phantoms/head.ts';

/**
 * `node bench/mesh.ts [RAW JSON]`: cleaning and modelling of `npm run bench` beside the peers, in the same run and on the same volume:
 * seconds alone mean little on a shared machine. Without a volume the synthetic head in full size is drawn once and kept.
 * LAMINA_BENCH_PYTHON names the Python that has the peers (vtk, scipy, connected-components-3d, meshoptimizer). Writes
 * .cache/bench/mesh.json.
 */
const root = path.resolve(import.meta.dirname, '..');
const work = path.join(root, '.cache', 'bench', 'mesh');
mkdirSync(work, { recursive: true });
const python = process.env.LAMINA_BENCH_PYTHON ?? 'python3';
const threads = String(Math.min(8, availableParallelism()));

const [raw = path.join(work, 'ct.i16.raw'), meta = path.join(work, 'volume.json')] = process.argv.slice(2);
if (!existsSync(raw)) {
  const { hu, geometry } = makeHead(1, 'full');
  writeFileSync(raw, new Uint8Array(hu.buffer, hu.byteOffset, hu.byteLength));
  writeFileSync(meta, JSON.stringify({ shape_xyz: geometry.dimensions, spacing_mm: geometry.spacingMm }));
}

interface Row {
  stage: string;
  peer: string;
  seconds?: number;
  median?: number;
  cpu_s?: number;
  peak_mb?: number;
  absent?: string;
  result?: Record<string, unknown>;
}

function rowsOf(command: string, args: string[]): Row[] {
  const { status, stdout, stderr, error } = spawnSync(command, args, { encoding: 'utf8', maxBuffer: 2 ** 26 });
  if (status !== 0) return [{ stage: 'all', peer: path.basename(args[0] ?? command), absent: error?.message ?? stderr.trim().slice(-300) }];
  return stdout
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line) as Row);
}

const ours = rowsOf(process.execPath, [
  '--disable-warning=ExperimentalWarning',
  '--expose-gc',
  path.join(root, 'bench', 'product.ts'),
  raw,
  meta,
  work,
  threads,
]);
const peers = rowsOf(python, [path.join(root, 'bench', 'mesh-peers.py'), raw, meta, work, threads, '3']);
const bestOf = (stage: string) =>
  peers.filter((row) => row.stage === stage && row.seconds !== undefined).sort((a, b) => (a.seconds ?? 0) - (b.seconds ?? 0))[0];
const chain = ['threshold', 'ccl26_keep', 'fill', 'contour_mask', 'smooth', 'decimate', 'stl_write'].map((stage) => bestOf(stage)?.seconds);
if (chain.every((seconds) => seconds !== undefined))
  peers.push({ stage: 'all', peer: 'the best peer at each stage, added up', seconds: chain.reduce((sum, s) => sum + (s ?? 0), 0) });

const lines = ours.map((row) => {
  if (row.absent !== undefined || row.seconds === undefined) return `${row.stage}: ${row.absent}`;
  const best = bestOf(row.stage);
  const beside = best?.seconds ? `${best.peer} ${best.seconds.toFixed(3)} s, ${(best.seconds / row.seconds).toFixed(1)} x` : 'no peer';
  return `${row.stage.padEnd(15)} ${row.seconds.toFixed(3).padStart(7)} s ${`${row.peak_mb ?? '-'}`.padStart(7)} MB   ${beside}`;
});
const absent = peers.filter((row) => row.absent !== undefined).map((row) => `absent: ${row.stage}, ${row.peer}: ${row.absent}`);
process.stdout.write(`\ncleaning and modelling, best of the runs, ${threads} threads\n${[...lines, ...absent].join('\n')}\n`);
const machine = { cores: cpus().length, cpu: cpus()[0]?.model, node: process.version, load: loadavg()[0] };
writeFileSync(path.join(root, '.cache', 'bench', 'mesh.json'), `${JSON.stringify({ machine, ours, peers }, null, 2)}\n`);

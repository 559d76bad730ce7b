import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, loadavg } from 'node:os';
import path from 'node:path';
import { type Kind, madeMedium, madeSeries } from './import-inputs.ts';

/**
 * `node bench/import.ts`: the import of `npm run bench`. Each line is a process of its own; peers are timed in the same run, since seconds
 * alone mean little on a shared machine. LAMINA_BENCH_PYTHON names the Python that has the peers (vtk, pydicom, pylibjpeg). Writes
 * .cache/bench/import.json.
 */
const root = path.resolve(import.meta.dirname, '..');
const work = path.join(root, '.cache', 'bench', 'import');
mkdirSync(work, { recursive: true });
const python = process.env.LAMINA_BENCH_PYTHON ?? 'python3';
const flags = ['--disable-warning=ExperimentalWarning'];
const runs = 5;

interface Load {
  first: number;
  median: number;
  best: number;
  cpu: number;
  threads: number;
  volumeMb: number;
  rssMb: number;
}
interface Peer {
  peer: string;
  best?: number;
  median?: number;
  absent?: string;
}

function printed(command: string, args: string[]): string {
  const { status, stdout, stderr, error } = spawnSync(command, args, {
    encoding: 'utf8',
    env: { ...process.env, NODE_COMPILE_CACHE: cache },
  });
  if (error || status !== 0) throw new Error(`${path.basename(args.at(0) ?? command)} ended with ${status}: ${error?.message ?? stderr}`);
  return stdout;
}
const cache = path.join(root, '.cache', 'bench', 'compiled');
const bench = (script: string, ...args: string[]) =>
  JSON.parse(printed(process.execPath, [...flags, '--expose-gc', path.join(root, 'bench', script), ...args]));
const loaded = (folder: string, times: number): Load => bench('import-load.ts', folder, String(times));

function peersOf(folder: string): Peer[] {
  try {
    const lines = printed(python, [path.join(root, 'bench', 'import-peers.py'), folder, String(runs)]);
    return lines
      .trim()
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as Peer);
  } catch (error) {
    return [{ peer: 'all', absent: (error as Error).message.split('\n')[0] }];
  }
}

/** The whole command: headers, decoding, the scan's quality, hashes, and the case on the disk. */
function caseSeconds(folder: string): number {
  const kept = path.join(work, 'case.lamina');
  rmSync(kept, { recursive: true, force: true });
  const started = performance.now();
  printed(process.execPath, [...flags, path.join(root, 'electron', 'cli.ts'), 'import', folder, '--case', kept, '--json']);
  const seconds = (performance.now() - started) / 1000;
  rmSync(kept, { recursive: true, force: true });
  return seconds;
}

const out: string[] = [];
const say = (line: string) => {
  out.push(line);
  process.stdout.write(`${line}\n`);
};
const s = (seconds: number) => `${seconds.toFixed(3)} s`;

async function series(kind: Kind, slices: number) {
  const folder = await madeSeries(work, { side: 512, slices, kind });
  const own = loaded(folder, runs);
  const peers = peersOf(folder);
  const whole = caseSeconds(folder);
  say(
    `${`${slices} x 512 x 512 ${kind}`.padEnd(28)} ${s(own.median)} (best ${s(own.best)}, first in a process ${s(own.first)}, CPU ${s(own.cpu)}); as a case on the disk ${s(whole)}`,
  );
  for (const { peer, best, median, absent } of peers)
    say(
      absent !== undefined || best === undefined || median === undefined
        ? `  ${peer}: absent (${absent})`
        : `  ${peer.padEnd(34)} ${s(median)} (best ${s(best)}); ours takes ${(own.median / median).toFixed(2)} of it (best ${(own.best / best).toFixed(2)})`,
    );
  return { kind, slices, own, peers, caseSeconds: whole };
}

const load = () => loadavg()[0]?.toFixed(1);
say(`Import: from files in the page cache to the validated int16 volume, ${cpus().length} cores, load ${load()}`);
const rows = [];
for (const [kind, slices] of [
  ['native', 256],
  ['htj2k', 256],
  ['jpeg-ls', 256],
  ['jpeg-lossless', 256],
  ['jpeg-2000', 64],
] as const)
  rows.push(await series(kind, slices));
const large = await madeSeries(work, { side: 512, slices: 400, kind: 'native' });
const whole = loaded(large, 1);
const medium = await madeMedium(work, 200, 50);
const host = bench('import-host.ts', large, medium);
const times = (mb: number | null) =>
  mb === null ? 'not told here' : `${mb.toFixed(0)} MB, ${(mb / whole.volumeMb).toFixed(2)} x the volume`;
say(`400 x 512 x 512 (${whole.volumeMb.toFixed(0)} MB): first picture ${s(host.firstPicture)} from a cold start of the compute process`);
say(`  whole volume ${s(whole.first)} in a new process, peak ${times(whole.rssMb)}`);
say(`  as a case on the disk ${s(host.caseSeconds)}, peak of the compute process ${times(host.importPeakMb)}`);
say(`  cancelled after ${host.cancelMs.import.join(', ')} ms (import), ${host.cancelMs.scan} ms (scan); nothing left on the disk`);
say(
  `${host.list.files} files, ${host.list.series} series: listed in ${s(host.list.seconds)}; answer ${host.list.answerMb.toFixed(1)} MB; the host stood still for ${host.list.hostStallMs} ms at most`,
);
say(`load at the end ${load()}`);
const commit = (() => {
  try {
    return execFileSync('git', ['rev-parse', '--short', 'HEAD'], { cwd: root, encoding: 'utf8' }).trim();
  } catch {
    return null;
  }
})();
const report = { machine: { cores: cpus().length, cpu: cpus()[0]?.model, node: process.version }, commit, rows, large: { whole, ...host } };
writeFileSync(path.join(root, '.cache', 'bench', 'import.json'), `${JSON.stringify(report, null, 2)}\n`);

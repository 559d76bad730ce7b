import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import path from 'node:path';

/**
 * `npm run bench [-- INPUT]`: whole-process figures of the main job, each verb a process of its own as a user starts it, three runs, the
 * median to quote. INPUT defaults to the synthetic head in full size. Writes .cache/bench/house.json.
 * `npm run bench -- --product RAW JSON OUTDIR THREADS`: cleaning and modelling alone (bench/product.ts).
 * `npm run bench -- --feel [--fewer]`: how painting feels in a real browser (bench/feel.ts); needs `npm run build`.
 * `npm run bench -- --gaps [--fewer]`: what the list of gaps finds of the holes of synthetic heads (bench/gaps.ts).
 */
const root = path.resolve(import.meta.dirname, '..');
const work = path.join(root, '.cache', 'bench');
mkdirSync(work, { recursive: true });
const cli = path.join(root, 'electron', 'cli.ts');
const flags = ['--disable-warning=ExperimentalWarning'];

// The kernels alone on a volume that somebody else brings, in the words of the scripts that time the peers.
if (process.argv[2] === '--product') {
  const { status } = spawnSync(
    process.execPath,
    [...flags, '--expose-gc', path.join(root, 'bench', 'product.ts'), ...process.argv.slice(3)],
    {
      stdio: 'inherit',
    },
  );
  process.exit(status ?? 1);
}

for (const alone of ['feel', 'gaps'])
  if (process.argv[2] === `--${alone}`) {
    const script = path.join(root, 'bench', `${alone}.ts`);
    const { status } = spawnSync(process.execPath, [...flags, script, ...process.argv.slice(3)], { stdio: 'inherit' });
    process.exit(status ?? 1);
  }

let input = process.argv[2] === undefined ? path.join(work, 'phantom', 'dicom') : path.resolve(process.argv[2]);
if (!existsSync(input)) {
  execFileSync(process.execPath, [...flags, cli, 'phantom', '--seed', '1', '--out', path.join(work, 'phantom')], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  input = path.join(work, 'phantom', 'dicom');
}

interface Run {
  seconds: number;
  rssMb: number | null;
}

/** One process; peak memory of the largest process in it where GNU time is installed. */
function once(args: string[]): Run {
  const timed = existsSync('/usr/bin/time');
  const command = timed ? ['/usr/bin/time', '-f', 'maxrss %M', process.execPath] : [process.execPath];
  const started = performance.now();
  const { status, stderr } = spawnSync(command[0] as string, [...command.slice(1), ...flags, cli, ...args], { encoding: 'utf8' });
  if (status !== 0) throw new Error(`lamina ${args[0]} ended with ${status}: ${stderr}`);
  const peak = /maxrss (\d+)/.exec(stderr)?.[1];
  return { seconds: (performance.now() - started) / 1000, rssMb: peak === undefined ? null : Math.round(Number(peak) / 1024) };
}

const kept = path.join(work, 'case.lamina');
const stages: [string, () => void, string[]][] = [
  ['import', () => rmSync(kept, { recursive: true, force: true }), ['import', input, '--case', kept, '--json']],
  ['segment', () => {}, ['segment', '--case', kept, '--method', 'threshold', '--set', 'lowHu=200', '--json']],
  ['clean', () => {}, ['clean', '--case', kept, '--set', 'keep=largest', 'fillHoles=true', '--json']],
  ['mesh', () => {}, ['mesh', '--case', kept, '--out', path.join(work, 'out.stl'), '--json']],
  ['run', () => {}, ['run', input, '--out', path.join(work, 'run.stl'), '--json']],
];
const rows = stages.map(([name, prepare, args]) => {
  const runs = [0, 1, 2].map(() => {
    prepare();
    return once(args);
  });
  const seconds = runs.map((r) => r.seconds).sort((a, b) => a - b);
  return {
    stage: name,
    medianSeconds: Number((seconds[1] as number).toFixed(3)),
    bestSeconds: Number((seconds[0] as number).toFixed(3)),
    rssMb: Math.max(...runs.map((r) => r.rssMb ?? 0)) || null,
  };
});
/** The field alone, without reading and writing: what the 3 s of the goal are about. */
const fields = [0, 1, 2].map(() => {
  const timed = existsSync('/usr/bin/time') ? ['/usr/bin/time', '-f', 'maxrss %M'] : [];
  const [command, ...args] = [...timed, process.execPath, ...flags, path.join(root, 'bench', 'crf.ts')];
  const { status, stdout, stderr } = spawnSync(command as string, args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`bench/crf.ts ended with ${status}: ${stderr}`);
  return { seconds: JSON.parse(stdout).seconds as number, rssMb: Math.round(Number(/maxrss (\d+)/.exec(stderr)?.[1] ?? 0) / 1024) };
});
const fieldSeconds = fields.map((f) => f.seconds).sort((a, b) => a - b);
rows.push({
  stage: 'crf 5 M',
  medianSeconds: Number((fieldSeconds[1] as number).toFixed(3)),
  bestSeconds: Number((fieldSeconds[0] as number).toFixed(3)),
  rssMb: Math.max(...fields.map((f) => f.rssMb)) || null,
});
/** A process that prints its own `seconds`, three times. */
function measured(stage: string, script: string, ...args: string[]): void {
  const runs = [0, 1, 2].map(() => {
    const timed = existsSync('/usr/bin/time') ? ['/usr/bin/time', '-f', 'maxrss %M'] : [];
    const [command, ...rest] = [...timed, process.execPath, ...flags, path.join(root, 'bench', script), ...args];
    const { status, stdout, stderr } = spawnSync(command as string, rest, { encoding: 'utf8' });
    if (status !== 0) throw new Error(`bench/${script} ended with ${status}: ${stderr}`);
    return { seconds: JSON.parse(stdout).seconds as number, rssMb: Math.round(Number(/maxrss (\d+)/.exec(stderr)?.[1] ?? 0) / 1024) };
  });
  const seconds = runs.map((r) => r.seconds).sort((one, other) => one - other);
  rows.push({
    stage,
    medianSeconds: Number((seconds[1] as number).toFixed(3)),
    bestSeconds: Number((seconds[0] as number).toFixed(3)),
    rssMb: Math.max(...runs.map((r) => r.rssMb)) || null,
  });
}
/** DSC, HD95 and ASSD of two bone thresholds, and of bone against skin, whose surfaces are far apart. */
for (const lowHu of [300, 200, -142]) {
  const out = path.join(work, `at-${lowHu}.nii.gz`);
  rmSync(out, { force: true });
  once(['segment', '--case', kept, '--method', 'threshold', '--set', `lowHu=${lowHu}`, '--out', out, '--json']);
}
measured('evaluate', 'metrics.ts', path.join(work, 'at-200.nii.gz'), path.join(work, 'at-300.nii.gz'));
measured('evaluate far', 'metrics.ts', path.join(work, 'at-200.nii.gz'), path.join(work, 'at--142.nii.gz'));
const report = { machine: { cores: cpus().length, cpu: cpus()[0]?.model, node: process.version }, slices: readdirSync(input).length, rows };
writeFileSync(path.join(work, 'house.json'), `${JSON.stringify(report, null, 2)}\n`);
process.stdout.write(
  `${rows.map((r) => `${r.stage.padEnd(8)} ${r.medianSeconds.toFixed(2).padStart(7)} s  ${r.rssMb ?? '-'} MB`).join('\n')}\n`,
);
for (const script of ['mesh.ts', 'import.ts'])
  spawnSync(process.execPath, [...flags, path.join(root, 'bench', script)], { stdio: 'inherit' });

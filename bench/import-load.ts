import { readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { assemble } from '../electron/ports/dicom/assemble.ts';
import { DecodeHelpers } from '../electron/ports/dicom/decode-helpers.ts';
import { type Candidate, planVolumes } from '../electron/ports/dicom/plan.ts';
import { memoryFor } from '../electron/ports/dicom/volume-memory.ts';
import { gather } from '../electron/ports/gather.ts';
import { warmed } from './import-inputs.ts';

/**
 * `node --expose-gc bench/import-load.ts FOLDER RUNS`: seconds from files in the page cache to the validated volume in memory, the first time
 * in this process and afterwards, as the peers are timed; and the peak memory of the process.
 */
const [folder, runs] = process.argv.slice(2);
if (folder === undefined || runs === undefined) throw new Error('node --expose-gc bench/import-load.ts FOLDER RUNS');
warmed(readdirSync(folder).map((name) => path.join(folder, name)));
const helpers = new DecodeHelpers();
const times: number[] = [];
const cpu: number[] = [];
let voxels = 0;
let threads = 0;
for (let n = 0; n < Number(runs); n++) {
  // A volume of the run before is not this run's: in the product each import has a thread of its own.
  globalThis.gc?.();
  const busy = process.cpuUsage();
  const started = performance.now();
  helpers.start();
  const found = await gather([folder], tmpdir(), () => {});
  const plans = planVolumes(found.images);
  const volume = await assemble(plans[0] as Candidate, () => {}, { helpers, memory: memoryFor(plans) });
  times.push((performance.now() - started) / 1000);
  const { user, system } = process.cpuUsage(busy);
  cpu.push((user + system) / 1e6);
  found.dispose();
  voxels = volume.values.length;
  threads = helpers.threads;
  if (!(volume.values instanceof Int16Array)) throw new Error('the volume is not int16');
}
await helpers.close();
const later = times.slice(1).sort((a, b) => a - b);
process.stdout.write(
  `${JSON.stringify({
    first: times[0],
    median: later[later.length >> 1] ?? null,
    best: later[0] ?? null,
    cpu: Math.min(...cpu),
    threads,
    volumeMb: (voxels * 2) / 1e6,
    rssMb: process.resourceUsage().maxRSS / 1000,
  })}\n`,
);

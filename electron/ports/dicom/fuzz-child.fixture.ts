import { mkdtempSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Refusal } from '../../../contract/errors.ts';
import { modelsFolder } from '../../models-folder.ts';
import { Draw } from '../../processes/tasks/generated-draw.fixture.ts';
import { damaged, fuzzTargets } from './fuzz-targets.fixture.ts';

/**
 * Feeds damaged inputs to one target: `node fuzz-child.fixture.ts TARGET COUNT SEED [FIRST]`. Says the number of each before it is tried, so
 * that whoever watches knows which one ended or held the process; at the end a line of JSON. FIRST repeats from a number on.
 */
const [name = '', count = '0', seed = '0', first = '0'] = process.argv.slice(2);
const make = fuzzTargets[name];
if (!make) throw new RangeError(`no target ${name}`);
const folder = mkdtempSync(join(tmpdir(), 'lamina-fuzz-'));
const said: Record<string, number> = {};
const say = (line: string) => writeSync(1, `${line}\n`);
async function answered(run: () => Promise<string> | string): Promise<string> {
  try {
    return await run();
  } catch (error) {
    if (error instanceof Refusal) return error.code;
    throw error;
  }
}
let slowestMs = 0;
let grownBytes = 0;
try {
  const target = await make(folder, modelsFolder());
  for (const sample of target.samples) {
    const code = await answered(() => target.run(sample));
    said[`whole: ${code}`] = (said[`whole: ${code}`] ?? 0) + 1;
  }
  const before = process.memoryUsage().rss;
  for (let n = Number(first); n < Number(count); n++) {
    const draw = new Draw(Number(seed) + n);
    const bytes = damaged(draw.pick(target.samples), draw);
    say(String(n));
    const start = performance.now();
    const code = await answered(() => target.run(bytes));
    said[code] = (said[code] ?? 0) + 1;
    slowestMs = Math.max(slowestMs, performance.now() - start);
    if (n % 20 === 0) grownBytes = Math.max(grownBytes, process.memoryUsage().rss - before);
  }
  say(JSON.stringify({ said, slowestMs: Math.round(slowestMs), grownMiB: Math.round(grownBytes / 2 ** 20) }));
} finally {
  rmSync(folder, { recursive: true, force: true });
}

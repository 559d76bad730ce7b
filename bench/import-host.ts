import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { finished, type Job } from '../contract/job.ts';
import type { ScanResult } from '../contract/volume.ts';
import { createHost } from '../electron/host.ts';
import { warmed } from './import-inputs.ts';

/**
 * `node bench/import-host.ts SERIES MEDIUM`: what a person waits for, through the service and its compute process: the first picture and the
 * case of a series, the list of a medium of many series, and the end of a job that is cancelled. Prints one JSON line.
 */
const [series, medium] = process.argv.slice(2);
if (series === undefined || medium === undefined) throw new Error('node bench/import-host.ts SERIES MEDIUM');
const home = await mkdtemp(path.join(tmpdir(), 'lamina-bench-'));
process.env.LAMINA_CASES = path.join(home, 'cases');
process.env.XDG_CONFIG_HOME = path.join(home, 'config');
const filesIn = (folder: string): string[] =>
  readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name));

async function ask<T>(method: string, route: string, body?: unknown): Promise<{ json: T; bytes: number }> {
  const host = await running;
  const response = await host.service.fetch(
    new Request(`http://lamina${route}`, { method, body: body === undefined ? undefined : JSON.stringify(body) }),
  );
  const text = await response.text();
  return { json: JSON.parse(text) as T, bytes: text.length };
}

async function ended(id: string): Promise<Job> {
  for (;;) {
    const { json } = await ask<Job>('GET', `/api/jobs/${id}`);
    if (finished(json)) return json;
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
}

async function job<T>(route: string, body: unknown): Promise<{ seconds: number; result: T; bytes: number }> {
  const started = performance.now();
  const { json } = await ask<Job>('POST', route, body);
  const end = await ended(json.id);
  if (end.state !== 'done') throw new Error(`${route}: ${end.state} ${JSON.stringify(end.problem)}`);
  return { seconds: (performance.now() - started) / 1000, result: end.result as T, bytes: JSON.stringify(end.result).length };
}

/** Longest time in which this process did nothing else, while `work` ran. */
async function stalled<T>(work: () => Promise<T>): Promise<{ longestMs: number; value: T }> {
  let last = performance.now();
  let longestMs = 0;
  const look = setInterval(() => {
    const now = performance.now();
    longestMs = Math.max(longestMs, now - last - 2);
    last = now;
  }, 2);
  try {
    return { value: await work(), longestMs };
  } finally {
    clearInterval(look);
  }
}

/** Peak memory of this process's children in MB; null where the system does not tell. */
function childrenPeakMb(): number | null {
  try {
    const pids = execFileSync('ps', ['-o', 'pid=', '--ppid', String(process.pid)], { encoding: 'utf8' })
      .split(/\s+/)
      .filter(Boolean);
    const peaks = pids.flatMap((pid) => {
      try {
        return [Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1000];
      } catch {
        return [];
      }
    });
    return peaks.length ? Math.max(...peaks) : null;
  } catch {
    return null;
  }
}

/** Milliseconds from the request to cancel to the job's end, where nothing is left behind. */
async function cancelled(route: string, body: unknown, afterMs: number): Promise<number | null> {
  const { json } = await ask<Job>('POST', route, body);
  await new Promise((resolve) => setTimeout(resolve, afterMs));
  const started = performance.now();
  await ask('DELETE', `/api/jobs/${json.id}`).catch(() => null);
  const end = await ended(json.id);
  const took = performance.now() - started;
  if (end.state !== 'cancelled') return null;
  const left = filesIn(home).filter((file) => !file.startsWith(path.join(home, 'config')));
  if (left.length > 0) throw new Error(`a cancelled job left ${left.length} files behind: ${left[0]}`);
  return took;
}

warmed(filesIn(series));
warmed(filesIn(medium));
const running = createHost({ shell: 'browser', log: () => {} });
try {
  await running;
  const started = performance.now();
  const first = await job<ScanResult>('/api/scan', { paths: [series] });
  const firstPicture = (performance.now() - started) / 1000;
  if (!first.result.series[0]?.thumbnail) throw new Error('the scan shows no picture');
  const cancelMs: number[] = [];
  for (const after of [60, 250, 400, 600, 800, 1000, 1300]) {
    const took = await cancelled('/api/import', { paths: [series], folder: path.join(home, 'gone.lamina') }, after);
    if (took !== null) cancelMs.push(took);
    else rmSync(path.join(home, 'gone.lamina'), { recursive: true, force: true });
  }
  const scanCancelMs = await cancelled('/api/scan', { paths: [medium] }, 600);
  const whole = await job('/api/import', { paths: [series], folder: path.join(home, 'kept.lamina') });
  const importPeakMb = childrenPeakMb();
  const list = await stalled(() => job<ScanResult>('/api/scan', { paths: [medium] }));
  process.stdout.write(
    `${JSON.stringify({
      firstPicture,
      caseSeconds: whole.seconds,
      importPeakMb,
      cancelMs: { import: cancelMs.map(Math.round), scan: scanCancelMs === null ? null : Math.round(scanCancelMs) },
      list: {
        files: filesIn(medium).length,
        series: list.value.result.series.length,
        seconds: list.value.seconds,
        answerMb: list.value.bytes / 1e6,
        hostStallMs: Math.round(list.longestMs),
      },
    })}\n`,
  );
} finally {
  await (await running).close();
  rmSync(home, { recursive: true, force: true });
}

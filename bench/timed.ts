import { readFileSync, writeFileSync } from 'node:fs';

/** Seconds by the wall and of the processor (all threads), best and median of the runs; growth of the peak of resident memory while they ran. */
export interface Timed {
  seconds: number;
  median: number;
  cpu_s: number;
  runs: number;
  peak_mb: number | null;
  rss_mb: number | null;
}

/** Highest resident memory of this process, MB; null where the system does not say. */
function peakMb(): number | null {
  try {
    const line = /VmHWM:\s+(\d+) kB/.exec(readFileSync('/proc/self/status', 'utf8'));
    return line ? Number(line[1]) / 1024 : null;
  } catch {
    return null;
  }
}

function resetPeak(): void {
  try {
    writeFileSync('/proc/self/clear_refs', '5');
  } catch {
    // Without it the peak is that of the whole process so far.
  }
}

const digits = (value: number) => Math.round(value * 1e4) / 1e4;
const whole = (value: number | null) => (value === null ? null : Math.round(value * 10) / 10);

/** Runs work several times; its last result with the times. What one run leaves behind is collected before the next. */
export async function timed<T>(runs: number, work: () => T | Promise<T>): Promise<{ result: T; timed: Timed }> {
  const seconds: number[] = [];
  let cpu = Number.POSITIVE_INFINITY;
  let growth: number | null = null;
  let highest: number | null = null;
  let result: T | undefined;
  for (let run = 0; run < runs; run++) {
    result = undefined;
    globalThis.gc?.();
    resetPeak();
    const before = peakMb();
    const busy = process.cpuUsage();
    const started = performance.now();
    result = await work();
    seconds.push((performance.now() - started) / 1000);
    const used = process.cpuUsage(busy);
    cpu = Math.min(cpu, (used.user + used.system) / 1e6);
    const after = peakMb();
    if (before !== null && after !== null && after - before > (growth ?? -1)) {
      growth = after - before;
      highest = after;
    }
  }
  seconds.sort((a, b) => a - b);
  const median = seconds[seconds.length >> 1] as number;
  return {
    result: result as T,
    timed: {
      seconds: digits(seconds[0] as number),
      median: digits(median),
      cpu_s: digits(cpu),
      runs,
      peak_mb: whole(growth),
      rss_mb: whole(highest),
    },
  };
}

import { readFileSync } from 'node:fs';

/** In kB whatever the size of a page. */
const line = /^VmRSS:\s+(\d+) kB$/m;

/**
 * What a process holds in memory at this moment, in bytes. From /proc, so Linux alone.
 * @returns null where the system does not say, or the process is gone
 */
export function residentBytes(pid: number | undefined): number | null {
  if (pid === undefined) return null;
  try {
    const kib = line.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
    return kib === undefined ? null : 1024 * Number(kib);
  } catch {
    return null;
  }
}

/**
 * Looks at a process every few milliseconds and calls `above` once when it holds more than `bytes`. Where the system does not say what a
 * process holds, it never calls.
 * @param pid asked each time, since a process of Electron's has none until it has started
 * @returns ends the watch
 */
export function watchResident(pid: () => number | undefined, bytes: number, above: () => void): () => void {
  const timer = setInterval(() => {
    if ((residentBytes(pid()) ?? 0) <= bytes) return;
    clearInterval(timer);
    above();
  }, 10);
  return () => clearInterval(timer);
}
